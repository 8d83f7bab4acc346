package io.clientele.mining.value;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min_by;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_date;

import io.clientele.mining.Shape;
import io.clientele.warehouse.MartTables;
import java.time.LocalDate;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Who brought whom, and what those who were brought contribute. Only the first link counts: who brought the bringer gets nothing. */
public final class Referrals {
    private Referrals() {}

    /**
     * The rows of {@link MartTables#REFERRAL} at {@code asOf}. A customer for whom several are named belongs to the one named
     * first; who is named as its own referrer, also after a merge, was brought by nobody.
     *
     * @param customerRecord rows of core.customer_record
     * @param identity rows of core.identity
     * @param contribution rows of mart.customer_contribution at the date
     */
    public static Dataset<Row> of(
            Dataset<Row> customerRecord, Dataset<Row> identity, Dataset<Row> contribution, LocalDate asOf) {
        Dataset<Row> current = identity.where(col("is_current"));
        Dataset<Row> referred = current.select(
                col("source"), col("source_customer_key"), col("customer_id").as("referred_customer_id"));
        Dataset<Row> referrers =
                current.select(col("source"), col("source_customer_key").as("referred_by_key"), col("customer_id"));
        Dataset<Row> rows = customerRecord
                .where(col("referred_by_key")
                        .isNotNull()
                        .and(to_date(col("recorded_at")).leq(lit(asOf))))
                .select("source", "source_customer_key", "referred_by_key", "recorded_at")
                .join(referred, new String[] {"source", "source_customer_key"}, "inner")
                .join(referrers, new String[] {"source", "referred_by_key"}, "inner")
                .where(col("customer_id").notEqual(col("referred_customer_id")))
                .groupBy("referred_customer_id")
                .agg(min_by(
                                struct(col("customer_id"), col("recorded_at").as("referred_at")),
                                struct(
                                        col("recorded_at"),
                                        col("source"),
                                        col("source_customer_key"),
                                        col("customer_id")))
                        .as("first"))
                .select("referred_customer_id", "first.*")
                .join(
                        contribution.select(col("customer_id").as("referred_customer_id"), col("contribution_amount")),
                        new String[] {"referred_customer_id"},
                        "left")
                .withColumn("as_of_date", lit(asOf));
        return Shape.output(rows, MartTables.REFERRAL);
    }
}
