package io.clientele.mining.value.lifetime;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.datediff;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.months_between;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.clientele.engine.Reuse;
import java.sql.Date;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/**
 * Customers bound by contract, who pay by invoice each period until they do not: the customer migration model (Dwyer 1989;
 * Berger, Nasr 1998), a Markov chain over classes by the number of periods since the last payment (Pfeifer, Carraway 2000). The
 * one thing estimated is the retention of each class: the share that pays in the next period. Periods are months counted back
 * from the date.
 */
final class ContractMigration {
    private static final String MODEL = "migration";
    private static final String IN_USE = "lifetime_value";
    private static final double DAYS_OF_MONTH = 365.25 / 12;

    private final LifetimeConfig config;
    private final LocalDate asOf;
    private final LifetimeFigures figures;
    private final Dataset<Row> customers;

    ContractMigration(Dataset<Row> invoices, LifetimeConfig config, LocalDate asOf, LifetimeFigures figures) {
        this.config = config;
        this.asOf = asOf;
        this.figures = figures;
        // periods: those with a payment, the latest first; 0 is the one that ends at the date.
        this.customers = Reuse.of(invoices.withColumn("issued_on", coalesce(col("issued_on"), col("due_date")))
                .where(col("customer_id")
                        .isNotNull()
                        .and(col("amount").gt(0))
                        .and(col("issued_on").leq(lit(asOf))))
                .groupBy(
                        col("customer_id"),
                        floor(months_between(lit(asOf), col("issued_on")).divide(config.contractPeriodMonths()))
                                .cast("int")
                                .as("period"))
                .agg(sum("amount").as("amount"), min("issued_on").as("first_on"))
                .groupBy("customer_id")
                .agg(
                        sort_array(collect_list("period")).as("periods"),
                        sum("amount").as("amount"),
                        min("first_on").as("first_on")));
    }

    /** Customers who paid in more than one period. */
    double countRepeat() {
        return LifetimeCounts.bounded(
                        customers.agg(count(when(expr("size(periods) > 1"), 1)).cast("double")))
                .get(0)
                .getDouble(0);
    }

    /** What a class can expect. */
    private record Expectation(double payments, double discounted, double probabilityAlive) {}

    /** Retention by class. */
    private record Retention(double[] customers, double[] retained) {
        double[] rates() {
            double[] rates = new double[customers.length];
            for (int c = 0; c < rates.length; c++) {
                rates[c] = customers[c] > 0 ? retained[c] / customers[c] : 0;
            }
            return rates;
        }

        double mean() {
            double all = 0;
            double kept = 0;
            for (int c = 0; c < customers.length; c++) {
                all += customers[c];
                kept += retained[c];
            }
            return all > 0 ? kept / all : 0;
        }

        /** Bounds of a 95 % interval (Wilson 1927), below ({@code -1}) or above the rates. */
        double[] bounds(int side) {
            double[] rates = rates();
            for (int c = 0; c < rates.length; c++) {
                double n = customers[c];
                double z = 1.96;
                rates[c] = n > 0
                        ? Math.min(
                                1,
                                Math.max(
                                        0,
                                        (rates[c]
                                                        + z * z / (2 * n)
                                                        + side
                                                                * z
                                                                * Math.sqrt(
                                                                        (rates[c] * (1 - rates[c]) + z * z / (4 * n))
                                                                                / n))
                                                / (1 + z * z / n)))
                        : side < 0 ? 0 : 1;
            }
            return rates;
        }
    }

    /** How the customers moved up to the period {@code latest}. */
    private Retention retention(int latest) {
        Dataset<Row> moves = customers
                .where("element_at(periods, -1) > " + latest)
                .selectExpr("periods", "explode(sequence(element_at(periods, -1), " + (latest + 1) + ", -1)) AS p")
                .selectExpr(recency("p") + " AS class", "IF(array_contains(periods, p - 1), 1, 0) AS retained")
                .groupBy("class")
                .agg(
                        count(lit(1)).cast("double").as("customers"),
                        sum("retained").cast("double"));
        double[] all = new double[config.contractClasses()];
        double[] retained = new double[config.contractClasses()];
        for (Row row : LifetimeCounts.bounded(moves)) {
            all[row.getInt(0)] = row.getDouble(1);
            retained[row.getInt(0)] = row.getDouble(2);
        }
        return new Retention(all, retained);
    }

