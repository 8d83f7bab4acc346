package io.clientele.engine.config;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** The known name that a mistyped one most probably meant. */
public final class Suggestion {
    private Suggestion() {}

    /** The closest known name, if it is close enough to be meant: a third of its letters may differ. */
    public static Optional<String> closest(String unknown, Collection<String> known) {
        String typed = plain(unknown);
        return known.stream()
                .filter(name ->
                        distance(typed, plain(name)) <= Math.max(1, Math.max(typed.length(), name.length()) / 3))
                .min(Comparator.<String>comparingInt(name -> distance(typed, plain(name)))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** The letters that differ; the same letters in another order count as one. */
    private static int distance(String typed, String name) {
        int distance = LevenshteinDistance.getDefaultInstance().apply(typed, name);
        boolean isSwapped = distance == 2
                && Arrays.equals(
                        typed.chars().sorted().toArray(), name.chars().sorted().toArray());
        return isSwapped ? 1 : distance;
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
