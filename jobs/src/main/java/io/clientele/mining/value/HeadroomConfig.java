package io.clientele.mining.value;

import io.clientele.mining.Bounds;

/**
 * When similar customers tell what a customer could buy.
 *
 * @param minSimilarCustomers customers that must be similar before they tell anything, at least 1; default 20
 * @param minShareOfSimilar share of them, above 0 to 1, that must buy in a category; default 0.1
 * @param maxCategories categories that are kept for a customer, best first, 1 to 100; default 3
 */
public record HeadroomConfig(int minSimilarCustomers, double minShareOfSimilar, int maxCategories) {
    public HeadroomConfig {
        Bounds.within("min-similar-customers", minSimilarCustomers, 1, 1e9);
        Bounds.within("min-share-of-similar", minShareOfSimilar, 0.0001, 1);
        Bounds.within("max-categories", maxCategories, 1, 100);
    }

    /** Twenty customers of whom a tenth buys. */
    public static HeadroomConfig defaults() {
        return new HeadroomConfig(20, .1, 3);
    }
}
