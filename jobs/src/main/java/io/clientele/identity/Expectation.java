package io.clientele.identity;

import java.util.List;

/**
 * Learns {@link MatchModel} from counts of patterns of agreement, without labels, by expectation and maximisation (Dempster,
 * Laird, Rubin 1977; Winkler 1988). Runs on the driver: there are few patterns, however many pairs.
 *
 * <p>u comes from random pairs and stays; m and the prior are learned from the candidate pairs, which hold nearly all pairs of
 * one customer. The expected number of other pairs with a pattern follows from u and the number of all pairs, so that blocking
 * does not bias what is learned.
 */
final class Expectation {
    private static final int MOST_ROUNDS = 100;
    private static final double PSEUDO_PAIRS = 2;

    private Expectation() {}

    /**
     * @param levels per {@link MatchField} the level, -1 for unknown
     * @param count the number of pairs
     */
    record Pattern(int[] levels, long count) {}

    /**
     * @param candidates the patterns of all candidate pairs
     * @param random the patterns of pairs drawn at random
     * @param allPairs how many pairs of records there are
     */
    static MatchModel learn(List<Pattern> candidates, List<Pattern> random, double allPairs, double records) {
        MatchField[] fields = MatchField.values();
        double[][] u = new double[fields.length][];
        double[][] defaults = new double[fields.length][];
        for (MatchField field : fields) {
            int k = field.ordinal();
            u[k] = shares(counts(random, field), 0.5, null);
            defaults[k] = defaults(field);
        }
        double[][] none = new double[fields.length][];
        for (MatchField field : fields) {
            none[field.ordinal()] = new double[field.levels().size()];
        }
        double prior = Math.min(0.5, records / allPairs / 2);
        MatchModel model = new MatchModel(prior, defaults, u, none);
        for (int round = 0; round < MOST_ROUNDS; round++) {
            MatchModel next = round(model, candidates, defaults, allPairs);
            double moved = Math.abs(Math.log(next.prior() / model.prior()));
            model = next;
            if (moved < 1e-6 && round > 5) {
                break;
            }
        }
        return model;
    }

    private static MatchModel round(MatchModel model, List<Pattern> candidates, double[][] defaults, double allPairs) {
        MatchField[] fields = MatchField.values();
        double[][] expected = new double[fields.length][];
        for (MatchField field : fields) {
            expected[field.ordinal()] = new double[field.levels().size()];
        }
        double matches = 0;
        for (Pattern pattern : candidates) {
            double odds = Math.pow(2, Math.min(60, model.weight(pattern.levels())));
            double share = odds / (1 + odds) * pattern.count();
            matches += share;
            for (MatchField field : fields) {
                int level = pattern.levels()[field.ordinal()];
                if (level >= 0) {
                    expected[field.ordinal()][level] += share;
                }
            }
        }
        double[][] m = new double[fields.length][];
        for (MatchField field : fields) {
            int k = field.ordinal();
            m[k] = shares(expected[k], PSEUDO_PAIRS, defaults[k]);
        }
        double prior = Math.min(0.5, Math.max(matches, 0.5) / allPairs);
        return new MatchModel(prior, m, model.u(), expected);
    }

    private static double[] counts(List<Pattern> patterns, MatchField field) {
        double[] counts = new double[field.levels().size()];
        for (Pattern pattern : patterns) {
            int level = pattern.levels()[field.ordinal()];
            if (level >= 0) {
                counts[level] += pattern.count();
            }
        }
        return counts;
    }

    /** Shares of counts, each with some more in the proportion of {@code defaults}; null: the same for each. */
    private static double[] shares(double[] counts, double pseudo, double[] defaults) {
        double[] shares = new double[counts.length];
        double sum = 0;
        for (int i = 0; i < counts.length; i++) {
            shares[i] = counts[i] + (defaults == null ? pseudo : pseudo * defaults[i]);
            sum += shares[i];
        }
        for (int i = 0; i < counts.length; i++) {
            shares[i] /= sum;
        }
        return shares;
    }

    /** What holds until learned: mostly equal, all else in a hundredth to a twentieth of the cases. */
    private static double[] defaults(MatchField field) {
        int levels = field.levels().size();
        double[] shares = new double[levels];
        int equal = field == MatchField.GIVEN_NAME || field == MatchField.FAMILY_NAME ? 4 : levels - 1;
        double sum = 0;
        for (int level = 0; level < levels; level++) {
            shares[level] = level == equal ? 0.7 : 0.05;
            sum += shares[level];
        }
        for (int level = 0; level < levels; level++) {
            shares[level] /= sum;
        }
        return shares;
    }
}
