package io.clientele.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.clientele.identity.Expectation.Pattern;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ExpectationTest {
    /** Pairs drawn from known shares: the shares come back, without labels. */
    @Test
    void learnsTheSharesThatPairsWereDrawnFrom() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        double[] equalOfOne = {.8, .85, .6, .5, .7, .9, .7, .95};
        double[] equalOfTwo = {.02, .01, .001, .0005, .001, .03, .002, .0002};
        int matches = 4000;
        int others = 200_000;
        TreeMap<String, Long> drawn = new TreeMap<>();
        TreeMap<String, Long> unmatched = new TreeMap<>();
        for (int i = 0; i < matches + others; i++) {
            int[] levels = draw(random, i < matches ? equalOfOne : equalOfTwo);
            drawn.merge(Arrays.toString(levels), 1L, Long::sum);
            if (i >= matches) {
                unmatched.merge(Arrays.toString(levels), 1L, Long::sum);
            }
        }
        MatchModel model = Expectation.learn(patterns(drawn), patterns(unmatched), matches + others, 10_000);
        assertThat(model.prior()).as("seed %d", seed).isCloseTo((double) matches / (matches + others), within(.002));
        for (MatchField field : MatchField.values()) {
            int equal = equal(field);
            assertThat(model.m()[field.ordinal()][equal])
                    .as("m of %s, seed %d", field, seed)
                    .isCloseTo(equalOfOne[field.ordinal()], within(.03));
            assertThat(model.isTrained(field, equal)).isTrue();
        }
        assertThat(model.isTrained(MatchField.GIVEN_NAME, 5))
                .as("swapped names never came up")
                .isFalse();
        assertThat(model.doTaxNumbersVeto())
                .as("five of a hundred differ: no veto")
                .isFalse();
    }

    @Test
    void sharedHomesCountOnceWhereGivenNamesContradict() {
        MatchModel model = Expectation.learn(List.of(), List.of(), 1000, 100);
        int[] same = {4, 4, -1, -1, 2, 5, 3, -1};
        int[] household = {0, 4, -1, -1, 2, 5, 3, -1};
        double other = model.weight(MatchField.GIVEN_NAME, 0);
        double largest = Math.max(
                Math.max(model.weight(MatchField.FAMILY_NAME, 4), model.weight(MatchField.PHONE, 2)),
                Math.max(model.weight(MatchField.PLACE, 5), model.weight(MatchField.STREET, 3)));
        assertThat(model.weight(household)).isCloseTo(model.priorWeight() + other + largest, within(1e-9));
        assertThat(model.weight(same)).isGreaterThan(model.weight(household));
    }

    private static int equal(MatchField field) {
        return field == MatchField.GIVEN_NAME || field == MatchField.FAMILY_NAME
                ? 4
                : field.levels().size() - 1;
    }

    private static int[] draw(Random random, double[] equal) {
        int[] levels = new int[MatchField.values().length];
        for (MatchField field : MatchField.values()) {
            levels[field.ordinal()] = random.nextDouble() < equal[field.ordinal()] ? equal(field) : 0;
        }
        return levels;
    }

    private static List<Pattern> patterns(TreeMap<String, Long> counted) {
        List<Pattern> patterns = new ArrayList<>();
        counted.forEach((text, count) -> patterns.add(new Pattern(
                Arrays.stream(text.substring(1, text.length() - 1).split(", "))
                        .mapToInt(Integer::parseInt)
                        .toArray(),
                count)));
        return patterns;
    }
}
