package io.clientele.mining.value;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.lit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * Cut points, brought to the driver: as many as there are classes, whatever the number of customers. In a plan they are then
 * constants; looked up in a map for each customer, they cost more than all else that classes it.
 */
final class FoundCuts implements Thresholds {
    private static final int SCORES = 5;

    private final SparkSession session;
    private final StructType schema;
    private final List<Row> rows = new ArrayList<>();
    private final Map<String, Double> values = new HashMap<>();

    private FoundCuts(SparkSession session, StructType schema) {
        this.session = session;
        this.schema = schema;
    }

    /** @param cuts {@code cut, value, frozen_from} */
    static FoundCuts of(Dataset<Row> cuts) {
        FoundCuts found = new FoundCuts(cuts.sparkSession(), cuts.schema());
        found.add(cuts);
        return found;
    }

    /** More of them. */
    void add(Dataset<Row> cuts) {
        add(cuts.collectAsList());
    }

    /** More of them: {@code cut, value, frozen_from}. */
    void add(List<Row> cuts) {
        for (Row row : cuts) {
            rows.add(row);
            values.put(row.getString(0), row.isNullAt(1) ? null : row.getDouble(1));
        }
    }

    /** All of them: {@code cut, value, frozen_from}. */
    Dataset<Row> rows() {
        return session.createDataFrame(rows, schema);
    }

    @Override
    public Column of(String cut) {
        return lit(values.get(cut)).cast("double");
    }

    /** The cut point {@code cut} within the customer's fifth of recency. */
    Column inFifth(String cut) {
        return byScores(1, cell -> of(cut + cell));
    }

    /** The cut point {@code cut} within the customer's fifth of recency and, there, of frequency. */
    Column inCell(String cut) {
        return byScores(2, cell -> of(cut + cell));
    }

    /** A constant for each fifth of recency (depth 1) or cell of recency and frequency (depth 2), by the customer's scores. */
    private static Column byScores(int depth, Function<String, Column> constant) {
        List<Column> constants = new ArrayList<>();
        for (int r = 1; r <= SCORES; r++) {
            String fifth = ValueCuts.FIFTH_OF_RECENCY + r;
            for (int f = 1; f <= (depth == 1 ? 1 : SCORES); f++) {
                constants.add(constant.apply(depth == 1 ? fifth : fifth + "f" + f));
            }
        }
        Column place = depth == 1
                ? col("r_score")
                : col("r_score").minus(1).multiply(SCORES).plus(col("f_score"));
        return element_at(array(constants.toArray(Column[]::new)), place);
    }
}
