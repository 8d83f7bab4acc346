package io.clientele.serving;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.log2;
import static org.apache.spark.sql.functions.negate;
import static org.apache.spark.sql.functions.when;

import io.clientele.serving.ReportData.PyramidLevel;
import io.clientele.serving.ReportData.Value;
import io.clientele.serving.ReportData.ValueClass;
import io.clientele.serving.ReportData.WhaleCurve;
import io.clientele.serving.ReportData.WhalePoint;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** From mart.value_segment to the pyramid, the matrix and the whale curve. */
final class ValueQueries {
    private static final List<String> LEVELS = List.of("top", "big", "medium", "small", "inactive");
    private static final List<String> CLASSES = List.of("platinum", "gold", "iron", "lead");

    private static final String BAND = "band";
    private static final int BANDS_OF_OCTAVE = 64;
    /** The band of a contribution of 1, above those of all contributions below. */
    private static final long FIRST_GAIN = 1L << 20;

    private ValueQueries() {}

    static Value value(Dataset<Row> segments) {
        List<Row> cells = segments.groupBy(col("pyramid_level"), col("value_class"), band().as(BAND))
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
                whaleCurveOf(cells));
    }

    /**
     * Customers of about the same contribution: a 64th of an octave wide, those without one and those who cost money apart. The
     * higher the better; null where nothing is known. However many customers there are, bands are some thousands.
     */
    private static Column band() {
        Column amount = col("current_value_amount").cast("double");
        return when(amount.gt(0), lit(FIRST_GAIN).plus(bandOf(amount)))
                .when(amount.lt(0), lit(-FIRST_GAIN).minus(bandOf(negate(amount))))
                .when(amount.equalTo(0), lit(0L));
    }

    private static Column bandOf(Column gain) {
        return floor(log2(gain).multiply(BANDS_OF_OCTAVE));
    }

    /**
     * Counts and sums at the points are exact, and no customer is ever sorted, so this scales with the rows. Points are a hundredth
     * of the customers apart, in the best hundredth a thousandth, and one is where gains end.
     *
     * @param cells rows with {@value #BAND}, {@code count_customers, contribution_amount}; several of one band
     */
    private static WhaleCurve whaleCurveOf(List<Row> cells) {
        TreeMap<Long, List<Row>> bestFirst = new TreeMap<>(Comparator.reverseOrder());
        cells.stream()
                .filter(r -> Cells.number(r, BAND) != null)
                .forEach(r -> bestFirst
                        .computeIfAbsent(Cells.number(r, BAND), b -> new ArrayList<>())
                        .add(r));
        List<Row> known = bestFirst.values().stream().flatMap(List::stream).toList();
        double customers = countOf(known, "count_customers");
        BigDecimal total = sumOf(known, "contribution_amount");
        if (total.signum() <= 0) {
            return new WhaleCurve(List.of(), null, null);
        }
        List<WhalePoint> points = new ArrayList<>();
        WhalePoint peak = new WhalePoint(0, 0);
        points.add(peak);
        BigDecimal peakSum = BigDecimal.ZERO;
        BigDecimal runningSum = BigDecimal.ZERO;
        long runningCount = 0;
        for (var band : bestFirst.entrySet()) {
            runningCount += countOf(band.getValue(), "count_customers");
            runningSum = runningSum.add(sumOf(band.getValue(), "contribution_amount"));
            WhalePoint point = new WhalePoint(runningCount / customers, runningSum.doubleValue() / total.doubleValue());
            Long next = bestFirst.higherKey(band.getKey());
            boolean isLastGain = band.getKey() > 0 && (next == null || next <= 0);
            double apart = point.customerShare() - points.get(points.size() - 1).customerShare();
            if (isLastGain || next == null || apart >= (point.customerShare() <= .01 ? .001 : .01)) {
                points.add(point);
            }
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
