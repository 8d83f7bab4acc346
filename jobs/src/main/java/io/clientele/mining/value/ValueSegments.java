package io.clientele.mining.value;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.datediff;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.nullif;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.clientele.engine.Reuse;
import io.clientele.mining.Shape;
import io.clientele.warehouse.CoreTables;
import io.clientele.warehouse.MartTables;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/**
 * What each customer is worth: recency, frequency and monetary scores, ABC, the pyramid by sales (Curry), and the matrix of
 * current against potential value. Every class follows from a cut point that is kept in {@code cut_points}; customers of
 * equal value are never split, so that no tie-break is needed.
 *
 * <p>Scores are independent quintiles of the customers active in the window: {@code x_score} is 1 plus the number of its four
 * cut points that the customer beats, so that a tie takes the lower score; inactive customers score 1. ABC and pyramid levels
 * take a customer in at the cut point. High value must be above zero. The potential is the expected purchase days of the
 * horizon, at the customer's own rate shrunk toward the population's (the mean of a Gamma posterior: Schmittlein, Morrison,
 * Colombo 1987), times the chance to stay, times the mean contribution of a purchase day, shrunk likewise. A customer without
 * a churn probability is expected to stay.
 *
 * <p>Keys of {@code cut_points}: {@code r_score_2} to {@code r_score_5} (recency days below), {@code f_score_*} (purchase days
 * above), {@code m_score_*} (net amount above), {@code pyramid_top, pyramid_big, pyramid_medium, core} (net amount at least),
 * {@code abc_a, abc_b, high_current} (contribution at least), {@code high_potential} (potential at least).
 */
public final class ValueSegments {
    private static final String MONEY = "decimal(18,2)";

    private ValueSegments() {}

    /**
     * The rows of {@link MartTables#VALUE_SEGMENT} at {@code asOf}.
     *
     * @param customerDay rows of {@link CoreTables#CUSTOMER_DAY}
     * @param contribution rows of {@link MartTables#CUSTOMER_CONTRIBUTION}; those of {@code asOf} are used
     * @param churnFlag rows of {@link MartTables#CHURN_FLAG}; those of {@code asOf} are used
     */
    public static Dataset<Row> segment(
            Dataset<Row> customerDay,
            Dataset<Row> contribution,
            Dataset<Row> churnFlag,
            ValueConfig config,
            LocalDate asOf) {
        Dataset<Row> customers = Reuse.of(customers(customerDay, contribution, churnFlag, config, asOf));
        Dataset<Row> cuts = CutPoints.ascending(measures(customers), wanted(customers, config))
                .withColumn(
                        "value",
                        when(col("cut").startsWith("r_score").or(isFromTop()), functions.negate(col("value")))
                                .otherwise(col("value")))
                .agg(functions
                        .map_from_entries(functions.array_sort(functions.collect_list(
                                struct(col("cut"), col("value").cast("double")))))
                        .as("cut_points"));
        Column active = col("frequency").gt(0);
        Dataset<Row> classed = customers
                .crossJoin(broadcast(cuts))
                .withColumn("r_score", score("r", cut -> col("recency_days").lt(cut)))
                .withColumn("f_score", score("f", cut -> col("frequency").gt(cut)))
                .withColumn(
                        "m_score",
                        score("m", cut -> col("monetary_amount").cast("double").gt(cut)))
                .withColumn(
                        "abc_class",
                        when(
                                        reaches("current_value_amount", "abc_a")
                                                .and(col("current_value_amount").gt(0)),
                                        "A")
                                .when(
                                        reaches("current_value_amount", "abc_b")
                                                .and(col("current_value_amount").gt(0)),
                                        "B")
                                .otherwise("C"))
                .withColumn(
                        "pyramid_level",
                        when(functions.not(active), "inactive")
                                .when(reaches("monetary_amount", "pyramid_top"), "top")
                                .when(reaches("monetary_amount", "pyramid_big"), "big")
                                .when(reaches("monetary_amount", "pyramid_medium"), "medium")
                                .otherwise("small"))
                .withColumn(
                        "high_current",
                        active.and(reaches("current_value_amount", "high_current"))
                                .and(col("current_value_amount").gt(0)))
                .withColumn(
                        "high_potential",
                        reaches("potential_value_amount", "high_potential")
                                .and(col("potential_value_amount").gt(0)))
                .withColumn(
                        "value_class",
                        when(col("high_current").and(col("high_potential")), "platinum")
                                .when(col("high_current"), "gold")
                                .when(col("high_potential"), "iron")
                                .otherwise("lead"))
                .withColumn(
                        "is_core",
                        active.and(reaches("monetary_amount", "core"))
                                .and(col("monetary_amount").gt(0))
                                .and(col("relation_days").geq(config.coreMinRelationDays()))
                                .and(functions
                                        .negate(col("return_amount"))
                                        .cast("double")
                                        .leq(col("sales_amount")
                                                .cast("double")
                                                .multiply(config.coreMaxReturnShare()))));
        return Shape.output(classed.withColumn("as_of_date", lit(asOf)), MartTables.VALUE_SEGMENT);
    }

