package io.clientele.serving;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;

import io.clientele.engine.TableRef;
import io.clientele.mining.value.CoreCriterion;
import io.clientele.warehouse.MartTables;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.sql.Date;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** From a valued customer's classes to the cut points behind them, and to what makes it a core customer or keeps it from being one. */
final class SegmentExplanation {
    private static final int MOST_CUTS = 100;
    private static final String UNKNOWN = "not known";

    private final Function<TableRef, Dataset<Row>> tables;
    private final PrintStream out;

    SegmentExplanation(Function<TableRef, Dataset<Row>> tables, PrintStream out) {
        this.tables = tables;
        this.out = out;
    }

    /** @param segment a row of {@link MartTables#VALUE_SEGMENT} */
    void print(Row segment, LocalDate date) {
        Dataset<Row> cuts = tables.apply(MartTables.VALUE_CUT_POINT)
                .where(col("as_of_date").equalTo(lit(date)).and(isApplied(segment)))
                .select("cut", "value", "frozen_from")
                .orderBy("cut");
        out.println("The cut points behind its classes");
        RowsText.print(cuts, RowsText.Format.TABLE, MOST_CUTS, out);
        Map<String, Double> thresholds = new HashMap<>();
        cuts.limit(MOST_CUTS).collectAsList().forEach(row -> thresholds.put(row.getString(0), row.getDouble(1)));
        out.println("\nWhat a core customer must meet");
        for (CoreCriterion criterion : CoreCriterion.values()) {
            // Snapshots of before thresholds were kept with the cut points have only that of spend.
            if (thresholds.containsKey(criterion.cut())) {
                judged(
                        criterion,
                        figure(criterion, segment, date),
                        BigDecimal.valueOf(thresholds.get(criterion.cut())));
            }
        }
        out.println();
    }

    /** Of nested scores' cut points, only those of the customer's own fifth and cell. */
    private static Column isApplied(Row segment) {
        String fifth = "_in_r" + segment.getAs("r_score");
        return not(col("cut").contains("_in_r"))
                .or(col("cut").endsWith(fifth))
                .or(col("cut").endsWith(fifth + "f" + segment.getAs("f_score")));
    }

    /** Null where it is not known. */
    private static BigDecimal figure(CoreCriterion criterion, Row segment, LocalDate date) {
        if (criterion == CoreCriterion.RELATION_DAYS) {
            Date first = segment.getAs("first_purchase_date");
            return first == null ? null : BigDecimal.valueOf(ChronoUnit.DAYS.between(first.toLocalDate(), date));
        }
        Object value = segment.getAs(criterion.figure());
        return value == null ? null : new BigDecimal(value.toString());
    }

    private void judged(CoreCriterion criterion, BigDecimal figure, BigDecimal threshold) {
        String verdict = UNKNOWN;
        if (figure != null) {
            int order = figure.compareTo(threshold);
            verdict = (criterion.isAtLeast() ? order >= 0 : order <= 0) ? "met" : "not met";
        }
        out.printf(
                "  %-18s %14s   %-22s %s%n",
                criterion.key(),
                figure == null ? UNKNOWN : figure.toPlainString(),
                (criterion.isAtLeast() ? "at least " : "at most ")
                        + threshold.stripTrailingZeros().toPlainString(),
                verdict);
    }
}
