package io.clientele.mining.value;

import io.clientele.mining.Bounds;

/**
 * How customers are valued.
 *
 * @param windowDays days up to and including the as-of date over which sales and contribution count; default 365
 * @param horizonDays days ahead for which the potential is expected; default 365
 * @param abcShareA cumulative share of positive contribution, 0 to 1, that class A brings; default 0.8
 * @param abcShareB cumulative share that classes A and B bring; not below {@code abc-share-a}; default 0.95
 * @param pyramidShareTop share of active customers, 0 to 1, in the top level; default 0.01
 * @param pyramidShareBig share of active customers in the big level; default 0.04
 * @param pyramidShareMedium share of active customers in the medium level; the rest is small; default 0.15
 * @param highCurrentShare share of active customers, 0 to 1, whose current value is high; default 0.2
 * @param highPotentialShare share of all customers, 0 to 1, whose potential is high; default 0.2
 * @param ratePriorDays days of the population's purchase rate that are mixed into a customer's own; default 90
 * @param contributionPriorPurchaseDays purchase days of mean contribution that are mixed into a customer's own; default 3
 * @param coreSpendShare share of active customers by spend, 0 to 1, that can be core; default 0.2
 * @param coreMinRelationDays days since the first purchase that a core customer needs; default 365
 * @param coreMaxReturnShare returns over sales, 0 to 1, that a core customer may have at most; default 0.2
 */
public record ValueConfig(
        int windowDays,
        int horizonDays,
        double abcShareA,
        double abcShareB,
        double pyramidShareTop,
        double pyramidShareBig,
        double pyramidShareMedium,
        double highCurrentShare,
        double highPotentialShare,
        double ratePriorDays,
        double contributionPriorPurchaseDays,
        double coreSpendShare,
        int coreMinRelationDays,
        double coreMaxReturnShare) {

    public ValueConfig {
        Bounds.within("window-days", windowDays, 1, 36_500);
        Bounds.within("horizon-days", horizonDays, 1, 3650);
        Bounds.within("abc-share-a", abcShareA, 0, 1);
        Bounds.within("abc-share-b", abcShareB, abcShareA, 1);
        Bounds.within("pyramid-share-top", pyramidShareTop, 0, 1);
        Bounds.within("pyramid-share-big", pyramidShareBig, 0, 1 - pyramidShareTop);
        Bounds.within("pyramid-share-medium", pyramidShareMedium, 0, 1 - pyramidShareTop - pyramidShareBig);
        Bounds.within("high-current-share", highCurrentShare, 0, 1);
        Bounds.within("high-potential-share", highPotentialShare, 0, 1);
        Bounds.within("rate-prior-days", ratePriorDays, 0.001, 36_500);
        Bounds.within("contribution-prior-purchase-days", contributionPriorPurchaseDays, 0.001, 1000);
        Bounds.within("core-spend-share", coreSpendShare, 0, 1);
        Bounds.within("core-min-relation-days", coreMinRelationDays, 0, 36_500);
        Bounds.within("core-max-return-share", coreMaxReturnShare, 0, 1);
    }

    /** A year back, a year ahead. */
    public static ValueConfig defaults() {
        return new ValueConfig(365, 365, .8, .95, .01, .04, .15, .2, .2, 90, 3, .2, 365, .2);
    }
}
