package io.clientele.mining.value.lifetime;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.log;
import static org.apache.spark.sql.functions.pow;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import io.clientele.mining.value.lifetime.MaximumLikelihood.Fit;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.api.java.UDF3;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;
import org.hipparchus.analysis.integration.gauss.GaussIntegrator;
import org.hipparchus.analysis.integration.gauss.GaussIntegratorFactory;

/**
 * Fitted models applied to customers. What is expected of a customer is the probability of being alive, which depends on all
 * that is known of him, times what is expected if alive, which depends only on his repeat purchases and age: the costly second
 * part is computed once for each distinct pair of these. Both need special functions that Spark lacks, and are needed under
 * parameters moved by a standard deviation in each direction for the intervals, so they are functions of our own.
 */
final class LifetimePredictions {
    private static final GaussIntegrator OVER_HORIZON = new GaussIntegratorFactory().legendre(8, 0, 1);
    /** For the moved models, of which only the ratio of two counts. */
    private static final GaussIntegrator ROUGHLY = new GaussIntegratorFactory().legendre(3, 0, 1);

    private LifetimePredictions() {}

    /**
     * Adds {@code probability_alive, expected_purchases, discounted_purchases} and {@code purchases_log_variance}, the
     * variance of the logarithm of the discounted purchases that comes from the parameters' uncertainty; null where that is
     * not known.
     *
     * @param customers rows with {@code x, tx_days, age_days}
     * @param days the horizon
     * @param discountPerDay the continuous rate of discount
     */
    static Dataset<Row> purchases(
            Dataset<Row> customers,
            PurchaseModel.Kind kind,
            Fit fit,
            int timeUnitDays,
            double days,
            double discountPerDay) {
        PurchaseModel[] models = models(kind, fit);
        double unit = timeUnitDays;
        UserDefinedFunction alive = udf(
                (UDF3<Integer, Integer, Integer, double[]>) (x, txDays, ageDays) ->
                        withDirections(models, m -> m.probabilityAlive(x, txDays / unit, ageDays / unit), 0),
                DataTypes.createArrayType(DataTypes.DoubleType));
        UserDefinedFunction ifAlive = udf(
                (UDF2<Integer, Integer, double[]>) (x, ageDays) -> {
                    double age = ageDays / unit;
                    double horizon = days / unit;
                    double rate = discountPerDay * unit;
                    double[] result = withDirections(models, m -> discounted(m, x, age, horizon, rate, ROUGHLY), 1);
                    result[0] = discounted(models[0], x, age, horizon, rate);
                    result[result.length - 1] = models[0].expectedPurchasesIfAlive(x, age, horizon);
                    return result;
                },
                DataTypes.createArrayType(DataTypes.DoubleType));
        Dataset<Row> distinct = customers
                .select("x", "age_days")
                .distinct()
                // Few rows, much work for each: they would all end up in one task.
                .repartition(customers.sparkSession().sparkContext().defaultParallelism())
                .withColumn("_if_alive", ifAlive.apply(col("x"), col("age_days")));
        int directions = (models.length - 1) / 2;
        Column variance = lit(directions == 0 ? null : 0.0).cast("double");
        for (int d = 1; d <= directions; d++) {
            Column moved = col("_alive").getItem(d).plus(col("_if_alive").getItem(d));
            variance = variance.plus(moved.multiply(moved));
        }
        return customers
                .join(broadcast(distinct), new String[] {"x", "age_days"})
                .withColumn("_alive", alive.apply(col("x"), col("tx_days"), col("age_days")))
                .withColumn("probability_alive", col("_alive").getItem(0))
                .withColumn(
                        "expected_purchases",
                        col("probability_alive").multiply(col("_if_alive").getItem(directions + 1)))
                .withColumn(
                        "discounted_purchases",
                        col("probability_alive").multiply(col("_if_alive").getItem(0)))
                .withColumn("purchases_log_variance", variance)
                .drop("_alive", "_if_alive");
    }

