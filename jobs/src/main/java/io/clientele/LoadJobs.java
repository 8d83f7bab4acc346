package io.clientele;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import io.clientele.engine.Job;
import io.clientele.engine.JobInputs;
import io.clientele.engine.RunContext;
import io.clientele.engine.TableRef;
import io.clientele.engine.Write;
import io.clientele.engine.check.Checks;
import io.clientele.ingest.Balance;
import io.clientele.ingest.CurrencyRates;
import io.clientele.ingest.RawTables;
import io.clientele.ingest.mapping.SourceMapping;
import io.clientele.ingest.read.DeliveredFile;
import io.clientele.ingest.read.DeliveredFiles;
import io.clientele.ingest.read.Delivery;
import io.clientele.ingest.read.RecordReader;
import io.clientele.ingest.rule.RecordRules;
import io.clientele.warehouse.CoreTables;
import io.clientele.warehouse.OpsTables;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;

/** The jobs from delivered files to raw tables, and the one that keeps their books. */
final class LoadJobs {
    private final List<SourceMapping> mappings;
    private final CurrencyRates rates;
    private final String input;
    private final Consumer<String> notices;
    private final Map<String, Delivery> deliveries = new ConcurrentHashMap<>();

    LoadJobs(List<SourceMapping> mappings, CurrencyRates rates, String input, Consumer<String> notices) {
        this.mappings = mappings;
        this.rates = rates;
        this.input = input;
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
        return deliveries.computeIfAbsent(mapping.rawName(), name -> {
            // As many rows as files were ever delivered.
            List<Row> ledger = in.table(OpsTables.SOURCE_FILE)
                    .where(col("source").equalTo(name))
                    .select("source_file", "content_hash", "size_bytes", "modified_at")
                    .collectAsList();
            Delivery found = DeliveredFiles.find(
                    mapping, input, ledger, SparkSession.active().sessionState().newHadoopConf());
            found.notices().forEach(notices);
            return found;
        });
    }

    private Dataset<Row> records(SourceMapping mapping, TableRef raw, JobInputs in, RunContext run) {
        Delivery delivery = delivery(mapping, in);
        Dataset<Row> earlier = in.exists(raw)
                ? in.table(raw).where(col("outcome").equalTo("accepted")).select("record_key", "record_hash")
                : null;
        Dataset<Row> products = mapping.references().isEmpty()
                ? null
                : in.table(CoreTables.PRODUCT).select("product_id");
        return RecordRules.evaluate(
                        RecordReader.read(SparkSession.active(), mapping, delivery), mapping, products, earlier, rates)
                .withColumn("source", lit(mapping.rawName()))
                .withColumn("batch_id", lit(delivery.batchId()))
                .withColumn("loaded_at", lit(Timestamp.from(run.startedAt())))
                .withColumn("refused_payload", when(col("outcome").equalTo("quarantined"), col(RecordReader.PAYLOAD)))
                .withColumn("reasons", when(col("outcome").equalTo("quarantined"), col("reasons")));
    }

    /** One job for all sources: each table of the books is written once a run. */
    private Job books() {
        List<TableRef> raws = mappings.stream().map(RawTables::of).toList();
        return Job.named("books")
                .stage("load")
                .readsChanges(raws)
                .writes(OpsTables.BATCH_BALANCE, OpsTables.QUARANTINE, OpsTables.SOURCE_FILE)
                .checks(List.of(Checks.each(
                        OpsTables.BATCH_BALANCE,
                        "read = accepted + duplicate + quarantined",
                        "rows_read = rows_accepted + rows_duplicate + rows_quarantined"
                                + " AND amount_read = amount_accepted + amount_duplicate + amount_quarantined",
                        true)))
                .dueWhen(in -> deliveries.values().stream()
                        .anyMatch(d -> !d.isEmpty() || !d.known().isEmpty()))
                .transform(this::keepBooks);
    }

    private List<Write> keepBooks(JobInputs in, RunContext run) {
        List<Dataset<Row>> balances = new ArrayList<>();
        List<Dataset<Row>> refused = new ArrayList<>();
        for (SourceMapping mapping : mappings) {
            TableRef raw = RawTables.of(mapping);
            if (!in.isChanged(raw) || !in.exists(raw)) {
                continue;
            }
            Dataset<Row> rows = in.changes(raw).where(col("_change_type").equalTo("insert"));
            // One row per currency.
            List<Row> balance = Balance.of(rows).collectAsList();
            Balance.verify(mapping, balance, rows);
            balances.add(SparkSession.active()
                    .createDataFrame(balance, Balance.of(rows).schema()));
            if (balance.stream().anyMatch(r -> r.<Long>getAs("rows_quarantined") > 0)) {
                refused.add(Balance.quarantine(rows));
            }
        }
        List<Write> writes = new ArrayList<>();
        balances.stream()
                .reduce(Dataset::unionByName)
                .ifPresent(b -> writes.add(Write.of(
                        OpsTables.BATCH_BALANCE,
                        b.withColumn("run_id", lit(run.runId())).coalesce(1))));
        refused.stream()
                .reduce(Dataset::unionByName)
                .ifPresent(r -> writes.add(Write.of(OpsTables.QUARANTINE, r.coalesce(1))));
        writes.add(Write.of(OpsTables.SOURCE_FILE, files()));
        return writes;
    }

    private Dataset<Row> files() {
        List<Row> rows = new ArrayList<>();
        deliveries.forEach((source, delivery) -> {
            for (List<DeliveredFile> files : List.of(delivery.files(), delivery.known())) {
                for (DeliveredFile file : files) {
                    rows.add(RowFactory.create(
                            source,
                            file.name(),
                            file.contentHash(),
                            file.sizeBytes(),
                            Timestamp.from(file.modifiedAt()),
                            delivery.batchId()));
                }
            }
        });
        return SparkSession.active()
                .createDataFrame(rows, OpsTables.SOURCE_FILE.schema())
                .coalesce(1);
    }
}
