package io.clientele.serving;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.lower;
import static org.apache.spark.sql.functions.slice;

import io.clientele.serving.ReportData.AtRiskCustomer;
import io.clientele.serving.ReportData.Churn;
import io.clientele.serving.ReportData.ChurnState;
import io.clientele.serving.ReportData.ModelFigure;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** From mart.churn_flag to the states, the proof of the prediction, and the customers most worth keeping. */
final class ChurnQueries {
    private static final List<String> STATES = List.of("new", "active", "cooling", "partially_defected", "lost");
    private static final int MAX_AT_RISK = 20;
    private static final int MAX_FIGURES = 60;
    private static final int MAX_REASONS = 3;

    private ChurnQueries() {}

    static Churn churn(Dataset<Row> flags, Dataset<Row> segments, Dataset<Row> modelCard) {
        Dataset<Row> valued = flags.select("customer_id", "state", "churn_probability", "reasons")
                .join(
                        segments.select("customer_id", "monetary_amount", "current_value_amount"),
                        flags.col("customer_id").equalTo(segments.col("customer_id")),
                        "left")
                .drop(segments.col("customer_id"));
        return new Churn(states(valued), backtest(modelCard), atRisk(valued));
    }

    private static List<ChurnState> states(Dataset<Row> valued) {
        return valued
                .groupBy("state")
                .agg(
                        count(lit(1)).as("count_customers"),
                        Cells.total(col("monetary_amount")).as("sales_amount"),
                        Cells.total(col("current_value_amount")).as("contribution_amount"),
                        Cells.total(greatest(col("current_value_amount"), lit(0))
                                        .multiply(col("churn_probability"))
                                        .cast("decimal(18,2)"))
                                .as("expected_loss_amount"))
                .collectAsList()
                .stream()
                .map(row -> new ChurnState(
                        Cells.text(row, "state"),
                        Cells.count(row, "count_customers"),
                        Cells.sum(row, "sales_amount"),
                        Cells.sum(row, "contribution_amount"),
                        Cells.amount(row, "expected_loss_amount")))
                .sorted(Comparator.comparingInt(state -> order(state.state())))
                .toList();
    }

    private static int order(String state) {
        int index = STATES.indexOf(state);
        return index < 0 ? STATES.size() : index;
    }

    private static List<ModelFigure> backtest(Dataset<Row> modelCard) {
        return modelCard
                .where(lower(col("model")).contains("churn").and(col("kind").isin("metric", "population")))
                .orderBy("kind", "name", "model")
                .limit(MAX_FIGURES)
                .select("name", "kind", "value", "low", "high", "baseline_value", "cutoff_date")
                .collectAsList()
                .stream()
                .map(row -> new ModelFigure(
                        Cells.text(row, "name"),
                        Cells.text(row, "kind"),
                        Cells.real(row, "value"),
                        Cells.real(row, "low"),
                        Cells.real(row, "high"),
                        Cells.real(row, "baseline_value"),
                        row.getAs("cutoff_date") == null
                                ? null
                                : row.getAs("cutoff_date").toString()))
                .toList();
    }

    private static List<AtRiskCustomer> atRisk(Dataset<Row> valued) {
        return valued
                .where(col("state")
                        .isin("cooling", "partially_defected")
                        .and(col("current_value_amount").gt(0)))
                .orderBy(col("current_value_amount").desc(), col("customer_id"))
                .limit(MAX_AT_RISK)
                .withColumn("reasons", slice(col("reasons"), 1, MAX_REASONS))
                .collectAsList()
                .stream()
                .map(row -> new AtRiskCustomer(
                        Cells.text(row, "customer_id"),
                        Cells.text(row, "state"),
                        Cells.amount(row, "current_value_amount"),
                        Cells.real(row, "churn_probability"),
                        row.<String>getList(row.fieldIndex("reasons"))))
                .toList();
    }
}
