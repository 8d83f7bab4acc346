package io.clientele.identity;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.map_filter;
import static org.apache.spark.sql.functions.map_from_arrays;
import static org.apache.spark.sql.functions.not;

import io.clientele.engine.Reuse;
import io.clientele.warehouse.IdentityTables;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;

/** The evidence behind identities, in the columns of {@link IdentityTables}. */
final class Evidence {
    /** Bits more that a link needs where nothing but name and place speaks for it. */
    private static final double NAMESAKE_BITS = 5;

    private static final String HAS_MORE = "_has_more";

    private Evidence() {}

    /**
     * Of pairs the likely ones, those that may be links or are kept for stewards: the columns of {@link
     * IdentityTables#MATCH_PAIR} but {@code is_linked}, and whether more than name and place speaks for them.
     *
     * @param compared pairs as {@link Similarity#compared} makes them
     */
    static Dataset<Row> likely(Similarity similarity, Dataset<Row> compared, MatchConfig config) {
        double bits = bits(Math.min(config.keptProbability(), config.minProbability()));
        Dataset<Row> weighed =
                Reuse.settled(similarity.weighed(compared).where(col("weight").geq(bits)));
        List<Column> names = new ArrayList<>(List.of(lit("prior")));
        List<Column> weights = new ArrayList<>(List.of(lit(similarity.model().priorWeight())));
        for (String name : MatchModel.weightNames()) {
            names.add(lit(name));
            weights.add(col("weight_" + name));
        }
        List<Column> fields = new ArrayList<>();
        List<Column> levels = new ArrayList<>();
        for (MatchField field : MatchField.values()) {
            fields.add(lit(field.columnName()));
            levels.add(col(field.columnName()).cast("int"));
        }
        return weighed.select(
                col("a_key").as("record_key"),
                col("b_key").as("other_record_key"),
                MatchModel.probability(col("weight")).as("probability"),
                col("weight").as("weight_bits"),
                coalesce(col("is_vetoed"), lit(false)).as("is_vetoed"),
                map_filter(
                                map_from_arrays(
                                        array(names.toArray(Column[]::new)), array(weights.toArray(Column[]::new))),
                                (name, weight) -> weight.notEqual(0.0))
                        .as("weights"),
                map_filter(
                                map_from_arrays(
                                        array(fields.toArray(Column[]::new)), array(levels.toArray(Column[]::new))),
                                (name, level) -> level.geq(0))
                        .as("levels"),
                MatchField.hasMoreThanNameAndPlace(field -> col(field.columnName()))
                        .as(HAS_MORE));
    }

    /** {@link #likely} from what is kept; all of them, so long as pairs are kept from a probability below that of links. */
    static Dataset<Row> likely(Dataset<Row> matchPairs) {
        return matchPairs
                .withColumn(
                        HAS_MORE,
                        MatchField.hasMoreThanNameAndPlace(
                                field -> col("levels").getItem(field.columnName())))
                .drop("is_linked");
    }

    /** Whether one of the {@link #likely} pairs is a link. */
    static Column isLink(MatchConfig config) {
        double bits = bits(config.minProbability());
        return col("weight_bits")
                .geq(bits)
                .and(not(col("is_vetoed")))
                .and(col(HAS_MORE).or(col("weight_bits").geq(bits + NAMESAKE_BITS)));
    }

    /** {@link IdentityTables#MATCH_PAIR} of {@link #likely} pairs, all records with their groups given. */
    static Dataset<Row> pairs(Dataset<Row> likely, Dataset<Row> rooted, MatchConfig config) {
        Dataset<Row> roots = rooted.select("record_key", "root");
        return likely.where(col("weight_bits").geq(bits(config.keptProbability())))
                .join(roots.toDF("record_key", "a_root"), "record_key")
                .join(roots.toDF("other_record_key", "b_root"), "other_record_key")
                .withColumn("is_linked", col("a_root").equalTo(col("b_root")))
                .select(Identities.columns(IdentityTables.MATCH_PAIR));
    }

    private static double bits(double probability) {
        return Math.log(probability / (1 - probability)) / Math.log(2);
    }

    /** {@link IdentityTables#MATCH_MODEL}; a single row where nothing was learned. */
    static Dataset<Row> model(SparkSession session, Similarity similarity) {
        List<Row> rows = new ArrayList<>();
        if (similarity == null) {
            rows.add(prior("too few records", null, null));
        } else {
            MatchModel model = similarity.model();
            rows.add(prior("trained", model, similarity.training().countRecords()));
            for (CandidatePairs.RuleUse use : similarity.rules()) {
                rows.add(RowFactory.create(
                        "rule",
                        BlockingRules.ALL.get(use.rule()).name(),
                        use.rule(),
                        null,
                        use.isUsed() ? "used" : use.pairs() == 0 ? "empty" : "refused",
                        null,
                        null,
                        null,
                        null,
                        use.pairs(),
                        use.blocks(),
                        use.tooLarge(),
                        use.largest(),
                        use.example(),
                        null));
            }
            for (MatchField field : MatchField.values()) {
                for (int level = 0; level < field.levels().size(); level++) {
                    rows.add(RowFactory.create(
                            "level",
                            field.columnName(),
                            level,
                            field.levels().get(level),
                            model.isTrained(field, level) ? "trained" : "untrained",
                            model.m()[field.ordinal()][level],
                            model.u()[field.ordinal()][level],
                            model.weight(field, level),
                            model.expected()[field.ordinal()][level],
                            null,
                            null,
                            null,
                            null,
                            null,
                            null));
                }
            }
        }
        return session.createDataFrame(rows, IdentityTables.MATCH_MODEL.schema());
    }

    private static Row prior(String status, MatchModel model, Long countRecords) {
        return RowFactory.create(
                "prior",
                "prior",
                0,
                null,
                status,
                model == null ? null : model.prior(),
                null,
                model == null ? null : model.priorWeight(),
                null,
                null,
                null,
                null,
                null,
                null,
                countRecords);
    }
}
