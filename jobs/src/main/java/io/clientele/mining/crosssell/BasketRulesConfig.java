package io.clientele.mining.crosssell;

import io.clientele.mining.Bounds;

/**
 * How rules between products are found.
 *
 * @param windowDays days up to and including the as-of date whose baskets count; default 365
 * @param maxBasketItems distinct products above which a basket is left out (and counted), since its pairs grow with the
 *     square; default 60
 * @param maxAntecedent products on the left side of a rule, at most; 1 counts pairs, more grows frequent sets; default 1
 * @param minCount baskets with all products of a rule, at least; default 20
 * @param minSupport share of baskets with all products of a rule, at least, 0 to 1; default 0, so that {@code min-count}
 *     decides; above 0 where {@code max-antecedent} is above 1
 * @param minConfidence share of the antecedent's baskets with the consequent, at least, 0 to 1; default 0.1
 * @param minLift confidence over the consequent's share of all baskets, at least; default 1.1
 * @param maxQ share of false discoveries among the kept rules, at most, 0 to 1; default 0.05
 * @param stabilityParts equal parts of the window over which stability is judged, 1 to 52; default 4
 * @param maxRules rules kept, those with the largest leverage first; default 10000
 * @param learnEveryDays days for which rules are used before they are learned again; 1: learned for each date; default 7
 */
public record BasketRulesConfig(
        int windowDays,
        int maxBasketItems,
        int maxAntecedent,
        long minCount,
        double minSupport,
        double minConfidence,
        double minLift,
        double maxQ,
        int stabilityParts,
        int maxRules,
        int learnEveryDays) {

    public BasketRulesConfig {
        Bounds.within("window-days", windowDays, 1, 36_500);
        Bounds.within("max-basket-items", maxBasketItems, 2, 10_000);
        Bounds.within("max-antecedent", maxAntecedent, 1, 10);
        Bounds.atLeast("min-count", minCount, 1);
        Bounds.within("min-support", minSupport, 0, 1);
        Bounds.within("min-confidence", minConfidence, 0, 1);
        Bounds.atLeast("min-lift", minLift, 0);
        Bounds.within("max-q", maxQ, 0, 1);
        Bounds.within("stability-parts", stabilityParts, 1, 52);
        Bounds.within("max-rules", maxRules, 1, 1_000_000);
        Bounds.within("learn-every-days", learnEveryDays, 1, 366);
        if (maxAntecedent > 1 && minSupport == 0) {
            throw new IllegalArgumentException(
                    "min-support: expected a number above 0 where max-antecedent is " + maxAntecedent + ", found 0");
        }
    }

    /** Pairs of a year, learned once a week. */
    public static BasketRulesConfig defaults() {
        return new BasketRulesConfig(365, 60, 1, 20, 0, 0.1, 1.1, 0.05, 4, 10_000, 7);
    }
}