    /** The class at the end of a period. */
    private String recency(String period) {
        return "least(element_at(filter(periods, a -> a >= %s), 1) - %s, %d)"
                .formatted(period, period, config.contractClasses() - 1);
    }

    private static Expectation[] expectations(double[] rates, int periods, double discount) {
        int classes = rates.length;
        Expectation[] now = new Expectation[classes];
        java.util.Arrays.fill(now, new Expectation(0, 0, 0));
        for (int n = 0; n < periods; n++) {
            Expectation[] earlier = new Expectation[classes];
            for (int c = 0; c < classes; c++) {
                Expectation paid = now[0];
                Expectation unpaid = now[Math.min(c + 1, classes - 1)];
                double rate = rates[c];
                earlier[c] = new Expectation(
                        rate * (1 + paid.payments()) + (1 - rate) * unpaid.payments(),
                        discount * (rate * (1 + paid.discounted()) + (1 - rate) * unpaid.discounted()),
                        rate + (1 - rate) * unpaid.probabilityAlive());
            }
            now = earlier;
        }
        return now;
    }

    private int periods(double days) {
        return (int) Math.max(1, Math.round(days / DAYS_OF_MONTH / config.contractPeriodMonths()));
    }

    private void report(String model, Retention retention, LocalDate cutoff) {
        double[] rates = retention.rates();
        double[] low = retention.bounds(-1);
        double[] high = retention.bounds(1);
        for (int c = 0; c < rates.length; c++) {
            boolean isSeen = retention.customers()[c] > 0;
            figures.add(
                    model,
                    "retention_class_%02d".formatted(c),
                    "parameter",
                    isSeen ? rates[c] : null,
                    isSeen ? low[c] : null,
                    isSeen ? high[c] : null,
                    null,
                    cutoff,
                    isSeen ? null : "Nobody was ever in this class; its retention counts as zero.");
        }
    }

    /** Rows like {@link io.clientele.warehouse.LifetimeTables#LIFETIME_VALUE}, without the date. */
    Dataset<Row> values() {
        Retention retention = retention(0);
        report(IN_USE, retention, asOf);
        int periods = periods(config.horizonDays());
        double discount = Math.exp(-config.discountPerDay() * DAYS_OF_MONTH * config.contractPeriodMonths());
        Expectation[] expected = expectations(retention.rates(), periods, discount);
        Expectation[] low = expectations(retention.bounds(-1), periods, discount);
        Expectation[] high = expectations(retention.bounds(1), periods, discount);
        List<Row> classes = new ArrayList<>();
        for (int c = 0; c < expected.length; c++) {
            classes.add(RowFactory.create(
                    c,
                    expected[c].payments(),
                    expected[c].probabilityAlive(),
                    expected[c].discounted(),
                    low[c].discounted(),
                    high[c].discounted()));
        }
        Dataset<Row> byClass = customers
                .sparkSession()
                .createDataFrame(
                        classes,
                        StructType.fromDDL(
                                "class INT, expected_purchases DOUBLE, probability_alive DOUBLE, discounted DOUBLE, low DOUBLE, high DOUBLE"));
        Row total = LifetimeCounts.bounded(customers.agg(
                        coalesce(sum("amount").cast("double"), lit(0.0)),
                        coalesce(sum(expr("size(periods)")).cast("double"), lit(0.0)),
                        count(lit(1)).cast("double")))
                .get(0);
        String note = "Invoices carry no cost: values are invoiced amounts, not contribution.";
        figures.population(IN_USE, "contract_customers", total.getDouble(2), asOf);
        figures.note(IN_USE, "model", asOf, "Customers bound by contract, valued by retention. " + note);
        double mean = total.getDouble(0) / Math.max(1, total.getDouble(1));
        return customers
                .withColumn("class", expr(recency("0")))
                .join(broadcast(byClass), "class")
                .withColumn(
                        "expected_value_amount",
                        col("amount").cast("double").plus(mean).divide(expr("size(periods) + 1")))
                .withColumn("lifetime_value_amount", col("discounted").multiply(col("expected_value_amount")))
                .withColumn("lifetime_value_low_amount", col("low").multiply(col("expected_value_amount")))
                .withColumn("lifetime_value_high_amount", col("high").multiply(col("expected_value_amount")))
                .withColumn("model", lit(MODEL))
                .withColumn("value_model", lit("mean"))
                .withColumn("count_repeat_days", expr("size(periods) - 1"))
                .withColumn("age_days", datediff(lit(asOf), col("first_on")))
                .withColumn("note", lit(note));
    }

