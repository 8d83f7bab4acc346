package io.clientele.mining.value;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.sum;

import io.clientele.mining.Shape;
import io.clientele.warehouse.MartTables;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.functions;

/**
 * How far value rests on few customers: the whale curve (Cooper, Kaplan 1991), cumulative contribution over total
 * contribution with customers sorted by contribution, best first.
 */
public final class ValueConcentration {
    private static final int SLOTS = 199;

    private ValueConcentration() {}

    /**
     * At most 200 points per date: {@code as_of_date, share_of_customers, share_of_value, cumulative_amount, is_peak}, in no
     * order. Each point lies exactly on the curve. The peak, after the last customer with a positive contribution, is always
     * among them, where there is such a customer. {@code share_of_value} is null where the total is not above zero.
     *
     * @param valueSegment rows of {@link MartTables#VALUE_SEGMENT}
     */
    public static Dataset<Row> whale(Dataset<Row> valueSegment) {
        Column value = col("current_value_amount");
        WindowSpec fromTop =
                Window.partitionBy("as_of_date").orderBy(col("bucket").desc());
        WindowSpec all = Window.partitionBy("as_of_date");
        Dataset<Row> points = Shape.input(valueSegment, MartTables.VALUE_SEGMENT)
                .where(value.isNotNull())
                .groupBy(col("as_of_date"), CutPoints.bucket(value).as("bucket"))
                .agg(count(lit(1)).as("customers"), sum(value).as("amount"))
                .withColumn("upto", sum("customers").over(fromTop))
                .withColumn("cumulative_amount", sum("amount").over(fromTop))
                .withColumn("all_customers", sum("customers").over(all))
                .withColumn("all_amount", sum("amount").over(all))
                .withColumn(
                        "peak_bucket",
                        min(functions.when(col("bucket").gt(0), col("bucket"))).over(all))
                .withColumn("is_peak", functions.coalesce(col("bucket").equalTo(col("peak_bucket")), lit(false)))
                .withColumn("slot", functions.ceil(col("upto").multiply(SLOTS).divide(col("all_customers"))))
                .withColumn("last_in_slot", max("upto").over(Window.partitionBy("as_of_date", "slot")));
        return points.where(col("is_peak").or(col("upto").equalTo(col("last_in_slot"))))
                .select(
                        col("as_of_date"),
                        col("upto").divide(col("all_customers")).as("share_of_customers"),
                        functions
                                .when(
                                        col("all_amount").gt(0),
                                        col("cumulative_amount")
                                                .cast("double")
                                                .divide(col("all_amount").cast("double")))
                                .as("share_of_value"),
                        col("cumulative_amount"),
                        col("is_peak"));
    }
}
