package io.clientele.mining.value;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;

import io.clientele.mining.Shape;
import io.clientele.warehouse.MartTables;
import java.time.LocalDate;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.functions;

/**
 * How far value rests on few customers: the whale curve (Cooper, Kaplan 1991), cumulative contribution over total
 * contribution with customers sorted by contribution, best first.
 */
public final class ValueConcentration {
    private static final int SLOTS = 199;

    private ValueConcentration() {}

    /**
     * At most 200 points per date: {@code as_of_date, share_of_customers, share_of_value, cumulative_amount, is_peak}, in no
     * order. Each point lies exactly on the curve. The peak, after the last customer with a positive contribution, is always
     * among them, where there is such a customer. {@code share_of_value} is null where the total is not above zero.
     *
     * @param valueSegment rows of {@link MartTables#VALUE_SEGMENT}
     */
    public static Dataset<Row> whale(Dataset<Row> valueSegment) {
        Column value = col("current_value_amount");
        WindowSpec fromTop =
                Window.partitionBy("as_of_date").orderBy(col("bucket").desc());
        WindowSpec all = Window.partitionBy("as_of_date");
        Dataset<Row> points = Shape.input(valueSegment, MartTables.VALUE_SEGMENT)
                .where(value.isNotNull())
                .groupBy(col("as_of_date"), CutPoints.bucket(value).as("bucket"))
                .agg(count(lit(1)).as("customers"), sum(value).as("amount"))
                .withColumn("upto", sum("customers").over(fromTop))
                .withColumn("cumulative_amount", sum("amount").over(fromTop))
                .withColumn("all_customers", sum("customers").over(all))
                .withColumn("all_amount", sum("amount").over(all))
                .withColumn(
                        "peak_bucket",
                        min(functions.when(col("bucket").gt(0), col("bucket"))).over(all))
                .withColumn("is_peak", functions.coalesce(col("bucket").equalTo(col("peak_bucket")), lit(false)))
                .withColumn("slot", functions.ceil(col("upto").multiply(SLOTS).divide(col("all_customers"))))
                .withColumn("last_in_slot", max("upto").over(Window.partitionBy("as_of_date", "slot")));
        return points.where(col("is_peak").or(col("upto").equalTo(col("last_in_slot"))))
                .select(
                        col("as_of_date"),
                        col("upto").divide(col("all_customers")).as("share_of_customers"),
                        functions
                                .when(
                                        col("all_amount").gt(0),
                                        col("cumulative_amount")
                                                .cast("double")
                                                .divide(col("all_amount").cast("double")))
                                .as("share_of_value"),
                        col("cumulative_amount"),
                        col("is_peak"));
    }

    /**
     * The rows of {@link MartTables#VALUE_CONCENTRATION}: of sales and of profit of the customers active in the window
     * {@code sales_share_top_1, _5, _20}, {@code profit_share_top_*}, {@code gini_sales}, {@code gini_profit} (Gini 1912; with
     * losses it can exceed 1), {@code profit_peak_share} (the peak of the whale curve, above 1 where some customers cost money)
     * and {@code profit_peak_customers} (the share of customers up to the peak); {@code prospects} (customers who never bought,
     * as a share of all); {@code existing_sales_share} and {@code existing_budget_share} (what customers who first bought before
     * the window bring of sales, and what of the campaigns' cost went to them). Who is in the top is decided by amount, then by
     * customer id.
     *
     * @param valueSegment rows of {@link MartTables#VALUE_SEGMENT} at the date
     * @param customer rows of core.customer
     * @param campaignContact rows of core.campaign_contact; null where no source gives them
     */
    public static Dataset<Row> figures(
            Dataset<Row> valueSegment,
            Dataset<Row> customer,
            Dataset<Row> campaignContact,
            int windowDays,
            LocalDate asOf) {
        Dataset<Row> segments = Shape.input(valueSegment, MartTables.VALUE_SEGMENT);
        return Shape.output(
                spread(segments)
                        .unionByName(prospects(segments, customer))
                        .unionByName(existing(segments, campaignContact, windowDays, asOf))
                        .withColumn("as_of_date", lit(asOf)),
                MartTables.VALUE_CONCENTRATION);
    }

