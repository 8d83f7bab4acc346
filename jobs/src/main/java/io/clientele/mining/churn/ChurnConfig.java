package io.clientele.mining.churn;

import io.clientele.mining.Bounds;

/**
 * When a customer counts as leaving.
 *
 * @param minPurchaseDays purchase days below which a young customer is new; default 3
 * @param newDays days since the first purchase up to which a customer with few purchases is new; default 90
 * @param rhythmPseudoCount intervals of the population's rhythm that are mixed into a customer's own, so that one interval
 *     alone does not make a rhythm; default 1
 * @param tailPseudoCount intervals of similar customers that are mixed into the share of own intervals at least as long as
 *     the current gap; default 5
 * @param coolingShare share of intervals, 0 to 1, below which the current gap is abnormal; default 0.05
 * @param lostShare share of intervals, 0 to 1, below which a customer is lost; not above {@code cooling-share}; default
 *     0.01
 * @param minLostDays days without a purchase that a customer must exceed to be lost; default 60
 * @param recentDays days up to the as-of date that are compared with the same days a year before; default 90
 * @param partialShare share of last year's spend or purchase days, 0 to 1, below which a customer has partially defected;
 *     default 0.5
 * @param minPastPurchaseDays purchase days in last year's window that the comparison needs; default 3
 * @param seasonYears earlier years searched for the same quiet months; default 3
 * @param seasonOverlapShare share of the current gap, 0 to 1, that an earlier interval must cover in the same calendar days
 *     to make the gap seasonal; default 0.8
 * @param horizonDays days within which a customer who does not buy has churned; default 90
 * @param gapDays days between the end of the outcomes that the evaluated model learned from and the cut-off at which it is
 *     evaluated; default 7
 * @param evaluatedWithinDays the model is evaluated on customers who bought in so many days before its cut-off: long gone
 *     ones would make any model look good; default 365
 * @param learnEveryDays days for which the probability of a position is used before it is learned again; 1: learned for each
 *     date; default 7
 */
public record ChurnConfig(
        int minPurchaseDays,
        int newDays,
        double rhythmPseudoCount,
        double tailPseudoCount,
        double coolingShare,
        double lostShare,
        int minLostDays,
        int recentDays,
        double partialShare,
        int minPastPurchaseDays,
        int seasonYears,
        double seasonOverlapShare,
        int horizonDays,
        int gapDays,
        int evaluatedWithinDays,
        int learnEveryDays) {

    public ChurnConfig {
        Bounds.within("min-purchase-days", minPurchaseDays, 1, 1000);
        Bounds.within("new-days", newDays, 0, 36_500);
        Bounds.within("rhythm-pseudo-count", rhythmPseudoCount, 0.001, 1000);
        Bounds.within("tail-pseudo-count", tailPseudoCount, 0.001, 1000);
        Bounds.within("cooling-share", coolingShare, 0, 1);
        Bounds.within("lost-share", lostShare, 0, coolingShare);
        Bounds.within("min-lost-days", minLostDays, 0, 36_500);
        Bounds.within("recent-days", recentDays, 1, 365);
        Bounds.within("partial-share", partialShare, 0, 1);
        Bounds.within("min-past-purchase-days", minPastPurchaseDays, 1, 365);
        Bounds.within("season-years", seasonYears, 1, 20);
        Bounds.within("season-overlap-share", seasonOverlapShare, 0, 1);
        Bounds.within("horizon-days", horizonDays, 1, 3650);
        Bounds.within("gap-days", gapDays, 0, 3650);
        Bounds.within("evaluated-within-days", evaluatedWithinDays, 1, 36_500);
        Bounds.within("learn-every-days", learnEveryDays, 1, 366);
    }

    /** For shops in which most customers come several times a year. */
    public static ChurnConfig defaults() {
        return new ChurnConfig(3, 90, 1, 5, .05, .01, 60, 90, .5, 3, 3, .8, 90, 7, 365, 7);
    }
}
