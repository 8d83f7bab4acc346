package io.clientele.mining.value.lifetime;

import org.hipparchus.special.Gamma;

/**
 * The BG/NBD model (Fader, Hardie, Lee 2005, "Counting your customers the easy way"): a customer buys at a rate from a gamma
 * distribution and stops after each repeat purchase with a probability from a beta distribution.
 *
 * <p>The paper's conditional expectation holds a Gauss hypergeometric function that overflows for frequent buyers and is
 * singular at {@code a = 1}. Here it is summed over the number of purchases that a customer would make who never stopped,
 * which is negative binomial: all terms are positive, and the value is the same.
 *
 * @param r shape of the rates' distribution
 * @param alpha its scale, in time units: the mean rate is r / alpha
 * @param a first parameter of the distribution of the probability of stopping
 * @param b its second parameter: the mean is a / (a + b)
 */
record BgNbd(double r, double alpha, double a, double b) implements PurchaseModel {
    private static final int MAX_TERMS = 1_000_000;
    private static final double RESCALE = 1e250;

    @Override
    public double probabilityAlive(double x, double tx, double age) {
        if (x <= 0) {
            return 1;
        }
        double odds = Math.log(a / (b + x - 1)) + (r + x) * Math.log1p((age - tx) / (alpha + tx));
        return 1 / (1 + Math.exp(odds));
    }

    @Override
    public double expectedPurchasesIfAlive(double x, double age, double time) {
        if (time <= 0) {
            return 0;
        }
        double share = time / (alpha + age + time);
        double shape = r + x;
        // Weight n: proportional to the chance that a customer who never stops buys n times. Reached n: how many of n
        // purchases are expected to be made before stopping, the sum of E (1 - p)^k over k < n.
        double weight = 1;
        double weights = 1;
        double sum = 0;
        double reached = 0;
        double survival = 1;
        for (int n = 1; n < MAX_TERMS; n++) {
            double growth = (shape + n - 1) / n * share;
            weight *= growth;
            reached += survival;
            survival *= (b + x + n - 1) / (a + b + x + n - 1);
            weights += weight;
            sum += weight * reached;
            if (weights > RESCALE) {
                weight /= RESCALE;
                weights /= RESCALE;
                sum /= RESCALE;
            }
            // What is left is at most a geometric tail whose terms also grow with n.
            if (growth < 1 && weight * (reached + 1) < 1e-15 * (1 - share) * (1 - share) * sum) {
                break;
            }
        }
        return sum / weights;
    }

    @Override
    public double logLikelihood(PurchaseGroups groups) {
        double[] repeats = groups.distinctRepeats();
        double[] constant = new double[repeats.length];
        double[] stopped = new double[repeats.length];
        double common = r * Math.log(alpha) - Gamma.logGamma(r);
        for (int i = 0; i < repeats.length; i++) {
            double x = repeats[i];
            constant[i] = common
                    + Gamma.logGamma(r + x)
                    + Gamma.logGamma(a + b)
                    + Gamma.logGamma(b + x)
                    - Gamma.logGamma(b)
                    - Gamma.logGamma(a + b + x);
            stopped[i] = x > 0 ? Math.log(a / (b + x - 1)) : Double.NEGATIVE_INFINITY;
        }
        double[] times = groups.distinctTimes();
        double[] logs = new double[times.length];
        for (int i = 0; i < times.length; i++) {
            logs[i] = Math.log(alpha + times[i]);
        }
        return groups.sum(g -> {
            int i = groups.repeatsOf(g);
            double shape = r + repeats[i];
            double alive = -shape * logs[groups.ageOf(g)];
            double gone = stopped[i] - shape * logs[groups.lastOf(g)];
            return groups.countOf(g) * (constant[i] + Logs.ofSum(alive, gone));
        });
    }

    @Override
    public double[] parameters() {
        return new double[] {r, alpha, a, b};
    }

    @Override
    public Kind kind() {
        return Kind.BG_NBD;
    }
}
