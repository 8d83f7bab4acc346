package io.clientele.mining.value;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.sql.Date;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/** Which value classes would change if records belonged to other customers. */
public final class ReassignedValue {
    /** The class of a customer that was not valued, and of one that another would take in. */
    private static final String NONE = "none";

    private static final String TAKEN_IN = "taken in";

    private ReassignedValue() {}

    /**
     * One row per customer whose class would change: {@code customer_id}, {@code from_class} and {@code to_class}, by the newest
     * snapshot and its cut points. An estimate: a customer's value and potential follow the sales of its records, and are
     * divided evenly where these sold nothing.
     *
     * @param members one row per record of a customer concerned: {@code source}, {@code source_customer_key}, {@code former_id}
     *     and {@code customer_id}; all records of each customer
     * @param saleLines all rows of core.sale_line
     * @param valueSegments all rows of mart.value_segment
     * @param cutPoints all rows of mart.value_cut_point
     */
    public static Dataset<Row> of(
            Dataset<Row> members, Dataset<Row> saleLines, Dataset<Row> valueSegments, Dataset<Row> cutPoints) {
        Date newest = valueSegments.agg(max("as_of_date")).first().getDate(0);
        Dataset<Row> valued = valueSegments.where(col("as_of_date").equalTo(lit(newest)));
        Thresholds cuts = FoundCuts.of(
                cutPoints.where(col("as_of_date").equalTo(lit(newest))).select("cut", "value", "frozen_from"));
        Dataset<Row> sold = saleLines
                .where(col("customer_source").isNotNull())
                .groupBy(col("customer_source").as("source"), col("source_customer_key"))
                .agg(greatest(sum("net_amount"), lit(0)).cast("double").as("sold"));
        Column isSold = col("total").gt(0);
        Dataset<Row> shares = members.join(sold, names("source", "source_customer_key"), "left_outer")
                .withColumn("sold", coalesce(col("sold"), lit(0.0)))
                .withColumn("total", sum("sold").over(Window.partitionBy("former_id")))
                .withColumn(
                        "share",
                        when(isSold, col("sold").divide(col("total")))
                                .otherwise(lit(1.0).divide(count(lit(1)).over(Window.partitionBy("former_id")))))
                .withColumn("is_buyer", col("sold").gt(0).or(col("total").equalTo(0)));
        Dataset<Row> after = shares.join(valued.withColumnRenamed("customer_id", "former_id"), "former_id")
                .groupBy("customer_id")
                .agg(
                        max(col("is_buyer").and(ValueClasses.isActive())).as("is_active"),
                        amount("current_value_amount").as("current"),
                        amount("potential_value_amount").as("potential"))
                .select(
                        col("customer_id"),
                        ValueClasses.value(col("is_active"), col("current"), col("potential"), cuts)
                                .as("to_class"));
        Dataset<Row> concerned = members.select("former_id")
                .where(col("former_id").isNotNull())
                .union(members.select("customer_id"))
                .distinct()
                .toDF("customer_id");
        Dataset<Row> living = members.select("customer_id").distinct().withColumn("is_living", lit(true));
        return concerned
                .join(
                        valued.select(col("customer_id"), col("value_class").as("from_class")),
                        names("customer_id"),
                        "left_outer")
                .join(after, names("customer_id"), "left_outer")
                .join(living, names("customer_id"), "left_outer")
                .select(
                        col("customer_id"),
                        coalesce(col("from_class"), lit(NONE)).as("from_class"),
                        when(col("is_living").isNull(), TAKEN_IN)
                                .otherwise(coalesce(col("to_class"), lit(NONE)))
                                .as("to_class"))
                .where(col("from_class").notEqual(col("to_class")));
    }

    /** A line for people: how many customers would change from which class to which. */
    public static String line(Dataset<Row> changes) {
        // As many rows as there are pairs of classes.
        List<Row> counts = changes.groupBy("from_class", "to_class")
                .count()
                .orderBy("from_class", "to_class")
                .collectAsList();
        long all = 0;
        List<String> parts = new ArrayList<>();
        for (Row row : counts) {
            all += row.getLong(2);
            parts.add(String.format(Locale.ROOT, "%s -> %s %,d", row.getString(0), row.getString(1), row.getLong(2)));
        }
        return all == 0
                ? "no customer would change its value class"
                : String.format(
                        Locale.ROOT,
                        "%,d customers would change their value class, estimated by the sales of their records: %s",
                        all,
                        String.join(", ", parts));
    }

    private static Column amount(String name) {
        return sum(col(name).cast("double").multiply(col("share"))).cast("decimal(18,2)");
    }

    private static String[] names(String... names) {
        return names;
    }
}
