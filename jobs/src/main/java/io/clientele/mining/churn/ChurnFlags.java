package io.clientele.mining.churn;

import static io.clientele.mining.TextList.text;
import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.add_months;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_max;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.date_from_unix_date;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.format_string;
import static org.apache.spark.sql.functions.get;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.unix_date;
import static org.apache.spark.sql.functions.when;

import io.clientele.engine.Reuse;
import io.clientele.mining.Shape;
import io.clientele.mining.TextList;
import io.clientele.warehouse.CoreTables;
import io.clientele.warehouse.MartTables;
import io.clientele.warehouse.Totals;
import java.time.LocalDate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Who is leaving, by each customer's own rhythm: see {@link PurchaseRhythm} for how abnormal a gap is and {@link
 * ChurnCalibration} for the probability.
 *
 * <p>States, the first that fits: <em>new</em>, few purchase days and young; <em>lost</em>, a gap below {@code lost-share}, long
 * enough and not seasonal; <em>cooling</em>, a gap below {@code cooling-share}; <em>partially_defected</em>, still buying in
 * the recent days, but with less than {@code partial-share} of the sales or purchase days of the same days a year before
 * (Buckinx, Van den Poel 2005: partial defection); <em>active</em>. A gap is seasonal where, in an earlier year, one
 * interval of the customer covered most of the same calendar days; this is asked only of abnormal gaps, and null where the
 * history does not reach back a year. Without anybody's second purchase no gap is abnormal.
 */
public final class ChurnFlags {
    private ChurnFlags() {}

    /**
     * All that is computed at once.
     *
     * @param flags rows of {@link MartTables#CHURN_FLAG}; the kind of loss is {@code unknown} until there is evidence
     * @param calibration rows of {@link MartTables#CHURN_CALIBRATION}
     */
    public record Result(Dataset<Row> flags, Dataset<Row> calibration) {}

    /**
     * The flags at {@code asOf}, with probabilities of an earlier date where they may be used ({@link
     * io.clientele.mining.Learned}; what there is to learn from are customers' days).
     *
     * @param customerDay rows of {@link CoreTables#CUSTOMER_DAY}; those after {@code asOf} change nothing
     * @param kept rows of {@link MartTables#CHURN_CALIBRATION} of earlier dates; null: they are learned for this date
     */
    public static Result flag(Dataset<Row> customerDay, Dataset<Row> kept, ChurnConfig config, LocalDate asOf) {
        Dataset<Row> days = Shape.input(customerDay, CoreTables.CUSTOMER_DAY);
        Dataset<Row> purchases = PurchaseRhythm.purchases(days, yearOnYear(config, asOf));
        LearnedCalibration calibration = kept == null ? null : LearnedCalibration.of(kept, days, config, asOf);
        if (calibration == null) {
            purchases = Reuse.of(purchases);
            calibration = LearnedCalibration.now(purchases, days, config, asOf);
        }
        Dataset<Row> customers = PurchaseRhythm.at(purchases, config, asOf)
                .withColumn("tail_bin", ChurnCalibration.tailBin())
                .withColumn("pace", ChurnCalibration.pace(config));
        Dataset<Row> judged = ChurnCalibration.withProbability(customers, calibration.positions())
                .withColumn(
                        "is_young",
                        lit((int) asOf.toEpochDay())
                                .minus(get(col("all_days"), lit(0)))
                                .leq(config.newDays()))
                .withColumn(
                        "is_new",
                        col("count_intervals")
                                .plus(1)
                                .lt(config.minPurchaseDays())
                                .and(col("is_young")))
                .withColumn(
                        "is_abnormal",
                        coalesce(col("gap_tail_share").lt(config.coolingShare()), lit(false))
                                .and(not(col("is_new"))))
                .withColumn("last_day", lit((int) asOf.toEpochDay()).minus(col("gap_days")))
                .withColumn("quiet_from", quietFrom(config))
                .withColumn(
                        "is_seasonal",
                        when(not(col("is_abnormal")), lit(false)).otherwise(expr(seasonal(config, asOf))))
                .withColumn(
                        "has_fewer_sales",
                        fell(Totals.asDouble(col("recent_sales")), Totals.asDouble(col("past_sales")), config))
                .withColumn("has_fewer_days", fell(col("recent_purchase_days"), col("past_purchase_days"), config))
                .withColumn("state", state(config));
        return new Result(
                Shape.output(
                        judged.withColumn("as_of_date", lit(asOf))
                                .withColumn("kind", when(not(col("state").isin("new", "active")), "unknown"))
                                .withColumn("is_controllable", lit(null))
                                .withColumn("reasons", reasons(config, calibration.cutoff())),
                        MartTables.CHURN_FLAG),
                calibration.positions());
    }

    /** The model's proof, as rows of {@link MartTables#MODEL_CARD}: see {@link ChurnCard}. */
    public static Dataset<Row> card(Dataset<Row> customerDay, ChurnConfig config, LocalDate asOf) {
        return ChurnCard.card(Shape.input(customerDay, CoreTables.CUSTOMER_DAY), config, asOf);
    }

    /** Sales, in ten-thousandths, and purchase days in the recent days and in the same days a year before. */
    private static Column[] yearOnYear(ChurnConfig config, LocalDate asOf) {
        LocalDate yearBefore = asOf.minusYears(1);
        Column recent = col("sold_on")
                .gt(lit(asOf.minusDays(config.recentDays())))
                .and(col("sold_on").leq(lit(asOf)));
        Column past = col("sold_on")
                .gt(lit(yearBefore.minusDays(config.recentDays())))
                .and(col("sold_on").leq(lit(yearBefore)));
        Column sales = Totals.parts(col("sales_amount"));
        return new Column[] {
            Totals.sum(when(recent, sales).otherwise(0L)).as("recent_sales"),
            Totals.sum(when(past, sales).otherwise(0L)).as("past_sales"),
            count(when(recent, 1)).as("recent_purchase_days"),
            count(when(past, 1)).as("past_purchase_days")
        };
    }

