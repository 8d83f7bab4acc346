package io.clientele.generate;

import io.clientele.generate.Lexicon.Market;
import io.clientele.generate.Person.Change;
import io.clientele.generate.Person.Details;
import io.clientele.generate.Person.Habits;
import io.clientele.generate.Person.Leaving;
import io.clientele.generate.Person.Partial;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Invents true customers; each depends on the seed and its own index only, but for households that share a telephone. */
final class Population {
    private static final double[] CAUSE_SHARES = {0.45, 0.28, 0.16, 0.11};
    private static final List<String> CAUSES = List.of("neglect", "competitive", "natural", "intentional");

    private final GeneratorOptions options;

    Population(GeneratorOptions options) {
        this.options = options;
    }

    List<Person> people() {
        List<Person> people = new ArrayList<>(options.customers());
        for (int i = 0; i < options.customers(); i++) {
            people.add(person(i));
        }
        return people;
    }

    private Person person(int index) {
        Dice dice = Dice.of(options.seed(), "person", index);
        Market market = Lexicon.MARKETS.get(dice.weighted(Lexicon.MARKET_SHARES));
        boolean isGerman = market.country().equals("DE");
        boolean isCompany = isGerman && dice.chance(0.06);
        double web = isGerman ? dice.between(0.0, 1.0) : 1;
        double webShare = web < 0.35 ? 0 : web > 0.70 ? 1 : dice.between(0.2, 0.8);
        boolean hasCard = webShare < 1;
        boolean isInCrm = isCompany || dice.chance(hasCard ? 0.95 : 0.75);
        LocalDate joinedOn = joinedOn(dice);
        Details details = details(dice, index, market);
        Habits habits = habits(dice, isCompany, webShare);
        Leaving leaving = leaving(dice, joinedOn, habits, isInCrm);
        boolean isIntentional = leaving != null && leaving.cause().equals("intentional");
        return new Person(
                index,
                String.format(Locale.ROOT, "T%07d", index + 1),
                details,
                isCompany ? details.family() + " " + dice.pick(Lexicon.TRADES) + " " + dice.pick(Lexicon.FORMS) : null,
                isCompany ? String.format(Locale.ROOT, "DE%09d", 100_000_000 + index * 7) : null,
                dice.between(LocalDate.of(1940, 1, 1), LocalDate.of(2004, 12, 31)),
                market,
                joinedOn,
                isInCrm ? String.format(Locale.ROOT, "C%06d", 100_001 + index) : null,
                hasCard ? String.format(Locale.ROOT, "29%010d", 1_000_000L + index * 13L) : null,
                webShare > 0 ? String.format(Locale.ROOT, "w-%x", 0xA000 + index * 31L) : null,
                dice.pick(Lexicon.STORES),
                isInCrm && isGerman && (isCompany || isIntentional || dice.chance(0.05)),
                habits,
                leaving,
                partial(dice, joinedOn, habits, leaving),
                changes(dice, index, details, market, joinedOn, isCompany));
    }

    private LocalDate joinedOn(Dice dice) {
        return dice.chance(0.6)
                ? dice.between(
                        options.startDate().minusYears(4), options.startDate().minusDays(1))
                : dice.between(options.startDate(), options.endDate().minusDays(20));
    }

    /** Two in a hundred live with the person before: the same surname, address and telephone, another given name and e-mail. */
    private Details details(Dice dice, int index, Market market) {
        Details own = alone(dice, index, market);
        if (index % 50 != 49) {
            return own;
        }
        Dice other = Dice.of(options.seed(), "person", index - 1L);
        Market otherMarket = Lexicon.MARKETS.get(other.weighted(Lexicon.MARKET_SHARES));
        if (!otherMarket.equals(market)) {
            return own;
        }
        Details shared = household(index - 1);
        String given = shared.given().equals(own.given()) ? "Alex" : own.given();
        return new Details(
                given,
                shared.family(),
                email(dice, given, shared.family(), index),
                shared.phone(),
                shared.street(),
                shared.place());
    }

    private Details household(int index) {
        return person(index).details();
    }

    private Details alone(Dice dice, int index, Market market) {
        String given = dice.pick(Lexicon.GIVEN);
        String family = dice.pick(Lexicon.FAMILY);
        String phone = "+" + market.dialling() + phoneBody(dice, market);
        return new Details(
                given,
                family,
                email(dice, given, family, index),
                phone,
                street(dice, market),
                dice.pick(market.places()));
    }

