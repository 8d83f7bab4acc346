package io.clientele.ingest.rule;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_distinct;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.clientele.ingest.read.RecordColumns;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Whether the raw tables hold what the books say of each batch. */
public final class BooksAudit {
    private static final int EXAMPLES = 20;
    private static final List<String> OUTCOMES = List.of("accepted", "duplicate", "quarantined");

    private BooksAudit() {}

    /**
     * One row per batch on which they do not agree.
     *
     * @param source the source
     * @param text what the raw table holds and what the books say
     */
    public record Disagreement(String source, String text) {}

    /**
     * Compares them, in rows.
     *
     * @param raw source, batch_id, source_file, source_row, record_hash and outcome of all raw tables
     * @param books rows of ops.batch_balance
     * @param refused rows of ops.quarantine; of like rows of a database there is one
     */
    public static List<Disagreement> of(Dataset<Row> raw, Dataset<Row> books, Dataset<Row> refused) {
        Column place = struct(
                coalesce(col(RecordColumns.SOURCE_FILE), lit("")),
                coalesce(col(RecordColumns.SOURCE_ROW), col(RecordColumns.RECORD_HASH)));
        Column[] counts = Stream.concat(
                        OUTCOMES.stream()
                                .map(outcome -> count(
                                                when(col(RecordColumns.OUTCOME).equalTo(outcome), 1))
                                        .as(outcome)),
                        Stream.of(count_distinct(when(col(RecordColumns.OUTCOME).equalTo("quarantined"), place))
                                .as("places")))
                .toArray(Column[]::new);
        Dataset<Row> found = raw.groupBy("source", "batch_id").agg(count(lit(1)).as("read"), counts);
        Dataset<Row> told = books.groupBy(
                        col("source").as("told_source"), col("batch_id").as("told_batch"))
                .agg(
                        sum("rows_read").as("told_read"),
                        OUTCOMES.stream()
                                .map(outcome -> sum("rows_" + outcome).as("told_" + outcome))
                                .toArray(Column[]::new));
        Dataset<Row> kept = refused.where(col("status").notEqual("replayed"))
                .groupBy(col("source").as("kept_source"), col("batch_id").as("kept_batch"))
                .agg(count_distinct(col("quarantine_id")).as("kept"));
        Column agree = Stream.concat(Stream.of("read"), OUTCOMES.stream())
                .map(kind -> known(kind).equalTo(known("told_" + kind)))
                .reduce(known("places").equalTo(known("kept")), Column::and);
        return found
                .join(
                        told,
                        col("source")
                                .equalTo(col("told_source"))
                                .and(col("batch_id").equalTo(col("told_batch"))),
                        "full_outer")
                .withColumn("_source", coalesce(col("source"), col("told_source")))
                .withColumn("_batch", coalesce(col("batch_id"), col("told_batch")))
                .join(
                        kept,
                        col("_source")
                                .equalTo(col("kept_source"))
                                .and(col("_batch").equalTo(col("kept_batch"))),
                        "left")
                .where(not(agree))
                .orderBy("_source", "_batch")
                .limit(EXAMPLES)
                .collectAsList()
                .stream()
                .map(row -> new Disagreement(
                        row.getAs("_source"),
                        String.format(
                                Locale.ROOT,
                                "batch %s holds %d records (%d accepted, %d duplicate, %d refused), but ops.batch_balance"
                                        + " says %d (%d, %d, %d) and ops.quarantine holds %d",
                                row.getAs("_batch"),
                                number(row, "read"),
                                number(row, "accepted"),
                                number(row, "duplicate"),
                                number(row, "quarantined"),
                                number(row, "told_read"),
                                number(row, "told_accepted"),
                                number(row, "told_duplicate"),
                                number(row, "told_quarantined"),
                                number(row, "kept"))))
                .toList();
    }

    private static Column known(String count) {
        return coalesce(col(count), lit(0));
    }

    private static long number(Row row, String column) {
        Long value = row.getAs(column);
        return value == null ? 0 : value;
    }
}
