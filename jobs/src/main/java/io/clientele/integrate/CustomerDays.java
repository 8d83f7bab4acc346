package io.clientele.integrate;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_set;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.clientele.warehouse.CoreTables;
import io.clientele.warehouse.Totals;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The compact tables between the sale lines and the marts. Both functions take all lines of the days they are asked for. */
public final class CustomerDays {
    private CustomerDays() {}

    /** {@link CoreTables#CUSTOMER_DAY}: lines are summed per sale first, so that sales are counted without a distinct. */
    public static Dataset<Row> of(Dataset<Row> saleLines) {
        Column isSold = not(col("is_return"));
        Dataset<Row> lines = saleLines
                .where(col("customer_id").isNotNull())
                .select(
                        col("customer_id"),
                        col("sold_on"),
                        col("source"),
                        col("sale_id"),
                        isSold.as("is_sold"),
                        coalesce(Totals.parts(col("net_amount")), lit(0L)).as("net"),
                        Totals.parts(col("cost_amount")).as("cost"),
                        Totals.parts(col("discount_amount")).as("discount"),
                        col("is_delivered"));
        Dataset<Row> sales = lines.groupBy("customer_id", "sold_on", "source", "sale_id")
                .agg(
                        max("is_sold").as("is_sold"),
                        count(lit(1)).as("lines"),
                        Totals.sum(when(col("is_sold"), col("net")).otherwise(lit(0L)))
                                .as("sold"),
                        Totals.sum(when(col("is_sold"), lit(0L)).otherwise(col("net")))
                                .as("returned"),
                        Totals.sum(coalesce(col("cost"), lit(0L))).as("cost"),
                        sum(when(col("cost").isNull(), 1).otherwise(0)).as("without_cost"),
                        Totals.sum(when(col("is_sold"), col("discount"))).as("discount"),
                        max(when(col("is_sold"), col("is_delivered").cast("int")))
                                .as("delivered"));
        // A customer's days stand together, so that whoever sums them up finds one after the other.
        return sales.repartition(col("customer_id"))
                .groupBy("customer_id", "sold_on")
                .agg(
                        sum(when(col("is_sold"), 1).otherwise(0)).cast("int").as("count_sales"),
                        sum("lines").cast("int").as("count_lines"),
                        Totals.total(col("sold")).as("sales_amount"),
                        Totals.total(col("returned")).as("return_amount"),
                        Totals.total(col("sold").plus(col("returned"))).as("net_amount"),
                        Totals.total(col("cost")).as("cost_amount"),
                        sum("without_cost").cast("int").as("count_lines_without_cost"),
                        Totals.total(col("discount")).as("discount_amount"),
                        sum("delivered").cast("int").as("count_deliveries"))
                .select(Customers.columns(CoreTables.CUSTOMER_DAY.schema().fieldNames()))
                .sortWithinPartitions("customer_id", "sold_on");
    }

    /**
     * {@link CoreTables#BASKET}.
     *
     * @param products all rows of {@link CoreTables#PRODUCT}; its services are left out, unknown products are kept
     */
    public static Dataset<Row> baskets(Dataset<Row> saleLines, Dataset<Row> products) {
        Dataset<Row> services = products.where(col("is_current").and(col("is_service")))
                .select(col("product_id").as("_service"));
        return saleLines
                .where(not(col("is_return")).and(col("product_id").isNotNull()))
                .join(
                        org.apache.spark.sql.functions.broadcast(services),
                        col("product_id").equalTo(col("_service")),
                        "left_anti")
                .groupBy("source", "sale_id", "sold_on")
                .agg(
                        min("customer_id").as("customer_id"),
                        sort_array(collect_set("product_id")).as("product_ids"))
                .select(Customers.columns(CoreTables.BASKET.schema().fieldNames()))
                // As of days: whoever asks what a customer ever bought finds one basket after the other.
                .sortWithinPartitions("customer_id");
    }
}
