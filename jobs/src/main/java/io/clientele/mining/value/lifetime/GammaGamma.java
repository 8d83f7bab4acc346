package io.clientele.mining.value.lifetime;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.hipparchus.special.Gamma;

/**
 * The Gamma-Gamma model of the value of a purchase (Fader, Hardie, Lee 2005; Fader, Hardie 2013, "The gamma-gamma model of
 * monetary value"): values are gamma distributed around each customer's own mean, and these means are inverse gamma
 * distributed over customers, independent of how often they buy.
 *
 * @param p shape of the values of one customer
 * @param q shape of the distribution over customers; up to 1, the population has no finite mean
 * @param v its scale, in money
 */
record GammaGamma(double p, double q, double v) implements Serializable {
    static final String[] PARAMETER_NAMES = {"p", "q", "v"};

    /**
     * Customers of like value.
     *
     * @param x repeat purchase days, above 0
     * @param logMean the logarithm of the mean value of these days
     * @param count how many they are
     */
    record Group(double x, double logMean, double count) {}

    /** The value of a purchase, expected of a customer with {@code x} repeat days of mean value {@code mean}. */
    double expectedValue(double x, double mean) {
        return p * (v + x * mean) / (p * x + q - 1);
    }

    /** The population's mean; infinite where {@code q} is not above 1. */
    double populationMean() {
        return q > 1 ? p * v / (q - 1) : Double.POSITIVE_INFINITY;
    }

    double logLikelihood(List<Group> groups) {
        double sum = 0;
        double last = Double.NaN;
        double constant = 0;
        for (Group g : groups) {
            double shape = p * g.x();
            if (g.x() != last) {
                last = g.x();
                constant = Gamma.logGamma(shape + q)
                        - Gamma.logGamma(shape)
                        - Gamma.logGamma(q)
                        + q * Math.log(v)
                        + shape * Math.log(g.x());
            }
            sum += g.count()
                    * (constant
                            + (shape - 1) * g.logMean()
                            - (shape + q) * Math.log(g.x() * Math.exp(g.logMean()) + v));
        }
        return sum;
    }

    /** In an order of their own, so that sums do not depend on the order in which they came. */
    static List<Group> sorted(List<Group> groups) {
        List<Group> sorted = new ArrayList<>(groups);
        sorted.sort(Comparator.comparingDouble(Group::x).thenComparingDouble(Group::logMean));
        return sorted;
    }

    double[] parameters() {
        return new double[] {p, q, v};
    }
}
