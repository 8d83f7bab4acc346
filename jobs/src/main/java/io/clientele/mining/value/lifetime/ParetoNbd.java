package io.clientele.mining.value.lifetime;

import java.util.stream.IntStream;
import org.hipparchus.special.Gamma;

/**
 * The Pareto/NBD model (Schmittlein, Morrison, Colombo 1987, "Counting your customers"): a customer buys at a rate from one
 * gamma distribution and stops at any time, at a rate from another. Written as in Fader, Hardie 2005, "A note on deriving the
 * Pareto/NBD model and related expressions", with Euler's transformation of its Gauss hypergeometric functions, so that they
 * have a unit parameter and stay bounded.
 *
 * @param r shape of the purchase rates' distribution
 * @param alpha its scale, in time units
 * @param s shape of the distribution of the rates of stopping
 * @param beta its scale, in time units
 */
record ParetoNbd(double r, double alpha, double s, double beta) implements PurchaseModel {
    @Override
    public double probabilityAlive(double x, double tx, double age) {
        double alive = alive(x, Math.log(alpha + age), Math.log(beta + age));
        double gone = gone(x, bound(x, tx), bound(x, age));
        return 1 / (1 + Math.exp(gone - alive));
    }

    @Override
    public double expectedPurchasesIfAlive(double x, double age, double time) {
        if (time <= 0) {
            return 0;
        }
        double log = Math.log1p(time / (beta + age));
        double power = (s - 1) * log;
        double lived = Math.abs(power) < 1e-8 ? log * (1 - power / 2) : -Math.expm1(-power) / (s - 1);
        return (r + x) * (beta + age) / (alpha + age) * lived;
    }

    @Override
    public double logLikelihood(PurchaseGroups groups) {
        double[] repeats = groups.distinctRepeats();
        double[] constant = new double[repeats.length];
        double common = r * Math.log(alpha) + s * Math.log(beta) - Gamma.logGamma(r);
        for (int i = 0; i < repeats.length; i++) {
            constant[i] = common + Gamma.logGamma(r + repeats[i]);
        }
        double[] times = groups.distinctTimes();
        double[] logsAlpha = new double[times.length];
        double[] logsBeta = new double[times.length];
        for (int i = 0; i < times.length; i++) {
            logsAlpha[i] = Math.log(alpha + times[i]);
            logsBeta[i] = Math.log(beta + times[i]);
        }
        double[] bounds = new double[groups.countPairs()];
        IntStream.range(0, bounds.length).parallel().forEach(p -> {
            int t = groups.timeOfPair(p);
            bounds[p] = bound(repeats[groups.repeatsOfPair(p)], times[t], logsAlpha[t], logsBeta[t]);
        });
        return groups.sum(g -> {
            int i = groups.repeatsOf(g);
            int t = groups.ageOf(g);
            double alive = alive(repeats[i], logsAlpha[t], logsBeta[t]);
            double gone = gone(repeats[i], bounds[groups.lastPairOf(g)], bounds[groups.agePairOf(g)]);
            return groups.countOf(g) * (constant[i] + Logs.ofSum(alive, gone));
        });
    }

    private double alive(double x, double logAlpha, double logBeta) {
        return -(r + x) * logAlpha - s * logBeta;
    }

    /** The logarithm of the likelihood of having stopped between two times, but for the constant of {@code x}. */
    private double gone(double x, double lower, double upper) {
        return Math.log(s / (r + s + x)) + Logs.ofDifference(lower, upper);
    }

    private double bound(double x, double time) {
        return bound(x, time, Math.log(alpha + time), Math.log(beta + time));
    }

    /** The logarithm of one of the two terms of A_0 in the paper. */
    private double bound(double x, double time, double logAlpha, double logBeta) {
        double c = r + s + x + 1;
        return alpha >= beta
                ? alive(x, logAlpha, logBeta) + Math.log(Hypergeometric.unit(r + x, c, (alpha - beta) / (alpha + time)))
                : -(r + x - 1) * logAlpha
                        - (s + 1) * logBeta
                        + Math.log(Hypergeometric.unit(s + 1, c, (beta - alpha) / (beta + time)));
    }

    @Override
    public double[] parameters() {
        return new double[] {r, alpha, s, beta};
    }

    @Override
    public Kind kind() {
        return Kind.PARETO_NBD;
    }
}
