package io.clientele.mining.value.lifetime;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.sum;

import io.clientele.engine.Reuse;
import io.clientele.mining.value.lifetime.MaximumLikelihood.Fit;
import io.clientele.mining.value.lifetime.PurchaseModel.Kind;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The steps of a fit and of predictions, each timed, for measurements. */
public final class LifetimeTrial {
    private LifetimeTrial() {}

    /** Seconds of each step, and the parameters and sums that came out. */
    public record Outcome(Map<String, Double> seconds, Map<String, Double> results) {}

    /** BG/NBD and Gamma-Gamma fitted up to {@code cutoff} and applied to each customer for 52 weeks. */
    public static Outcome run(Dataset<Row> customerDay, LocalDate cutoff) {
        Map<String, Double> seconds = new LinkedHashMap<>();
        Map<String, Double> results = new LinkedHashMap<>();
        LifetimeConfig config = LifetimeConfig.defaults();
        long start = System.nanoTime();
        Dataset<Row> customers = Reuse.of(CustomerHistories.atAsOf(CustomerHistories.of(customerDay, cutoff), cutoff)
                .select("customer_id", "x", "tx_days", "age_days", "mean_value"));
        results.put("customers", (double) customers.count());
        start = step(seconds, "customers", start);
        LifetimeCounts like = LifetimeCounts.of(customers, config);
        start = step(seconds, "extent", start);
        LifetimeCounts.Purchases counts = like.purchases();
        results.put("groups", (double) counts.groups().size());
        results.put("bin_days", (double) counts.binDays());
        start = step(seconds, "group_purchases", start);
        Fit fit = LifetimeFits.purchases(Kind.BG_NBD, counts.groups());
        start = step(seconds, "fit_purchases", start);
        var valueGroups = like.values();
        start = step(seconds, "group_values", start);
        Fit ofValues = LifetimeFits.values(valueGroups);
        start = step(seconds, "fit_values", start);
        Dataset<Row> predicted = LifetimePredictions.values(
                LifetimePredictions.purchases(customers, Kind.BG_NBD, fit, 7, 364, config.discountPerDay()), ofValues);
        Row sums = predicted
                .agg(
                        sum("expected_purchases"),
                        sum(col("discounted_purchases").multiply(col("expected_value"))),
                        sum("purchases_log_variance"),
                        sum("value_log_variance"))
                .first();
        step(seconds, "predict", start);
        put(results, Kind.BG_NBD.parameterNames(), fit.parameters());
        put(results, GammaGamma.PARAMETER_NAMES, ofValues.parameters());
        results.put("log_likelihood", fit.logLikelihood());
        results.put("expected", sums.getDouble(0));
        results.put("lifetime_value", sums.getDouble(1));
        return new Outcome(seconds, results);
    }

    private static void put(Map<String, Double> results, String[] names, double[] values) {
        for (int i = 0; i < names.length; i++) {
            results.put(names[i], values[i]);
        }
    }

    private static long step(Map<String, Double> seconds, String name, long start) {
        long now = System.nanoTime();
        seconds.put(name, (now - start) / 1e9);
        return now;
    }
}
