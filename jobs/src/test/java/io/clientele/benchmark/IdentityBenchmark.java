package io.clientele.benchmark;

import io.clientele.identity.Decisions;
import io.clientele.identity.Identities;
import io.clientele.identity.IdentityIncrement;
import io.clientele.identity.IdentityMeasure;
import io.clientele.identity.MatchConfig;
import io.clientele.identity.MatchQuality;
import io.clientele.testing.SharedSpark;
import io.clientele.warehouse.CoreTables;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * How well and how fast records are matched: on the labelled sets in the folder CLIENTELE_DATASETS, all with the one default
 * configuration and without labels, and on a generated population of the size asked for. Arguments: records of the generated
 * population (default 1,000,000; 0: none), then "report" for the learned weights, "grow" for that population and its growth alone.
 */
public final class IdentityBenchmark {
    private IdentityBenchmark() {}

    public static void main(String[] arguments) {
        int size = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000_000;
        boolean isReported = List.of(arguments).contains("report");
        if (List.of(arguments).contains("grow")) {
            grow(LabelledSets.generated(size));
            return;
        }
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

    /** All but one record in a hundred first, then these: how long both take with what they write, and how many ids that costs. */
    private static void grow(LabelledSets set) {
        SparkSession session = SharedSpark.session();
        Path folder = temporary();
        Dataset<Row> all = stored(folder.resolve("records"), set.customerRecords());
        String isLate = "pmod(xxhash64(source, source_customer_key), 100) = 0";
        Dataset<Row> early = stored(folder.resolve("early"), all.where("NOT " + isLate));
        Dataset<Row> late = stored(folder.resolve("late"), all.where(isLate));
        MatchConfig config = MatchConfig.defaults();
        long start = System.nanoTime();
        Identities.Resolution first = Identities.resolution(
                early, session.createDataFrame(List.of(), CoreTables.IDENTITY.schema()), config, Decisions.none());
        Dataset<Row> identity = stored(folder.resolve("identity"), first.identity());
        IdentityIncrement.Kept kept = new IdentityIncrement.Kept(
                stored(folder.resolve("match_record"), first.records()),
                stored(folder.resolve("match_pair"), first.pairs()),
                stored(folder.resolve("weak_identifier"), first.weakIdentifiers()),
                stored(folder.resolve("match_model"), first.model()),
                stored(folder.resolve("match_frequency"), first.frequencies()));
        double full = (System.nanoTime() - start) / 1e9;
        System.out.printf(
                Locale.ROOT,
                "%-18s %s | all of %,d records in %.1f s%n",
                set.name(),
                MatchQuality.of(identity, set.truth().join(identity.select("record_key"), "record_key"))
                        .text(),
                identity.count(),
                full);
        start = System.nanoTime();
        Identities.Resolution second =
                IdentityIncrement.resolution(all, late, identity, kept, config, Decisions.none());
        boolean isIncrement = second != null;
        if (!isIncrement) {
            second = Identities.resolution(all, identity, config, Decisions.none());
        }
        Dataset<Row> changed = stored(folder.resolve("identity_changed"), second.identity());
        stored(folder.resolve("match_pair_after"), second.pairs());
        stored(folder.resolve("match_record_after"), second.records());
        stored(folder.resolve("weak_identifier_after"), second.weakIdentifiers());
        double grown = (System.nanoTime() - start) / 1e9;
        Dataset<Row> after = identity.join(
                        changed.select("record_key").distinct(), new String[] {"record_key"}, "left_anti")
                .select(Arrays.stream(changed.columns())
                        .map(org.apache.spark.sql.functions::col)
                        .toArray(Column[]::new))
                .union(changed);
        System.out.printf(
                Locale.ROOT,
                "%-18s %s | %,d more records in %.1f s (%.0f %%%s): %,d of the first got another id%n",
                "",
                MatchQuality.of(after, set.truth()).text(),
                late.count(),
                grown,
                100 * grown / full,
                isIncrement ? "" : ", all matched anew",
                changed.where("NOT is_current").count());
    }

    private static Dataset<Row> stored(Path folder, Dataset<Row> rows) {
        rows.write().mode("overwrite").parquet(folder.toString());
        return rows.sparkSession().read().schema(rows.schema()).parquet(folder.toString());
    }

    private static Path temporary() {
        try {
            Path folder = Files.createTempDirectory("clientele-identity");
            folder.toFile().deleteOnExit();
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
