package io.clientele.serving;

import static org.apache.spark.sql.functions.col;

import io.clientele.serving.ReportData.ClassMove;
import io.clientele.serving.ReportData.Spread;
import io.clientele.serving.ReportData.SpreadFigure;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** From mart.value_concentration and mart.value_migration to how value is spread and how customers moved. */
final class SpreadQueries {
    /** More pairs of classes and reasons than there are. */
    private static final int MOST_MOVES = 1000;

    private SpreadQueries() {}

    static Spread spread(Dataset<Row> concentration, Dataset<Row> migration) {
        return new Spread(
                concentration.orderBy("name").limit(MOST_MOVES).collectAsList().stream()
                        .map(r -> new SpreadFigure(
                                Cells.text(r, "name"),
                                Cells.real(r, "value"),
                                Cells.amount(r, "amount"),
                                Cells.number(r, "count_customers"),
                                Cells.text(r, "note")))
                        .toList(),
                migration
                        .select(
                                col("from_date").cast("string").as("from_date"),
                                col("dimension"),
                                col("from_class"),
                                col("to_class"),
                                col("reason"),
                                col("count_customers"),
                                col("sales_amount"))
                        .orderBy("dimension", "from_class", "to_class", "reason")
                        .limit(MOST_MOVES)
                        .collectAsList()
                        .stream()
                        .map(r -> new ClassMove(
                                Cells.text(r, "from_date"),
                                Cells.text(r, "dimension"),
                                Cells.text(r, "from_class"),
                                Cells.text(r, "to_class"),
                                Cells.text(r, "reason"),
                                Cells.count(r, "count_customers"),
                                Cells.amount(r, "sales_amount")))
                        .toList());
    }
}
