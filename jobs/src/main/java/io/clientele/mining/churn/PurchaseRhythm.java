package io.clientele.mining.churn;

import static org.apache.spark.sql.functions.aggregate;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_position;
import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.get;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.log;
import static org.apache.spark.sql.functions.round;
import static org.apache.spark.sql.functions.slice;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.unix_date;
import static org.apache.spark.sql.functions.when;

import io.clientele.engine.Reuse;
import java.time.LocalDate;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/**
 * Where the time since a customer's last purchase lies among the customer's own intervals, shrunk toward those of similar
 * customers.
 *
 * <p>Intervals differ between customers mostly in scale, so they are pooled as ratios. A customer's scale is the geometric
 * mean of the own intervals, shrunk toward the population's by {@code rhythm-pseudo-count}. An interval enters the pool as its
 * ratio to the scale of the customer's <em>other</em> intervals, as the current gap is held against a scale that does not
 * know it; without this leave-one-out every pause beyond the own record would look impossible. Similar customers are those
 * with about as many intervals behind the scale (a frequency band), whose ratios spread equally wide. The pool of a band is in
 * turn shrunk toward that of all bands. Then {@code gap_tail_share = (m * pooled share + own intervals at least as long) /
 * (m + own intervals)}: the mean of a Beta posterior whose prior is the pool (empirical Bayes; Efron, Morris 1975).
 */
final class PurchaseRhythm {
    /** Ratios are binned in steps of a tenth of their natural logarithm, from e^-4 to e^6. */
    private static final int LOWEST_BIN = -40;

    private static final int HIGHEST_BIN = 60;

    /** Intervals of all bands that are mixed into the pool of one. */
    private static final int BAND_PSEUDO_COUNT = 20;

    private PurchaseRhythm() {}

    /** Purchase days: a sale that day, and sales worth more than nothing. */
    static Column isPurchase() {
        return col("count_sales").geq(1).and(col("sales_amount").gt(0));
    }

    /**
     * One row per customer: {@code all_days}, the purchase days (sorted, counted from 1970), and {@code all_gaps}, the days from
     * each to the next. No array here or below holds a null, and the planner knows it: it then handles them as whole numbers.
     *
     * @param sums what else is to be summed of a customer's purchase days
     */
    static Dataset<Row> purchases(Dataset<Row> customerDay, Column... sums) {
        return customerDay
                .where(isPurchase())
                .groupBy("customer_id")
                .agg(sort_array(collect_list(unix_date(col("sold_on")))).as("all_days"), sums)
                .withColumn(
                        "all_gaps",
                        expr("zip_with(slice(all_days, 2, size(all_days)), slice(all_days, 1, size(all_days) - 1), "
                                + "(later, earlier) -> coalesce(later - earlier, 0))"));
    }

    /**
     * One row per customer with a purchase up to {@code cutoff}: {@code gaps} (in the order of the days), {@code gap_days,
     * count_intervals, band, typical_gap_days, gap_tail_share, pooled_share}, and {@code all_days} as given. {@code
     * gap_tail_share} and {@code pooled_share} are null while no customer has bought twice. Nothing but {@code all_days} knows
     * of days after the cut-off: those up to it are the first {@code count_intervals + 1}.
     */
    static Dataset<Row> at(Dataset<Row> purchases, ChurnConfig config, LocalDate cutoff) {
        int day = (int) cutoff.toEpochDay();
        Dataset<Row> customers = purchases
                .where(get(col("all_days"), lit(0)).leq(day))
                .withColumn(
                        "count_intervals",
                        countBelow(col("all_days"), lit(day + 1)).minus(1))
                .withColumn("gap_days", lit(day).minus(get(col("all_days"), col("count_intervals"))))
                .withColumn("gaps", slice(col("all_gaps"), lit(1), col("count_intervals")))
                .withColumn("sorted_gaps", sort_array(col("gaps")))
                .withColumn(
                        "typical_gap_days",
                        expr("IF(count_intervals = 0, NULL, (sorted_gaps[int((count_intervals - 1) / 2)] "
                                + "+ sorted_gaps[int(count_intervals / 2)]) / 2.0D)"))
                .withColumn(
                        "sum_log_gap", aggregate(col("sorted_gaps"), lit(0.0), (a, g) -> a.plus(log(g.cast("double")))))
                .withColumn("band", band(col("count_intervals")))
                .drop("sorted_gaps", "all_gaps");
        customers = Reuse.of(customers);
        Dataset<Row> general = customers.agg(coalesce(
                        // Rounded so that the order of summation cannot show.
                        round(
                                avg(when(
                                        col("count_intervals").gt(0),
                                        col("sum_log_gap").divide(col("count_intervals")))),
                                6),
                        lit(0.0))
                .as("general_log_gap"));
        Dataset<Row> scaled = customers
                .crossJoin(broadcast(general))
                .withColumn(
                        "ratio_bin",
                        ratioBin(
                                log(greatest(col("gap_days"), lit(1)).cast("double")),
                                col("sum_log_gap"),
                                col("count_intervals"),
                                config));
        Dataset<Row> tails = tails(customers.crossJoin(broadcast(general)), config);
        Column ownAsLong = col("count_intervals").minus(countBelow(col("gaps"), col("gap_days")));
        Column m = lit(config.tailPseudoCount());
        return scaled.join(
                        broadcast(tails),
                        scaled.col("band")
                                .equalTo(tails.col("of_band"))
                                .and(col("ratio_bin").equalTo(col("bin"))),
                        "left")
                .withColumn(
                        "gap_tail_share",
                        m.multiply(col("pooled_share")).plus(ownAsLong).divide(m.plus(col("count_intervals"))))
                .drop("general_log_gap", "sum_log_gap", "ratio_bin", "of_band", "bin");
    }

