package io.clientele.jobs;

import static org.apache.spark.sql.functions.col;

import io.clientele.engine.Job;
import io.clientele.engine.JobInputs;
import io.clientele.engine.RunContext;
import io.clientele.engine.TableRef;
import io.clientele.engine.Write;
import io.clientele.engine.check.Checks;
import io.clientele.engine.check.TableCheck;
import io.clientele.ingest.CurrencyRates;
import io.clientele.ingest.RawTables;
import io.clientele.ingest.mapping.SourceMapping;
import io.clientele.ingest.read.DeliveredFiles;
import io.clientele.ingest.read.Delivery;
import io.clientele.ingest.read.IngestErrors;
import io.clientele.ingest.read.RecordReader;
import io.clientele.ingest.rule.Balance;
import io.clientele.ingest.rule.Earlier;
import io.clientele.ingest.rule.QuarantineRows;
import io.clientele.ingest.rule.RecordRules;
import io.clientele.warehouse.CoreTables;
import io.clientele.warehouse.OpsTables;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The jobs from delivered files to raw tables, and the one that keeps their books. One instance serves one run. */
final class LoadJobs {
    private final List<SourceMapping> mappings;
    private final CurrencyRates rates;
    private final String input;
    private final Instant startedAt;
    private final Consumer<String> notices;
    private final Map<String, Delivery> deliveries = new ConcurrentHashMap<>();

    LoadJobs(
            List<SourceMapping> mappings,
            CurrencyRates rates,
            String input,
            Instant startedAt,
            Consumer<String> notices) {
        this.mappings = mappings;
        this.rates = rates;
        this.input = input;
        this.startedAt = startedAt;
        this.notices = notices;
    }

    List<Job> all() {
        List<Job> jobs = new ArrayList<>(mappings.stream().map(this::load).toList());
        jobs.add(books());
        return jobs;
    }

    private Job load(SourceMapping mapping) {
        TableRef raw = RawTables.of(mapping);
        Job.Builder job = Job.named("load_" + mapping.rawName())
                .stage("load")
                .remembers(OpsTables.SOURCE_FILE)
                .writes(raw)
                .dueWhen(in -> !delivery(mapping, in).isEmpty())
                .failures(IngestErrors::translate)
                .checks(List.of(Checks.each(
                        raw,
                        "every record has an outcome",
                        "outcome IN ('accepted', 'duplicate', 'quarantined')",
                        true)));
        if (!mapping.references().isEmpty()) {
            job.reads(CoreTables.PRODUCT);
        }
        return job.transform((in, run) -> List.of(Write.of(raw, records(mapping, raw, in, run))));
    }

    private Delivery delivery(SourceMapping mapping, JobInputs in) {
        return deliveries.computeIfAbsent(mapping.name(), name -> {
            Delivery found = DeliveredFiles.find(
                    SparkSession.active(), mapping, input, in.table(OpsTables.SOURCE_FILE), startedAt);
            found.notices().forEach(notices);
            return found;
        });
    }

    private Dataset<Row> records(SourceMapping mapping, TableRef raw, JobInputs in, RunContext run) {
        Delivery delivery = delivery(mapping, in);
        Earlier earlier = in.exists(raw) ? Earlier.of(in.table(raw)) : Earlier.NONE;
        Dataset<Row> products = mapping.references().isEmpty()
                ? null
                : in.table(CoreTables.PRODUCT).select("product_id").distinct();
        String watermark = in.exists(raw) ? RecordReader.watermark(in.table(raw), mapping) : null;
        RecordReader.Records records = RecordReader.read(SparkSession.active(), mapping, delivery, watermark);
        records.notices().forEach(notices);
        Dataset<Row> outcome =
                RecordRules.evaluate(records.rows(), mapping, rates, products, earlier, delivery.isReadOnce());
        return RawTables.rows(outcome, mapping, delivery.batchId(), run.startedAt());
    }

    /** One job for all sources: each table of the books is written once a run. */
    private Job books() {
        List<TableRef> raws = mappings.stream().map(RawTables::of).toList();
        return Job.named("books")
                .stage("load")
                .readsChanges(raws)
                .writes(OpsTables.BATCH_BALANCE, OpsTables.QUARANTINE, OpsTables.SOURCE_FILE)
                .checks(List.of(addsUp()))
                .companion()
                .dueWhen(in -> deliveries.values().stream().anyMatch(d -> !d.isEmpty()))
                .transform(this::keepBooks);
    }

    /** That no record and no money is lost between what was read and what became of it. */
    static TableCheck addsUp() {
        return Checks.each(
                OpsTables.BATCH_BALANCE,
                "read = accepted + duplicate + quarantined",
                "rows_read = rows_accepted + rows_duplicate + rows_quarantined"
                        + " AND amount_read = amount_accepted + amount_duplicate + amount_quarantined",
                true);
    }

    private List<Write> keepBooks(JobInputs in, RunContext run) {
        SparkSession session = SparkSession.active();
        List<Dataset<Row>> balances = new ArrayList<>();
        List<Dataset<Row>> refused = new ArrayList<>();
        List<Dataset<Row>> files = new ArrayList<>();
        for (SourceMapping mapping : mappings) {
            Delivery delivery = deliveries.get(mapping.name());
            if (delivery == null || delivery.isEmpty()) {
                continue;
            }
            String batch = delivery.batchId();
            Dataset<Row> rows =
                    in.table(RawTables.of(mapping)).where(col("batch_id").equalTo(batch));
            Dataset<Row> balance = Balance.of(rows, mapping, batch, run.runId());
            // One row per currency.
            List<Row> totals = balance.collectAsList();
            Dataset<Row> quarantine = QuarantineRows.of(rows, mapping, batch, run.startedAt());
            Balance.verify(totals, quarantine, mapping);
            balances.add(session.createDataFrame(totals, balance.schema()));
            files.add(delivery.ledgerRows(session, mapping));
            if (totals.stream().anyMatch(r -> r.<Long>getAs("rows_quarantined") > 0)) {
                refused.add(quarantine);
            }
        }
        List<Write> writes = new ArrayList<>();
        add(writes, OpsTables.BATCH_BALANCE, balances);
        add(writes, OpsTables.QUARANTINE, refused);
        add(writes, OpsTables.SOURCE_FILE, files);
        return writes;
    }

    private static void add(List<Write> writes, TableRef table, List<Dataset<Row>> parts) {
        parts.stream().reduce(Dataset::unionByName).ifPresent(rows -> writes.add(Write.of(table, rows.coalesce(1))));
    }
}