    /** One row per customer with a purchase up to {@code asOf}, with every measure that is classed. */
    private static Dataset<Row> customers(
            Dataset<Row> customerDay,
            Dataset<Row> contribution,
            Dataset<Row> churnFlag,
            ValueConfig config,
            LocalDate asOf) {
        Column purchase = col("count_sales").geq(1).and(col("sales_amount").gt(0));
        Column inWindow = col("sold_on").gt(lit(asOf.minusDays(config.windowDays())));
        Dataset<Row> summed = Shape.input(customerDay, CoreTables.CUSTOMER_DAY)
                .where(col("sold_on").leq(lit(asOf)))
                .groupBy("customer_id")
                .agg(
                        min(when(purchase, col("sold_on"))).as("first_purchase_date"),
                        max(when(purchase, col("sold_on"))).as("last_purchase_date"),
                        count(when(purchase.and(inWindow), 1)).cast("int").as("frequency"))
                .where(col("first_purchase_date").isNotNull())
                .withColumn("recency_days", datediff(lit(asOf), col("last_purchase_date")))
                .withColumn("relation_days", datediff(lit(asOf), col("first_purchase_date")))
                .withColumn("exposure_days", least(col("relation_days"), lit(config.windowDays())))
                // The first purchase opens the relation; only what follows it tells a rate.
                .withColumn(
                        "repeat_days",
                        greatest(
                                col("frequency")
                                        .minus(col("relation_days")
                                                .lt(config.windowDays())
                                                .cast("int")),
                                lit(0)))
                .join(
                        Shape.input(contribution, MartTables.CUSTOMER_CONTRIBUTION)
                                .where(col("as_of_date").equalTo(lit(asOf))),
                        new String[] {"customer_id"},
                        "inner")
                .withColumn("monetary_amount", col("net_amount"))
                .withColumn("current_value_amount", col("contribution_amount"))
                .withColumn("has_unknown_cost", col("count_lines_without_cost").gt(0));
        summed = Reuse.of(summed);
        Dataset<Row> population = summed.agg(
                coalesce(sum("repeat_days").divide(nullif(sum("exposure_days"), lit(0))), lit(0.0))
                        .as("general_rate"),
                coalesce(sum("current_value_amount").cast("double").divide(nullif(sum("frequency"), lit(0))), lit(0.0))
                        .as("general_contribution"));
        Dataset<Row> churn = Shape.input(churnFlag, MartTables.CHURN_FLAG)
                .where(col("as_of_date").equalTo(lit(asOf)))
                .select("customer_id", "churn_probability");
        String potential = "(repeat_days + general_rate * %1$sD) / (exposure_days + %1$sD) * %2$d "
                + "* (1 - coalesce(churn_probability, 0.0D)) "
                + "* (CAST(current_value_amount AS DOUBLE) + general_contribution * %3$sD) / (frequency + %3$sD)";
        return summed.join(churn, new String[] {"customer_id"}, "left")
                .crossJoin(broadcast(population))
                .withColumn(
                        "potential_value_amount",
                        functions
                                .round(
                                        expr(potential.formatted(
                                                config.ratePriorDays(),
                                                config.horizonDays(),
                                                config.contributionPriorPurchaseDays())),
                                        2)
                                .cast(MONEY));
    }

