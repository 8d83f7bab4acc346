package io.clientele.mining.crosssell;

import io.clientele.mining.Bounds;

/**
 * How offers are chosen for customers.
 *
 * @param count offers per customer, at most; default 5
 * @param rulesPerProduct rules followed from one bought product, best first, at most; default 10
 * @param popularDays days up to and including the as-of date over which popularity is counted; default 90
 * @param popularProducts most popular products considered for a customer whom no rule fits, at most; default 50
 */
public record RecommendationsConfig(int count, int rulesPerProduct, int popularDays, int popularProducts) {
    public RecommendationsConfig {
        Bounds.within("count", count, 1, 100);
        Bounds.within("rules-per-product", rulesPerProduct, 1, 1000);
        Bounds.within("popular-days", popularDays, 1, 36_500);
        Bounds.within("popular-products", popularProducts, 1, 1000);
    }

    /** Five offers. */
    public static RecommendationsConfig defaults() {
        return new RecommendationsConfig(5, 10, 90, 50);
    }
}
