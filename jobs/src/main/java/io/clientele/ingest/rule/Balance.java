package io.clientele.ingest.rule;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.clientele.engine.error.ClienteleException;
import io.clientele.ingest.mapping.Expressions;
import io.clientele.ingest.mapping.SourceMapping;
import io.clientele.ingest.read.RecordColumns;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import scala.jdk.javaapi.CollectionConverters;

/** That nothing is lost: read = accepted + duplicate + quarantined, in rows and in money. */
public final class Balance {
    private Balance() {}

    /**
     * Rows of ops.batch_balance: one per currency (XXX: none).
     *
     * @param records judged records or the batch's rows of the raw table, whose money is then computed again
     */
    public static Dataset<Row> of(Dataset<Row> records, SourceMapping mapping, String batchId, String runId) {
        return of(records, mapping, lit(batchId), runId);
    }

    /**
     * Rows of ops.batch_balance of several batches, counted anew; what they held in a currency that none of their records
     * has any more is zero.
     *
     * @param raw all rows of these batches of the raw table
     * @param earlier rows of ops.batch_balance of these batches
     */
    public static Dataset<Row> again(Dataset<Row> raw, Dataset<Row> earlier, SourceMapping mapping, String runId) {
        Dataset<Row> counted = of(raw, mapping, col("batch_id"), runId);
        Dataset<Row> emptied = earlier.join(
                counted.select("batch_id", "currency"),
                CollectionConverters.asScala(List.of("batch_id", "currency")).toSeq(),
                "left_anti");
        for (String column : counted.columns()) {
            if (column.startsWith("rows_") || column.startsWith("amount_")) {
                emptied = emptied.withColumn(
                        column, lit(0).cast(counted.schema().apply(column).dataType()));
            }
        }
        return counted.unionByName(emptied.withColumn("run_id", lit(runId)));
    }

    private static Dataset<Row> of(Dataset<Row> records, SourceMapping mapping, Column batchId, String runId) {
        Dataset<Row> valued = records;
        if (!Arrays.asList(records.columns()).contains(RecordColumns.AMOUNT)) {
            Expressions expressions = new Expressions(records.sparkSession(), mapping.timeZone());
            valued = Parsing.parse(records, mapping)
                    .withColumn(RecordColumns.AMOUNT, Parsing.amount(mapping, expressions))
                    .withColumn(RecordColumns.CURRENCY, Parsing.currency(mapping, expressions));
        }
        Column currency = mapping.amount() == null ? lit("XXX") : coalesce(col(RecordColumns.CURRENCY), lit("XXX"));
        Column outcome = col(RecordColumns.OUTCOME);
        List<Column> sums = new ArrayList<>();
        for (String kind : List.of("accepted", "duplicate", "quarantined")) {
            sums.add(count_if(outcome.equalTo(kind)).as("rows_" + kind));
        }
        sums.add(money(col(RecordColumns.AMOUNT)).as("amount_read"));
        for (String kind : List.of("accepted", "duplicate", "quarantined")) {
            sums.add(money(when(outcome.equalTo(kind), col(RecordColumns.AMOUNT)))
                    .as("amount_" + kind));
        }
        return valued.groupBy(batchId.as("batch_id"), currency.as("currency"))
                .agg(functions.count(lit(1)).as("rows_read"), sums.toArray(Column[]::new))
                .select(
                        lit(mapping.name()).as("source"),
                        col("batch_id"),
                        col("currency"),
                        lit(runId).as("run_id"),
                        col("rows_read"),
                        col("rows_accepted"),
                        col("rows_duplicate"),
                        col("rows_quarantined"),
                        col("amount_read"),
                        col("amount_accepted"),
                        col("amount_duplicate"),
                        col("amount_quarantined"));
    }

    private static Column money(Column amount) {
        return coalesce(sum(amount), lit(BigDecimal.ZERO)).cast("decimal(18,4)");
    }

    /**
     * Throws a data error where the balance does not add up or too much was refused.
     *
     * @param balance rows of {@link #of}
     * @param quarantine rows of ops.quarantine of the same batch: only read for the message
     */
    public static void verify(List<Row> balance, Dataset<Row> quarantine, SourceMapping mapping) {
        long read = 0;
        long refused = 0;
        for (Row row : balance) {
            long parts = row.<Long>getAs("rows_accepted")
                    + row.<Long>getAs("rows_duplicate")
                    + row.<Long>getAs("rows_quarantined");
            BigDecimal money = row.<BigDecimal>getAs("amount_accepted")
                    .add(row.getAs("amount_duplicate"))
                    .add(row.<BigDecimal>getAs("amount_quarantined"));
            if (parts != row.<Long>getAs("rows_read") || money.compareTo(row.getAs("amount_read")) != 0) {
                throw ClienteleException.data(
                        "Source %s does not add up in %s: read %d rows and %s, but accepted, duplicate and quarantined are %d rows and %s.",
                        mapping.name(),
                        row.getAs("currency"),
                        row.<Long>getAs("rows_read"),
                        row.getAs("amount_read"),
                        parts,
                        money);
            }
            read += row.<Long>getAs("rows_read");
            refused += row.<Long>getAs("rows_quarantined");
        }
        if (read > 0 && (double) refused / read > mapping.maxRefusedShare()) {
            throw ClienteleException.data(
                    "Source %s: %d of %d records (%s) are refused, more than max-refused-share %s allows. Most frequent: %s. "
                            + "Nothing was loaded. See all reasons with `clientele source check %s`.",
                    mapping.name(),
                    refused,
                    read,
                    percent((double) refused / read),
                    percent(mapping.maxRefusedShare()),
                    frequent(quarantine),
                    mapping.file());
        }
    }

    private static String frequent(Dataset<Row> quarantine) {
        List<Row> rows = quarantine
                .select(functions.explode(col("reasons")).as("reason"), col("source_file"), col("source_row"))
                .groupBy(col("reason.rule"))
                .agg(
                        functions.count(lit(1)).as("n"),
                        functions
                                .min(functions.struct("source_file", "source_row"))
                                .as("place"),
                        functions.min("reason.message").as("message"))
                .orderBy(col("n").desc(), col("rule"))
                .limit(3)
                .collectAsList();
        List<String> texts = new ArrayList<>();
        for (Row row : rows) {
            texts.add(row.getAs("rule") + " (" + row.getAs("message") + ") " + row.getAs("n") + " times, as in "
                    + place(row.getAs("place")));
        }
        return String.join("; ", texts);
    }

    static String place(Row place) {
        return place.isNullAt(1) ? place.getString(0) : place.getString(0) + ":" + place.getLong(1);
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", share * 100);
    }
}
