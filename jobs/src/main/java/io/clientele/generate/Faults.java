package io.clientele.generate;

import java.util.ArrayList;
import java.util.List;

/** Which faults were planted where; {@code row} counts from 1, the first line of the file (the header, where there is one). */
final class Faults {
    record Fault(String file, long row, String kind) {}

    private final List<Fault> planted = new ArrayList<>();

    void add(String file, long row, String kind) {
        planted.add(new Fault(file, row, kind));
    }

    List<Fault> planted() {
        return planted;
    }
}
