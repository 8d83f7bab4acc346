package io.clientele.mining.crosssell;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF4;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.hipparchus.distribution.discrete.HypergeometricDistribution;

/**
 * How likely a rule is chance alone: Fisher's exact test of one 2x2 table (Fisher 1922), and the share of false discoveries
 * among all rules with a p-value at most as large (Benjamini, Hochberg 1995: Controlling the false discovery rate).
 */
final class FalseDiscoveries {
    private FalseDiscoveries() {}

    private static final UserDefinedFunction UPPER_TAIL =
            functions.udf((UDF4<Long, Long, Long, Long, Double>) FalseDiscoveries::upperTail, DataTypes.DoubleType);

    /** The one-sided p-value of seeing {@code both} or more baskets with both sides if the sides were independent. */
    static Column pValue(Column all, Column antecedent, Column consequent, Column both) {
        return UPPER_TAIL.apply(all, antecedent, consequent, both);
    }

    /**
     * P(X >= both) for X hypergeometric. Sums outward from {@code both} on the side where terms shrink, so that the cost
     * does not grow with the counts; a tail too small for a double is 0.
     *
     * @throws ArithmeticException beyond 2,147,483,647 baskets
     */
    static double upperTail(long all, long antecedent, long consequent, long both) {
        long least = Math.max(0, antecedent + consequent - all);
        long most = Math.min(antecedent, consequent);
        if (both <= least) {
            return 1;
        }
        if (both > most) {
            return 0;
        }
        var chance = new HypergeometricDistribution(
                Math.toIntExact(all), Math.toIntExact(antecedent), Math.toIntExact(consequent));
        double mean = (double) antecedent / all * consequent;
        if (both > mean) {
            double first = chance.probability((int) both);
            double ratioSum = 1;
            double ratio = 1;
            for (double x = both; x < most && ratio > 1e-17 * ratioSum; x++) {
                ratio *= (antecedent - x) * (consequent - x) / ((x + 1) * (all - antecedent - consequent + x + 1));
                ratioSum += ratio;
            }
            return Math.min(1, first * ratioSum);
        }
        double first = chance.probability((int) both - 1);
        double ratioSum = 1;
        double ratio = 1;
        for (double x = both - 1; x > least && ratio > 1e-17 * ratioSum; x--) {
            ratio *= x * (all - antecedent - consequent + x) / ((antecedent - x + 1) * (consequent - x + 1));
            ratioSum += ratio;
        }
        return Math.max(0, 1 - first * ratioSum);
    }

    /**
     * Adds {@code q_value} to rows with a {@code p_value}: the least {@code p * n / rank} over this and all larger p-values,
     * where equal p-values share the largest rank. One task sorts all tested rules, which {@code min-count} bounds.
     */
    static Dataset<Row> withQValues(Dataset<Row> tested) {
        WindowSpec all = Window.partitionBy(lit(0)).orderBy("p_value");
        // From the largest down: a frame that ends with the partition is summed up anew for every row.
        WindowSpec falling = Window.partitionBy(lit(0)).orderBy(col("p_value").desc());
        return tested.withColumn(
                        "rank", count(lit(1)).over(all.rangeBetween(Window.unboundedPreceding(), Window.currentRow())))
                .withColumn(
                        "n",
                        count(lit(1)).over(all.rangeBetween(Window.unboundedPreceding(), Window.unboundedFollowing())))
                .withColumn("q", col("p_value").multiply(col("n")).divide(col("rank")))
                .withColumn(
                        "q_value",
                        least(
                                min("q").over(falling.rangeBetween(Window.unboundedPreceding(), Window.currentRow())),
                                lit(1.0)))
                .drop("rank", "n", "q");
    }
}
