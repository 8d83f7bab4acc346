package io.clientele.mining.value;

import static org.apache.spark.sql.functions.any_value;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.date_sub;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.to_date;
import static org.apache.spark.sql.functions.when;

import io.clientele.engine.Reuse;
import io.clientele.mining.Shape;
import io.clientele.warehouse.CoreTables;
import io.clientele.warehouse.MartTables;
import io.clientele.warehouse.Totals;
import java.time.LocalDate;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * How customers moved between classes from one snapshot to a later one, and why. Each customer is judged in this order:
 *
 * <ol>
 *   <li>{@code merged_identity}: records went to or from the customer after the first snapshot;
 *   <li>{@code late_data}: the first snapshot's day, looked at with what is known now and with its own cut points, gives another
 *       class than was published then;
 *   <li>{@code moved_cut_points}: with the cut points of the first snapshot the customer would have stayed;
 *   <li>{@code behaviour}: what remains.
 * </ol>
 */
public final class ValueMigration {
    private static final String[] CUSTOMER = {"customer_id"};

    /** The cut points of the classes between which customers are seen to move. */
    private static final List<String> CUTS =
            List.of("high_current", "high_potential", "pyramid_top", "pyramid_big", "pyramid_medium", "abc_a", "abc_b");

    private ValueMigration() {}

    /**
     * One row per customer and dimension: the columns of {@link MartTables#VALUE_MOVE}, those who stayed included; no row where
     * there is no earlier snapshot.
     *
     * @param valueSegment rows of {@link MartTables#VALUE_SEGMENT} of both dates
     * @param cutPoint rows of {@link MartTables#VALUE_CUT_POINT} of the first date
     * @param contribution rows of {@link MartTables#CUSTOMER_CONTRIBUTION} of both dates
     * @param now what contributions are computed from, as known now
     * @param identity rows of core.identity
     */
    public static Dataset<Row> moves(
            Dataset<Row> valueSegment,
            Dataset<Row> cutPoint,
            Dataset<Row> contribution,
            ContributionInputs now,
            Dataset<Row> identity,
            MigrationConfig config,
            int windowDays,
            LocalDate asOf) {
        Dataset<Row> segments = Shape.input(valueSegment, MartTables.VALUE_SEGMENT);
        Column isEarlier = config.fromDate() == null
                ? col("as_of_date").leq(lit(asOf.minusDays(config.compareDays())))
                : col("as_of_date")
                        .equalTo(lit(config.fromDate()))
                        .and(col("as_of_date").lt(lit(asOf)));
        Dataset<Row> fromDate = Reuse.of(segments.where(isEarlier)
                .agg(max("as_of_date").as("from_date"))
                .where(col("from_date").isNotNull())
                .join(cutsByDate(cutPoint), new String[] {"from_date"}, "left"));
        Dataset<Row> before = segments.join(
                        broadcast(fromDate), segments.col("as_of_date").equalTo(col("from_date")))
                .select(col("customer_id"), figures().as("f"));
        Dataset<Row> after = segments.where(col("as_of_date").equalTo(lit(asOf)))
                .select(col("customer_id"), figures().as("t"));
        Thresholds cuts = cut -> col("cuts").getField(cut);
        Dataset<Row> rows = before.join(after, CUSTOMER, "full")
                .crossJoin(broadcast(fromDate))
                .join(boughtAsKnownNow(now.customerDay(), fromDate, windowDays), CUSTOMER, "left")
                .join(contributed(contribution, now, fromDate), CUSTOMER, "left")
                .join(regrouped(identity, fromDate), CUSTOMER, "left")
                .join(
                        identity.where(col("is_current"))
                                .select(col("customer_id"), lit(true).as("is_alive"))
                                .distinct(),
                        CUSTOMER,
                        "left")
                .withColumn("is_merged", coalesce(col("is_merged"), lit(false)))
                // Bought, returned or corrected on the days of the first snapshot, but known only later.
                .withColumn("now_sales", coalesce(col("now_sales"), lit(0)))
                .withColumn("now_frequency", coalesce(col("now_frequency"), lit(0)))
                .withColumn("now_current", col("f.current").plus(coalesce(col("contributed_since"), lit(0))))
                .withColumn(
                        "is_late",
                        col("now_frequency")
                                .notEqual(col("f.frequency"))
                                .or(col("now_sales").notEqual(col("f.sales")))
                                .or(col("now_current").notEqual(col("f.current"))));
        return Reuse.of(rows.select(
                        col("customer_id"),
                        col("from_date"),
                        col("f.sales").as("from_sales_amount"),
                        col("t.sales").as("sales_amount"),
                        col("f.current").as("from_value_amount"),
                        col("t.current").as("value_amount"),
                        explode(array(
                                        move(
                                                "value_class",
                                                ValueClasses.value(
                                                        col("now_frequency").gt(0),
                                                        col("now_current"),
                                                        col("f.potential"),
                                                        cuts),
                                                ValueClasses.value(
                                                        col("t.frequency").gt(0),
                                                        col("t.current"),
                                                        col("t.potential"),
                                                        cuts)),
                                        move(
                                                "pyramid_level",
                                                ValueClasses.level(
                                                        col("now_frequency").gt(0), col("now_sales"), cuts),
                                                ValueClasses.level(
                                                        col("t.frequency").gt(0), col("t.sales"), cuts)),
                                        move(
                                                "abc_class",
                                                ValueClasses.abc(col("now_current"), cuts),
                                                ValueClasses.abc(col("t.current"), cuts))))
                                .as("move"))
                .select(
                        "customer_id",
                        "from_date",
                        "from_sales_amount",
                        "sales_amount",
                        "from_value_amount",
                        "value_amount",
                        "move.*")
                .withColumn("as_of_date", lit(asOf)));
    }

