package io.clientele.identity;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;

import io.clientele.warehouse.IdentityTables;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What one training learned from all records. Later records are weighed by it, so that a pair's weight stays what it is until
 * the next training.
 *
 * @param model the weights
 * @param rules what each rule of blocking brought, and whether it is used
 * @param frequencies rows of {@link IdentityTables#MATCH_FREQUENCY}
 * @param countRecords records at that time
 */
record MatchTraining(
        MatchModel model, List<CandidatePairs.RuleUse> rules, Dataset<Row> frequencies, long countRecords) {
    private static final int MOST_FREQUENT = 50_000;

    private static final List<String> WITH_FREQUENCY =
            List.of("given_name", "family_name", "mailbox", "phone", "postcode", "city");

    /**
     * The training that {@link Evidence#model} and {@link IdentityTables#MATCH_FREQUENCY} hold; null where nothing was learned.
     *
     * @param modelRows all rows of {@link IdentityTables#MATCH_MODEL}
     */
    static MatchTraining read(Dataset<Row> modelRows, Dataset<Row> frequencies) {
        MatchField[] fields = MatchField.values();
        double[][] m = new double[fields.length][];
        double[][] u = new double[fields.length][];
        double[][] expected = new double[fields.length][];
        for (MatchField field : fields) {
            int levels = field.levels().size();
            m[field.ordinal()] = new double[levels];
            u[field.ordinal()] = new double[levels];
            expected[field.ordinal()] = new double[levels];
        }
        List<CandidatePairs.RuleUse> rules = new ArrayList<>();
        Double prior = null;
        long countRecords = 0;
        // As many rows as there are rules and levels.
        for (Row row : modelRows.collectAsList()) {
            int position = row.getAs("position");
            switch (row.<String>getAs("part")) {
                case "level" -> {
                    int field = MatchField.of(row.getAs("name")).ordinal();
                    m[field][position] = row.<Double>getAs("m");
                    u[field][position] = row.<Double>getAs("u");
                    expected[field][position] = row.<Double>getAs("expected_pairs");
                }
                case "rule" ->
                    rules.add(new CandidatePairs.RuleUse(
                            position,
                            row.<Long>getAs("count_blocks"),
                            row.<Long>getAs("count_pairs"),
                            row.<Long>getAs("count_refused_blocks"),
                            row.<Long>getAs("largest_block"),
                            row.getAs("example_record_key"),
                            row.<String>getAs("status").equals("used")));
                default -> {
                    prior = row.getAs("m");
                    Long records = row.getAs("count_records");
                    countRecords = records == null ? 0 : records;
                }
            }
        }
        if (prior == null || countRecords == 0) {
            return null;
        }
        rules.sort(java.util.Comparator.comparingInt(CandidatePairs.RuleUse::rule));
        return new MatchTraining(new MatchModel(prior, m, u, expected), List.copyOf(rules), frequencies, countRecords);
    }

    /** The rules that bring pairs, by their places in {@link BlockingRules#ALL}. */
    List<Integer> used() {
        return rules.stream()
                .filter(CandidatePairs.RuleUse::isUsed)
                .map(CandidatePairs.RuleUse::rule)
                .toList();
    }

    /** How many records hold each value, where they are not few; rows of {@link IdentityTables#MATCH_FREQUENCY}. */
    static Dataset<Row> frequencies(Dataset<Row> records, long countRecords) {
        List<Column> values = new ArrayList<>();
        for (String column : WITH_FREQUENCY) {
            values.add(struct(lit(column).as("field"), col(column).as("value")));
        }
        return records.select(array(values.toArray(Column[]::new)).as("values"))
                .select(explode(col("values")).as("held"))
                .select("held.*")
                .where(col("value").isNotNull())
                .groupBy("field", "value")
                .agg(count(lit(1)).as("count_records"))
                // So no more than so many values are frequent, however many records there are.
                .where(col("count_records").geq(Math.max(2, countRecords / MOST_FREQUENT)));
    }

    /** The records with the share of records that held each of their values; values that are not frequent count as held once. */
    static Dataset<Row> withFrequencies(Dataset<Row> records, Dataset<Row> frequencies, long countRecords) {
        Dataset<Row> known = records;
        for (String column : WITH_FREQUENCY) {
            Dataset<Row> ofColumn = frequencies
                    .where(col("field").equalTo(column))
                    .select(col("value").as("_value"), col("count_records").as("_holders"));
            known = known.join(broadcast(ofColumn), col(column).equalTo(col("_value")), "left_outer")
                    .withColumn(
                            column + "_frequency",
                            coalesce(col("_holders"), lit(1L))
                                    .divide((double) countRecords)
                                    .cast("float"))
                    .drop("_value", "_holders");
        }
        return known;
    }

    Dataset<Row> withFrequencies(Dataset<Row> records) {
        return withFrequencies(records, frequencies, countRecords);
    }
}
