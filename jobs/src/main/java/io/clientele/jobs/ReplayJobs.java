package io.clientele.jobs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.clientele.engine.Job;
import io.clientele.engine.JobInputs;
import io.clientele.engine.RunContext;
import io.clientele.engine.TableRef;
import io.clientele.engine.Write;
import io.clientele.engine.error.ClienteleException;
import io.clientele.ingest.CurrencyRates;
import io.clientele.ingest.QuarantineSelection;
import io.clientele.ingest.RawTables;
import io.clientele.ingest.Replay;
import io.clientele.ingest.mapping.SourceMapping;
import io.clientele.ingest.read.IngestErrors;
import io.clientele.ingest.rule.Balance;
import io.clientele.ingest.rule.QuarantineRows;
import io.clientele.warehouse.CoreTables;
import io.clientele.warehouse.OpsTables;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * The jobs that judge refused records again, in the place of those that load. A record that passes takes the place of its
 * refused row in the raw table, and the balance of the batch in which it came is counted anew. One instance serves one run.
 */
final class ReplayJobs {
    private final List<SourceMapping> mappings;
    private final CurrencyRates rates;
    private final QuarantineSelection selection;
    private final Path repaired;
    private final Consumer<String> notices;
    /** By source the batches of which a record changed; there are as many as there were deliveries. */
    private final Map<String, List<String>> batches = new ConcurrentHashMap<>();

    /**
     * @param selection which refused records
     * @param repaired a file with the record in the place of the selected one; null: the records as they came
     */
    ReplayJobs(
            List<SourceMapping> mappings,
            CurrencyRates rates,
            QuarantineSelection selection,
            Path repaired,
            Consumer<String> notices) {
        this.mappings = mappings;
        this.rates = rates;
        this.selection = selection;
        this.repaired = repaired;
        this.notices = notices;
    }

    List<Job> all() {
        List<Job> jobs = new ArrayList<>(mappings.stream().map(this::replay).toList());
        jobs.add(books());
        return jobs;
    }

    /** A run that marks the selected open records as dismissed. */
    static Job dismiss(QuarantineSelection selection, String why) {
        return Job.named("dismiss")
                .stage("load")
                .writes(OpsTables.QUARANTINE)
                .dueWhen(in -> true)
                .transform((in, run) -> List.of(Write.of(
                        OpsTables.QUARANTINE,
                        selection
                                .open(in.table(OpsTables.QUARANTINE))
                                .withColumn("status", lit("dismissed"))
                                .withColumn("closed_at", lit(run.startedAt()))
                                .withColumn("closed_because", lit(why)))));
    }

    private Job replay(SourceMapping mapping) {
        TableRef raw = RawTables.of(mapping);
        Job.Builder job = Job.named("replay_" + mapping.rawName())
                .stage("load")
                .remembers(OpsTables.QUARANTINE)
                .writes(raw)
                .dueWhen(in -> in.exists(raw) && !open(mapping, in).isEmpty())
                .failures(IngestErrors::translate);
        if (!mapping.references().isEmpty()) {
            job.reads(CoreTables.PRODUCT);
        }
        return job.transform((in, run) -> again(mapping, raw, in));
    }

    private Dataset<Row> open(SourceMapping mapping, JobInputs in) {
        return selection.open(in.table(OpsTables.QUARANTINE), mapping.name());
    }