    /** The fitted model, then for each direction the one moved forward and the one moved back. */
    private static PurchaseModel[] models(PurchaseModel.Kind kind, Fit fit) {
        int directions = fit.deviations() == null ? 0 : fit.parameters().length;
        PurchaseModel[] models = new PurchaseModel[1 + 2 * directions];
        models[0] = kind.of(fit.parameters());
        for (int d = 0; d < directions; d++) {
            models[1 + 2 * d] = kind.of(fit.moved(d, 1));
            models[2 + 2 * d] = kind.of(fit.moved(d, -1));
        }
        return models;
    }

    @FunctionalInterface
    private interface Figure {
        double of(PurchaseModel model);
    }

    /** The figure, then half the difference of its logarithms along each direction; room for {@code more} after them. */
    private static double[] withDirections(PurchaseModel[] models, Figure figure, int more) {
        int directions = (models.length - 1) / 2;
        double[] result = new double[1 + directions + more];
        result[0] = figure.of(models[0]);
        for (int d = 0; d < directions; d++) {
            double forward = figure.of(models[1 + 2 * d]);
            double back = figure.of(models[2 + 2 * d]);
            result[1 + d] = forward > 0 && back > 0 ? (Math.log(forward) - Math.log(back)) / 2 : 0;
        }
        return result;
    }

    /**
     * The purchases to come, each discounted from its time: by parts, the integral of the expectation over the horizon, which
     * is smooth.
     */
    static double discounted(PurchaseModel model, double x, double age, double horizon, double rate) {
        return discounted(model, x, age, horizon, rate, OVER_HORIZON);
    }

    private static double discounted(
            PurchaseModel model, double x, double age, double horizon, double rate, GaussIntegrator overHorizon) {
        double atEnd = Math.exp(-rate * horizon) * model.expectedPurchasesIfAlive(x, age, horizon);
        if (rate == 0) {
            return atEnd;
        }
        double length = rate * horizon;
        return atEnd
                + length
                        * overHorizon.integrate(share ->
                                Math.exp(-length * share) * model.expectedPurchasesIfAlive(x, age, share * horizon));
    }

    /**
     * Adds {@code expected_value} and {@code value_log_variance}, like {@link #purchases}.
     *
     * @param customers rows with {@code x, mean_value}
     * @param fit of {@link GammaGamma}; its {@code q} is above 1
     */
    static Dataset<Row> values(Dataset<Row> customers, Fit fit) {
        Column variance = lit(fit.deviations() == null ? null : 0.0).cast("double");
        for (int d = 0; fit.deviations() != null && d < fit.parameters().length; d++) {
            Column moved = log(expectedValue(fit.moved(d, 1)))
                    .minus(log(expectedValue(fit.moved(d, -1))))
                    .divide(2);
            variance = variance.plus(pow(moved, lit(2)));
        }
        return customers
                .withColumn("expected_value", expectedValue(fit.parameters()))
                .withColumn("value_log_variance", variance);
    }

    /** {@link GammaGamma#expectedValue}; moved parameters are kept where a mean exists. */
    private static Column expectedValue(double[] parameters) {
        double p = parameters[0];
        double q = Math.max(parameters[1], 1 + 1e-3);
        double v = parameters[2];
        Column x = col("x").cast("double");
        Column total =
                when(col("mean_value").gt(0), col("mean_value").multiply(x)).otherwise(0.0);
        return total.plus(v).multiply(p).divide(x.multiply(p).plus(q - 1));
    }

    /** As {@link #values} without a model: the mean of all, counted as one purchase, and the customer's own. */
    static Dataset<Row> meanValues(Dataset<Row> customers, double mean) {
        Column x = col("x").cast("double");
        return customers
                .withColumn(
                        "expected_value",
                        coalesce(col("mean_value"), lit(0.0))
                                .multiply(x)
                                .plus(mean)
                                .divide(x.plus(1)))
                .withColumn("value_log_variance", lit(null).cast("double"));
    }
}