    /** Ranks are exact and no task sorts all customers: those of a bucket are sorted, and buckets are counted. */
    private static Dataset<Row> spread(Dataset<Row> segments) {
        Dataset<Row> values = segments.where(col("frequency").gt(0))
                .select(
                        col("customer_id"),
                        explode(array(
                                        struct(
                                                lit("sales").as("measure"),
                                                col("monetary_amount").as("value")),
                                        struct(
                                                lit("profit").as("measure"),
                                                col("current_value_amount").as("value"))))
                                .as("entry"))
                .select("customer_id", "entry.*")
                .withColumn("bucket", CutPoints.bucket(col("value")));
        WindowSpec fromTop = Window.partitionBy("measure").orderBy(col("bucket").desc());
        Dataset<Row> buckets = values.groupBy("measure", "bucket")
                .agg(count(lit(1)).as("in_bucket"))
                .withColumn("before", sum("in_bucket").over(fromTop).minus(col("in_bucket")))
                .withColumn("n", sum("in_bucket").over(Window.partitionBy("measure")));
        Column rank = functions
                .row_number()
                .over(Window.partitionBy("measure", "bucket")
                        .orderBy(col("value").desc(), col("customer_id")))
                .plus(col("before"));
        Column wide = col("value").cast("decimal(28,2)");
        Dataset<Row> summed = values.join(functions.broadcast(buckets), new String[] {"measure", "bucket"}, "inner")
                .withColumn("rank", rank)
                .groupBy("measure")
                .agg(
                        max("n").as("n"),
                        sum(wide).as("total"),
                        top(wide, 1).as("top_1"),
                        top(wide, 5).as("top_5"),
                        top(wide, 20).as("top_20"),
                        sum(col("n").plus(1)
                                        .minus(col("rank"))
                                        .cast("decimal(20,0)")
                                        .multiply(col("value")))
                                .as("weighted"),
                        sum(functions.greatest(wide, lit(0))).as("gains"),
                        count(functions.when(col("value").gt(0), 1)).as("gainers"));
        Dataset<Row> measures = segments.sparkSession()
                .createDataset(List.of("sales", "profit"), Encoders.STRING())
                .toDF("measure");
        Column n = col("n").cast("double");
        Column total = col("total").cast("double");
        Column name = col("measure");
        Column gini = lit(2).multiply(col("weighted").cast("double"))
                .divide(n.multiply(total))
                .minus(n.plus(1).divide(n));
        Column isSpread = col("total").gt(0);
        Column why = functions
                .when(col("n").isNull(), "nobody bought in the window")
                .when(functions.not(isSpread), functions.concat(lit("the whole of "), name, lit(" is not above zero")));
        return measures.join(summed, new String[] {"measure"}, "left")
                .select(explode(array(
                                figure(
                                        functions.concat(name, lit("_share_top_1")),
                                        when(
                                                isSpread,
                                                col("top_1").cast("double").divide(total)),
                                        col("top_1"),
                                        counted(1),
                                        why),
                                figure(
                                        functions.concat(name, lit("_share_top_5")),
                                        when(
                                                isSpread,
                                                col("top_5").cast("double").divide(total)),
                                        col("top_5"),
                                        counted(5),
                                        why),
                                figure(
                                        functions.concat(name, lit("_share_top_20")),
                                        when(
                                                isSpread,
                                                col("top_20").cast("double").divide(total)),
                                        col("top_20"),
                                        counted(20),
                                        why),
                                figure(
                                        functions.concat(lit("gini_"), name),
                                        when(isSpread, gini),
                                        col("total"),
                                        col("n"),
                                        why),
                                figure(
                                        functions.concat(name, lit("_peak_share")),
                                        when(
                                                isSpread,
                                                col("gains").cast("double").divide(total)),
                                        col("gains"),
                                        col("gainers"),
                                        why),
                                figure(
                                        functions.concat(name, lit("_peak_customers")),
                                        when(isSpread, col("gainers").divide(n)),
                                        col("gains"),
                                        col("gainers"),
                                        why)))
                        .as("figure"))
                .select("figure.*");
    }

