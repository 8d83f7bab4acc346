package io.clientele.ingest;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.substring;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.clientele.engine.error.ClienteleException;
import io.clientele.ingest.mapping.SourceMapping;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The account of a batch: what was read is what was accepted, was a duplicate or was refused, in rows and in money. */
public final class Balance {
    private Balance() {}

    /** {@code ops.batch_balance} rows (without {@code run_id}) of raw rows of one source. */
    public static Dataset<Row> of(Dataset<Row> raw) {
        Column amount = coalesce(col("balance_amount"), lit(0));
        return raw.groupBy(
                        col("source"),
                        col("batch_id"),
                        coalesce(col("balance_currency"), lit("XXX")).as("currency"))
                .agg(
                        count(lit(1)).as("rows_read"),
                        rows("accepted"),
                        rows("duplicate"),
                        rows("quarantined"),
                        sum(amount).cast("decimal(18,4)").as("amount_read"),
                        amount("accepted", amount),
                        amount("duplicate", amount),
                        amount("quarantined", amount));
    }

    private static Column rows(String outcome) {
        return sum(when(col("outcome").equalTo(outcome), 1L).otherwise(0L)).as("rows_" + outcome);
    }

    private static Column amount(String outcome, Column amount) {
        return sum(when(col("outcome").equalTo(outcome), amount).otherwise(lit(0)))
                .cast("decimal(18,4)")
                .as("amount_" + outcome);
    }

    /** {@code ops.quarantine} rows of the refused among raw rows. */
    public static Dataset<Row> quarantine(Dataset<Row> raw) {
        return raw.where(col("outcome").equalTo("quarantined"))
                .select(
                        substring(
                                        sha2(
                                                concat_ws(
                                                                "|",
                                                                col("source"),
                                                                col("batch_id"),
                                                                col("source_file"),
                                                                col("source_row"),
                                                                col("record_hash"))
                                                        .cast("binary"),
                                                256),
                                        1,
                                        16)
                                .as("quarantine_id"),
                        col("source"),
                        col("source_file"),
                        col("source_row"),
                        col("batch_id"),
                        col("loaded_at"),
                        col("reasons"),
                        lit("open").as("status"),
                        col("balance_amount").as("amount"),
                        col("refused_payload").as("payload"));
    }

    /**
     * Refuses a batch that does not add up or of which too much was refused.
     *
     * @param balance rows of {@link #of}, one per currency
     * @param raw the same raw rows, looked at again only to name the reasons
     */
    public static void verify(SourceMapping mapping, List<Row> balance, Dataset<Row> raw) {
        long read = total(balance, "rows_read");
        long refused = total(balance, "rows_quarantined");
        long accounted = total(balance, "rows_accepted") + total(balance, "rows_duplicate") + refused;
        if (read != accounted) {
            throw ClienteleException.data(
                    "Source %s: %d records were read but %d accounted for; nothing was published.",
                    mapping.name(), read, accounted);
        }
        if (read > 0 && (double) refused / read > mapping.maxRefusedShare()) {
            String reasons = Arrays.stream((Row[]) raw.where(col("outcome").equalTo("quarantined"))
                            .select(explode(col("reasons")).as("reason"), col("source_file"), col("source_row"))
                            .groupBy("reason.rule", "reason.message")
                            .agg(
                                    count(lit(1)).as("records"),
                                    min(org.apache.spark.sql.functions.struct(col("source_file"), col("source_row")))
                                            .as("first"))
                            .orderBy(col("records").desc(), col("rule"))
                            .limit(3)
                            .collect())
                    .map(r -> "%d x %s (%s), first at %s:%s"
                            .formatted(
                                    r.getLong(2),
                                    r.getString(0),
                                    r.getString(1),
                                    r.getStruct(3).get(0),
                                    r.getStruct(3).get(1)))
                    .collect(Collectors.joining("; "));
            throw ClienteleException.data(
                    "Source %s: %d of %d records (%s %%) are refused, above max-refused-share (%s %%): %s. Nothing was published; look"
                            + " with 'clientele source check %s', then mend the files or the mapping.",
                    mapping.name(),
                    refused,
                    read,
                    String.format(Locale.ROOT, "%.1f", 100.0 * refused / read),
                    String.format(Locale.ROOT, "%.1f", 100.0 * mapping.maxRefusedShare()),
                    reasons,
                    mapping.file());
        }
    }

    private static long total(List<Row> balance, String column) {
        return balance.stream().mapToLong(r -> r.<Long>getAs(column)).sum();
    }
}
