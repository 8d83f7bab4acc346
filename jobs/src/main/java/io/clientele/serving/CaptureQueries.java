package io.clientele.serving;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.date_format;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.clientele.serving.ReportData.Capture;
import io.clientele.serving.ReportData.CaptureScore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** From mart.capture_scorecard to how well sales are tied to customers. */
final class CaptureQueries {
    private static final int MAX_SOURCES = 12;
    private static final int MAX_MONTHS = 240;
    private static final List<String> SHARES_OF_SALES =
            List.of("known_share", "named_share", "repeat_share", "reachable_share", "permitted_share", "card_share");

    private CaptureQueries() {}

    static Capture capture(Dataset<Row> scorecard) {
        Dataset<Row> scores = scorecard.withColumn("month", date_format(col("month_start"), "yyyy-MM"));
        Row range =
                scores.agg(min("month").as("first"), max("month").as("last")).first();
        List<CaptureScore> sources = scores(scores, MAX_SOURCES, "source");
        return new Capture(
                Cells.text(range, "first"),
                Cells.text(range, "last"),
                sources,
                scores(
                        scores.where(col("source")
                                .isin(sources.stream().map(CaptureScore::source).toArray())),
                        MAX_MONTHS,
                        "source",
                        "month"));
    }

    private static List<CaptureScore> scores(Dataset<Row> scores, int most, String... by) {
        List<Column> columns = new ArrayList<>();
        SHARES_OF_SALES.forEach(share -> columns.add(weighted(share, "count_sales")));
        columns.add(weighted("best_amount_share", "known_sales_amount"));
        boolean isByMonth = by.length > 1;
        return scores
                .groupBy(Arrays.stream(by).map(c -> col(c)).toArray(Column[]::new))
                .agg(sum("count_sales").as("count_sales"), columns.toArray(Column[]::new))
                .orderBy(
                        isByMonth
                                ? new Column[] {col("month").desc(), col("source")}
                                : new Column[] {col("count_sales").desc(), col("source")})
                .limit(most)
                .collectAsList()
                .stream()
                .map(row -> new CaptureScore(
                        Cells.text(row, "source"),
                        isByMonth ? Cells.text(row, "month") : null,
                        Cells.count(row, "count_sales"),
                        Cells.real(row, "known_share"),
                        Cells.real(row, "named_share"),
                        Cells.real(row, "repeat_share"),
                        Cells.real(row, "reachable_share"),
                        Cells.real(row, "permitted_share"),
                        Cells.real(row, "card_share"),
                        Cells.real(row, "best_amount_share")))
                .toList();
    }

    /** The mean of a share, each month counting by its weight; null where the share is never known. */
    private static Column weighted(String share, String weight) {
        Column known = when(col(share).isNotNull(), col(weight).cast("double"));
        return sum(col(share).multiply(known)).divide(sum(known)).as(share);
    }
}