    /** Rows of {@link io.clientele.warehouse.LifetimeTables#LIFETIME_BACKTEST}, by class at the cut-off. */
    List<Row> backtest() {
        LocalDate cutoff = config.cutoff(asOf);
        int holdout = periods(ChronoUnit.DAYS.between(cutoff, asOf));
        Retention retention = retention(holdout);
        List<Row> rows = new ArrayList<>();
        if (!cutoff.isBefore(asOf) || !(retention.mean() > 0)) {
            figures.note(
                    IN_USE, "backtest", cutoff, "Not backtested: nobody had paid twice by the cut-off " + cutoff + ".");
            return rows;
        }
        report(MODEL, retention, cutoff);
        Expectation[] expected = expectations(retention.rates(), holdout, 1);
        Dataset<Row> judged = customers
                .where("element_at(periods, -1) >= " + holdout)
                .selectExpr(
                        recency(Integer.toString(holdout)) + " AS class",
                        "size(filter(periods, a -> a < " + holdout + ")) AS actual",
                        "size(filter(periods, a -> a >= " + holdout + " AND a < " + 2 * holdout + ")) AS recent")
                .groupBy("class")
                .agg(
                        count(lit(1)).as("customers"),
                        sum("actual").cast("double"),
                        sum(expr("actual * actual")).cast("double"),
                        sum(expr("(actual - recent) * (actual - recent)")).cast("double"));
        double customersJudged = 0;
        double error = 0;
        double lastPeriod = 0;
        double average = 0;
        double mean = retention.mean() * holdout;
        for (Row row : LifetimeCounts.bounded(judged.orderBy("class"))) {
            double n = row.getLong(1);
            double e = expected[row.getInt(0)].payments();
            customersJudged += n;
            error += row.getDouble(3) - 2 * e * row.getDouble(2) + n * e * e;
            average += row.getDouble(3) - 2 * mean * row.getDouble(2) + n * mean * mean;
            lastPeriod += row.getDouble(4);
            rows.add(RowFactory.create(
                    Date.valueOf(asOf),
                    "recency",
                    row.getInt(0),
                    MODEL,
                    row.getLong(1),
                    row.getDouble(2) / n,
                    e,
                    true));
        }
        double root = Math.sqrt(Math.max(0, error) / customersJudged);
        double rootLast = Math.sqrt(lastPeriod / customersJudged);
        double rootAverage = Math.sqrt(Math.max(0, average) / customersJudged);
        figures.add(MODEL, "holdout_rmse", "metric", root, null, null, rootLast, cutoff, null);
        figures.add(MODEL, "holdout_rmse_against_average", "metric", root, null, null, rootAverage, cutoff, null);
        figures.metric(MODEL, "holdout_gain_over_last_period", 1 - root / rootLast, cutoff);
        figures.metric(MODEL, "holdout_gain_over_average", 1 - root / rootAverage, cutoff);
        figures.population(MODEL, "customers", customersJudged, cutoff);
        figures.metric(MODEL, "is_in_use", 1, cutoff);
        return rows;
    }
}