    private static Column top(Column value, int percent) {
        return sum(functions.when(col("rank").leq(counted(percent)), value));
    }

    private static Column counted(int percent) {
        return functions.ceil(col("n").multiply(percent).divide(100));
    }

    private static Column when(Column condition, Column value) {
        return functions.when(condition, value);
    }

    private static Column figure(Column name, Column value, Column amount, Column customers, Column note) {
        return struct(
                name.as("name"),
                value.cast("double").as("value"),
                amount.cast("decimal(38,2)").as("amount"),
                customers.cast("bigint").as("count_customers"),
                note.cast("string").as("note"));
    }

    private static Dataset<Row> prospects(Dataset<Row> segments, Dataset<Row> customer) {
        Dataset<Row> buyers = segments.agg(count(lit(1)).as("buyers"));
        return customer.where(col("is_current"))
                .select("customer_id")
                .distinct()
                .join(segments.select("customer_id"), new String[] {"customer_id"}, "left_anti")
                .agg(count(lit(1)).as("prospects"))
                .crossJoin(buyers)
                .select(figure(
                                lit("prospects"),
                                when(
                                        col("prospects").plus(col("buyers")).gt(0),
                                        col("prospects").divide(col("prospects").plus(col("buyers")))),
                                lit(null),
                                col("prospects"),
                                when(col("prospects").plus(col("buyers")).equalTo(0), lit("no customer is known")))
                        .as("figure"))
                .select("figure.*");
    }

    private static Dataset<Row> existing(Dataset<Row> segments, Dataset<Row> contacts, int windowDays, LocalDate asOf) {
        Column isExisting = col("first_purchase_date").leq(lit(asOf.minusDays(windowDays)));
        Dataset<Row> sales = segments.agg(
                        sum(functions.when(isExisting, col("monetary_amount"))).as("part"),
                        sum("monetary_amount").as("whole"),
                        count(functions.when(isExisting, 1)).as("customers"))
                .select(share("existing_sales_share", lit("net sales are not above zero"))
                        .as("figure"));
        Dataset<Row> spent = contacts == null
                ? sales.limit(0)
                        .agg(
                                sum(lit(0)).as("part"),
                                sum(lit(0)).as("whole"),
                                count(lit(1)).as("customers"))
                : contacts.where(functions
                                .not(functions.coalesce(col("is_control"), lit(false)))
                                .and(CustomerContribution.within("contacted_at", windowDays, asOf)))
                        .join(
                                segments.where(isExisting)
                                        .select(col("customer_id"), lit(true).as("is_existing")),
                                new String[] {"customer_id"},
                                "left")
                        .agg(
                                sum(functions.when(col("is_existing"), col("cost_amount")))
                                        .as("part"),
                                sum("cost_amount").as("whole"),
                                functions
                                        .count_distinct(functions.when(col("is_existing"), col("customer_id")))
                                        .as("customers"));
        Column why = lit(
                contacts == null
                        ? "no source gives campaign contacts"
                        : "no campaign contact of the window has a cost");
        return sales.select("figure.*")
                .unionByName(spent.select(share("existing_budget_share", why).as("figure"))
                        .select("figure.*"));
    }

    private static Column share(String name, Column whyNot) {
        Column isWhole = functions.coalesce(col("whole").gt(0), lit(false));
        Column part = functions.coalesce(col("part"), lit(0));
        return figure(
                lit(name),
                when(isWhole, part.cast("double").divide(col("whole").cast("double"))),
                part,
                col("customers"),
                when(functions.not(isWhole), whyNot));
    }
}
