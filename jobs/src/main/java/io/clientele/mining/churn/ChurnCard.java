package io.clientele.mining.churn;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;

import io.clientele.engine.Reuse;
import io.clientele.mining.Shape;
import io.clientele.warehouse.MartTables;
import java.time.LocalDate;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.functions;

/**
 * How well the churn probabilities would have done, walked forward: learned from outcomes that ended {@code gap-days} before
 * the cut-off {@code asOf - horizon-days}, applied to what was known at that cut-off, judged by who bought from then to
 * {@code asOf}. Nothing that the evaluated model learned from lies after its cut-off. (The published probabilities learn from
 * the latest full horizon instead, which no longer leaves days to judge them by.)
 *
 * <p>AUC with ties counted half and its interval after Hanley, McNeil 1982; Brier score against always saying the learned
 * base rate; lift of the tenth with the highest score, ties shared out evenly. The naive baseline ranks by days since the
 * last purchase.
 */
final class ChurnCard {
    private ChurnCard() {}

    static Dataset<Row> card(Dataset<Row> customerDay, ChurnConfig config, LocalDate asOf) {
        LocalDate cutoff = asOf.minusDays(config.horizonDays());
        LocalDate learnedAt = cutoff.minusDays((long) config.gapDays() + config.horizonDays());
        Dataset<Row> purchases = Reuse.of(PurchaseRhythm.purchases(customerDay));
        Dataset<Row> learned = Reuse.of(ChurnCalibration.outcomes(purchases, config, learnedAt));
        Dataset<Row> baseRate = learned.agg(avg("has_churned").as("learned_rate"));
        Column learnedRate = coalesce(col("learned_rate"), lit(.5));
        Dataset<Row> judged = ChurnCalibration.withProbability(
                        ChurnCalibration.outcomes(purchases, config, cutoff)
                                .where(col("gap_days").lt(config.evaluatedWithinDays())),
                        ChurnCalibration.probabilities(learned))
                .crossJoin(broadcast(baseRate))
                .select(
                        coalesce(col("churn_probability"), learnedRate).as("probability"),
                        learnedRate.as("learned_rate"),
                        col("gap_days"),
                        col("has_churned"));
        // Few distinct positions: all that follows works on counts per position and gap.
        Dataset<Row> positions = Reuse.of(judged.groupBy("probability", "learned_rate", "gap_days")
                .agg(count(lit(1)).as("customers"), sum("has_churned").as("churned")));
        Dataset<Row> brier = positions.agg(
                squaredError("probability").as("brier"),
                squaredError("learned_rate").as("brier_baseline"),
                coalesce(sum("customers"), lit(0L)).as("population"),
                sum("churned").divide(sum("customers")).as("base_rate"));
        Dataset<Row> figures = brier.crossJoin(
                        broadcast(ranking(positions, col("probability")).toDF("auc", "auc_error", "lift")))
                .crossJoin(broadcast(ranking(positions, col("gap_days").cast("double"))
                        .toDF("auc_baseline", "auc_baseline_error", "lift_baseline")));
        Column none = lit(null).cast("double");
        Column margin = col("auc_error").multiply(1.96);
        return Shape.output(
                figures.select(explode(array(
                                        figure(
                                                "auc",
                                                "metric",
                                                col("auc"),
                                                greatest(col("auc").minus(margin), lit(0.0)),
                                                least(col("auc").plus(margin), lit(1.0)),
                                                col("auc_baseline")),
                                        figure("brier", "metric", col("brier"), none, none, col("brier_baseline")),
                                        figure(
                                                "top_decile_lift",
                                                "metric",
                                                col("lift"),
                                                none,
                                                none,
                                                col("lift_baseline")),
                                        figure("base_rate", "metric", col("base_rate"), wilson(-1), wilson(1), none),
                                        figure(
                                                "customers",
                                                "population",
                                                col("population").cast("double"),
                                                none,
                                                none,
                                                none),
                                        parameter("horizon_days", config.horizonDays()),
                                        parameter("gap_days", config.gapDays()),
                                        parameter("evaluated_within_days", config.evaluatedWithinDays()),
                                        parameter("rhythm_pseudo_count", config.rhythmPseudoCount()),
                                        parameter("tail_pseudo_count", config.tailPseudoCount()),
                                        parameter("cooling_share", config.coolingShare()),
                                        parameter("lost_share", config.lostShare())))
                                .as("figure"))
                        .select(
                                lit(asOf).as("as_of_date"),
                                lit("churn_rhythm").as("model"),
                                col("figure.*"),
                                lit(cutoff).as("cutoff_date"),
                                lit(null).as("configuration_hash"),
                                lit(null).as("table_versions"),
                                lit(null).as("seed")),
                MartTables.MODEL_CARD);
    }

