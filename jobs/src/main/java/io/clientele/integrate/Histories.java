package io.clientele.integrate;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lag;
import static org.apache.spark.sql.functions.last;
import static org.apache.spark.sql.functions.lead;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max_by;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/**
 * Validity intervals (slowly changing dimension, type 2) from observations. The whole history of a key is made anew from
 * all of its observations, so the order of delivery does not matter and a late observation lands where it belongs.
 */
public final class Histories {
    private Histories() {}

    /**
     * From observations to intervals: the key, the attributes, {@code valid_from}, {@code valid_to} (null while current) and
     * {@code is_current}.
     *
     * <p>An observation that does not state an attribute (null) leaves it as last known. Consecutive observations that change
     * nothing are one interval. Of several at the same instant the one with the greatest {@code precedence} counts, attribute
     * by attribute.
     *
     * @param observations all observations of the keys concerned
     * @param key the key columns
     * @param at the column with the instant of observation
     * @param attributes the columns whose history is kept
     * @param precedence orders observations of the same instant; ties must be equal in all attributes
     */
    public static Dataset<Row> intervals(
            Dataset<Row> observations, List<String> key, String at, List<String> attributes, Column precedence) {
        return intervals(observations, key, at, attributes, List.of(), precedence);
    }

    /**
     * As above, with {@code origin}: columns of the observation that opened an interval, such as where it came from. A new
     * value in them alone opens none.
     */
    public static Dataset<Row> intervals(
            Dataset<Row> observations,
            List<String> key,
            String at,
            List<String> attributes,
            List<String> origin,
            Column precedence) {
        Column[] keys = key.stream().map(k -> col(k)).toArray(Column[]::new);
        Column[] instant = new Column[keys.length + 1];
        System.arraycopy(keys, 0, instant, 0, keys.length);
        instant[keys.length] = col(at);
        Column[] stated = Stream.concat(
                        attributes.stream()
                                .map(a -> max_by(col(a), when(col(a).isNotNull(), precedence))
                                        .as(a)),
                        origin.stream().map(o -> max_by(col(o), precedence).as(o)))
                .toArray(Column[]::new);
        WindowSpec byTime = Window.partitionBy(keys).orderBy(col(at));
        WindowSpec upToNow = byTime.rowsBetween(Window.unboundedPreceding(), Window.currentRow());
        Dataset<Row> known = observations.groupBy(instant).agg(stated[0], Arrays.copyOfRange(stated, 1, stated.length));
        for (String attribute : attributes) {
            known = known.withColumn(attribute, last(col(attribute), true).over(upToNow));
        }
        return ofStates(known, key, at, attributes);
    }

    /**
     * From what was known at each instant to intervals: an instant at which no attribute changes opens none. Other columns are
     * those of the instant that opened the interval.
     *
     * @param states one row per key and instant
     */
    static Dataset<Row> ofStates(Dataset<Row> states, List<String> key, String at, List<String> attributes) {
        WindowSpec byTime = Window.partitionBy(key.stream().map(k -> col(k)).toArray(Column[]::new))
                .orderBy(col(at));
        Column state = struct(attributes.stream().map(a -> col(a)).toArray(Column[]::new));
        return states.withColumn("_state", state)
                .withColumn("_former", lag(col("_state"), 1).over(byTime))
                .withColumn("_is_first", lag(lit(true), 1).over(byTime).isNull())
                .where(col("_is_first").or(not(col("_state").eqNullSafe(col("_former")))))
                .withColumn("valid_from", col(at))
                .withColumn("valid_to", lead(col(at), 1).over(byTime))
                .withColumn("is_current", col("valid_to").isNull())
                .drop("_state", "_former", "_is_first");
    }
}
