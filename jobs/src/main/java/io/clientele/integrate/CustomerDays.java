package io.clientele.integrate;

import static org.apache.spark.sql.functions.array_sort;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_set;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.clientele.warehouse.CoreTables;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The compact tables between the sale lines and the marts. Both functions take all lines of the days they are asked for. */
public final class CustomerDays {
    private CustomerDays() {}

    /** {@link CoreTables#CUSTOMER_DAY}: lines are summed per sale first, so that sales are counted without a distinct. */
    public static Dataset<Row> of(Dataset<Row> saleLines) {
        Column amount = coalesce(col("net_amount"), lit(0));
        Dataset<Row> sales = saleLines
                .where(col("customer_id").isNotNull())
                .groupBy("customer_id", "sold_on", "source", "sale_id")
                .agg(
                        sum(when(col("is_return"), 0).otherwise(1)).as("count_sold"),
                        count(lit(1)).as("lines"),
                        sum(when(not(col("is_return")), amount).otherwise(lit(0)))
                                .as("sold"),
                        sum(when(col("is_return"), amount).otherwise(lit(0))).as("returned"),
                        sum(coalesce(col("cost_amount"), lit(0))).as("cost"),
                        sum(when(col("cost_amount").isNull(), 1).otherwise(0)).as("without_cost"),
                        sum(when(not(col("is_return")), col("discount_amount"))).as("discount"),
                        max(when(not(col("is_return")), col("is_delivered").cast("int")))
                                .as("delivered"));
        return sales.groupBy("customer_id", "sold_on")
                .agg(
                        sum(when(col("count_sold").gt(0), 1).otherwise(0))
                                .cast("int")
                                .as("count_sales"),
                        sum("lines").cast("int").as("count_lines"),
                        sum("sold").cast("decimal(18,4)").as("sales_amount"),
                        sum("returned").cast("decimal(18,4)").as("return_amount"),
                        sum(col("sold").plus(col("returned")))
                                .cast("decimal(18,4)")
                                .as("net_amount"),
                        sum("cost").cast("decimal(18,4)").as("cost_amount"),
                        sum("without_cost").cast("int").as("count_lines_without_cost"),
                        sum("discount").cast("decimal(18,4)").as("discount_amount"),
                        sum("delivered").cast("int").as("count_deliveries"))
                .select(Customers.columns(CoreTables.CUSTOMER_DAY.schema().fieldNames()));
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
                        array_sort(collect_set("product_id")).as("product_ids"))
                .select(Customers.columns(CoreTables.BASKET.schema().fieldNames()));
    }
}
