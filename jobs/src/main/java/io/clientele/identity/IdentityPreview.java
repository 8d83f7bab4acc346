package io.clientele.identity;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_distinct;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import io.clientele.engine.Reuse;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What a configuration would change in who is who.
 *
 * @param newRecords records that no run has seen yet
 * @param movedRecords records that would belong to another customer
 * @param merged customers that others would take in
 * @param split customers that would lose records and live on, or fall apart
 * @param saleLines sale lines that would change their customer
 * @param salesAmount their net amount in the reporting currency
 * @param members the records of the customers concerned, each with the customer that it is of, {@code former_id}, null for a
 *     new record, and the one that it would be of, {@code customer_id}
 */
public record IdentityPreview(
        long newRecords,
        long movedRecords,
        long merged,
        long split,
        long saleLines,
        BigDecimal salesAmount,
        Dataset<Row> members) {

    /**
     * @param customerRecords all rows of core.customer_record
     * @param identity all rows of core.identity
     * @param saleLines all rows of core.sale_line
     */
    public static IdentityPreview of(
            Dataset<Row> customerRecords,
            Dataset<Row> identity,
            Dataset<Row> saleLines,
            MatchConfig config,
            Decisions decisions) {
        Identities.Resolution resolution = Identities.resolution(customerRecords, identity, config, decisions);
        Dataset<Row> former = identity.where(col("is_current"))
                .select(col("record_key"), col("customer_id").as("former_id"));
        Dataset<Row> changes = Reuse.settled(resolution
                .identity()
                .where(col("is_current"))
                .join(former, Identities.using("record_key"), "left_outer")
                .select("source", "source_customer_key", "record_key", "customer_id", "former_id"));
        Dataset<Row> moved = changes.where(col("former_id").isNotNull());
        long merged = resolution.redirects().count();
        Row counts = changes.agg(count(lit(1)), count("former_id")).first();
        long left = moved.agg(count_distinct(col("former_id"))).first().getLong(0);
        Row sales = saleLines
                .join(
                        moved.select(col("source").as("customer_source"), col("source_customer_key")),
                        Identities.using("customer_source", "source_customer_key"),
                        "left_semi")
                .agg(count(lit(1)), coalesce(sum("net_amount"), lit(BigDecimal.ZERO)))
                .first();
        Dataset<Row> concerned = moved.select("former_id")
                .union(moved.select("customer_id"))
                .distinct()
                .toDF("concerned_id");
        Dataset<Row> members = identity.where(col("is_current"))
                .select(
                        col("source"),
                        col("source_customer_key"),
                        col("record_key"),
                        col("customer_id").as("former_id"))
                .join(
                        changes.select(col("record_key"), col("customer_id")),
                        Identities.using("record_key"),
                        "left_outer")
                .withColumn("customer_id", coalesce(col("customer_id"), col("former_id")))
                .join(concerned, col("concerned_id").equalTo(col("former_id")), "left_semi");
        return new IdentityPreview(
                counts.getLong(0) - counts.getLong(1),
                counts.getLong(1),
                merged,
                left - merged,
                sales.getLong(0),
                sales.getDecimal(1),
                members.drop("record_key"));
    }

    /** Lines for people. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(Locale.ROOT, "%,d records would belong to another customer", movedRecords));
        lines.add(String.format(Locale.ROOT, "%,d customers would be taken in by others", merged));
        lines.add(String.format(Locale.ROOT, "%,d customers would lose records", split));
        lines.add(String.format(
                Locale.ROOT, "%,d sale lines of %,.2f would change their customer", saleLines, salesAmount));
        if (newRecords > 0) {
            lines.add(String.format(Locale.ROOT, "%,d records are new and were not matched yet", newRecords));
        }
        return lines;
    }
}
