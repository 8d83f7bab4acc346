package io.clientele.mining.value.lifetime;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Customers counted by what a {@link PurchaseModel} knows of them: its likelihood depends on nothing else. Distinct values are
 * kept apart, so that logarithms and special functions are computed once for each.
 */
final class PurchaseGroups {
    private static final int CHUNK = 2048;

    /**
     * Customers alike.
     *
     * @param x repeat purchase days
     * @param tx age at the last purchase, in time units
     * @param age age at the cut-off, in time units
     * @param count how many they are
     */
    record Group(double x, double tx, double age, double count) {}

    private final int[] repeats;
    private final int[] last;
    private final int[] age;
    private final int[] lastPair;
    private final int[] agePair;
    private final double[] count;
    private final double[] distinctRepeats;
    private final double[] distinctTimes;
    private final int[] pairRepeats;
    private final int[] pairTimes;

    private PurchaseGroups(List<Group> groups) {
        distinctRepeats =
                groups.stream().mapToDouble(Group::x).sorted().distinct().toArray();
        distinctTimes = groups.stream()
                .flatMapToDouble(g -> Arrays.stream(new double[] {g.tx(), g.age()}))
                .sorted()
                .distinct()
                .toArray();
        int size = groups.size();
        repeats = new int[size];
        last = new int[size];
        age = new int[size];
        lastPair = new int[size];
        agePair = new int[size];
        count = new double[size];
        Map<Long, Integer> pairs = new HashMap<>();
        List<Long> ordered = new ArrayList<>();
        for (int g = 0; g < size; g++) {
            Group group = groups.get(g);
            repeats[g] = Arrays.binarySearch(distinctRepeats, group.x());
            last[g] = Arrays.binarySearch(distinctTimes, group.tx());
            age[g] = Arrays.binarySearch(distinctTimes, group.age());
            count[g] = group.count();
            lastPair[g] = pair(repeats[g], last[g], pairs, ordered);
            agePair[g] = pair(repeats[g], age[g], pairs, ordered);
        }
        pairRepeats = ordered.stream().mapToInt(p -> (int) (p >> 32)).toArray();
        pairTimes = ordered.stream().mapToInt(p -> (int) (p & 0xffffffffL)).toArray();
    }

    private static int pair(int repeats, int time, Map<Long, Integer> pairs, List<Long> ordered) {
        return pairs.computeIfAbsent((long) repeats << 32 | time, p -> {
            ordered.add(p);
            return ordered.size() - 1;
        });
    }

    /** The groups in any order; sums are made in the order of their values, so that it does not matter. */
    static PurchaseGroups of(List<Group> groups) {
        List<Group> sorted = new ArrayList<>(groups);
        sorted.sort((p, q) -> {
            int byRepeats = Double.compare(p.x(), q.x());
            int byAge = byRepeats != 0 ? byRepeats : Double.compare(p.age(), q.age());
            return byAge != 0 ? byAge : Double.compare(p.tx(), q.tx());
        });
        return new PurchaseGroups(sorted);
    }

    /** The same customers with all times multiplied. */
    PurchaseGroups scaled(double factor) {
        List<Group> groups = new ArrayList<>();
        for (int g = 0; g < size(); g++) {
            groups.add(new Group(
                    distinctRepeats[repeats[g]],
                    distinctTimes[last[g]] * factor,
                    distinctTimes[age[g]] * factor,
                    count[g]));
        }
        return of(groups);
    }

    /**
     * These groups, or no more than {@code atMost} where that takes no more than merging those with as many repeat purchases
     * whose times are near each other; merged ones stand at their mean.
     */
    PurchaseGroups merged(int atMost) {
        PurchaseGroups merged = this;
        for (int bins = atMost; merged.size() > atMost && bins > 1; bins /= 2) {
            merged = merged(maxTime() / bins);
        }
        return merged;
    }

    private PurchaseGroups merged(double width) {
        Map<Bin, double[]> sums = new HashMap<>();
        for (int g = 0; g < size(); g++) {
            double tx = distinctTimes[last[g]];
            double ofAge = distinctTimes[age[g]];
            Bin bin = new Bin(repeats[g], (int) (tx / width), (int) (ofAge / width));
            double[] sum = sums.computeIfAbsent(bin, b -> new double[3]);
            sum[0] += count[g];
            sum[1] += count[g] * tx;
            sum[2] += count[g] * ofAge;
        }
        return of(sums.entrySet().stream()
                .map(e -> {
                    double[] sum = e.getValue();
                    return new Group(distinctRepeats[e.getKey().repeats()], sum[1] / sum[0], sum[2] / sum[0], sum[0]);
                })
                .toList());
    }

    private record Bin(int repeats, int last, int age) {}

    int size() {
        return count.length;
    }

    double[] distinctRepeats() {
        return distinctRepeats;
    }

    /** Ages at the last purchase and at the cut-off. */
    double[] distinctTimes() {
        return distinctTimes;
    }

    int repeatsOf(int group) {
        return repeats[group];
    }

    int lastOf(int group) {
        return last[group];
    }

    int ageOf(int group) {
        return age[group];
    }

    double countOf(int group) {
        return count[group];
    }

    /** Distinct pairs of repeat purchases and a time. */
    int countPairs() {
        return pairRepeats.length;
    }

    int repeatsOfPair(int pair) {
        return pairRepeats[pair];
    }

    int timeOfPair(int pair) {
        return pairTimes[pair];
    }

    int lastPairOf(int group) {
        return lastPair[group];
    }

    int agePairOf(int group) {
        return agePair[group];
    }

    /**
     * The sum of a figure over the groups, computed on all cores; always added up in the same order, so that it is the same to
     * the last digit.
     */
    double sum(IntToDoubleFunction ofGroup) {
        int chunks = (size() + CHUNK - 1) / CHUNK;
        double[] sums = new double[chunks];
        IntStream.range(0, chunks).parallel().forEach(chunk -> {
            double sum = 0;
            for (int g = chunk * CHUNK; g < Math.min(size(), (chunk + 1) * CHUNK); g++) {
                sum += ofGroup.applyAsDouble(g);
            }
            sums[chunk] = sum;
        });
        return Arrays.stream(sums).sum();
    }

    double countCustomers() {
        return Arrays.stream(count).sum();
    }

    /** Repeat purchases per time unit, over all customers; 0 where nobody has an age. */
    double meanRate() {
        double purchases = 0;
        double time = 0;
        for (int g = 0; g < size(); g++) {
            purchases += count[g] * distinctRepeats[repeats[g]];
            time += count[g] * distinctTimes[age[g]];
        }
        return time > 0 ? purchases / time : 0;
    }

    double meanAge() {
        double time = 0;
        for (int g = 0; g < size(); g++) {
            time += count[g] * distinctTimes[age[g]];
        }
        return size() == 0 ? 0 : time / countCustomers();
    }

    double maxTime() {
        return distinctTimes.length == 0 ? 0 : distinctTimes[distinctTimes.length - 1];
    }
}
