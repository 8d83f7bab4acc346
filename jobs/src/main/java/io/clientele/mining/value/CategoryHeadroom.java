package io.clientele.mining.value;

import static org.apache.spark.sql.functions.array_contains;
import static org.apache.spark.sql.functions.array_sort;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.filter;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.log2;
import static org.apache.spark.sql.functions.negate;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.posexplode;
import static org.apache.spark.sql.functions.round;
import static org.apache.spark.sql.functions.slice;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.clientele.engine.Reuse;
import io.clientele.mining.Shape;
import io.clientele.warehouse.MartTables;
import java.time.LocalDate;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

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
        Column isBought = col("net").gt(0);
        Dataset<Row> customers = Reuse.of(spent.groupBy("customer_id")
                .agg(
                        sum("net").as("sales"),
                        collect_list(when(isBought, col("category"))).as("bought"))
                .where(col("sales").gt(0))
                .select(
                        col("customer_id"),
                        floor(log2(greatest(col("sales").cast("double"), lit(1.0))))
                                .as("band"),
                        col("bought")));
        Dataset<Row> offered = spent.where(isBought)
                .join(customers.select("customer_id", "band"), "customer_id")
                .groupBy("band", "category")
                .agg(count(lit(1)).as("buyers"), sum("net").as("net"))
                .join(broadcast(sizes(customers, config)), "band")
                .withColumn("share_of_similar", col("buyers").divide(col("count_similar")))
                .where(col("share_of_similar").geq(config.minShareOfSimilar()))
                .withColumn("expected", col("net").cast("double").divide(col("count_similar")))
                .join(broadcast(margins(spent)), "category")
                .withColumn("headroom_sales_amount", round(col("expected"), 2).cast("decimal(18,2)"))
                .withColumn(
                        "headroom_amount",
                        when(
                                col("margin_share").isNotNull(),
                                round(col("expected").multiply(greatest(col("margin_share"), lit(0.0))), 2)
                                        .cast("decimal(18,2)")));
        // What is worth most comes first for all customers of a band alike; each leaves out what it buys already.
        Column place = struct(
                negate(coalesce(col("headroom_amount"), lit(0))).as("less"),
                negate(col("headroom_sales_amount")).as("less_sales"),
                col("category"),
                struct(
                                col("headroom_amount"),
                                col("headroom_sales_amount"),
                                col("count_similar"),
                                col("share_of_similar"))
                        .as("figures"));
        Dataset<Row> bands =
                offered.groupBy("band").agg(array_sort(collect_list(place)).as("offers"));
        Column open = filter(col("offers"), offer -> not(array_contains(col("bought"), offer.getField("category"))));
        Dataset<Row> rows = customers
                .join(broadcast(bands), "band")
                .select(col("customer_id"), posexplode(slice(open, 1, config.maxCategories())))
                .select(
                        lit(asOf).as("as_of_date"),
                        col("customer_id"),
                        col("col.category"),
                        col("pos").plus(1).as("rank"),
                        col("col.figures.*"));
        return Shape.output(rows, MartTables.CATEGORY_HEADROOM);
    }

    private static Dataset<Row> sizes(Dataset<Row> customers, HeadroomConfig config) {
        return customers
                .groupBy("band")
                .agg(count(lit(1)).as("count_similar"))
                .where(col("count_similar").geq(config.minSimilarCustomers()));
    }

    private static Dataset<Row> margins(Dataset<Row> spent) {
        Column net = col("net");
        return spent.groupBy("category")
                .agg(sum("net_with_cost").as("net"), sum("cost").as("cost"))
                .select(
                        col("category"),
                        when(net.gt(0), net.minus(col("cost")).cast("double").divide(net.cast("double")))
                                .as("margin_share"));
    }
}
