package io.clientele.serving;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.sum;

import io.clientele.serving.ReportLifetime.BacktestClass;
import io.clientele.serving.ReportLifetime.BacktestWeek;
import io.clientele.serving.ReportLifetime.Proof;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** From mart.lifetime_value, its backtest and its figures to what the report shows. */
final class LifetimeQueries {
    private static final int MAX_POINTS = 1000;
    private static final int MAX_FIGURES = 500;
    private static final int LAST_FREQUENCY = 7;

    private LifetimeQueries() {}

    static ReportLifetime lifetime(Dataset<Row> values, Dataset<Row> backtest, Dataset<Row> figures) {
        Row all = values.agg(
                        count(lit(1)).as("count_customers"),
                        max("model").as("model"),
                        Cells.total(col("lifetime_value_amount")).as("lifetime_value_amount"),
                        sum(col("expected_purchases").cast("decimal(28,6)"))
                                .cast("double")
                                .as("expected_purchases"))
                .first();
        List<Row> rows = figures.orderBy("model", "name").limit(MAX_FIGURES).collectAsList();
        Map<String, Row> byName = new TreeMap<>();
        rows.forEach(r -> byName.put(Cells.text(r, "model") + "." + Cells.text(r, "name"), r));
        List<String> notes = rows.stream()
                .filter(r -> !"parameter".equals(Cells.text(r, "kind"))
                        || "contribution_share".equals(Cells.text(r, "name")))
                .map(r -> Cells.text(r, "note"))
                .filter(n -> n != null)
                .distinct()
                .toList();
        String model = Cells.text(all, "model");
        List<Row> points =
                backtest.orderBy("kind", "position").limit(MAX_POINTS).collectAsList();
        return new ReportLifetime(
                model,
                Cells.count(all, "count_customers"),
                Cells.amount(all, "lifetime_value_amount"),
                Cells.real(all, "expected_purchases"),
                figure(byName, "lifetime_value.horizon_days"),
                proof(byName, model),
                notes,
                points.stream()
                        .filter(r -> !"week".equals(Cells.text(r, "kind")))
                        .map(r -> new BacktestClass(
                                label(Cells.text(r, "kind"), r.<Integer>getAs("position")),
                                Cells.count(r, "count_customers"),
                                r.<Double>getAs("actual"),
                                r.<Double>getAs("expected")))
                        .toList(),
                points.stream()
                        .filter(r -> "week".equals(Cells.text(r, "kind")))
                        .map(r -> new BacktestWeek(
                                r.<Integer>getAs("position"),
                                r.<Double>getAs("actual"),
                                r.<Double>getAs("expected"),
                                r.<Boolean>getAs("is_holdout")))
                        .toList());
    }

    private static Double figure(Map<String, Row> byName, String name) {
        Row row = byName.get(name);
        return row == null ? null : Cells.real(row, "value");
    }

    private static Proof proof(Map<String, Row> byName, String model) {
        Row error = byName.get(model + ".holdout_rmse");
        return error == null
                ? null
                : new Proof(
                        String.valueOf(error.<Object>getAs("cutoff_date")),
                        figure(byName, model + ".holdout_days"),
                        figure(byName, model + ".holdout_expected_to_actual"),
                        figure(byName, model + ".holdout_gain_over_last_period"),
                        figure(byName, model + ".holdout_gain_over_average"));
    }

    private static String label(String kind, int position) {
        if (kind.equals("recency")) {
            return position == 0 ? "Paid last period" : "Paid " + (position + 1) + " periods ago";
        }
        return switch (position) {
            case 0 -> "No repeat";
            case LAST_FREQUENCY -> "7 or more";
            default -> position + (position == 1 ? " repeat" : " repeats");
        };
    }
}
