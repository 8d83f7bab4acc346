package io.clientele.mining.value;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.when;

import io.clientele.warehouse.Totals;
import java.util.function.BinaryOperator;
import java.util.function.IntFunction;
import org.apache.spark.sql.Column;

/**
 * The classes that follow from a customer's figures and the cut points. A customer at a cut point is in the upper class;
 * customers of equal value are in the same one. High value must be above zero, and a cut point that is not known is not reached.
 */
final class ValueClasses {
    private ValueClasses() {}

    /** A, B or C. */
    static Column abc(Column current, Thresholds cuts) {
        Column number = Totals.number(current);
        return when(reaches(number, cuts, "abc_a").and(number.gt(0)), "A")
                .when(reaches(number, cuts, "abc_b").and(number.gt(0)), "B")
                .otherwise("C");
    }

    /** The level of the pyramid by sales. */
    static Column level(Column isActive, Column sales, Thresholds cuts) {
        Column number = Totals.number(sales);
        return when(not(isActive), "inactive")
                .when(reaches(number, cuts, "pyramid_top"), "top")
                .when(reaches(number, cuts, "pyramid_big"), "big")
                .when(reaches(number, cuts, "pyramid_medium"), "medium")
                .otherwise("small");
    }

    /** Current value by potential. */
    static Column value(Column isActive, Column current, Column potential, Thresholds cuts) {
        Column isHighCurrent = high(isActive, current, cuts, "high_current");
        Column isHighPotential = high(lit(true), potential, cuts, "high_potential");
        return when(isHighCurrent.and(isHighPotential), "platinum")
                .when(isHighCurrent, "gold")
                .when(isHighPotential, "iron")
                .otherwise("lead");
    }

    /** Current by future profitability. */
    static Column profit(Column isActive, Column current, Column future, Thresholds cuts) {
        Column isHighCurrent = high(isActive, current, cuts, "high_current");
        Column isHighFuture = high(lit(true), future, cuts, "high_future");
        return when(isHighCurrent.and(isHighFuture), "best")
                .when(isHighFuture, "invest")
                .when(isHighCurrent, "retain")
                .otherwise("worst");
    }

    /** Margin by cost to serve, both as shares of net sales (Shapiro, Rangan, Moriarty, Ross 1987); null where one is not known. */
    static Column serve(Column isActive, Column margin, Column serveCost, Thresholds cuts) {
        Column isHighMargin = reaches(margin, cuts, "high_margin");
        Column isHighCost = reaches(serveCost, cuts, "high_serve_cost");
        return when(
                isActive.and(margin.isNotNull()).and(serveCost.isNotNull()),
                when(isHighMargin.and(not(isHighCost)), "passive")
                        .when(isHighMargin, "carriage_trade")
                        .when(isHighCost, "aggressive")
                        .otherwise("bargain_basement"));
    }

    /** 1 plus the number of the four cut points 2 to 5 that are beaten; 1 without a purchase in the window. */
    static Column score(Column value, BinaryOperator<Column> beats, IntFunction<Column> cut) {
        Column score = lit(1);
        for (int k = 2; k <= 5; k++) {
            score = score.plus(coalesce(beats.apply(value, cut.apply(k)).and(isActive()), lit(false))
                    .cast("int"));
        }
        return score;
    }

    static Column reaches(Column number, Thresholds cuts, String cut) {
        return coalesce(number.cast("double").geq(cuts.of(cut)), lit(false));
    }

    private static Column high(Column isEligible, Column amount, Thresholds cuts, String cut) {
        Column number = Totals.number(amount);
        return isEligible.and(reaches(number, cuts, cut)).and(coalesce(number.gt(0), lit(false)));
    }

    static Column isActive() {
        return col("frequency").gt(0);
    }
}
