package io.clientele.mining.value.lifetime;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.corr;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.round;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.unix_date;

import io.clientele.engine.Reuse;
import io.clientele.mining.value.lifetime.MaximumLikelihood.Fit;
import io.clientele.mining.value.lifetime.PurchaseModel.Kind;
import io.clientele.warehouse.Totals;
import java.sql.Date;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * The models fitted on what was known at the cut-off, judged by what was bought in the holdout after it. The better one has
 * the smaller root mean squared error of a customer's purchases. Naive baselines: as many purchases as in the period of the
 * same length before the cut-off; and for all the mean rate of repeat purchases.
 */
final class LifetimeBacktest {
    private static final int MOST_FREQUENT = 7;

    private final Dataset<Row> customerDay;
    private final Dataset<Row> histories;
    private final LifetimeConfig config;
    private final LocalDate asOf;
    private final LocalDate cutoff;
    private final LocalDate end;
    private final LifetimeFigures figures;
    private final List<Row> classes = new ArrayList<>();

    LifetimeBacktest(
            Dataset<Row> customerDay,
            Dataset<Row> histories,
            LifetimeConfig config,
            LocalDate asOf,
            LifetimeFigures figures) {
        this.customerDay = customerDay;
        this.histories = histories;
        this.config = config;
        this.asOf = asOf;
        this.cutoff = config.cutoff(asOf);
        this.end = config.holdoutEnd(asOf);
        this.figures = figures;
    }

    /** The better model; BG/NBD, with a note among the figures, where nothing can be judged. */
    Kind better() {
        if (!end.isAfter(cutoff)) {
            figures.note(
                    "lifetime_value",
                    "backtest",
                    cutoff,
                    "Not backtested: the cut-off " + cutoff + " leaves no holdout before " + asOf + ".");
            return Kind.BG_NBD;
        }
        Dataset<Row> customers = Reuse.of(CustomerHistories.atCutoff(histories, cutoff));
        LifetimeCounts like = LifetimeCounts.of(customers, config);
        LifetimeCounts.Purchases counts = like.purchases();
        double repeat = LifetimeValues.countRepeat(counts.groups());
        if (repeat < config.minRepeatCustomers()) {
            figures.note(
                    "lifetime_value",
                    "backtest",
                    cutoff,
                    "Not backtested: %s customers had bought again by the cut-off %s, %s are needed."
                            .formatted(
                                    LifetimeFigures.count(repeat),
                                    cutoff,
                                    LifetimeFigures.count(config.minRepeatCustomers())));
            return Kind.BG_NBD;
        }
        Map<Kind, Fit> fits = new TreeMap<>();
        for (Kind kind : Kind.values()) {
            Fit fit = LifetimeFits.purchases(kind, counts.groups());
            fits.put(kind, fit);
            figures.fit(kind.key(), kind.parameterNames(), fit, cutoff);
            figures.parameter(kind.key(), "bin_days", counts.binDays(), cutoff);
            figures.parameter(kind.key(), "time_unit_days", config.timeUnitDays(), cutoff);
            figures.population(kind.key(), "customers", counts.groups().countCustomers(), cutoff);
            figures.population(kind.key(), "repeat_customers", repeat, cutoff);
        }
        Fit ofValues = LifetimeFits.values(like.values());
        if (ofValues != null) {
            figures.fit("gamma_gamma", GammaGamma.PARAMETER_NAMES, ofValues, cutoff);
        }
        Dataset<Row> judged = judged(customers, fits, ofValues);
        Map<Kind, Double> errors = new TreeMap<>();
        Row sums = LifetimeCounts.bounded(sums(judged)).get(0);
        double averageRate = counts.groups().meanRate() / config.timeUnitDays() * days();
        for (Kind kind : Kind.values()) {
            errors.put(kind, judge(kind, sums, averageRate));
        }
        Kind better = errors.get(Kind.PARETO_NBD) < errors.get(Kind.BG_NBD) ? Kind.PARETO_NBD : Kind.BG_NBD;
        for (Kind kind : Kind.values()) {
            figures.metric(kind.key(), "is_in_use", kind == better ? 1 : 0, cutoff);
        }
        correlation(sums);
        addFrequencyClasses(judged, better);
        addWeeks(better, better.of(fits.get(better).parameters()));
        return better;
    }

    private double days() {
        return end.toEpochDay() - cutoff.toEpochDay();
    }

