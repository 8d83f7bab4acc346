package io.clientele.mining.customer;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.trunc;
import static org.apache.spark.sql.functions.when;

import io.clientele.engine.TableRef;
import io.clientele.mining.Shape;
import io.clientele.warehouse.CoreTables;
import io.clientele.warehouse.CustomerTables;
import io.clientele.warehouse.MartTables;
import java.sql.Date;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Whether the company can know its customers, after the five questions of A. M. Hughes (Strategic Database Marketing), asked of
 * its own sales.
 */
public final class CaptureScorecard {
    /** What is always there. */
    public static final List<TableRef> NEEDED = List.of(
            CustomerTables.SOURCE_DAY,
            CustomerTables.CUSTOMER_CHOICE,
            CoreTables.CUSTOMER_DAY,
            CoreTables.CUSTOMER,
            CoreTables.CUSTOMER_RECORD,
            CoreTables.IDENTITY,
            MartTables.VALUE_SEGMENT);

    private CaptureScorecard() {}

    /**
     * {@link CustomerTables#CAPTURE_SCORECARD}.
     *
     * @param tables all rows of the {@link #NEEDED} core tables, of value_segment those of the date, and core.consent where a
     *     source speaks of consents
     */
    public static Dataset<Row> of(Map<TableRef, Dataset<Row>> tables, CaptureConfig config, LocalDate asOf) {
        LocalDate from = asOf.withDayOfMonth(1).minusMonths(config.months() - 1L);
        Column isInWindow = col("sold_on").between(lit(Date.valueOf(from)), lit(Date.valueOf(asOf)));
        Dataset<Row> all = tables.get(CustomerTables.SOURCE_DAY)
                .where(isInWindow)
                .groupBy(col("source"), month().as("month_start"))
                .agg(
                        sum("count_sales").as("count_sales"),
                        sum("count_known_sales").as("count_known_sales"),
                        sum("sales_amount").as("sales_amount"),
                        sum("known_sales_amount").as("known_sales_amount"));
        Dataset<Row> known = tables.get(CustomerTables.CUSTOMER_CHOICE)
                .where(isInWindow.and(col("trait").equalTo("source")))
                .join(traits(tables, new At(asOf)), new String[] {"customer_id"}, "left_outer")
                .groupBy(col("choice").as("source"), month().as("month_start"))
                .agg(
                        sales(col("is_named")).as("named"),
                        sales(col("sold_on").gt(col("first_sold_on"))).as("repeated"),
                        sales(col("is_reachable")).as("reachable"),
                        sales(col("is_permitted")).as("permitted"),
                        sales(col("has_card")).as("carded"),
                        sum(when(col("is_best"), col("sales_amount")).otherwise(lit(0)))
                                .as("best_amount"),
                        sum("sales_amount").as("known_amount"));
        Dataset<Row> scored = all.join(known, new String[] {"source", "month_start"}, "left_outer")
                .join(broadcast(cards(tables)))
                .withColumn("as_of_date", lit(Date.valueOf(asOf)))
                .withColumn("known_share", share(col("count_known_sales")))
                .withColumn("named_share", share(col("named")))
                .withColumn("repeat_share", share(col("repeated")))
                .withColumn("reachable_share", share(col("reachable")))
                .withColumn(
                        "permitted_share", tables.containsKey(CoreTables.CONSENT) ? share(col("permitted")) : lit(null))
                .withColumn("card_share", when(col("are_cards_given"), share(col("carded"))))
                .withColumn(
                        "best_amount_share",
                        when(
                                col("known_amount").gt(0),
                                col("best_amount")
                                        .cast("double")
                                        .divide(col("known_amount").cast("double"))));
        return Shape.output(scored, CustomerTables.CAPTURE_SCORECARD);
    }

    private static Column month() {
        return trunc(col("sold_on"), "month");
    }

    private static Column sales(Column condition) {
        return sum(when(condition, col("count_sales")).otherwise(lit(0)));
    }

    private static Column share(Column part) {
        return coalesce(part, lit(0)).cast("double").divide(col("count_sales").cast("double"));
    }

    /** What is known of each customer at the date; null where nothing is. */
    private static Dataset<Row> traits(Map<TableRef, Dataset<Row>> tables, At at) {
        Column isNamed = coalesce(col("full_name"), col("family_name"))
                .isNotNull()
                .and(col("street").isNotNull())
                .and(coalesce(col("postcode"), col("city")).isNotNull());
        Dataset<Row> contact = tables.get(CoreTables.CUSTOMER)
                .where(at.holds())
                .select(
                        col("customer_id"),
                        isNamed.as("is_named"),
                        coalesce(col("email"), col("phone")).isNotNull().as("is_reachable"));
        Dataset<Row> first = tables.get(CoreTables.CUSTOMER_DAY)
                .where(col("count_sales").gt(0))
                .groupBy("customer_id")
                .agg(min("sold_on").as("first_sold_on"));
        Dataset<Row> best = tables.get(MartTables.VALUE_SEGMENT)
                .select(
                        col("customer_id"),
                        col("pyramid_level").isin("top", "big", "medium").as("is_best"));
        Dataset<Row> carded = records(tables)
                .join(
                        tables.get(CoreTables.IDENTITY).where(col("is_current")),
                        new String[] {"source", "source_customer_key"},
                        "inner")
                .select(col("customer_id"), lit(true).as("has_card"))
                .distinct();
        Dataset<Row> traits = first.join(contact, new String[] {"customer_id"}, "left_outer")
                .join(best, new String[] {"customer_id"}, "left_outer")
                .join(carded, new String[] {"customer_id"}, "left_outer");
        Dataset<Row> consents = tables.get(CoreTables.CONSENT);
        return consents == null
                ? traits.withColumn("is_permitted", lit(null).cast("boolean"))
                : traits.join(
                        consents.where(at.holds().and(col("is_granted")))
                                .select(col("customer_id"), lit(true).as("is_permitted"))
                                .distinct(),
                        new String[] {"customer_id"},
                        "left_outer");
    }

    private static Dataset<Row> records(Map<TableRef, Dataset<Row>> tables) {
        return tables.get(CoreTables.CUSTOMER_RECORD)
                .where(col("loyalty_card").isNotNull())
                .select("source", "source_customer_key")
                .distinct();
    }

    /** One row: whether any source gives loyalty cards. */
    private static Dataset<Row> cards(Map<TableRef, Dataset<Row>> tables) {
        return tables.get(CoreTables.CUSTOMER_RECORD)
                .agg(coalesce(max(not(col("loyalty_card").isNull())), lit(false))
                        .as("are_cards_given"));
    }
}
