package io.clientele.integrate;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.clientele.warehouse.CustomerTables;
import io.clientele.warehouse.Totals;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What customers choose and how sales are tied to them, by day, so that no mart reads all lines. */
public final class CustomerChoices {
    private CustomerChoices() {}

    /**
     * {@link CustomerTables#CUSTOMER_CHOICE}. A sale with several channels or stores counts for the first in the alphabet.
     *
     * @param saleLines all lines of the days asked for
     * @param products all rows of core.product
     */
    public static Dataset<Row> of(Dataset<Row> saleLines, Dataset<Row> products) {
        Dataset<Row> categories = products.where(col("is_current").and(not(col("is_service"))))
                .select(col("product_id"), col("category"));
        Column isSold = not(col("is_return"));
        // Sent to their customers once, where all groupings then stay; doubled after that, one row for the
        // category and one for the sale, so that the lines are read once.
        Dataset<Row> lines = saleLines
                .where(col("customer_id").isNotNull())
                .join(broadcast(categories), new String[] {"product_id"}, "left_outer")
                .select(
                        col("customer_id"),
                        col("sold_on"),
                        col("source"),
                        col("sale_id"),
                        col("category"),
                        isSold.as("is_sold"),
                        when(isSold, col("channel")).as("channel"),
                        when(isSold, col("store")).as("store"),
                        coalesce(Totals.parts(col("net_amount")), lit(0L)).as("net"),
                        Totals.parts(col("cost_amount")).as("cost"))
                .repartition(col("customer_id"))
                .withColumn("is_sale", explode(array(lit(true), lit(false))))
                .withColumn("category", when(not(col("is_sale")), col("category")))
                .where(col("is_sale").or(col("category").isNotNull()));
        // Summed per sale first, so that sales are counted without a distinct.
        Dataset<Row> ofSale = lines.groupBy("customer_id", "sold_on", "source", "sale_id", "is_sale", "category")
                .agg(
                        max("is_sold").as("is_sold"),
                        min("channel").as("channel"),
                        min("store").as("store"),
                        Totals.sum(when(col("is_sold"), col("net")).otherwise(lit(0L)))
                                .as("amount"),
                        Totals.sum(col("net")).as("net"),
                        Totals.sum(when(col("cost").isNotNull(), col("net"))).as("costed_net"),
                        Totals.sum(col("cost")).as("cost"));
        Column isCategory = not(col("is_sale"));
        return ofSale.where(isCategory.or(col("is_sold")))
                .select(
                        col("customer_id"),
                        col("sold_on"),
                        explode(when(isCategory, array(choice("category", "category")))
                                        .otherwise(array(
                                                choice("channel", "channel"),
                                                choice("store", "store"),
                                                choice("source", "source"))))
                                .as("chosen"),
                        col("is_sold"),
                        col("amount"),
                        when(isCategory, col("net")).as("net"),
                        when(isCategory, col("costed_net")).as("costed_net"),
                        when(isCategory, col("cost")).as("cost"))
                .where(col("chosen.choice").isNotNull())
                .groupBy(
                        col("customer_id"),
                        col("sold_on"),
                        col("chosen.trait").as("trait"),
                        col("chosen.choice").as("choice"))
                .agg(
                        sum(when(col("is_sold"), 1).otherwise(0)).cast("int").as("count_sales"),
                        Totals.total(col("amount")).as("sales_amount"),
                        Totals.total(col("net")).as("net_amount"),
                        Totals.total(col("costed_net")).as("costed_net_amount"),
                        Totals.total(col("cost")).as("cost_amount"))
                .select(Customers.columns(
                        CustomerTables.CUSTOMER_CHOICE.schema().fieldNames()))
                .sortWithinPartitions("customer_id");
    }

    private static Column choice(String trait, String column) {
        return struct(lit(trait).as("trait"), col(column).as("choice")).as("chosen");
    }

    /** {@link CustomerTables#SOURCE_DAY} of the days whose lines are given. */
    public static Dataset<Row> sourceDays(Dataset<Row> saleLines) {
        return saleLines
                .where(not(col("is_return")))
                .groupBy("source", "sold_on", "sale_id")
                .agg(
                        max(col("customer_id").isNotNull()).as("is_known"),
                        sum(coalesce(col("net_amount"), lit(0))).as("amount"))
                .groupBy("source", "sold_on")
                .agg(
                        count(lit(1)).as("count_sales"),
                        sum(when(col("is_known"), 1L).otherwise(0L)).as("count_known_sales"),
                        sum("amount").cast("decimal(18,4)").as("sales_amount"),
                        sum(when(col("is_known"), col("amount")).otherwise(lit(0)))
                                .cast("decimal(18,4)")
                                .as("known_sales_amount"))
                .select(Customers.columns(CustomerTables.SOURCE_DAY.schema().fieldNames()));
    }

    /**
     * {@code product_id} of the products that are classed otherwise than before: new ones, and those whose category changed or
     * that became a service or ceased to be one. The days on which they were sold are to be made again.
     *
     * @param changes rows of core.product that changed, with {@code _change_type}
     * @param products all rows of core.product
     */
    public static Dataset<Row> reclassed(Dataset<Row> changes, Dataset<Row> products) {
        Column classed = when(not(col("is_service")), col("category"));
        Dataset<Row> before = changes.where(col("is_current")
                        .and(col("_change_type").isInCollection(java.util.List.of("update_preimage", "delete"))))
                .select(col("product_id"), classed.as("_before"));
        Dataset<Row> now =
                products.where(col("is_current")).select(col("product_id"), classed.as("_now"), lit(1).as("_is"));
        return changes.select("product_id")
                .distinct()
                .join(before.withColumn("_was", lit(1)), new String[] {"product_id"}, "left_outer")
                .join(now, new String[] {"product_id"}, "left_outer")
                .where(not(col("_before").eqNullSafe(col("_now")))
                        .or(col("_was").isNull()))
                .select("product_id")
                .distinct();
    }
}
