package io.clientele.mining.value.lifetime;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.min_by;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.try_subtract;
import static org.apache.spark.sql.functions.unix_date;
import static org.apache.spark.sql.functions.when;

import io.clientele.warehouse.Totals;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What the models know of each customer, all from one pass over the days. A purchase is a day with at least one sale,
 * whatever its amount: refunds alone are none, free goods are one. Days count from 1970.
 */
final class CustomerHistories {
    private CustomerHistories() {}

    /** A day on which something was sold. */
    static Column isPurchase() {
        return col("count_sales").geq(1);
    }

    /**
     * One row per customer: {@code first_day, last_day, count_days, sales, first_sales} up to {@code asOf}, and {@code net, cost,
     * count_lines, count_lines_without_cost} with the refunds. Customers without a purchase have {@code count_days} 0. {@code
     * sales, net, cost} are in ten-thousandths ({@link Totals}), 0 where there are none.
     */
    static Dataset<Row> of(Dataset<Row> customerDay, LocalDate asOf) {
        return summed(customerDay, asOf);
    }

    /**
     * {@link #of}, and what models are learned and judged by: {@code cal_last_day, cal_count_days, cal_sales} up to the cut-off;
     * {@code recent_*} in as many days before it as {@code holdout_*} covers after it.
     */
    static Dataset<Row> toLearn(Dataset<Row> customerDay, LifetimeConfig config, LocalDate asOf) {
        LocalDate cutoff = config.cutoff(asOf);
        LocalDate end = config.holdoutEnd(asOf);
        long length = Math.max(0, end.toEpochDay() - cutoff.toEpochDay());
        Column day = col("day");
        Column sales = col("sales");
        Column isCalibration = col("sold_on").leq(lit(cutoff));
        Column isRecent = isCalibration.and(col("sold_on").gt(lit(cutoff.minusDays(length))));
        Column isHoldout = col("sold_on").gt(lit(cutoff)).and(col("sold_on").leq(lit(end)));
        return summed(
                customerDay,
                asOf,
                max(when(isCalibration, day)).as("cal_last_day"),
                count(when(isCalibration, day)).cast("int").as("cal_count_days"),
                total(when(isCalibration, sales)).as("cal_sales"),
                count(when(isRecent, day)).cast("int").as("recent_count_days"),
                total(when(isRecent, sales)).as("recent_sales"),
                count(when(isHoldout, day)).cast("int").as("holdout_count_days"),
                total(when(isHoldout, sales)).as("holdout_sales"));
    }

    private static Dataset<Row> summed(Dataset<Row> customerDay, LocalDate asOf, Column... more) {
        Column day = col("day");
        Column sales = col("sales");
        List<Column> sums = new ArrayList<>(List.of(
                max(day).as("last_day"),
                count(day).cast("int").as("count_days"),
                total(sales).as("sales"),
                min_by(sales, day).as("first_sales"),
                total(col("net")).as("net"),
                total(col("cost")).as("cost"),
                sum("count_lines").as("count_lines"),
                sum("count_lines_without_cost").as("count_lines_without_cost")));
        sums.addAll(List.of(more));
        return customerDay
                .where(col("sold_on").leq(lit(asOf)))
                .select(
                        col("customer_id"),
                        col("sold_on"),
                        when(isPurchase(), unix_date(col("sold_on"))).as("day"),
                        when(isPurchase(), Totals.parts(col("sales_amount"))).as("sales"),
                        Totals.parts(col("net_amount")).as("net"),
                        Totals.parts(col("cost_amount")).as("cost"),
                        col("count_lines"),
                        col("count_lines_without_cost"))
                .groupBy("customer_id")
                .agg(min(day).as("first_day"), sums.toArray(Column[]::new));
    }

    private static Column total(Column parts) {
        return Totals.sum(coalesce(parts, lit(0L)));
    }

    /** Customers with a purchase up to the as-of date: {@code x, tx_days, age_days, mean_value} (null without repeats). */
    static Dataset<Row> atAsOf(Dataset<Row> histories, LocalDate asOf) {
        return known(histories, asOf, "last_day", "count_days", "sales");
    }

    /** Customers with a purchase up to the cut-off, as they were known then. */
    static Dataset<Row> atCutoff(Dataset<Row> histories, LocalDate cutoff) {
        return known(histories, cutoff, "cal_last_day", "cal_count_days", "cal_sales");
    }

    private static Dataset<Row> known(
            Dataset<Row> histories, LocalDate end, String lastDay, String countDays, String sales) {
        Column repeats = col(countDays).minus(1);
        return histories
                .where(col(countDays).geq(1))
                .withColumn("x", repeats)
                .withColumn("tx_days", col(lastDay).minus(col("first_day")))
                .withColumn("age_days", lit((int) end.toEpochDay()).minus(col("first_day")))
                .withColumn(
                        "mean_value",
                        when(
                                repeats.geq(1),
                                Totals.asDouble(try_subtract(col(sales), col("first_sales")))
                                        .divide(repeats)));
    }
}
