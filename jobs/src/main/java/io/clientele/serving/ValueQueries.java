package io.clientele.serving;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import io.clientele.serving.ReportData.PyramidLevel;
import io.clientele.serving.ReportData.Value;
import io.clientele.serving.ReportData.ValueClass;
import io.clientele.serving.ReportData.WhaleCurve;
import io.clientele.serving.ReportData.WhalePoint;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** From mart.value_segment to the pyramid, the matrix and the whale curve. */
final class ValueQueries {
    private static final List<String> LEVELS = List.of("top", "big", "medium", "small", "inactive");
    private static final List<String> CLASSES = List.of("platinum", "gold", "iron", "lead");

    private ValueQueries() {}

    static Value value(Dataset<Row> segments) {
        List<Row> cells = segments.groupBy("pyramid_level", "value_class")
                .agg(
                        count(lit(1)).as("count_customers"),
                        Cells.total(col("monetary_amount")).as("sales_amount"),
                        Cells.total(col("current_value_amount")).as("contribution_amount"),
                        Cells.total(col("potential_value_amount")).as("potential_amount"),
                        count(when(col("has_unknown_cost"), 1)).as("count_unknown_cost"))
                .collectAsList();
        List<PyramidLevel> levels = new ArrayList<>();
        for (String level : LEVELS) {
            List<Row> rows = cells.stream()
                    .filter(r -> level.equals(Cells.text(r, "pyramid_level")))
                    .toList();
            if (!rows.isEmpty()) {
                levels.add(new PyramidLevel(
                        level,
                        countOf(rows, "count_customers"),
                        sumOf(rows, "sales_amount"),
                        sumOf(rows, "contribution_amount")));
            }
        }
        List<ValueClass> classes = new ArrayList<>();
        for (String valueClass : CLASSES) {
            List<Row> rows = cells.stream()
                    .filter(r -> valueClass.equals(Cells.text(r, "value_class")))
                    .toList();
            if (!cells.isEmpty()) {
                classes.add(new ValueClass(
                        valueClass,
                        countOf(rows, "count_customers"),
                        sumOf(rows, "sales_amount"),
                        sumOf(rows, "contribution_amount"),
                        sumOf(rows, "potential_amount")));
            }
        }
        return new Value(
                countOf(cells, "count_customers"),
                countOf(cells, "count_unknown_cost"),
                sumOf(cells, "sales_amount"),
                sumOf(cells, "contribution_amount"),
                levels,
                classes,
                cells.isEmpty() ? new WhaleCurve(List.of(), null, null) : whaleCurve(segments));
    }

    /**
     * Customers are grouped between about a hundred cut points of their contribution, finer at the top, and zero is always
     * one of them. Counts and sums at the cut points are exact and no customer is ever sorted, so this scales with the rows.
     */
    static WhaleCurve whaleCurve(Dataset<Row> segments) {
        Dataset<Row> known = segments.select("current_value_amount").na().drop();
        TreeSet<BigDecimal> cuts = new TreeSet<>();
        cuts.add(BigDecimal.ZERO);
        String shares =
                IntStream.rangeClosed(1, 99).mapToObj(i -> i / 100.0 + "D").collect(Collectors.joining(", "))
                        + ", 0.995D, 0.998D, 0.999D";
        Row percentiles = known.agg(expr("percentile_approx(current_value_amount, array(" + shares + "), 10000)"))
                .first();
        if (percentiles.isNullAt(0)) {
            return new WhaleCurve(List.of(), null, null);
        }
        cuts.addAll(percentiles.<BigDecimal>getList(0));
        List<BigDecimal> ascending = List.copyOf(cuts);
        List<Row> groups = known.groupBy(
                        cutsBelow(ascending, 0, ascending.size()).as("cuts_below"))
                .agg(
                        count(lit(1)).as("count_customers"),
                        Cells.total(col("current_value_amount")).as("contribution_amount"))
                .orderBy(col("cuts_below").desc())
                .collectAsList();
        return whaleCurveOf(groups);
    }

    /** How many of all cut points the customer exceeds, who exceeds {@code from} of them and at most {@code to}: by halving. */
    private static Column cutsBelow(List<BigDecimal> cuts, int from, int to) {
        if (from == to) {
            return lit(from);
        }
        int middle = (from + to) / 2;
        return when(col("current_value_amount").gt(lit(cuts.get(middle))), cutsBelow(cuts, middle + 1, to))
                .otherwise(cutsBelow(cuts, from, middle));
    }

    private static WhaleCurve whaleCurveOf(List<Row> bestFirst) {
        double customers = countOf(bestFirst, "count_customers");
        BigDecimal total = sumOf(bestFirst, "contribution_amount");
        if (total.signum() <= 0) {
            return new WhaleCurve(List.of(), null, null);
        }
        List<WhalePoint> points = new ArrayList<>();
        WhalePoint peak = new WhalePoint(0, 0);
        points.add(peak);
        BigDecimal peakSum = BigDecimal.ZERO;
        BigDecimal runningSum = BigDecimal.ZERO;
        long runningCount = 0;
        for (Row group : bestFirst) {
            runningCount += Cells.count(group, "count_customers");
            runningSum = runningSum.add(Cells.sum(group, "contribution_amount"));
            WhalePoint point = new WhalePoint(runningCount / customers, runningSum.doubleValue() / total.doubleValue());
            points.add(point);
            if (runningSum.compareTo(peakSum) > 0) {
                peakSum = runningSum;
                peak = point;
            }
        }
        return new WhaleCurve(points, peak, total.subtract(peakSum));
    }

    private static long countOf(List<Row> rows, String column) {
        return rows.stream().mapToLong(row -> Cells.count(row, column)).sum();
    }

    private static BigDecimal sumOf(List<Row> rows, String column) {
        Function<Row, BigDecimal> cell = row -> Cells.sum(row, column);
        return rows.stream().map(cell).reduce(BigDecimal.ZERO, BigDecimal::add);
    }
}
