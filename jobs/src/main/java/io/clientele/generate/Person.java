package io.clientele.generate;

import java.time.LocalDate;
import java.util.List;

/**
 * One true customer. Null means: {@code customerNumber} not in the CRM, {@code loyaltyCard} no card, {@code webAccount} no
 * account, {@code companyName} a private person, {@code leaving} stays, {@code partial} drops no category.
 */
record Person(
        int index,
        String trueId,
        Details details,
        String companyName,
        String taxNumber,
        LocalDate birthDate,
        Lexicon.Market market,
        LocalDate joinedOn,
        String customerNumber,
        String loyaltyCard,
        String webAccount,
        String store,
        boolean buysOnInvoice,
        Habits habits,
        Leaving leaving,
        Partial partial,
        List<Change> changes) {

    /** What can change in a life. */
    record Details(String given, String family, String email, String phone, String street, Lexicon.Place place) {
        String fullName() {
            return given + " " + family;
        }
    }

    /** From a day on other details hold; {@code kind} is move, marriage or email. */
    record Change(LocalDate on, String kind, Details details) {}

    /** The last purchase lies before {@code on}; {@code cause} is natural, intentional, competitive or neglect. */
    record Leaving(LocalDate on, String cause) {}

    /** From a day on nothing of a category is bought. */
    record Partial(LocalDate since, int category) {}

    /**
     * How someone buys: intervals are gamma with the given mean and shape (a higher shape is more regular), {@code priceTilt}
     * draws to dear (positive) or cheap products, {@code quantity} is the mean number of pieces beyond the first.
     */
    record Habits(
            double meanGapDays,
            int gapShape,
            double lines,
            double priceTilt,
            double quantity,
            double webShare,
            double[] categories) {}

    boolean isCompany() {
        return companyName != null;
    }

    /** The details as they are on a day. */
    Details on(LocalDate day) {
        Details current = details;
        for (Change change : changes) {
            if (!change.on().isAfter(day)) {
                current = change.details();
            }
        }
        return current;
    }

    /** Whether someone has already left for this cause, or will. */
    boolean leavesBy(String cause) {
        return leaving != null && leaving.cause().equals(cause);
    }
}