    private static String phoneBody(Dice dice, Market market) {
        return switch (market.country()) {
            case "DE" -> "151" + dice.between(10_000_000, 99_999_999);
            case "CH" -> "79" + dice.between(2_000_000, 9_999_999);
            case "GB" -> "7400" + dice.between(100_000, 999_999);
            default -> "212555" + dice.between(1000, 9999);
        };
    }

    private static String street(Dice dice, Market market) {
        String street = dice.pick(market.streets());
        int number = dice.between(1, 140);
        return market.language().equals("de") ? street + " " + number : number + " " + street;
    }

    private static String email(Dice dice, String given, String family, int index) {
        return Lexicon.plain(given) + "." + Lexicon.plain(family) + (index % 89) + "-" + Integer.toString(index, 36)
                + "@" + dice.pick(Lexicon.MAIL_HOSTS);
    }

    private static Habits habits(Dice dice, boolean isCompany, double webShare) {
        double gap = Math.min(720, Math.max(9, (isCompany ? 45 : 170) * dice.logNormal(0.9)));
        double worth = dice.gaussian();
        double[] categories = new double[Catalogue.CATEGORIES.size()];
        for (int c = 0; c < Catalogue.SERVICE; c++) {
            categories[c] = dice.logNormal(1.0) * (isCompany && c == Catalogue.OFFICE ? 8 : 1);
        }
        double quantity = isCompany ? 3 * dice.logNormal(0.7) : 0.15 * StrictMath.exp(0.9 * worth);
        return new Habits(
                gap, dice.between(2, 5), 1.1 + 0.4 * dice.logNormal(0.6), 0.45 * worth, quantity, webShare, categories);
    }

    private Leaving leaving(Dice dice, LocalDate joinedOn, Habits habits, boolean isInCrm) {
        LocalDate known = joinedOn.isBefore(options.startDate()) ? options.startDate() : joinedOn;
        LocalDate first = known.plusDays((long) (4 * habits.meanGapDays()));
        LocalDate last = options.endDate().minusDays(45);
        if (!dice.chance(0.32) || habits.meanGapDays() > 150 || !isInCrm || first.isAfter(last)) {
            return null;
        }
        return new Leaving(dice.between(first, last), CAUSES.get(dice.weighted(CAUSE_SHARES)));
    }

    private Partial partial(Dice dice, LocalDate joinedOn, Habits habits, Leaving leaving) {
        LocalDate low = joinedOn.isBefore(options.startDate()) ? options.startDate() : joinedOn;
        LocalDate first = low.plusDays((long) (6 * habits.meanGapDays()));
        LocalDate last = options.endDate().minusDays(90);
        if (leaving != null || !dice.chance(0.12) || habits.meanGapDays() > 120 || first.isAfter(last)) {
            return null;
        }
        int favourite = 0;
        for (int c = 1; c < Catalogue.SERVICE; c++) {
            favourite = habits.categories()[c] > habits.categories()[favourite] ? c : favourite;
        }
        return new Partial(dice.between(first, last), favourite);
    }

    private List<Change> changes(
            Dice dice, int index, Details details, Market market, LocalDate joinedOn, boolean isCompany) {
        LocalDate low = joinedOn.isBefore(options.startDate()) ? options.startDate() : joinedOn;
        List<Change> changes = new ArrayList<>();
        Details now = details;
        LocalDate day = low;
        for (String kind : List.of("move", "marriage", "email")) {
            double chance = kind.equals("move") ? 0.10 : kind.equals("email") ? 0.06 : isCompany ? 0 : 0.03;
            LocalDate last = options.endDate().minusDays(5);
            if (!dice.chance(chance) || !day.plusDays(1).isBefore(last)) {
                continue;
            }
            day = dice.between(day.plusDays(1), last);
            now = changed(dice, index, now, market, kind);
            changes.add(new Change(day, kind, now));
        }
        return List.copyOf(changes);
    }

    private static Details changed(Dice dice, int index, Details now, Market market, String kind) {
        return switch (kind) {
            case "move" ->
                new Details(
                        now.given(),
                        now.family(),
                        now.email(),
                        now.phone(),
                        street(dice, market),
                        dice.pick(market.places()));
            case "marriage" ->
                new Details(
                        now.given(), dice.pick(Lexicon.FAMILY), now.email(), now.phone(), now.street(), now.place());
            default ->
                new Details(
                        now.given(),
                        now.family(),
                        "neu." + email(dice, now.given(), now.family(), index),
                        now.phone(),
                        now.street(),
                        now.place());
        };
    }
}
