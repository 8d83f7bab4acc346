package io.clientele.identity;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import io.clientele.engine.Reuse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** How likely two records are one customer, learned from the records themselves ({@link MatchModel}). */
final class Similarity {
    /** Records among which random pairs are drawn: some 500,000 pairs. */
    private static final int RANDOM_RECORDS = 1000;

    private static final String PLACE_FREQUENCY = "place_frequency";

    private final MatchTraining training;
    private final Dataset<Row> records;
    private final Dataset<Row> candidates;
    private final Dataset<Row> refusedBlocks;

    private Similarity(
            MatchTraining training, Dataset<Row> records, Dataset<Row> candidates, Dataset<Row> refusedBlocks) {
        this.training = training;
        this.records = records;
        this.candidates = candidates;
        this.refusedBlocks = refusedBlocks;
    }

    MatchTraining training() {
        return training;
    }

    MatchModel model() {
        return training.model();
    }

    List<CandidatePairs.RuleUse> rules() {
        return training.rules();
    }

    /** The records with the frequencies of their values. */
    Dataset<Row> records() {
        return records;
    }

    /** All candidate pairs with their levels; null where these are some records only. */
    Dataset<Row> candidates() {
        return candidates;
    }

    /** Rows of {@link io.clientele.warehouse.IdentityTables#REFUSED_BLOCK}; null where these are some records only. */
    Dataset<Row> refusedBlocks() {
        return refusedBlocks;
    }

    /**
     * Learns from the records; null where there are too few of them.
     *
     * @param records as {@link MatchRecords#of} makes them
     */
    static Similarity learn(Dataset<Row> records, MatchConfig config) {
        long countRecords = records.count();
        if (countRecords < config.minRecords()) {
            return null;
        }
        Dataset<Row> frequencies = Reuse.settled(MatchTraining.frequencies(records, countRecords));
        Dataset<Row> known = Reuse.settled(MatchTraining.withFrequencies(records, frequencies, countRecords));
        CandidatePairs.Plan plan = CandidatePairs.plan(known, countRecords, config);
        Dataset<Row> candidates = Reuse.of(compared(CandidatePairs.pairs(known, plan)));
        double allPairs = countRecords * (countRecords - 1.0) / 2;
        MatchModel model = Expectation.learn(
                // Customer numbers of one source say for sure that two are two.
                patterns(candidates.where(not(col("has_other_number")))),
                patterns(random(known)),
                allPairs,
                countRecords);
        return new Similarity(
                new MatchTraining(model, plan.rules(), frequencies, countRecords), known, candidates, plan.refused());
    }

    /** All records under an earlier training. */
    static Similarity of(MatchTraining training, Dataset<Row> records, MatchConfig config) {
        Dataset<Row> known = Reuse.settled(training.withFrequencies(records));
        CandidatePairs.Plan plan = CandidatePairs.plan(known, training, config);
        return new Similarity(training, known, Reuse.of(compared(CandidatePairs.pairs(known, plan))), plan.refused());
    }

    /** Some of the records under an earlier training; their candidate pairs come from elsewhere. */
    static Similarity ofSome(MatchTraining training, Dataset<Row> records) {
        return new Similarity(training, training.withFrequencies(records), null, null);
    }

    /** Pairs of records that a hash draws; so the same records draw the same pairs. */
    private static Dataset<Row> random(Dataset<Row> records) {
        Dataset<Row> drawn = Reuse.settled(records.withColumn("_draw", xxhash64(lit("random pairs"), col("record_key")))
                .orderBy("_draw", "record_key")
                .limit(RANDOM_RECORDS)
                .select(CandidatePairs.member().as("a")));
        return compared(drawn.repartition(4, col("a.rank.record_key"))
                .crossJoin(broadcast(drawn.withColumnRenamed("a", "b")))
                .where(col("a.rank.record_key").lt(col("b.rank.record_key"))));
    }

    /** From pairs ({@code a}, {@code b}) to keys, ranks, levels, frequencies and whether customer numbers conflict. */
    static Dataset<Row> compared(Dataset<Row> pairs, String... more) {
        List<Column> told = new ArrayList<>(List.of(col("a"), col("b")));
        told.addAll(MatchField.distances());
        List<Column> columns = new ArrayList<>(List.of(
                col("a.rank.record_key").as("a_key"),
                col("a.rank").as("a_rank"),
                col("b.rank.record_key").as("b_key"),
                col("b.rank").as("b_rank")));
        for (MatchField field : MatchField.values()) {
            columns.add(field.level().as(field.columnName()));
        }
        columns.add(frequency("given_name").as("given_name_frequency"));
        columns.add(frequency("family_name").as("family_name_frequency"));
        columns.add(frequency("mailbox").as("email_frequency"));
        columns.add(frequency("phone").as("phone_frequency"));
        columns.add(least(frequency("city"), frequency("postcode")).as(PLACE_FREQUENCY));
        columns.add(otherNumber().as("has_other_number"));
        for (String column : more) {
            told.add(col(column));
            columns.add(col(column));
        }
        return pairs.select(told.toArray(Column[]::new))
                .select(columns.toArray(Column[]::new))
                .withColumn(PLACE_FREQUENCY, when(col("place").geq(4), col(PLACE_FREQUENCY)));
    }

    /** How common a value is that both have. */
    private static Column frequency(String column) {
        return when(MatchField.same(column), col("a." + column + "_frequency"));
    }

    /** Whether the two have different customer numbers of one source. */
    private static Column otherNumber() {
        return coalesce(
                col("a.source")
                        .equalTo(col("b.source"))
                        .and(col("a.customer_number").notEqual(col("b.customer_number"))),
                lit(false));
    }

    Dataset<Row> weighed(Dataset<Row> compared) {
        List<Column> columns = new ArrayList<>();
        for (String name : compared.columns()) {
            columns.add(col(name));
        }
        columns.addAll(model().weights());
        return compared.select(columns.toArray(Column[]::new))
                .withColumn("weight", model().total())
                .withColumn("is_vetoed", isVetoed(model().doTaxNumbersVeto()));
    }

    /** A conflict of strong identifiers. */
    static Column isVetoed(boolean doTaxNumbersVeto) {
        Column numbers = col("has_other_number");
        return doTaxNumbersVeto
                ? numbers.or(col(MatchField.TAX_NUMBER.columnName()).equalTo(0))
                : numbers;
    }

    private static List<Expectation.Pattern> patterns(Dataset<Row> compared) {
        Column[] fields =
                Arrays.stream(MatchField.values()).map(f -> col(f.columnName())).toArray(Column[]::new);
        // As many rows as there are patterns of agreement.
        return compared.groupBy(fields).count().collectAsList().stream()
                .map(row -> {
                    int[] levels = new int[fields.length];
                    for (int i = 0; i < fields.length; i++) {
                        levels[i] = row.getByte(i);
                    }
                    return new Expectation.Pattern(levels, row.getLong(fields.length));
                })
                .sorted((x, y) -> Arrays.compare(x.levels(), y.levels()))
                .toList();
    }
}
