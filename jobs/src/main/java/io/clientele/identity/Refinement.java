package io.clientele.identity;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The customers within one component of linked records. Records that a steward or an issued number ties belong together;
 * further ones join by average linkage, the best first, as long as the mean weight between two groups stays above a limit and
 * nothing forbids it. So a component that is sparse, or held together by one bridge, falls apart, and a record that fits two
 * groups about equally well that cannot be one stays alone: which of them is at fault cannot be told.
 */
final class Refinement {
    /** What is known of a pair besides its weight. */
    enum Tie {
        NONE,
        /** A strong identifier of both is the same: it outweighs everything but a steward. */
        ISSUED,
        MUST,
        VETO,
        CANNOT
    }

    /** Two groups that fit a third within so many bits fit it equally well. */
    private static final double AMBIGUOUS_BITS = 2;

    /** Mean bits below which two groups are certainly two customers. */
    private static final double OTHERS_BITS = -10;

    private static final double BOUND_BITS = 18;

    private final int size;
    private final double[][] weight;
    private final Tie[][] tie;
    private final double minWeight;
    private final List<List<Integer>> groups = new ArrayList<>();
    private double[][] sums;

    /**
     * @param size records, numbered in the order of their first appearance
     * @param minWeight mean weight in bits below which groups stay apart
     */
    Refinement(int size, double minWeight) {
        this.size = size;
        this.minWeight = minWeight;
        this.weight = new double[size][size];
        this.tie = new Tie[size][size];
        for (Tie[] row : tie) {
            Arrays.fill(row, Tie.NONE);
        }
    }

    void pair(int a, int b, double bits, Tie known) {
        double bounded = Math.max(-BOUND_BITS, Math.min(BOUND_BITS, bits));
        weight[a][b] = bounded;
        weight[b][a] = bounded;
        tie[a][b] = known;
        tie[b][a] = known;
    }

    /** For each record the first record of its customer. */
    int[] customers() {
        for (int i = 0; i < size; i++) {
            groups.add(new ArrayList<>(List.of(i)));
        }
        tied(Tie.MUST);
        tied(Tie.ISSUED);
        link();
        int[] first = new int[size];
        for (List<Integer> group : groups) {
            int smallest = group.stream().min(Integer::compare).orElseThrow();
            group.forEach(i -> first[i] = smallest);
        }
        return first;
    }

    private void tied(Tie kind) {
        for (int a = 0; a < size; a++) {
            for (int b = a + 1; b < size; b++) {
                int one = groupOf(a);
                int other = groupOf(b);
                if (tie[a][b] == kind && one != other && !forbids(one, other, Tie.CANNOT)) {
                    groups.get(one).addAll(groups.get(other));
                    groups.remove(other);
                }
            }
        }
    }

    private int groupOf(int record) {
        for (int g = 0; g < groups.size(); g++) {
            if (groups.get(g).contains(record)) {
                return g;
            }
        }
        throw new IllegalStateException("Record " + record + " is in no group");
    }

    private boolean forbids(int one, int other, Tie kind) {
        for (int a : groups.get(one)) {
            for (int b : groups.get(other)) {
                if (tie[a][b] == kind) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean forbids(int one, int other) {
        return forbids(one, other, Tie.CANNOT) || forbids(one, other, Tie.VETO);
    }

    private double mean(int one, int other) {
        return sums[one][other] / (groups.get(one).size() * groups.get(other).size());
    }

    private void link() {
        int n = groups.size();
        sums = new double[n][n];
        boolean[][] isForbidden = new boolean[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                if (i != j) {
                    for (int a : groups.get(i)) {
                        for (int b : groups.get(j)) {
                            sums[i][j] += weight[a][b];
                        }
                    }
                    isForbidden[i][j] = forbids(i, j);
                }
            }
        }
        boolean[] isGone = new boolean[n];
        boolean[] isUnclear = new boolean[n];
        while (true) {
            int[] best = best(isGone, isUnclear, isForbidden);
            if (best == null) {
                break;
            }
            int one = best[0];
            int other = best[1];
            boolean isAmbiguous = false;
            for (int[] side : new int[][] {{one, other}, {other, one}}) {
                // Only a group that nothing ties to one of the two in particular.
                if (hasRival(side[0], side[1], isGone, isForbidden)) {
                    isUnclear[side[0]] = true;
                    isAmbiguous = true;
                }
            }
            if (isAmbiguous) {
                continue;
            }
            groups.get(one).addAll(groups.get(other));
            isGone[other] = true;
            for (int k = 0; k < n; k++) {
                sums[one][k] += sums[other][k];
                sums[k][one] = sums[one][k];
                isForbidden[one][k] |= isForbidden[other][k];
                isForbidden[k][one] = isForbidden[one][k];
            }
        }
        List<List<Integer>> left = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            if (!isGone[i]) {
                left.add(groups.get(i));
            }
        }
        groups.clear();
        groups.addAll(left);
    }

    private int[] best(boolean[] isGone, boolean[] isUnclear, boolean[][] isForbidden) {
        int[] best = null;
        double highest = minWeight;
        for (int i = 0; i < isGone.length; i++) {
            for (int j = i + 1; j < isGone.length; j++) {
                if (isGone[i] || isGone[j] || isUnclear[i] || isUnclear[j] || isForbidden[i][j]) {
                    continue;
                }
                double mean = mean(i, j);
                if (mean > highest || (best == null && mean >= minWeight)) {
                    highest = mean;
                    best = new int[] {i, j};
                }
            }
        }
        return best;
    }

    /** Whether a third group, which may not be one with {@code partner}, fits {@code group} about as well as that. */
    private boolean hasRival(int group, int partner, boolean[] isGone, boolean[][] isForbidden) {
        double fit = mean(group, partner);
        for (int k = 0; k < isGone.length; k++) {
            if (!isGone[k]
                    && k != group
                    && k != partner
                    && !isForbidden[group][k]
                    && (isForbidden[partner][k] || mean(partner, k) < OTHERS_BITS)
                    && mean(group, k) >= Math.max(0, fit - AMBIGUOUS_BITS)) {
                return true;
            }
        }
        return false;
    }
}
