package io.clientele.mining.value;

import io.clientele.mining.Bounds;
import java.time.LocalDate;

/**
 * How customers are valued.
 *
 * @param windowDays days up to and including the as-of date over which sales and contribution count; default 365
 * @param horizonDays days ahead for which the potential is expected; default 365
 * @param quintiles {@code independent} or {@code nested}; default independent
 * @param cutPointsFrom the as-of date whose cut points hold, for dates after it; null, the default: each date finds its own
 * @param abcShareA cumulative share of positive contribution, 0 to 1, that class A brings; default 0.8
 * @param abcShareB cumulative share that classes A and B bring; not below {@code abc-share-a}; default 0.95
 * @param pyramidShareTop share of active customers, 0 to 1, in the top level; default 0.01
 * @param pyramidShareBig share of active customers in the big level; default 0.04
 * @param pyramidShareMedium share of active customers in the medium level; the rest is small; default 0.15
 * @param highCurrentShare share of active customers, 0 to 1, whose current value is high; default 0.2
 * @param highPotentialShare share of all customers, 0 to 1, whose potential is high; default 0.2
 * @param highFutureShare share of all customers, 0 to 1, whose future profitability is high; default 0.2
 * @param highMarginShare share of active customers, 0 to 1, whose margin before cost to serve is high; default 0.5
 * @param highServeCostShare share of active customers, 0 to 1, whose cost to serve is high; default 0.5
 * @param headroomTakeUp share of the headroom, 0 to 1, that is expected to be won in the horizon; default 0.1
 * @param ratePriorDays days of the population's purchase rate that are mixed into a customer's own; default 90
 * @param contributionPriorPurchaseDays purchase days of mean contribution that are mixed into a customer's own; default 3
 * @param coreSpendShare share of active customers by spend, 0 to 1, that can be core; default 0.2
 * @param coreMinRelationDays days since the first purchase that a core customer needs; default 365
 * @param coreMaxReturnShare returns over sales, 0 to 1, that a core customer may have at most; default 0.2
 * @param coreMaxDaysLate mean days late that a core customer may pay at most; default 14
 * @param coreMaxServeCostShare cost to serve over net sales that a core customer may cause at most; default 0.1
 */
public record ValueConfig(
        int windowDays,
        int horizonDays,
        Quintiles quintiles,
        LocalDate cutPointsFrom,
        double abcShareA,
        double abcShareB,
        double pyramidShareTop,
        double pyramidShareBig,
        double pyramidShareMedium,
        double highCurrentShare,
        double highPotentialShare,
        double highFutureShare,
        double highMarginShare,
        double highServeCostShare,
        double headroomTakeUp,
        double ratePriorDays,
        double contributionPriorPurchaseDays,
        double coreSpendShare,
        int coreMinRelationDays,
        double coreMaxReturnShare,
        double coreMaxDaysLate,
        double coreMaxServeCostShare) {

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
        Bounds.within("high-future-share", highFutureShare, 0, 1);
        Bounds.within("high-margin-share", highMarginShare, 0, 1);
        Bounds.within("high-serve-cost-share", highServeCostShare, 0, 1);
        Bounds.within("headroom-take-up", headroomTakeUp, 0, 1);
        Bounds.within("rate-prior-days", ratePriorDays, 0.001, 36_500);
        Bounds.within("contribution-prior-purchase-days", contributionPriorPurchaseDays, 0.001, 1000);
        Bounds.within("core-spend-share", coreSpendShare, 0, 1);
        Bounds.within("core-min-relation-days", coreMinRelationDays, 0, 36_500);
        Bounds.within("core-max-return-share", coreMaxReturnShare, 0, 1);
        Bounds.within("core-max-days-late", coreMaxDaysLate, 0, 3650);
        Bounds.within("core-max-serve-cost-share", coreMaxServeCostShare, 0, 100);
    }

    /** A year back, a year ahead. */
    public static ValueConfig defaults() {
        return new ValueConfig(
                365,
                365,
                Quintiles.INDEPENDENT,
                null,
                .8,
                .95,
                .01,
                .04,
                .15,
                .2,
                .2,
                .2,
                .5,
                .5,
                .1,
                90,
                3,
                .2,
                365,
                .2,
                14,
                .1);
    }

    /** The same with other quintiles. */
    ValueConfig with(Quintiles other) {
        return new ValueConfig(
                windowDays,
                horizonDays,
                other,
                cutPointsFrom,
                abcShareA,
                abcShareB,
                pyramidShareTop,
                pyramidShareBig,
                pyramidShareMedium,
                highCurrentShare,
                highPotentialShare,
                highFutureShare,
                highMarginShare,
                highServeCostShare,
                headroomTakeUp,
                ratePriorDays,
                contributionPriorPurchaseDays,
                coreSpendShare,
                coreMinRelationDays,
                coreMaxReturnShare,
                coreMaxDaysLate,
                coreMaxServeCostShare);
    }
}
