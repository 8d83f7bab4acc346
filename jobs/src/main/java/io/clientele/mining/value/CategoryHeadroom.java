package io.clientele.mining.value;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.log2;
import static org.apache.spark.sql.functions.round;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.clientele.engine.Reuse;
import io.clientele.mining.Shape;
import io.clientele.warehouse.MartTables;
import java.time.LocalDate;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/**
 * What a customer could buy and does not: the categories without net sales in the window in which similar customers buy.
 * Customers are similar whose net sales lie between the same powers of two. The headroom of a category is what the similar
 * customers spend there on average, those who do not buy included, times the category's margin.
 */
public final class CategoryHeadroom {
    private CategoryHeadroom() {}

    /**
     * The rows of {@link MartTables#CATEGORY_HEADROOM} at {@code asOf}; none for customers with too few similar ones.
     *
     * @param choices rows of core.customer_choice, where services and products without a category have none
     */
    public static Dataset<Row> of(Dataset<Row> choices, HeadroomConfig config, int windowDays, LocalDate asOf) {
        Dataset<Row> spent = Reuse.of(choices.where(col("trait")
                        .equalTo("category")
                        .and(CustomerContribution.within(col("sold_on"), windowDays, asOf)))
                .groupBy(col("customer_id"), col("choice").as("category"))
                .agg(
                        sum("net_amount").as("net"),
                        sum("costed_net_amount").as("net_with_cost"),
                        sum("cost_amount").as("cost")));
        Dataset<Row> customers = Reuse.of(spent.groupBy("customer_id")
                .agg(sum("net").as("sales"))
                .where(col("sales").gt(0))
                .select(
                        col("customer_id"),
                        floor(log2(greatest(col("sales").cast("double"), lit(1.0))))
                                .as("band")));
        Dataset<Row> bought = spent.where(col("net").gt(0));
        Dataset<Row> sizes = customers
                .groupBy("band")
                .agg(count(lit(1)).as("count_similar"))
                .where(col("count_similar").geq(config.minSimilarCustomers()));
        Dataset<Row> margins = spent.groupBy("category")
                .agg(sum("net_with_cost").as("net"), sum("cost").as("cost"))
                .select(
                        col("category"),
                        when(
                                        col("net").gt(0),
                                        col("net")
                                                .minus(col("cost"))
                                                .cast("double")
                                                .divide(col("net").cast("double")))
                                .as("margin_share"));
        Dataset<Row> habits = bought.join(customers, "customer_id")
                .groupBy("band", "category")
                .agg(count(lit(1)).as("buyers"), sum("net").as("net"))
                .join(broadcast(sizes), "band")
                .withColumn("share_of_similar", col("buyers").divide(col("count_similar")))
                .where(col("share_of_similar").geq(config.minShareOfSimilar()))
                .withColumn("expected", col("net").cast("double").divide(col("count_similar")))
                .join(broadcast(margins), "category");
        Column rank = row_number()
                .over(Window.partitionBy("customer_id")
                        .orderBy(
                                coalesce(col("headroom_amount"), lit(0)).desc(),
                                col("headroom_sales_amount").desc(),
                                col("category")));
        Dataset<Row> rows = customers
                .join(broadcast(habits), "band")
                .join(bought.select("customer_id", "category"), new String[] {"customer_id", "category"}, "left_anti")
                .withColumn("headroom_sales_amount", round(col("expected"), 2).cast("decimal(18,2)"))
                .withColumn(
                        "headroom_amount",
                        round(col("expected").multiply(greatest(col("margin_share"), lit(0.0))), 2)
                                .cast("decimal(18,2)"))
                .withColumn("headroom_amount", when(col("margin_share").isNotNull(), col("headroom_amount")))
                .withColumn("rank", rank)
                .where(col("rank").leq(config.maxCategories()))
                .withColumn("as_of_date", lit(asOf));
        return Shape.output(rows, MartTables.CATEGORY_HEADROOM);
    }
}