    private static Column fell(Column recent, Column past, ChurnConfig config) {
        return coalesce(
                col("past_purchase_days")
                        .geq(config.minPastPurchaseDays())
                        .and(col("recent_purchase_days").geq(1))
                        .and(recent.cast("double").lt(past.cast("double").multiply(config.partialShare()))),
                lit(false));
    }

    /** For 1, 2 and more years before: the day of the last purchase in that year, counted from 1970. */
    private static Column quietFrom(ChurnConfig config) {
        return array(IntStream.rangeClosed(1, config.seasonYears())
                .mapToObj(y -> unix_date(add_months(date_from_unix_date(col("last_day")), -12 * y)))
                .toArray(Column[]::new));
    }

    /** Whether an interval of an earlier year covers the current gap's calendar days; null without a year of history. */
    private static String seasonal(ChurnConfig config, LocalDate asOf) {
        String inAnyYear = IntStream.range(0, config.seasonYears())
                .mapToObj(y ->
                        "least(all_days[i], %1$d) - greatest(all_days[i - 1], quiet_from[%2$d]) >= %3$sD * (%1$d - quiet_from[%2$d])"
                                .formatted(asOf.minusYears(y + 1L).toEpochDay(), y, config.seasonOverlapShare()))
                .collect(Collectors.joining(" OR "));
        return "CASE WHEN all_days[0] > quiet_from[0] THEN NULL ELSE count_intervals > 0 AND exists(sequence(1, count_intervals), i -> "
                + inAnyYear + ") END";
    }

    private static Column state(ChurnConfig config) {
        Column lost = col("gap_tail_share")
                .lt(config.lostShare())
                .and(col("gap_days").gt(config.minLostDays()))
                .and(not(coalesce(col("is_seasonal"), lit(false))));
        return when(col("is_new"), "new")
                .when(col("is_abnormal").and(lost), "lost")
                .when(col("is_abnormal"), "cooling")
                .when(col("has_fewer_sales").or(col("has_fewer_days")), "partially_defected")
                .otherwise("active");
    }

    private static Column reasons(ChurnConfig config, LocalDate cutoff) {
        Column rhythm = when(
                        col("count_intervals").equalTo(0),
                        concat(lit("Bought on one day, "), days(col("gap_days")), lit(" ago")))
                .otherwise(concat(
                        lit("Last bought "),
                        days(col("gap_days")),
                        lit(" ago; usually every "),
                        days(col("typical_gap_days")),
                        lit(" ("),
                        counted(col("count_intervals"), "interval"),
                        lit(", longest "),
                        array_max(col("gaps")).cast("string"),
                        lit(")")));
        Column similar = text(
                col("gap_days").gt(0).and(col("pooled_share").isNotNull()),
                concat(
                        lit("Customers with about as many purchases paused that long, for their rhythm, in "),
                        percent(col("pooled_share")),
                        lit(" of their intervals")));
        String window = " in the last " + config.recentDays() + " days, ";
        Column sales = text(
                col("has_fewer_sales"),
                concat(
                        lit("Sales of "),
                        money(col("recent_sales")),
                        lit(window),
                        money(col("past_sales")),
                        lit(" in the same days a year before")));
        Column purchases = text(
                col("has_fewer_days"),
                concat(
                        counted(col("recent_purchase_days"), "purchase day"),
                        lit(window),
                        col("past_purchase_days").cast("string"),
                        lit(" in the same days a year before")));
        Column season = text(
                col("is_seasonal"),
                lit("Paused in the same months of an earlier year too, so the gap may be seasonal"));
        Column chance = text(
                col("churn_probability").isNotNull(),
                concat(
                        lit("Of customers in this position on " + cutoff + ", "),
                        percent(col("churn_probability")),
                        lit(" bought nothing in the " + config.horizonDays() + " days that followed")));
        return TextList.of(array(rhythm), similar, sales, purchases, season, chance);
    }

    private static Column money(Column parts) {
        return Totals.amount(parts).cast("decimal(18,2)").cast("string");
    }

    private static Column days(Column number) {
        return counted(number, "day");
    }

    /** @param number a whole one, or half of one, as a median is; below ten million, from which on a DOUBLE has an exponent */
    private static Column counted(Column number, String noun) {
        Column whole = floor(number);
        Column figure = when(number.equalTo(whole), whole.cast("string")).otherwise(number.cast("string"));
        return concat(figure, when(abs(number).equalTo(1), " " + noun).otherwise(" " + noun + "s"));
    }

    /** @param share from 0 to 1 */
    static Column percent(Column share) {
        Column hundredfold = share.multiply(100);
        Column whole = floor(hundredfold);
        Column rounded = when(hundredfold.minus(whole).lt(.5), whole).otherwise(whole.plus(1));
        return concat(
                when(hundredfold.gt(0).and(hundredfold.lt(.1)), "under 0.1")
                        // Hundredths are not exact in binary: how Java rounds them is left to Java, though it takes
                        // long.
                        .when(hundredfold.gt(0).and(hundredfold.lt(1)), format_string("%.1f", hundredfold))
                        .otherwise(rounded.cast("string")),
                lit(" %"));
    }
}
