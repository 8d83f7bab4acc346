package io.clientele.benchmark;

import static org.apache.spark.sql.functions.col;

import io.clientele.engine.ReleaseAfterTests;
import io.clientele.identity.Decisions;
import io.clientele.identity.Identities;
import io.clientele.identity.IdentityIncrement;
import io.clientele.identity.IdentityMeasure;
import io.clientele.identity.MatchConfig;
import io.clientele.identity.MatchQuality;
import io.clientele.warehouse.CoreTables;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * How well and how fast records are matched: on the labelled sets in the folder CLIENTELE_DATASETS, all with the one default
 * configuration and without labels, and on a generated population of the size asked for. Arguments: records of the generated
 * population (default 1,000,000; 0: none), then "report" for the learned weights, "grow" for that population and its growth alone.
 *
 * <p>Splink on DuckDB (installed into jobs/target/splink) matches the same records after us, on the same two cores: all of a set,
 * or those before its growth with "grow". Our time is from stored records to all tables of the identity job; Splink's is from
 * records in its memory to groups at .95, without the import of Python, reading and counting what each rule would bring.
 */
public final class IdentityBenchmark {
    /** What Splink gets of core.customer_record. */
    private static final String[] SPLINK_COLUMNS = {
        "concat(source, '|', source_customer_key) AS record_key",
        "given_name",
        "family_name",
        "birth_date",
        "email",
        "phone",
        "postcode",
        "city",
        "street",
        "tax_number"
    };
    /** Probabilities from which Splink's pairs become groups, as in its compare.py: the first is timed. */
    private static final double[] THRESHOLDS = {.95, .5, .99};
    /** Steps of Splink that a user does without or does once. */
    private static final Set<String> NOT_TIMED = Set.of("read", "choose_rules");

    private IdentityBenchmark() {}

    public static void main(String[] arguments) {
        int size = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000_000;
        boolean isReported = List.of(arguments).contains("report");
        if (List.of(arguments).contains("grow")) {
            LabelledSets population = LabelledSets.generated(size);
            beside(population, grow(population));
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
        beside(set, matched(temporary(), set.customerRecords()));
    }

    /**
     * Records that were matched from nothing.
     *
     * @param seconds with writing what the identity job writes
     */
    private record Matched(
            Path folder, Dataset<Row> records, Dataset<Row> identity, IdentityIncrement.Kept kept, double seconds) {}

    private static Matched matched(Path folder, Dataset<Row> customerRecords) {
        Dataset<Row> records = stored(folder.resolve("first"), customerRecords);
        SparkSession session = records.sparkSession();
        long start = System.nanoTime();
        Identities.Resolution resolution = Identities.resolution(
                records,
                session.createDataFrame(List.of(), CoreTables.IDENTITY.schema()),
                MatchConfig.defaults(),
                Decisions.none());
        Dataset<Row> identity = stored(folder.resolve("identity"), resolution.identity());
        IdentityIncrement.Kept kept = new IdentityIncrement.Kept(
                stored(folder.resolve("match_record"), resolution.records()),
                stored(folder.resolve("match_component"), resolution.components()),
                stored(folder.resolve("match_pair"), resolution.pairs()),
                stored(folder.resolve("weak_identifier"), resolution.weakIdentifiers()),
                stored(folder.resolve("refused_block"), resolution.refusedBlocks()),
                stored(folder.resolve("match_model"), resolution.model()),
                stored(folder.resolve("match_frequency"), resolution.frequencies()));
        double seconds = (System.nanoTime() - start) / 1e9;
        ReleaseAfterTests.release();
        return new Matched(folder, records, identity, kept, seconds);
    }

    /** Splink on the same records: how well at several thresholds, and how long. */
    private static void beside(LabelledSets set, Matched ours) {
        Path records = ours.folder().resolve("splink");
        Path clusters = ours.folder().resolve("clusters.parquet");
        stored(records, ours.records().selectExpr(SPLINK_COLUMNS));
        Map<String, Double> steps = PythonPeer.run("splink", records.toString(), clusters.toString());
        if (steps.isEmpty()) {
            return;
        }
        double theirs = 0;
        for (Map.Entry<String, Double> step : steps.entrySet()) {
            theirs += NOT_TIMED.contains(step.getKey()) ? 0 : step.getValue();
        }
        Dataset<Row> truth = set.truth().join(ours.identity().select("record_key"), "record_key");
        System.out.printf(
                Locale.ROOT,
                "%-18s %s | %.1f s%n",
                set.name(),
                MatchQuality.of(ours.identity(), truth).text(),
                ours.seconds());
        Dataset<Row> found = ours.records().sparkSession().read().parquet(clusters.toString());
        for (double threshold : THRESHOLDS) {
            System.out.printf(
                    Locale.ROOT,
                    "  Splink from %.2f %s%s%n",
                    threshold,
                    MatchQuality.of(
                                    found.where(col("threshold").equalTo(threshold))
                                            .withColumnRenamed("cluster", "customer_id"),
                                    truth)
                            .text(),
                    threshold == THRESHOLDS[0]
                            ? String.format(Locale.ROOT, " | %.1f s, %.2f of our time", theirs, theirs / ours.seconds())
                            : "");
        }
        System.out.println("  Splink, seconds  "
                + steps.entrySet().stream()
                        .map(step -> String.format(Locale.ROOT, "%s %.2f", step.getKey(), step.getValue()))
                        .collect(Collectors.joining(", ")));
    }

    /** All but one record in a hundred first, then these: how long both take with what they write, and how many ids that costs. */
    private static Matched grow(LabelledSets set) {
        Path folder = temporary();
        Dataset<Row> all = stored(folder.resolve("records"), set.customerRecords());
        String isLate = "pmod(xxhash64(source, source_customer_key), 100) = 0";
        Dataset<Row> late = stored(folder.resolve("late"), all.where(isLate));
        MatchConfig config = MatchConfig.defaults();
        Matched first = matched(folder, all.where("NOT " + isLate));
        Dataset<Row> identity = first.identity();
        System.out.printf(
                Locale.ROOT,
                "%-18s %s | all of %,d records in %.1f s%n",
                set.name(),
                MatchQuality.of(identity, set.truth().join(identity.select("record_key"), "record_key"))
                        .text(),
                identity.count(),
                first.seconds());
        long start = System.nanoTime();
        Identities.Resolution second =
                IdentityIncrement.resolution(all, late, identity, first.kept(), config, Decisions.none());
        boolean isIncrement = second != null;
        if (!isIncrement) {
            second = Identities.resolution(all, identity, config, Decisions.none());
        }
        Dataset<Row> changed = stored(folder.resolve("identity_changed"), second.identity());
        stored(folder.resolve("match_pair_after"), second.pairs());
        stored(folder.resolve("match_record_after"), second.records());
        stored(folder.resolve("match_component_after"), second.components());
        stored(folder.resolve("refused_block_after"), second.refusedBlocks());
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
                100 * grown / first.seconds(),
                isIncrement ? "" : ", all matched anew",
                changed.where("NOT is_current").count());
        return first;
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
