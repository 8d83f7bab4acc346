package io.clientele.benchmark;

import java.util.ArrayList;
import java.util.List;

/** Names put together from syllables: some hundreds of given names, some thousands of family names. */
final class GeneratedNames {
    private GeneratedNames() {}

    static List<String> given() {
        return joined(
                List.of("An", "Ma", "Lu", "Jo", "Ka", "El", "Pe", "So", "Ti", "Be", "Da", "Fe", "Ju", "Ni", "Ro"),
                List.of(
                        "na", "ria", "kas", "hann", "trin", "isa", "ter", "fie", "mon", "nno", "vid", "lix", "lian",
                        "ko"));
    }

    static List<String> family() {
        return joined(
                joined(
                        List.of(
                                "Mei", "Schu", "Web", "Hof", "Kra", "Win", "Bau", "Rich", "Klein", "Wolf", "Neu", "Zim",
                                "Brau"),
                        List.of("ler", "mer", "ner", "ter", "del", "ken", "ber", "lich")),
                List.of("", "s", "i", "a", "o", "e"));
    }

    private static List<String> joined(List<String> starts, List<String> ends) {
        List<String> all = new ArrayList<>();
        starts.forEach(start -> ends.forEach(end -> all.add(start + end)));
        return all;
    }
}
