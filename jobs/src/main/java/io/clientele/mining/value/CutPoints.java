package io.clientele.mining.value;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.ceil;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.log1p;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.round;
import static org.apache.spark.sql.functions.signum;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;

import io.clientele.warehouse.Totals;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/**
 * Exact weighted quantiles of several measures at once, without sorting all customers: weights are summed by an order-preserving
 * bucket (steps of one percent), and only the bucket in which a share is reached is looked at value by value. Sums are of
 * whole numbers, so that the order of rows cannot show.
 */
final class CutPoints {
    private CutPoints() {}

    /** A whole number that never falls as {@code value}, an amount, grows; 0 for 0 only. */
    static Column bucket(Column value) {
        return bucketOf(Totals.parts(value));
    }

    private static Column bucketOf(Column parts) {
        Column number = Totals.asDouble(parts);
        return signum(number).multiply(ceil(log1p(abs(number)).multiply(100))).cast("int");
    }

    /**
     * @param values {@code measure INT, value BIGINT, weight BIGINT}, read twice; value and weight in ten-thousandths ({@link
     *     Totals}), weights not negative
     * @param wanted {@code measure INT, cut STRING, share DOUBLE}
     * @return {@code cut, value}: the least value, in ten-thousandths, so that values up to it hold at least {@code share} of the
     *     measure's weight; no row where a measure has no weight
     */
    static Dataset<Row> ascending(Dataset<Row> values, Dataset<Row> wanted) {
        Dataset<Row> weighted = values.where(col("weight").gt(0))
                .select(col("measure"), col("value"), bucketOf(col("value")).as("bucket"), col("weight"));
        WindowSpec upwards = Window.partitionBy("measure").orderBy("bucket");
        Dataset<Row> buckets = weighted.groupBy("measure", "bucket")
                .agg(Totals.wide(col("weight")).as("in_bucket"))
                .withColumn("upto", sum("in_bucket").over(upwards))
                .withColumn("total", sum("in_bucket").over(Window.partitionBy("measure")));
        // Rounded, since 0.05 + 0.15 must not ask for a hair more than a fifth.
        Column target = round(col("total").cast("double").multiply(col("share")), 6);
        Dataset<Row> crossing = buckets.join(broadcast(wanted), "measure")
                .where(col("upto").cast("double").geq(target))
                .groupBy("measure", "cut")
                .agg(
                        min("bucket").as("bucket"),
                        min(struct(
                                        col("bucket"),
                                        col("upto").minus(col("in_bucket")).as("before"),
                                        target.as("target")))
                                .as("at"));
        WindowSpec withinBucket = Window.partitionBy("cut").orderBy("value");
        return weighted.join(broadcast(crossing), new String[] {"measure", "bucket"}, "inner")
                .groupBy("cut", "value", "at")
                .agg(Totals.wide(col("weight")).as("weight"))
                .withColumn(
                        "reached",
                        sum("weight").over(withinBucket).plus(col("at.before")).cast("double"))
                .where(col("reached").geq(col("at.target")))
                .groupBy("cut")
                .agg(min("value").as("value"));
    }
}