    private List<Write> again(SourceMapping mapping, TableRef raw, JobInputs in) {
        Dataset<Row> refused = Replay.refused(in.table(raw), open(mapping, in), mapping);
        Dataset<Row> records =
                repaired == null ? Replay.records(refused, mapping) : Replay.repaired(refused, mapping, repaired);
        Dataset<Row> products = mapping.references().isEmpty()
                ? null
                : in.table(CoreTables.PRODUCT).select("product_id").distinct();
        Dataset<Row> judged =
                Replay.judged(records, in.table(raw), mapping, rates, products).localCheckpoint();
        Map<String, Long> outcomes = new TreeMap<>();
        judged.groupBy("outcome")
                .count()
                .collectAsList()
                .forEach(row -> outcomes.put(row.getString(0), row.getLong(1)));
        if (repaired != null) {
            requirePassed(judged, mapping);
        }
        notices.accept("%s: %d accepted, %d duplicate, %d refused for other reasons than before"
                .formatted(
                        mapping.name(),
                        outcomes.getOrDefault("accepted", 0L),
                        outcomes.getOrDefault("duplicate", 0L),
                        outcomes.getOrDefault("quarantined", 0L)));
        if (outcomes.isEmpty()) {
            return List.of();
        }
        batches.put(
                mapping.name(),
                judged.select("_batch_id").distinct().collectAsList().stream()
                        .map(row -> row.getString(0))
                        .sorted()
                        .toList());
        return List.of(Write.inPlaceOf(raw, Replay.rawRows(judged, mapping), Replay.replaced(judged)));
    }

    /** A repaired record that is refused leaves the one that came, so that its payload and reasons stay what they are. */
    private void requirePassed(Dataset<Row> judged, SourceMapping mapping) {
        List<Row> reasons = judged.where(col("outcome").equalTo("quarantined"))
                .select(functions.explode(col("reasons")).as("reason"))
                .select("reason.rule", "reason.message")
                .collectAsList();
        boolean isSame = judged.isEmpty();
        if (isSame || !reasons.isEmpty()) {
            throw ClienteleException.data(
                    "The record in %s is refused by %s%s; nothing was changed: repair it and replay again.",
                    repaired,
                    mapping.name(),
                    isSame
                            ? " for the same reasons as before"
                            : ": "
                                    + reasons.stream()
                                            .map(r -> r.getString(0) + " (" + r.getString(1) + ")")
                                            .collect(Collectors.joining("; ")));
        }
    }

    private Job books() {
        return Job.named("books")
                .stage("load")
                .reads(mappings.stream().map(RawTables::of).toList())
                .writes(OpsTables.BATCH_BALANCE, OpsTables.QUARANTINE)
                .checks(List.of(LoadJobs.addsUp()))
                .companion()
                .dueWhen(in -> !batches.isEmpty())
                .transform(this::keepBooks);
    }

    private List<Write> keepBooks(JobInputs in, RunContext run) {
        SparkSession session = SparkSession.active();
        List<Dataset<Row>> balances = new ArrayList<>();
        List<Dataset<Row>> quarantine = new ArrayList<>();
        for (SourceMapping mapping : mappings) {
            List<String> changed = batches.getOrDefault(mapping.name(), List.of());
            if (changed.isEmpty()) {
                continue;
            }
            Dataset<Row> raw =
                    in.table(RawTables.of(mapping)).where(col("batch_id").isInCollection(changed));
            Dataset<Row> earlier = in.table(OpsTables.BATCH_BALANCE)
                    .where(col("source").equalTo(mapping.name()))
                    .where(col("batch_id").isInCollection(changed));
            balances.add(Balance.again(raw, earlier, mapping, run.runId()));
            Dataset<Row> open = in.table(OpsTables.QUARANTINE)
                    .where(col("status").equalTo("open"))
                    .where(col("source").equalTo(mapping.name()));
            quarantine.add(QuarantineRows.judgedAgain(open, raw, mapping, run.startedAt()));
        }
        return balances.isEmpty()
                ? List.of()
                : List.of(
                        Write.of(OpsTables.BATCH_BALANCE, local(session, balances)),
                        Write.of(OpsTables.QUARANTINE, union(quarantine)));
    }

    private static Dataset<Row> union(List<Dataset<Row>> parts) {
        return parts.stream().reduce(Dataset::unionByName).orElseThrow();
    }

    /** Few rows, one per batch and currency, taken out of the table that they are then written to. */
    private static Dataset<Row> local(SparkSession session, List<Dataset<Row>> balances) {
        Dataset<Row> rows = union(balances);
        return session.createDataFrame(rows.collectAsList(), rows.schema());
    }
}
