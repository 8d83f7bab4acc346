package io.clientele.mining.value;

import static org.apache.spark.sql.functions.array_except;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.log2;
import static org.apache.spark.sql.functions.posexplode;
import static org.apache.spark.sql.functions.round;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sequence;
import static org.apache.spark.sql.functions.slice;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.clientele.engine.Reuse;
import io.clientele.mining.Shape;
import io.clientele.warehouse.MartTables;
import io.clientele.warehouse.Totals;
import java.time.LocalDate;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

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
        Dataset<Row> spent = Reuse.of(spent(choices, windowDays, asOf));
        Dataset<Row> offers = Reuse.of(offers(spent, config));
        Column open = array_except(col("places"), col("bought"));
        Dataset<Row> rows = bought(spent, offers)
                .select(col("customer_id"), col("band"), posexplode(slice(open, 1, config.maxCategories())))
                .withColumnRenamed("col", "place")
                .join(broadcast(offers), names("band", "place"))
                .withColumn("rank", col("pos").plus(1))
                .withColumn("as_of_date", lit(asOf));
        return Shape.output(rows, MartTables.CATEGORY_HEADROOM);
    }

    /**
     * One row per customer and category of the window: {@code net, net_with_cost, cost} in ten-thousandths ({@link Totals}), null
     * where no row gives them; {@code band}, in which all customers are similar, null without net sales over all categories;
     * {@code is_first} in one row of each customer.
     */
    private static Dataset<Row> spent(Dataset<Row> choices, int windowDays, LocalDate asOf) {
        WindowSpec ofCustomer = Window.partitionBy("customer_id").orderBy("category");
        WindowSpec all = ofCustomer.rowsBetween(Window.unboundedPreceding(), Window.unboundedFollowing());
        return choices.where(col("trait")
                        .equalTo("category")
                        .and(CustomerContribution.within(col("sold_on"), windowDays, asOf)))
                .select(
                        col("customer_id"),
                        col("choice").as("category"),
                        Totals.parts(col("net_amount")).as("net"),
                        Totals.parts(col("costed_net_amount")).as("net_with_cost"),
                        Totals.parts(col("cost_amount")).as("cost"))
                // Sent to their customers once, where each category and all together are then summed.
                .repartition(col("customer_id"))
                .groupBy("customer_id", "category")
                .agg(
                        Totals.sum(col("net")).as("net"),
                        Totals.sum(col("net_with_cost")).as("net_with_cost"),
                        Totals.sum(col("cost")).as("cost"))
                .withColumn("sales", Totals.sum(col("net")).over(all))
                .withColumn("is_first", row_number().over(ofCustomer).equalTo(1))
                .withColumn(
                        "band",
                        when(col("sales").gt(0), floor(log2(greatest(Totals.asDouble(col("sales")), lit(1.0))))))
                .drop("sales");
    }

    /**
     * One row per band and category that enough of its customers buy: {@code place}, from 1, by what is worth most to all customers
     * of the band alike, {@code count_offers} of the band, and the figures. None for bands of too few customers.
     */
    private static Dataset<Row> offers(Dataset<Row> spent, HeadroomConfig config) {
        WindowSpec ofBand = Window.partitionBy("band");
        WindowSpec ofCategory = Window.partitionBy("category");
        Column net = col("category_net");
        return spent.groupBy("band", "category")
                .agg(
                        count(when(col("is_first"), 1)).as("customers"),
                        count(when(isBought(), 1)).as("buyers"),
                        Totals.wide(when(isBought(), col("net"))).as("net"),
                        Totals.wide(col("net_with_cost")).as("net_with_cost"),
                        Totals.wide(col("cost")).as("cost"))
                .withColumn("category_net", sum("net_with_cost").over(ofCategory))
                .withColumn("category_cost", sum("cost").over(ofCategory))
                .withColumn("count_similar", sum("customers").over(ofBand))
                .where(col("band").isNotNull())
                .withColumn("share_of_similar", col("buyers").divide(col("count_similar")))
                .where(col("count_similar")
                        .geq(config.minSimilarCustomers())
                        .and(col("share_of_similar").geq(config.minShareOfSimilar())))
                .withColumn("expected", col("net").cast("double").divide(col("count_similar")))
                .withColumn(
                        "margin_share",
                        when(
                                net.gt(0),
                                net.minus(col("category_cost")).cast("double").divide(net.cast("double"))))
                .withColumn("headroom_sales_amount", round(col("expected"), 2).cast("decimal(18,2)"))
                .withColumn(
                        "headroom_amount",
                        when(
                                col("margin_share").isNotNull(),
                                round(col("expected").multiply(greatest(col("margin_share"), lit(0.0))), 2)
                                        .cast("decimal(18,2)")))
                .withColumn(
                        "place",
                        row_number()
                                .over(ofBand.orderBy(
                                        coalesce(col("headroom_amount"), lit(0)).desc(),
                                        col("headroom_sales_amount").desc(),
                                        col("category"))))
                .withColumn("count_offers", count(lit(1)).over(ofBand).cast("int"))
                .select(
                        "band",
                        "place",
                        "count_offers",
                        "category",
                        "headroom_amount",
                        "headroom_sales_amount",
                        "count_similar",
                        "share_of_similar");
    }

    /**
     * One row per customer of a band with offers: their {@code places} and {@code bought}, those that the customer buys already.
     * Places are whole numbers, which Spark compares in generated code.
     */
    private static Dataset<Row> bought(Dataset<Row> spent, Dataset<Row> offers) {
        WindowSpec ofCustomer = Window.partitionBy("customer_id");
        Dataset<Row> bands = offers.where(col("place").equalTo(1))
                .select(col("band"), sequence(lit(1), col("count_offers")).as("places"));
        return spent.join(broadcast(offers.select("band", "category", "place")), names("band", "category"), "left")
                .withColumn(
                        "bought", collect_list(when(isBought(), col("place"))).over(ofCustomer))
                .where(col("is_first"))
                .join(broadcast(bands), "band")
                .select("customer_id", "band", "places", "bought");
    }

    private static Column isBought() {
        return col("net").gt(0);
    }

    private static String[] names(String... names) {
        return names;
    }
}
