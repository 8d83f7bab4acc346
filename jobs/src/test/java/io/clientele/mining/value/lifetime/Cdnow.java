package io.clientele.mining.value.lifetime;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The CDNOW sample (Fader, Hardie): 6,919 purchases of 2,357 customers, 1997-01-01 to 1998-06-30. It is not part of the
 * project: set CLIENTELE_DATASETS to a folder that holds cdnow/CDNOW_sample.txt.
 */
final class Cdnow {
    static final LocalDate CUTOFF = LocalDate.of(1997, 9, 30);

    private Cdnow() {}

    static Path folder() {
        String folder = System.getProperty("CLIENTELE_DATASETS", System.getenv("CLIENTELE_DATASETS"));
        assumeTrue(folder != null, "skipped: CLIENTELE_DATASETS names no folder with cdnow/CDNOW_sample.txt");
        Path file = Path.of(folder, "cdnow", "CDNOW_sample.txt");
        assumeTrue(Files.exists(file), "skipped: there is no " + file);
        return file.getParent();
    }

    /** Dollars by customer and purchase day. */
    static Map<String, TreeMap<LocalDate, Double>> days() throws IOException {
        Map<String, TreeMap<LocalDate, Double>> days = new TreeMap<>();
        for (String line : Files.readAllLines(folder().resolve("CDNOW_sample.txt"))) {
            String[] fields = line.strip().split("\\s+");
            LocalDate day = LocalDate.parse(fields[2], DateTimeFormatter.BASIC_ISO_DATE);
            days.computeIfAbsent(fields[0], k -> new TreeMap<>())
                    .merge(day, Double.parseDouble(fields[4]), Double::sum);
        }
        return days;
    }

    static PurchaseGroups groups() throws IOException {
        List<PurchaseGroups.Group> groups = new ArrayList<>();
        for (TreeMap<LocalDate, Double> days : days().values()) {
            var known = days.headMap(CUTOFF, true);
            long first = known.firstKey().toEpochDay();
            groups.add(new PurchaseGroups.Group(
                    known.size() - 1,
                    (known.lastKey().toEpochDay() - first) / 7.0,
                    (CUTOFF.toEpochDay() - first) / 7.0,
                    1));
        }
        return PurchaseGroups.of(groups);
    }

    static List<GammaGamma.Group> values() throws IOException {
        List<GammaGamma.Group> groups = new ArrayList<>();
        for (TreeMap<LocalDate, Double> days : days().values()) {
            var known = days.headMap(CUTOFF, true);
            double repeats = known.values().stream().mapToDouble(d -> d).sum()
                    - known.firstEntry().getValue();
            if (known.size() > 1 && repeats > 0) {
                groups.add(new GammaGamma.Group(known.size() - 1, Math.log(repeats / (known.size() - 1)), 1));
            }
        }
        return GammaGamma.sorted(groups);
    }
}
