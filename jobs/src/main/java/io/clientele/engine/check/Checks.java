package io.clientele.engine.check;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lag;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import io.clientele.engine.TableRef;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/** The checks that tables have in common. Each looks at the rows that a run wrote, so its cost follows the change. */
public final class Checks {
    private Checks() {}

    /**
     * No two rows of the table's key and no key with a null in it; each such key counts once. Equal keys have equal hashes, so
     * that hashes that are all there once prove it, and numbers are grouped for a fraction of what keys of several texts cost.
     */
    public static TableCheck uniqueKey(TableRef table) {
        Column[] key = table.key().stream().map(k -> col(k)).toArray(Column[]::new);
        Column isIncomplete = Arrays.stream(key).map(Column::isNull).reduce(lit(false), Column::or);
        TableCheck check = violations(
                table,
                "unique key (" + String.join(", ", table.key()) + ")",
                true,
                rows -> rows.groupBy(key)
                        .agg(count(lit(1)).as("_rows"))
                        .where(col("_rows").gt(1).or(isIncomplete)));
        return new TableCheck(
                table,
                null,
                false,
                check.name(),
                check.expected(),
                true,
                check.violations(),
                rows -> counted(
                        rows.select(when(not(isIncomplete), xxhash64(key)).as("_hash"))
                                // Few are equal: to group them before they are sent would only take time.
                                .repartition(col("_hash"))
                                .groupBy("_hash")
                                .agg(count(lit(1)).as("_rows"))
                                .where(col("_rows").gt(1).or(col("_hash").isNull())),
                        " rows"));
    }

    /** Every row satisfies a SQL condition; one that cannot be evaluated does not. */
    public static TableCheck each(TableRef table, String name, String condition, boolean isBlocking) {
        return violations(
                table,
                name,
                isBlocking,
                rows -> rows.where(coalesce(expr(condition), lit(false)).equalTo(false)));
    }

    /**
     * An audit of validity intervals after TPC-DI: per key each {@code valid_to} meets the next {@code valid_from}, no interval
     * is empty, at most one is open and it is the one marked current.
     */
    public static TableCheck history(TableRef table, List<String> key) {
        WindowSpec byTime = Window.partitionBy(key.stream().map(k -> col(k)).toArray(Column[]::new))
                .orderBy(col("valid_from"));
        return violations(
                table,
                "intervals of (" + String.join(", ", key) + ") meet",
                true,
                rows -> rows.withColumn("_end_before", lag(col("valid_to"), 1).over(byTime))
                        .withColumn("_has_before", lag(lit(true), 1).over(byTime))
                        .where(col("valid_to")
                                .leq(col("valid_from"))
                                .or(col("is_current").notEqual(col("valid_to").isNull()))
                                .or(col("_has_before")
                                        .and(coalesce(col("_end_before").notEqual(col("valid_from")), lit(true))))));
    }

    /** A warning when more than a share of rows misses a value. */
    public static TableCheck mostlyKnown(TableRef table, String column, double atLeast) {
        Column share =
                coalesce(sum(when(col(column).isNotNull(), 1).otherwise(0)).divide(count(lit(1))), lit(1.0));
        return new TableCheck(
                table,
                column + " is mostly known",
                "at least " + Math.round(atLeast * 100) + " %",
                false,
                rows -> rows.agg(share.as("share"))
                        .select(
                                concat(expr("format_number(share * 100, 1)"), lit(" %"))
                                        .as("observed"),
                                col("share").geq(atLeast).as("is_passed")));
    }

    /** Every value of a column stands in a column of another table; null refers to nothing. Each missing value counts once. */
    public static TableCheck references(
            TableRef table, String column, TableRef other, String otherColumn, boolean isBlocking) {
        return new TableCheck(
                table,
                other,
                false,
                column + " is in " + other.sqlName(),
                "no other value",
                isBlocking,
                (rows, others) -> counted(
                        rows.where(col(column).isNotNull())
                                .select(col(column).as("_value"))
                                .distinct()
                                .join(
                                        others.select(col(otherColumn).as("_known")),
                                        col("_value").equalTo(col("_known")),
                                        "left_anti"),
                        " values"),
                null);
    }

    /**
     * Each slice of a table has the same total as that slice of the table from which it is made.
     *
     * @param of which rows of the other table take part, as a SQL condition
     */
    public static TableCheck sameTotals(TableRef table, TableRef other, String slice, String amount, String of) {
        return new TableCheck(
                table,
                other,
                true,
                amount + " by " + slice + " equals " + other.sqlName(),
                "no other total",
                true,
                (rows, others) -> {
                    Dataset<Row> totals =
                            rows.groupBy(slice).agg(sum(amount).as("_total")).withColumnRenamed(slice, "_slice");
                    Dataset<Row> otherTotals = others.where(of)
                            .select(col(slice).as("_other_slice"), col(amount))
                            .groupBy("_other_slice")
                            .agg(sum(amount).as("_other_total"));
                    return counted(
                            totals.join(otherTotals, col("_slice").equalTo(col("_other_slice")), "left")
                                    .where(not(coalesce(col("_total").equalTo(col("_other_total")), lit(false)))),
                            " slices");
                },
                null);
    }

    private static Dataset<Row> counted(Dataset<Row> violating, String what) {
        return violating
                .agg(count(lit(1)).as("_count"))
                .select(
                        concat(col("_count").cast("string"), lit(what)).as("observed"),
                        col("_count").equalTo(0).as("is_passed"));
    }

    private static TableCheck violations(
            TableRef table, String name, boolean isBlocking, java.util.function.UnaryOperator<Dataset<Row>> violating) {
        return new TableCheck(table, name, "no such row", isBlocking, rows -> counted(violating.apply(rows), " rows"));
    }
}