    /** The mean of (probability - outcome) squared, over customers in equal positions at once. */
    private static Column squaredError(String probability) {
        Column p = col(probability);
        Column error = col("churned")
                .multiply(lit(1).minus(p).multiply(lit(1).minus(p)))
                .plus(col("customers").minus(col("churned")).multiply(p).multiply(p));
        return functions.round(sum(error).divide(sum("customers")), 12);
    }

    /** One row: AUC, its standard error and the lift of the top tenth, of ranking by {@code score}. */
    private static Dataset<Row> ranking(Dataset<Row> positions, Column score) {
        WindowSpec fromTop = Window.partitionBy(lit(0)).orderBy(col("score").desc());
        WindowSpec all = Window.partitionBy(lit(0));
        Column stayed = col("customers").minus(col("churned"));
        Dataset<Row> ranked = positions
                .groupBy(score.as("score"))
                .agg(sum("customers").as("customers"), sum("churned").as("churned"))
                .withColumn(
                        "stayed_below", sum(stayed).over(all).minus(sum(stayed).over(fromTop)))
                .withColumn("before", sum("customers").over(fromTop).minus(col("customers")))
                .withColumn("tenth", sum("customers").over(all).divide(10));
        Column taken = greatest(least(col("tenth").minus(col("before")), col("customers")), lit(0.0));
        Dataset<Row> sums = ranked.agg(
                sum(col("churned").multiply(col("stayed_below").plus(stayed.divide(2))))
                        .as("won"),
                sum("churned").as("churned"),
                sum(stayed).as("stayed"),
                sum(taken.multiply(col("churned")).divide(col("customers"))).as("churned_in_top"));
        String variance = "(auc * (1 - auc) + (churned - 1) * (auc / (2 - auc) - auc * auc)"
                + " + (stayed - 1) * (2 * auc * auc / (1 + auc) - auc * auc)) / (churned * stayed)";
        return sums.withColumn("auc", expr("IF(churned > 0 AND stayed > 0, won / (churned * stayed), NULL)"))
                .select(
                        col("auc"),
                        expr("sqrt(greatest(0.0D, " + variance + "))").as("auc_error"),
                        expr("IF(churned > 0, churned_in_top / churned / 0.1D, NULL)")
                                .as("lift"));
    }

    /** A bound of the base rate's 95 % interval (Wilson 1927). */
    private static Column wilson(int side) {
        return expr("(base_rate + 1.9208D / population " + (side < 0 ? "-" : "+")
                + " 1.96D * sqrt(base_rate * (1 - base_rate) / population + 0.9604D / (population * population)))"
                + " / (1 + 3.8416D / population)");
    }

    private static Column parameter(String name, double value) {
        Column none = lit(null).cast("double");
        return figure(name, "parameter", lit(value), none, none, none);
    }

    private static Column figure(String name, String kind, Column value, Column low, Column high, Column baseline) {
        return struct(
                lit(name).as("name"),
                lit(kind).as("kind"),
                value.cast("double").as("value"),
                low.as("low"),
                high.as("high"),
                baseline.as("baseline_value"));
    }
}
