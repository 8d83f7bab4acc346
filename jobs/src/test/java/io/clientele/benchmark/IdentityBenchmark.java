package io.clientele.benchmark;

import io.clientele.identity.Decisions;
import io.clientele.identity.Identities;
import io.clientele.identity.IdentityMeasure;
import io.clientele.identity.MatchConfig;
import io.clientele.warehouse.CoreTables;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * How well and how fast records are matched: on the labelled sets in the folder CLIENTELE_DATASETS, all with the one default
 * configuration and without labels, and on a generated population of the size asked for. Arguments: records of the generated
 * population (default 1,000,000; 0: none), then "report" for the learned weights.
 */
public final class IdentityBenchmark {
    private IdentityBenchmark() {}

    public static void main(String[] arguments) {
        int size = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000_000;
        boolean isReported = List.of(arguments).contains("report");
        Path datasets = LabelledSets.folder();
        if (datasets == null) {
            System.out.println("CLIENTELE_DATASETS names no folder: the labelled sets are left out.");
        } else {
            measure(LabelledSets.fake1000(datasets), isReported);
            for (int number = 1; number <= 4; number++) {
                measure(LabelledSets.febrl(datasets, number), isReported);
            }
        }
        if (size > 0) {
            measure(LabelledSets.generated(size), isReported);
        }
    }

    private static void measure(LabelledSets set, boolean isReported) {
        long start = System.nanoTime();
        IdentityMeasure measure = IdentityMeasure.of(set.customerRecords(), set.truth(), MatchConfig.defaults());
        System.out.printf(
                Locale.ROOT,
                "%-18s %s | %,d candidate pairs | %.1f s%n",
                set.name(),
                measure.quality().text(),
                measure.candidatePairs(),
                (System.nanoTime() - start) / 1e9);
        if (isReported) {
            measure.report().forEach(System.out::println);
        }
        grow(set);
    }

    /** All but one record in a hundred first, then these: how long both take, and how many ids that costs. */
    private static void grow(LabelledSets set) {
        Dataset<Row> all = set.customerRecords();
        Dataset<Row> early = all.where("pmod(xxhash64(source, source_customer_key), 100) > 0");
        long start = System.nanoTime();
        Dataset<Row> before = Identities.resolve(
                        early,
                        all.sparkSession().createDataFrame(List.of(), CoreTables.IDENTITY.schema()),
                        MatchConfig.defaults(),
                        Decisions.none())
                .localCheckpoint();
        double first = (System.nanoTime() - start) / 1e9;
        start = System.nanoTime();
        Dataset<Row> changed = Identities.resolve(all, before, MatchConfig.defaults(), Decisions.none())
                .localCheckpoint();
        System.out.printf(
                Locale.ROOT,
                "%-18s %,d records in %.1f s, %,d more in %.1f s: %,d of the first got another id%n",
                "",
                before.count(),
                first,
                all.count() - before.count(),
                (System.nanoTime() - start) / 1e9,
                changed.where("NOT is_current").count());
    }
}
