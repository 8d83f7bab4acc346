package io.clientele.mining.churn;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.get;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.posexplode;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.clientele.engine.Reuse;
import java.time.LocalDate;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Turns the tail share of a gap into the chance of not buying in the horizon, by what became of customers in the same
 * position at an earlier cut-off. Positions are a pace and one of thirteen fixed bins of the tail share. The pace is 0 without
 * an interval, else 1 to 5 for a typical gap of up to an eighth, a quarter, a half or the whole of the horizon, or beyond:
 * who buys twice a year often lets a quarter pass without leaving. At each pace the chance never falls as the gap gets more abnormal (isotonic regression by its min-max form: Barlow, Bartholomew,
 * Bremner, Brunk 1972), and each position is shrunk toward the overall rate by {@value #POSITION_PSEUDO_COUNT} customers.
 */
final class ChurnCalibration {
    /** Upper edges of the bins, from ordinary gaps to ever more abnormal ones. */
    private static final double[] EDGES = {.75, .5, .35, .2, .1, .05, .02, .01, .005, .002, .001, .0005};

    private static final int POSITION_PSEUDO_COUNT = 5;

    private ChurnCalibration() {}

    /** The bin of {@code gap_tail_share}: 0 is ordinary, 12 the most abnormal; null where the share is null. */
    static Column tailBin() {
        Column bin = expr("0");
        for (double edge : EDGES) {
            bin = bin.plus(col("gap_tail_share").lt(edge).cast("int"));
        }
        return bin.as("tail_bin");
    }

    /** How fast the customer buys, against the horizon. */
    static Column pace(ChurnConfig config) {
        Column pace = when(col("typical_gap_days").isNull(), 0).otherwise(1);
        for (int part : new int[] {8, 4, 2, 1}) {
            pace = pace.plus(coalesce(col("typical_gap_days").gt((double) config.horizonDays() / part), lit(false))
                    .cast("int"));
        }
        return pace.as("pace");
    }

    /** Of {@link PurchaseRhythm#purchases}: customers at {@code cutoff} with their position and {@code has_churned}: no purchase in the horizon that follows. */
    static Dataset<Row> outcomes(Dataset<Row> purchases, ChurnConfig config, LocalDate cutoff) {
        int day = (int) cutoff.toEpochDay();
        Column next = get(col("all_days"), col("count_intervals").plus(1));
        Column hasReturned = coalesce(next.leq(day + config.horizonDays()), lit(false));
        return PurchaseRhythm.at(purchases, config, cutoff)
                .select(
                        col("customer_id"),
                        pace(config),
                        col("gap_days"),
                        tailBin(),
                        not(hasReturned).cast("int").as("has_churned"));
    }

    /**
     * {@code pace, tail_bin, churn_probability, count_customers, count_churned} for every position, as learned from {@link
     * #outcomes}; no rows without any.
     */
    static Dataset<Row> probabilities(Dataset<Row> outcomes) {
        int bins = EDGES.length + 1;
        Column[] customers = new Column[bins];
        Column[] churned = new Column[bins];
        for (int bin = 0; bin < bins; bin++) {
            Column here = col("tail_bin").equalTo(bin);
            customers[bin] = count(when(here, 1));
            churned[bin] = coalesce(sum(when(here, col("has_churned"))), lit(0L));
        }
        Dataset<Row> paces =
                outcomes.sparkSession().range(6).select(col("id").cast("int").as("pace"));
        Dataset<Row> counted = Reuse.of(outcomes.groupBy("pace")
                .agg(
                        array(customers).as("customers"),
                        array(churned).as("churned"),
                        count(lit(1)).as("count_all"),
                        sum("has_churned").as("count_churned")));
        Dataset<Row> overall =
                counted.agg(sum("count_churned").divide(sum("count_all")).as("base_rate"));
        String none = "array_repeat(0L, " + bins + ")";
        String cumulated = "transform(sequence(0, %1$d), i -> aggregate(slice(%2$s, 1, i), 0.0D, (a, x) -> a + x))";
        String isotonic =
                "transform(sequence(0, %1$d - 1), i -> array_max(transform(sequence(0, i), j -> array_min(transform("
                        + "sequence(i, %1$d - 1), k -> (sum_churned[k + 1] - sum_churned[j]) "
                        + "/ (sum_customers[k + 1] - sum_customers[j]))))))";
        return paces.join(counted, new String[] {"pace"}, "left")
                .crossJoin(broadcast(overall))
                .where(col("base_rate").isNotNull())
                .withColumn("customers", expr("coalesce(customers, " + none + ")"))
                .withColumn("churned", expr("coalesce(churned, " + none + ")"))
                .withColumn("mixed_customers", expr("transform(customers, x -> x + " + POSITION_PSEUDO_COUNT + ".0D)"))
                .withColumn(
                        "mixed_churned", expr("transform(churned, x -> x + " + POSITION_PSEUDO_COUNT + " * base_rate)"))
                .withColumn("sum_customers", expr(cumulated.formatted(bins, "mixed_customers")))
                .withColumn("sum_churned", expr(cumulated.formatted(bins, "mixed_churned")))
                .select(
                        col("pace"),
                        col("customers"),
                        col("churned"),
                        posexplode(expr(isotonic.formatted(bins))).as(new String[] {"tail_bin", "churn_probability"}))
                .select(
                        col("pace"),
                        col("tail_bin"),
                        col("churn_probability"),
                        get(col("customers"), col("tail_bin")).as("count_customers"),
                        get(col("churned"), col("tail_bin")).as("count_churned"));
    }

    /** Adds {@code churn_probability}; null where the position is unknown or nothing was learned. */
    static Dataset<Row> withProbability(Dataset<Row> customers, Dataset<Row> probabilities) {
        return customers.join(
                broadcast(probabilities.select("pace", "tail_bin", "churn_probability")),
                new String[] {"pace", "tail_bin"},
                "left");
    }
}
