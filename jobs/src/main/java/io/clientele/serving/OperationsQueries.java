package io.clientele.serving;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.countDistinct;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max_by;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.clientele.serving.ReportData.FailedCheck;
import io.clientele.serving.ReportData.Intake;
import io.clientele.serving.ReportData.JobRun;
import io.clientele.serving.ReportData.Making;
import io.clientele.serving.ReportData.MoneyBalance;
import io.clientele.serving.ReportData.RefusalReason;
import io.clientele.serving.ReportData.SourceBalance;
import io.clientele.serving.ReportData.TableVersion;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** From the operations tables to what came in, and how the figures were made. */
final class OperationsQueries {
    private static final int MAX_SOURCES = 50;
    private static final int MAX_REASONS = 50;
    private static final int MAX_JOBS = 200;
    private static final int MAX_FAILED_CHECKS = 50;

    /** ISO 4217 for "no currency". */
    private static final String NO_CURRENCY = "XXX";

    private OperationsQueries() {}

    static Intake intake(Dataset<Row> batchBalance, Dataset<Row> quarantine) {
        Row refused = quarantine
                .agg(
                        count(lit(1)).as("count_rows"),
                        count(when(col("status").equalTo("open"), 1)).as("count_open"))
                .first();
        return new Intake(
                sources(batchBalance),
                money(batchBalance),
                reasons(quarantine),
                Cells.count(refused, "count_rows"),
                Cells.count(refused, "count_open"));
    }

    private static List<SourceBalance> sources(Dataset<Row> batchBalance) {
        return batchBalance
                .groupBy("source")
                .agg(
                        countDistinct("batch_id").as("count_batches"),
                        sum("rows_read").as("rows_read"),
                        sum("rows_accepted").as("rows_accepted"),
                        sum("rows_duplicate").as("rows_duplicate"),
                        sum("rows_quarantined").as("rows_quarantined"))
                .orderBy(col("rows_read").desc(), col("source"))
                .limit(MAX_SOURCES)
                .collectAsList()
                .stream()
                .map(row -> new SourceBalance(
                        Cells.text(row, "source"),
                        Cells.count(row, "count_batches"),
                        Cells.count(row, "rows_read"),
                        Cells.count(row, "rows_accepted"),
                        Cells.count(row, "rows_duplicate"),
                        Cells.count(row, "rows_quarantined")))
                .toList();
    }

    private static List<MoneyBalance> money(Dataset<Row> batchBalance) {
        return batchBalance
                .where(coalesce(col("currency"), lit(NO_CURRENCY))
                        .notEqual(NO_CURRENCY)
                        .and(col("amount_read").isNotNull()))
                .groupBy("source", "currency")
                .agg(
                        sum("amount_read").as("amount_read"),
                        sum("amount_accepted").as("amount_accepted"),
                        sum("amount_duplicate").as("amount_duplicate"),
                        sum("amount_quarantined").as("amount_quarantined"))
                .orderBy("source", "currency")
                .limit(MAX_SOURCES)
                .collectAsList()
                .stream()
                .map(row -> new MoneyBalance(
                        Cells.text(row, "source"),
                        Cells.text(row, "currency"),
                        Cells.sum(row, "amount_read"),
                        Cells.sum(row, "amount_accepted"),
                        Cells.sum(row, "amount_duplicate"),
                        Cells.sum(row, "amount_quarantined")))
                .toList();
    }

    private static List<RefusalReason> reasons(Dataset<Row> quarantine) {
        return quarantine
                .select(col("source"), col("status"), explode(col("reasons")).as("reason"))
                .groupBy(
                        col("source"),
                        col("reason.rule").as("rule"),
                        col("reason.column").as("column"))
                .agg(
                        count(lit(1)).as("count_rows"),
                        count(when(col("status").equalTo("open"), 1)).as("count_open"))
                .orderBy(col("count_rows").desc(), col("source"), col("rule"), col("column"))
                .limit(MAX_REASONS)
                .collectAsList()
                .stream()
                .map(row -> new RefusalReason(
                        Cells.text(row, "source"),
                        Cells.text(row, "rule"),
                        Cells.text(row, "column"),
                        Cells.count(row, "count_rows"),
                        Cells.count(row, "count_open")))
                .toList();
    }

    /** Undated jobs (loads) count by their last run, dated ones by their last run for the date. */
    static Making making(Dataset<Row> runs, Dataset<Row> checkResults, LocalDate asOf) {
        List<Row> latest = runs.where(
                        col("as_of_date").isNull().or(col("as_of_date").equalTo(lit(Date.valueOf(asOf)))))
                .groupBy("job")
                .agg(max_by(
                                struct(
                                        "job",
                                        "run_id",
                                        "status",
                                        "started_at",
                                        "finished_at",
                                        "rows_read",
                                        "rows_written",
                                        "table_versions"),
                                col("started_at"))
                        .as("run"))
                .select("run.*")
                .where(col("job").isNotNull())
                .orderBy("started_at", "job")
                .limit(MAX_JOBS)
                .collectAsList();
        Map<String, Long> versions = new TreeMap<>();
        List<JobRun> jobs = new ArrayList<>();
        for (Row run : latest) {
            jobs.add(new JobRun(
                    Cells.text(run, "job"),
                    Cells.text(run, "run_id"),
                    Cells.text(run, "status"),
                    Cells.number(run, "rows_read"),
                    Cells.number(run, "rows_written"),
                    seconds(run)));
            int index = run.fieldIndex("table_versions");
            if (!run.isNullAt(index)) {
                run.<String, Long>getJavaMap(index)
                        .forEach((table, version) -> versions.merge(table, version, Math::max));
            }
        }
        Object[] runIds = jobs.stream().map(JobRun::runId).distinct().toArray();
        Dataset<Row> checks = checkResults.where(col("run_id").isin(runIds));
        Row counts = checks.agg(
                        count(when(col("is_passed"), 1)).as("count_passed"),
                        count(when(col("is_passed"), null).otherwise(1)).as("count_failed"))
                .first();
        List<FailedCheck> failed = checks
                .where(coalesce(col("is_passed"), lit(false)).equalTo(false))
                .orderBy("table_name", "check_name", "run_id")
                .limit(MAX_FAILED_CHECKS)
                .collectAsList()
                .stream()
                .map(row -> new FailedCheck(
                        Cells.text(row, "table_name"),
                        Cells.text(row, "check_name"),
                        Cells.text(row, "observed"),
                        Cells.text(row, "expected")))
                .toList();
        return new Making(
                jobs,
                versions.entrySet().stream()
                        .map(e -> new TableVersion(e.getKey(), e.getValue()))
                        .toList(),
                Cells.count(counts, "count_passed"),
                Cells.count(counts, "count_failed"),
                failed);
    }

    private static Double seconds(Row run) {
        Timestamp started = run.getAs("started_at");
        Timestamp finished = run.getAs("finished_at");
        return started == null || finished == null ? null : (finished.getTime() - started.getTime()) / 1000.0;
    }
}