    private Dataset<Row> judged(Dataset<Row> customers, Map<Kind, Fit> fits, Fit ofValues) {
        Dataset<Row> judged = customers;
        for (Kind kind : Kind.values()) {
            Fit fit = fits.get(kind);
            judged = LifetimePredictions.purchases(
                            judged,
                            kind,
                            new Fit(fit.parameters(), fit.logLikelihood(), null),
                            config.timeUnitDays(),
                            days(),
                            0)
                    .drop("probability_alive", "discounted_purchases", "purchases_log_variance")
                    .withColumnRenamed("expected_purchases", kind.key());
        }
        judged = ofValues != null && ofValues.parameters()[1] > 1
                ? LifetimePredictions.values(judged, ofValues)
                : judged.withColumn("expected_value", lit(null).cast("double"));
        return Reuse.of(judged.select(
                col("x"),
                col("mean_value"),
                col("holdout_count_days").cast("double").as("actual"),
                col("recent_count_days").cast("double").as("recent"),
                Totals.asDouble(col("holdout_sales")).as("actual_sales"),
                Totals.asDouble(col("recent_sales")).as("recent_sales"),
                col("expected_value"),
                col(Kind.BG_NBD.key()),
                col(Kind.PARETO_NBD.key())));
    }

    private static Dataset<Row> sums(Dataset<Row> judged) {
        List<Column> sums = new ArrayList<>();
        sums.add(exactSum(col("actual")).as("actual"));
        sums.add(exactSum(col("recent")).as("recent"));
        sums.add(exactSum(col("actual").multiply(col("actual"))).as("actual_squares"));
        sums.add(exactSum(squared("actual", "recent")).as("recent_error"));
        sums.add(exactSum(col("actual_sales")).as("actual_sales"));
        sums.add(exactSum(squared("actual_sales", "recent_sales")).as("recent_sales_error"));
        for (Kind kind : Kind.values()) {
            Column square = squared("actual", kind.key());
            Column sales = col(kind.key()).multiply(col("expected_value"));
            Column difference = col("actual_sales").minus(sales);
            sums.add(exactSum(col(kind.key())).as(kind.key()));
            sums.add(exactSum(square).as(kind.key() + "_error"));
            sums.add(exactSum(square.multiply(square)).as(kind.key() + "_error_squares"));
            sums.add(exactSum(sales).as(kind.key() + "_sales"));
            sums.add(exactSum(difference.multiply(difference)).as(kind.key() + "_sales_error"));
        }
        Column repeat = org.apache.spark.sql.functions.when(col("x").geq(1), col("x"));
        sums.add(round(
                        corr(
                                repeat.cast("double"),
                                org.apache.spark.sql.functions.when(col("x").geq(1), col("mean_value"))),
                        9)
                .as("correlation"));
        return judged.agg(count(lit(1)).cast("double").as("customers"), sums.toArray(Column[]::new));
    }

    private static Column squared(String actual, String expected) {
        Column difference = col(actual).minus(col(expected));
        return difference.multiply(difference);
    }

    /** The same in any order of the rows. */
    private static Column exactSum(Column figure) {
        return coalesce(sum(figure.cast("decimal(38,9)")).cast("double"), lit(0.0));
    }

    /** Writes the figures of one model; its root mean squared error. */
    private double judge(Kind kind, Row sums, double averageRate) {
        String key = kind.key();
        double customers = sums.getAs("customers");
        double actual = sums.getAs("actual");
        double mean = sums.<Double>getAs(key + "_error") / customers;
        double spread = Math.sqrt(
                Math.max(0, sums.<Double>getAs(key + "_error_squares") / customers - mean * mean) / customers);
        double error = Math.sqrt(mean);
        double low = Math.sqrt(Math.max(0, mean - 1.96 * spread));
        double high = Math.sqrt(mean + 1.96 * spread);
        double lastPeriod = Math.sqrt(sums.<Double>getAs("recent_error") / customers);
        double average = Math.sqrt(Math.max(
                0,
                sums.<Double>getAs("actual_squares") / customers
                        - 2 * averageRate * actual / customers
                        + averageRate * averageRate));
        figures.add(key, "holdout_rmse", "metric", error, low, high, lastPeriod, cutoff, null);
        figures.add(key, "holdout_rmse_against_average", "metric", error, low, high, average, cutoff, null);
        figures.metric(key, "holdout_gain_over_last_period", 1 - error / lastPeriod, cutoff);
        figures.metric(key, "holdout_gain_over_average", 1 - error / average, cutoff);
        figures.add(
                key,
                "holdout_expected_to_actual",
                "metric",
                sums.<Double>getAs(key) / actual,
                null,
                null,
                sums.<Double>getAs("recent") / actual,
                cutoff,
                null);
        figures.add(
                key,
                "holdout_sales_rmse",
                "metric",
                Math.sqrt(sums.<Double>getAs(key + "_sales_error") / customers),
                null,
                null,
                Math.sqrt(sums.<Double>getAs("recent_sales_error") / customers),
                cutoff,
                null);
        figures.metric(
                key,
                "holdout_sales_expected_to_actual",
                sums.<Double>getAs(key + "_sales") / sums.<Double>getAs("actual_sales"),
                cutoff);
        figures.population(key, "holdout_purchases", actual, cutoff);
        figures.parameter(key, "holdout_days", days(), cutoff);
        return error;
    }