    /** How many of an array's numbers, in any order, are less than {@code value}: all before its place, once it is among them. */
    private static Column countBelow(Column numbers, Column value) {
        Column known = coalesce(value, lit(0));
        return array_position(sort_array(concat(numbers, array(known))), known)
                .cast("int")
                .minus(1);
    }

    /** 0, 1, 2 to 3, 4 to 7, 8 to 15, 16 and more intervals behind a scale: bands 0 to 5. */
    static Column band(Column countIntervals) {
        return expr("0")
                .plus(countIntervals.geq(1).cast("int"))
                .plus(countIntervals.geq(2).cast("int"))
                .plus(countIntervals.geq(4).cast("int"))
                .plus(countIntervals.geq(8).cast("int"))
                .plus(countIntervals.geq(16).cast("int"));
    }

    private static Column ratioBin(Column logGap, Column sumLog, Column intervals, ChurnConfig config) {
        Column prior = lit(config.rhythmPseudoCount());
        Column logScale = sumLog.plus(prior.multiply(col("general_log_gap"))).divide(prior.plus(intervals));
        return least(greatest(floorOfRounded(logGap.minus(logScale).multiply(10)), lit(LOWEST_BIN)), lit(HIGHEST_BIN))
                .cast("int");
    }

    /** {@code floor(round(number, 6))}. */
    static Column floorOfRounded(Column number) {
        // Rounding, for which Spark makes a text and a decimal of each number, changes the whole only just below the
        // next one.
        Column whole = floor(number);
        return when(number.minus(whole).lt(.999998), whole).otherwise(floor(round(number, 6)));
    }

    /** {@code of_band, bin, pooled_share}: the share of pooled intervals in this ratio bin or a longer one. */
    private static Dataset<Row> tails(Dataset<Row> customers, ChurnConfig config) {
        Column others = col("count_intervals").minus(1);
        Dataset<Row> counted = customers
                .withColumn("gap", explode(col("gaps")))
                .withColumn("log_gap", log(col("gap").cast("double")))
                .select(
                        band(others).as("of_band"),
                        ratioBin(col("log_gap"), col("sum_log_gap").minus(col("log_gap")), others, config)
                                .as("bin"))
                .groupBy("of_band", "bin")
                .agg(count(lit(1)).as("found"));
        Dataset<Row> grid = customers
                .sparkSession()
                .range(6)
                .select(
                        col("id").cast("int").as("of_band"),
                        explode(expr("sequence(" + LOWEST_BIN + ", " + HIGHEST_BIN + ")"))
                                .as("bin"));
        WindowSpec longer = Window.partitionBy("of_band").orderBy(col("bin").desc());
        WindowSpec ofBand = Window.partitionBy("of_band");
        Dataset<Row> filled = grid.join(
                        counted,
                        grid.col("of_band")
                                .equalTo(counted.col("of_band"))
                                .and(grid.col("bin").equalTo(counted.col("bin"))),
                        "left")
                .select(
                        grid.col("of_band"),
                        grid.col("bin"),
                        coalesce(col("found"), lit(0L)).as("found"))
                .withColumn("as_long", sum("found").over(longer))
                .withColumn("in_band", sum("found").over(ofBand))
                .withColumn("as_long_anywhere", sum("as_long").over(Window.partitionBy("bin")))
                .withColumn("anywhere", sum("in_band").over(Window.partitionBy("bin")));
        Column overall = col("as_long_anywhere").divide(col("anywhere"));
        return filled.select(
                col("of_band"),
                col("bin"),
                when(
                                col("anywhere").gt(0),
                                overall.multiply(BAND_PSEUDO_COUNT)
                                        .plus(col("as_long"))
                                        .divide(col("in_band").plus(BAND_PSEUDO_COUNT)))
                        .as("pooled_share"));
    }
}
