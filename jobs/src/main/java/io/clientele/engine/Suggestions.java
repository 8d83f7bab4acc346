package io.clientele.engine;

import java.util.Collection;
import java.util.Comparator;
import java.util.stream.Collectors;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** What a person probably meant. */
public final class Suggestions {
    private Suggestions() {}

    /** "did you mean 'x'?" when a known word is near, else the list of known words. */
    public static String didYouMean(String word, Collection<String> known) {
        LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
        String near = known.stream()
                .min(Comparator.comparingInt((String k) -> distance.apply(word, k))
                        .thenComparing(k -> k))
                .filter(k -> distance.apply(word, k) <= Math.max(2, word.length() / 3))
                .orElse(null);
        return near != null
                ? "did you mean '" + near + "'?"
                : "known are: " + known.stream().sorted().collect(Collectors.joining(", "));
    }
}