    /** Measures whose classes count from the top are negated, so that their cut points are found from the bottom too. */
    private static Dataset<Row> measures(Dataset<Row> customers) {
        Column one = lit(1);
        Column active = col("frequency").gt(0);
        Column positive = greatest(col("current_value_amount"), lit(0));
        return customers
                .select(explode(array(
                                measure("r", functions.negate(col("recency_days")), when(active, one)),
                                measure("f", col("frequency"), when(active, one)),
                                measure("m", col("monetary_amount"), when(active, one)),
                                measure("sales", functions.negate(col("monetary_amount")), when(active, one)),
                                measure("abc", functions.negate(col("current_value_amount")), positive),
                                measure("current", functions.negate(col("current_value_amount")), when(active, one)),
                                measure("potential", functions.negate(col("potential_value_amount")), one)))
                        .as("entry"))
                .select("entry.*")
                .where(col("weight").isNotNull().and(col("value").isNotNull()));
    }

    private static Column measure(String name, Column value, Column weight) {
        return struct(
                lit(name).as("measure"),
                value.cast("decimal(18,4)").as("value"),
                weight.cast("decimal(18,4)").as("weight"));
    }

    private static Dataset<Row> wanted(Dataset<Row> customers, ValueConfig config) {
        List<Row> rows = new ArrayList<>();
        for (String measure : List.of("r", "f", "m")) {
            for (int score = 2; score <= 5; score++) {
                rows.add(RowFactory.create(measure, measure + "_score_" + score, (score - 1) / 5.0));
            }
        }
        double big = config.pyramidShareTop() + config.pyramidShareBig();
        rows.add(RowFactory.create("sales", "pyramid_top", config.pyramidShareTop()));
        rows.add(RowFactory.create("sales", "pyramid_big", big));
        rows.add(RowFactory.create("sales", "pyramid_medium", big + config.pyramidShareMedium()));
        rows.add(RowFactory.create("sales", "core", config.coreSpendShare()));
        rows.add(RowFactory.create("abc", "abc_a", config.abcShareA()));
        rows.add(RowFactory.create("abc", "abc_b", config.abcShareB()));
        rows.add(RowFactory.create("current", "high_current", config.highCurrentShare()));
        rows.add(RowFactory.create("potential", "high_potential", config.highPotentialShare()));
        return customers
                .sparkSession()
                .createDataFrame(rows, StructType.fromDDL("measure STRING, cut STRING, share DOUBLE"));
    }

    private static Column isFromTop() {
        return col("cut")
                .isin("pyramid_top", "pyramid_big", "pyramid_medium", "core", "abc_a", "abc_b")
                .or(col("cut").isin("high_current", "high_potential"));
    }

    private static Column score(String measure, java.util.function.Function<Column, Column> beats) {
        Column score = lit(1);
        for (int cut = 2; cut <= 5; cut++) {
            Column beaten = beats.apply(cut(measure + "_score_" + cut))
                    .and(col("frequency").gt(0));
            score = score.plus(coalesce(beaten, lit(false)).cast("int"));
        }
        return score;
    }

    private static Column reaches(String amount, String cut) {
        return coalesce(col(amount).cast("double").geq(cut(cut)), lit(false));
    }

    private static Column cut(String name) {
        return functions.element_at(col("cut_points"), name);
    }
}