    /** The rows of {@link MartTables#VALUE_MOVE}. */
    public static Dataset<Row> moved(Dataset<Row> moves) {
        return Shape.output(moves.where(col("reason").notEqual("stayed")), MartTables.VALUE_MOVE);
    }

    /** The rows of {@link MartTables#VALUE_MIGRATION}. */
    public static Dataset<Row> matrix(Dataset<Row> moves) {
        return Shape.output(
                moves.groupBy("as_of_date", "from_date", "dimension", "from_class", "to_class", "reason")
                        .agg(
                                count(lit(1)).as("count_customers"),
                                coalesce(sum("sales_amount"), lit(0)).as("sales_amount"),
                                coalesce(sum("from_sales_amount"), lit(0)).as("from_sales_amount")),
                MartTables.VALUE_MIGRATION);
    }

    private static Column figures() {
        return struct(
                col("value_class"),
                col("pyramid_level"),
                col("abc_class"),
                col("frequency"),
                col("monetary_amount").as("sales"),
                col("current_value_amount").as("current"),
                col("potential_value_amount").as("potential"),
                col("first_purchase_date"));
    }

    /** {@code from_date, cuts}: a date's cut points in one row, null where there is none of the name. */
    private static Dataset<Row> cutsByDate(Dataset<Row> cutPoint) {
        return Shape.input(cutPoint, MartTables.VALUE_CUT_POINT)
                .groupBy(col("as_of_date").as("from_date"))
                .agg(struct(CUTS.stream()
                                .map(c -> max(when(col("cut").equalTo(c), col("value")))
                                        .as(c))
                                .toArray(Column[]::new))
                        .as("cuts"));
    }

    private static Column move(String dimension, Column thenAsKnownNow, Column nowByCutsOfThen) {
        Column from = col("f." + dimension);
        Column to = col("t." + dimension);
        Column reason = when(
                        col("f").isNull(),
                        when(col("is_merged"), "merged_identity")
                                .when(col("t.first_purchase_date").leq(col("from_date")), "late_data")
                                .otherwise("new_customer"))
                .when(
                        col("t").isNull(),
                        when(col("is_merged").or(col("is_alive").isNull()), "merged_identity")
                                .otherwise("late_data"))
                .when(from.equalTo(to), "stayed")
                .when(col("is_merged"), "merged_identity")
                .when(col("is_late").and(not(thenAsKnownNow.equalTo(from))), "late_data")
                .when(nowByCutsOfThen.equalTo(from), "moved_cut_points")
                .otherwise("behaviour");
        return struct(
                lit(dimension).as("dimension"),
                coalesce(from, lit("none")).as("from_class"),
                coalesce(to, lit("none")).as("to_class"),
                reason.as("reason"));
    }

    /** The first snapshot's figures as its days tell them now. */
    private static Dataset<Row> boughtAsKnownNow(Dataset<Row> customerDay, Dataset<Row> fromDate, int windowDays) {
        Column isPurchase = col("count_sales").geq(1).and(col("sales_amount").gt(0));
        return Shape.input(customerDay, CoreTables.CUSTOMER_DAY)
                .crossJoin(broadcast(fromDate))
                .where(col("sold_on")
                        .leq(col("from_date"))
                        .and(col("sold_on").gt(date_sub(col("from_date"), windowDays))))
                .groupBy("customer_id")
                .agg(
                        count(when(isPurchase, 1)).as("now_frequency"),
                        total("sales_amount").plus(total("return_amount")).as("now_sales"));
    }

    private static Column total(String amount) {
        return Totals.amount(Totals.sum(Totals.parts(col(amount)))).cast("decimal(18,2)");
    }

    /**
     * By how much the contribution at the first snapshot's date is more by what is known now than was published then, under the
     * costs that were set then; none for snapshots that have not kept these.
     */
    private static Dataset<Row> contributed(Dataset<Row> contribution, ContributionInputs now, Dataset<Row> fromDate) {
        Dataset<Row> then =
                contribution.join(broadcast(fromDate), col("as_of_date").equalTo(col("from_date")));
        Row settings = then.where(col("cost_settings").isNotNull())
                .agg(max("from_date"), max("window_days"), any_value(col("cost_settings")))
                .first();
        Dataset<Row> published =
                then.select(col("customer_id"), col("contribution_amount").as("then"));
        if (settings.isNullAt(0)) {
            return published.select(col("customer_id"), lit(0).as("contributed_since"));
        }
        return CustomerContribution.of(
                        now,
                        ContributionConfig.of(settings.getJavaMap(2)),
                        settings.getInt(1),
                        settings.getDate(0).toLocalDate())
                .select(col("customer_id"), col("contribution_amount").as("now"))
                .join(published, CUSTOMER, "full")
                .select(
                        col("customer_id"),
                        coalesce(col("now"), lit(0))
                                .minus(coalesce(col("then"), lit(0)))
                                .as("contributed_since"));
    }

    /** Customers between whom a record went since. */
    private static Dataset<Row> regrouped(Dataset<Row> identity, Dataset<Row> fromDate) {
        Dataset<Row> current = identity.where(col("is_current"))
                .select(col("record_key"), col("customer_id").as("now_id"));
        Dataset<Row> changed = identity.crossJoin(broadcast(fromDate))
                .where(col("valid_to").isNotNull().and(to_date(col("valid_to")).gt(col("from_date"))))
                .select("record_key", "customer_id")
                .join(current, "record_key")
                .where(col("customer_id").notEqual(col("now_id")));
        return changed.select(explode(array(col("customer_id"), col("now_id"))).as("customer_id"))
                .distinct()
                .withColumn("is_merged", lit(true));
    }
}
