package io.clientele.mining.value;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.negate;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import io.clientele.warehouse.Totals;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** The thresholds between classes: found in the customers' own figures, or taken over from an earlier date. */
final class ValueCuts {
    /** In the names of nested cut points, before the scores within which they hold. */
    static final String FIFTH_OF_RECENCY = "_in_r";

    /** What is measured of a customer; a measure goes by its place here, since numbers are compared faster than names. */
    private static final List<String> MEASURES =
            List.of("r", "f", "m", "sales", "abc", "current", "potential", "future", "margin", "serve");

    private ValueCuts() {}

    /** {@code cut, value, frozen_from} of all classes but nested scores. */
    static Dataset<Row> all(Dataset<Row> customers, ValueConfig config, Dataset<Row> frozen) {
        return find(measures(customers, config), wanted(customers.sparkSession(), config), frozen);
    }

    /** {@code cut, value, frozen_from} of frequency within each fifth of recency. */
    static Dataset<Row> ofFrequency(Dataset<Row> scored, Dataset<Row> frozen) {
        List<Row> wanted = new ArrayList<>();
        for (int r = 1; r <= 5; r++) {
            fifths(wanted, r, "f_score", FIFTH_OF_RECENCY + r);
        }
        return nested(scored, col("r_score"), col("frequency"), wanted, frozen);
    }

    /** {@code cut, value, frozen_from} of net sales within each cell of recency and frequency. */
    static Dataset<Row> ofMonetary(Dataset<Row> scored, Dataset<Row> frozen) {
        List<Row> wanted = new ArrayList<>();
        for (int r = 1; r <= 5; r++) {
            for (int f = 1; f <= 5; f++) {
                fifths(wanted, 10 * r + f, "m_score", FIFTH_OF_RECENCY + r + "f" + f);
            }
        }
        Column cell = col("r_score").multiply(10).plus(col("f_score"));
        return nested(scored, cell, col("monetary_amount"), wanted, frozen);
    }

    private static Dataset<Row> nested(
            Dataset<Row> scored, Column measure, Column value, List<Row> wanted, Dataset<Row> frozen) {
        Dataset<Row> values = scored.where(ValueClasses.isActive())
                .select(
                        measure.cast("int").as("measure"),
                        Totals.parts(value).as("value"),
                        Totals.parts(lit(1)).as("weight"));
        return find(values, wanted(scored.sparkSession(), wanted), frozen);
    }

    private static Dataset<Row> find(Dataset<Row> values, Dataset<Row> wanted, Dataset<Row> frozen) {
        Dataset<Row> own = CutPoints.ascending(values, wanted)
                .select(
                        col("cut"),
                        Totals.asDouble(when(
                                                col("cut")
                                                        .startsWith("f_score")
                                                        .or(col("cut").startsWith("m_score")),
                                                col("value"))
                                        .otherwise(negate(col("value"))))
                                .as("value"));
        if (frozen == null) {
            return own.withColumn("frozen_from", lit(null).cast("date"));
        }
        Dataset<Row> held = frozen.select(
                        col("cut"),
                        col("value").as("held"),
                        coalesce(col("frozen_from"), col("as_of_date")).as("held_from"))
                .join(wanted.select("cut"), new String[] {"cut"}, "left_semi");
        return own.join(held, new String[] {"cut"}, "full")
                .select(
                        col("cut"),
                        coalesce(col("held"), col("value")).as("value"),
                        col("held_from").as("frozen_from"));
    }

    /** Measures whose classes count from the top are negated, so that their cut points are found from the bottom too. */
    private static Dataset<Row> measures(Dataset<Row> customers, ValueConfig config) {
        Column one = lit(1);
        Column active = when(ValueClasses.isActive(), one);
        List<Column> measures = new ArrayList<>(List.of(
                measure("r", negate(col("recency_days")), active),
                measure("sales", negate(col("monetary_amount")), active),
                measure("abc", negate(col("current_value_amount")), greatest(col("current_value_amount"), lit(0))),
                measure("current", negate(col("current_value_amount")), active),
                measure("potential", negate(col("potential_value_amount")), one),
                measure("future", negate(col("future_value_amount")), one),
                measure("margin", negate(col("margin_share")), active),
                measure("serve", negate(col("serve_cost_share")), active)));
        if (config.quintiles() == Quintiles.INDEPENDENT) {
            measures.add(measure("f", col("frequency"), active));
            measures.add(measure("m", col("monetary_amount"), active));
        }
        return customers
                .select(explode(array(measures.toArray(Column[]::new))).as("entry"))
                .select("entry.*")
                .where(col("weight").isNotNull().and(col("value").isNotNull()));
    }

    private static Column measure(String name, Column value, Column weight) {
        return struct(
                lit(MEASURES.indexOf(name)).as("measure"),
                Totals.parts(value).as("value"),
                Totals.parts(weight).as("weight"));
    }

    private static Dataset<Row> wanted(SparkSession session, ValueConfig config) {
        List<Row> rows = new ArrayList<>();
        List<String> measures = config.quintiles() == Quintiles.INDEPENDENT ? List.of("r", "f", "m") : List.of("r");
        measures.forEach(m -> fifths(rows, MEASURES.indexOf(m), m + "_score", ""));
        double big = config.pyramidShareTop() + config.pyramidShareBig();
        rows.add(wanted("sales", "pyramid_top", config.pyramidShareTop()));
        rows.add(wanted("sales", "pyramid_big", big));
        rows.add(wanted("sales", "pyramid_medium", big + config.pyramidShareMedium()));
        rows.add(wanted("sales", "core", config.coreSpendShare()));
        rows.add(wanted("abc", "abc_a", config.abcShareA()));
        rows.add(wanted("abc", "abc_b", config.abcShareB()));
        rows.add(wanted("current", "high_current", config.highCurrentShare()));
        rows.add(wanted("potential", "high_potential", config.highPotentialShare()));
        rows.add(wanted("future", "high_future", config.highFutureShare()));
        rows.add(wanted("margin", "high_margin", config.highMarginShare()));
        rows.add(wanted("serve", "high_serve_cost", config.highServeCostShare()));
        return wanted(session, rows);
    }

    private static Row wanted(String measure, String cut, double share) {
        return RowFactory.create(MEASURES.indexOf(measure), cut, share);
    }

    private static void fifths(List<Row> rows, int measure, String cut, String suffix) {
        for (int score = 2; score <= 5; score++) {
            rows.add(RowFactory.create(measure, cut + "_" + score + suffix, (score - 1) / 5.0));
        }
    }

    private static Dataset<Row> wanted(SparkSession session, List<Row> rows) {
        return session.createDataFrame(rows, StructType.fromDDL("measure INT, cut STRING, share DOUBLE"));
    }
}
