package io.clientele.integrate;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.last;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.clientele.integrate.Survivorship.Criterion;
import io.clientele.integrate.Survivorship.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/**
 * What was known of each customer at each instant at which one of its records was made.
 *
 * <p>A statement of a field is its value as one record knew it then: what the record leaves out stays as it said before. All
 * criteria can only grow from one statement of a record to its next, so the best statement up to an instant is a running
 * maximum: the work grows with the observations, not with records times instants.
 */
final class Survivors {
    private static final List<String> RECORD = List.of("source", "source_customer_key");

    private Survivors() {}

    /**
     * One row per customer and instant: {@code customer_id, recorded_at}, the columns of {@link Survivorship#PARTS} and
     * {@code origin}.
     *
     * @param observations rows of core.customer_record with {@code customer_id}
     */
    static Dataset<Row> states(Dataset<Row> observations, Survivorship survivorship) {
        // All windows are within a customer, so one exchange serves them all.
        Dataset<Row> rows = observations
                .select(columns(List.of("customer_id", "recorded_at"), RECORD, attributes()))
                .repartition(col("customer_id"));
        WindowSpec ofRecord = Window.partitionBy(col("customer_id"), col(RECORD.get(0)), col(RECORD.get(1)))
                .orderBy("recorded_at")
                .rowsBetween(Window.unboundedPreceding(), Window.currentRow());
        List<Column> carried = new ArrayList<>(List.of(columns(List.of("customer_id", "recorded_at"), RECORD)));
        Survivorship.PARTS.forEach((field, parts) -> {
            Column isStated = parts.stream().map(p -> col(p).isNotNull()).reduce(lit(false), Column::or);
            Column[] known = parts.stream()
                    .map(p -> last(col(p), true).over(ofRecord).as(p))
                    .toArray(Column[]::new);
            carried.add(when(isStated, struct(known)).as(field));
        });
        rows = rows.select(carried.toArray(Column[]::new));
        Map<String, Rule> rules = survivorship.rules();
        for (Map.Entry<String, Rule> rule : rules.entrySet()) {
            if (rule.getValue().by().contains(Criterion.FREQUENCY)) {
                rows = withFrequency(rows, rule.getKey());
            }
        }
        WindowSpec upToInstant = Window.partitionBy("customer_id")
                .orderBy("recorded_at")
                .rangeBetween(Window.unboundedPreceding(), Window.currentRow());
        List<Column> best = new ArrayList<>(List.of(columns(List.of("customer_id", "recorded_at"))));
        rules.forEach((field, rule) -> best.add(
                max(candidate(field, rule, survivorship)).over(upToInstant).as(field)));
        return rows.select(best.toArray(Column[]::new))
                .dropDuplicates(new String[] {"customer_id", "recorded_at"})
                .select(surviving());
    }

    static List<String> attributes() {
        return Survivorship.PARTS.values().stream().flatMap(List::stream).toList();
    }

    /** How many records of the customer had stated the value of the field by then. */
    private static Dataset<Row> withFrequency(Dataset<Row> rows, String field) {
        WindowSpec ofStatement = Window.partitionBy(
                        col("customer_id"), col(field), col(RECORD.get(0)), col(RECORD.get(1)))
                .orderBy("recorded_at");
        WindowSpec ofValue = Window.partitionBy(col("customer_id"), col(field))
                .orderBy("recorded_at")
                .rangeBetween(Window.unboundedPreceding(), Window.currentRow());
        return rows.withColumn(
                        "_is_first",
                        when(row_number().over(ofStatement).equalTo(1), 1).otherwise(0))
                .withColumn("_frequency_" + field, sum("_is_first").over(ofValue))
                .drop("_is_first");
    }

    /** What the statement of a field is preferred by, then where it stands, then the value; null where nothing is stated. */
    private static Column candidate(String field, Rule rule, Survivorship survivorship) {
        List<Column> ordered = new ArrayList<>();
        for (Criterion criterion : rule.by()) {
            ordered.add(
                    switch (criterion) {
                        case SOURCE -> trust(survivorship.trust(rule));
                        case RECENCY -> col("recorded_at");
                        case FREQUENCY -> col("_frequency_" + field);
                        case COMPLETENESS -> completeness(field);
                    });
        }
        List<Column> named = new ArrayList<>();
        for (int i = 0; i < ordered.size(); i++) {
            named.add(ordered.get(i).as("by_" + i));
        }
        named.add(col("recorded_at").as("stated_at"));
        RECORD.forEach(c -> named.add(col(c).as(c)));
        named.add(col(field).as("value"));
        return when(col(field).isNotNull(), struct(named.toArray(Column[]::new)));
    }

    private static Column trust(List<String> bestFirst) {
        Column trust = lit(0);
        for (int i = 0; i < bestFirst.size(); i++) {
            trust = greatest(
                    trust,
                    when(col("source").equalTo(bestFirst.get(i)), bestFirst.size() - i)
                            .otherwise(0));
        }
        return trust;
    }

    private static Column completeness(String field) {
        return Survivorship.PARTS.get(field).stream()
                .map(p -> when(col(field).getField(p).isNotNull(), 1).otherwise(0))
                .reduce(lit(0), Column::plus);
    }

    private static Column[] surviving() {
        List<Column> columns = new ArrayList<>(List.of(columns(List.of("customer_id", "recorded_at"))));
        List<Column> origins = new ArrayList<>();
        Survivorship.PARTS.forEach((field, parts) -> {
            parts.forEach(
                    p -> columns.add(col(field).getField("value").getField(p).as(p)));
            origins.add(when(
                            col(field).isNotNull(),
                            struct(
                                    col(field).getField("source").as("source"),
                                    col(field).getField("source_customer_key").as("source_customer_key"),
                                    col(field).getField("stated_at").as("stated_at")))
                    .as(field));
        });
        columns.add(struct(origins.toArray(Column[]::new)).as("origin"));
        return columns.toArray(Column[]::new);
    }

    @SafeVarargs
    private static Column[] columns(List<String>... names) {
        return java.util.Arrays.stream(names)
                .flatMap(List::stream)
                .map(c -> col(c))
                .toArray(Column[]::new);
    }
}