    /** Both models take how often and how much for independent. */
    private void correlation(Row sums) {
        Double correlation = sums.getAs("correlation");
        boolean isStrong = correlation != null && Math.abs(correlation) > .3;
        figures.add(
                "gamma_gamma",
                "frequency_value_correlation",
                "metric",
                correlation,
                null,
                null,
                null,
                cutoff,
                isStrong ? "How often and how much are not independent, as the model takes them to be." : null);
    }

    private void addFrequencyClasses(Dataset<Row> judged, Kind kind) {
        Dataset<Row> byClass = judged.groupBy(
                        least(col("x"), lit(MOST_FREQUENT)).as("position"))
                .agg(
                        count(lit(1)).as("customers"),
                        exactSum(col("actual")).as("actual"),
                        exactSum(col(kind.key())).as("expected"));
        for (Row row : LifetimeCounts.bounded(byClass)) {
            double customers = row.<Long>getAs("customers");
            add(
                    "frequency",
                    row.getAs("position"),
                    kind.key(),
                    row.getAs("customers"),
                    row.<Double>getAs("actual") / customers,
                    row.<Double>getAs("expected") / customers,
                    true);
        }
    }

    void add(String kind, int position, String model, long customers, double actual, double expected, boolean holdout) {
        classes.add(RowFactory.create(Date.valueOf(asOf), kind, position, model, customers, actual, expected, holdout));
    }

    /** Repeat purchases of the customers won before the cut-off, summed up week by week, beside what the model expects. */
    private void addWeeks(Kind kind, PurchaseModel model) {
        Dataset<Row> won = histories
                .where(col("cal_count_days").geq(1))
                .groupBy("first_day")
                .agg(count(lit(1)).as("customers"));
        TreeMap<Integer, Long> firsts = new TreeMap<>();
        LifetimeCounts.bounded(won).forEach(r -> firsts.put(r.getInt(0), r.getLong(1)));
        int start = firsts.firstKey();
        Dataset<Row> newcomers =
                histories.where(col("first_day").gt((int) cutoff.toEpochDay())).select("customer_id");
        Dataset<Row> purchases = customerDay.where(CustomerHistories.isPurchase());
        Column week = floor(unix_date(col("sold_on")).minus(start).divide(7)).cast("int");
        Dataset<Row> byWeek = purchases
                .where(col("sold_on").leq(lit(cutoff)))
                .select(week.as("week"))
                .unionByName(purchases
                        .where(col("sold_on").gt(lit(cutoff)).and(col("sold_on").leq(lit(end))))
                        .join(newcomers, new String[] {"customer_id"}, "left_anti")
                        .select(week.as("week")))
                .groupBy("week")
                .agg(count(lit(1)).as("purchases"));
        long[] repeats = new long[(int) ((end.toEpochDay() - start) / 7) + 1];
        LifetimeCounts.bounded(byWeek).forEach(r -> repeats[r.getInt(0)] += r.getLong(1));
        firsts.forEach((day, customers) -> repeats[(day - start) / 7] -= customers);
        double[] expectedByAge = new double[(int) (end.toEpochDay() - start) + 1];
        for (int age = 0; age < expectedByAge.length; age++) {
            expectedByAge[age] = model.expectedPurchasesIfAlive(0, 0, (double) age / config.timeUnitDays());
        }
        double actual = 0;
        for (int i = 0; i < repeats.length; i++) {
            int last = (int) Math.min(start + 7L * i + 6, end.toEpochDay());
            actual += repeats[i];
            double expected = 0;
            long customers = 0;
            for (Map.Entry<Integer, Long> first : firsts.headMap(last, true).entrySet()) {
                expected += first.getValue() * expectedByAge[last - first.getKey()];
                customers += first.getValue();
            }
            add("week", i + 1, kind.key(), customers, actual, expected, last > cutoff.toEpochDay());
        }
    }

    /** Rows of the backtest's classes and weeks. */
    List<Row> classes() {
        return List.copyOf(classes);
    }
}
