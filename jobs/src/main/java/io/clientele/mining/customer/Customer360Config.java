package io.clientele.mining.customer;

import io.clientele.mining.Bounds;

/**
 * What a clerk is shown of a customer.
 *
 * @param habitDays days up to and including the as-of date in which categories, channels and stores count; default 730
 * @param serviceDays days up to and including the as-of date in which complaints and answers count; default 365
 * @param favouriteCategories at most so many; default 3
 * @param offers at most so many; default 3
 * @param cases at most so many open cases and special requests each, the newest; default 5
 * @param settledShare share of an invoice, 0 to 1, from which on it counts as paid: rates of exchange differ between the days
 *     of an invoice and of its payment; default 0.99
 */
public record Customer360Config(
        int habitDays, int serviceDays, int favouriteCategories, int offers, int cases, double settledShare) {

    public Customer360Config {
        Bounds.within("habit-days", habitDays, 1, 36_500);
        Bounds.within("service-days", serviceDays, 1, 36_500);
        Bounds.within("favourite-categories", favouriteCategories, 1, 100);
        Bounds.within("offers", offers, 1, 100);
        Bounds.within("cases", cases, 1, 100);
        Bounds.within("settled-share", settledShare, 0, 1);
    }

    /** Two years of habits, one year of service. */
    public static Customer360Config defaults() {
        return new Customer360Config(730, 365, 3, 3, 5, .99);
    }
}
