package io.clientele.mining.value;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.size;

import io.clientele.engine.Reuse;
import io.clientele.mining.Shape;
import io.clientele.warehouse.MartTables;
import io.clientele.warehouse.Totals;
import java.time.LocalDate;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What each customer is worth: recency, frequency and monetary scores, ABC, the pyramid by sales (Curry), the matrices of
 * current against potential value, of margin against cost to serve, and of current against future profitability, and the core
 * customers. Every class follows from a cut point that is kept with the date; customers of equal value are never split, so that
 * no tie is broken by chance: all of them take the lower score.
 *
 * <p>Scores are quintiles of the customers active in the window, {@link Quintiles independent or nested}: {@code x_score} is 1
 * plus the number of its four cut points that the customer beats; inactive customers score 1. The expected contribution is the
 * expected purchase days of the horizon, at the customer's own rate shrunk toward the population's (the mean of a Gamma
 * posterior: Schmittlein, Morrison, Colombo 1987), times the chance to stay, times the mean contribution of a purchase day,
 * shrunk likewise. A customer without a churn probability is expected to stay. The potential adds the part of the headroom that
 * is expected to be won: of the spend elsewhere that the customer states, at its own margin, else of the categories that similar
 * customers buy. Future profitability is the lifetime value where there is one, else the expected contribution.
 *
 * <p>Cut points: {@code r_score_2} to {@code r_score_5} (recency days below), {@code f_score_*} (purchase days
 * above), {@code m_score_*} (net amount above; nested ones end with the scores within which they hold, as in {@code
 * m_score_3_in_r5f2}), {@code pyramid_top, pyramid_big, pyramid_medium, core} (net amount at least), {@code abc_a, abc_b,
 * high_current} (contribution at least), {@code high_potential}, {@code high_future} (at least), {@code high_margin, high_serve_cost}
 * (share of net sales at least), and those of {@link CoreCriterion}.
 */
public final class ValueSegments {
    private ValueSegments() {}

    /**
     * Customers and the thresholds that classed them.
     *
     * @param segments rows of {@link MartTables#VALUE_SEGMENT}
     * @param cutPoints rows of {@link MartTables#VALUE_CUT_POINT}
     */
    public record Result(Dataset<Row> segments, Dataset<Row> cutPoints) {}

    /** Values the customers at {@code asOf}. */
    public static Result segment(ValueInputs in, ValueConfig config, LocalDate asOf) {
        Dataset<Row> customers = Reuse.of(ValueMeasures.of(in, config, asOf));
        FoundCuts cuts = FoundCuts.of(ValueCuts.all(customers, config, in.frozenCuts()));
        cuts.add(CoreCriterion.thresholds(config));
        Dataset<Row> scored = customers.withColumn(
                "r_score", ValueClasses.score(col("recency_days"), Column::lt, k -> cuts.of("r_score_" + k)));
        Column sales = Totals.number(col("monetary_amount"));
        if (config.quintiles() == Quintiles.NESTED) {
            cuts.add(ValueCuts.ofFrequency(scored, in.frozenCuts()));
            scored = scored.withColumn(
                    "f_score", ValueClasses.score(col("frequency"), Column::gt, k -> cuts.inFifth("f_score_" + k)));
            cuts.add(ValueCuts.ofMonetary(scored, in.frozenCuts()));
            scored = scored.withColumn(
                    "m_score", ValueClasses.score(sales, Column::gt, k -> cuts.inCell("m_score_" + k)));
        } else {
            scored = scored.withColumn(
                            "f_score", ValueClasses.score(col("frequency"), Column::gt, k -> cuts.of("f_score_" + k)))
                    .withColumn("m_score", ValueClasses.score(sales, Column::gt, k -> cuts.of("m_score_" + k)));
        }
        return new Result(
                Shape.output(classed(scored, cuts).withColumn("as_of_date", lit(asOf)), MartTables.VALUE_SEGMENT),
                Shape.output(cuts.rows().withColumn("as_of_date", lit(asOf)), MartTables.VALUE_CUT_POINT));
    }

    private static Dataset<Row> classed(Dataset<Row> rows, Thresholds cuts) {
        Column active = ValueClasses.isActive();
        Column current = col("current_value_amount");
        return rows.withColumn("abc_class", ValueClasses.abc(current, cuts))
                .withColumn("pyramid_level", ValueClasses.level(active, col("monetary_amount"), cuts))
                .withColumn("value_class", ValueClasses.value(active, current, col("potential_value_amount"), cuts))
                .withColumn("profit_class", ValueClasses.profit(active, current, col("future_value_amount"), cuts))
                .withColumn(
                        "serve_class", ValueClasses.serve(active, col("margin_share"), col("serve_cost_share"), cuts))
                .withColumn("core_unmet", CoreCriterion.unmet(cuts))
                .withColumn(
                        "is_core",
                        active.and(col("monetary_amount").gt(0))
                                .and(size(col("core_unmet")).equalTo(0)));
    }
}
