package io.clientele.identity;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.map_filter;
import static org.apache.spark.sql.functions.map_from_arrays;

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
    private Evidence() {}

    /** {@link IdentityTables#MATCH_PAIR} of the pairs whose probability is at least {@code kept}. */
    static Dataset<Row> pairs(Similarity similarity, Dataset<Row> rooted, double kept) {
        double bits = Math.log(kept / (1 - kept)) / Math.log(2);
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
        Dataset<Row> roots = rooted.select(col("record_key"), col("root"));
        return similarity
                .pairs()
                .where(col("weight").geq(bits))
                .join(roots.toDF("a_key", "a_root"), "a_key")
                .join(roots.toDF("b_key", "b_root"), "b_key")
                .select(
                        col("a_key").as("record_key"),
                        col("b_key").as("other_record_key"),
                        MatchModel.probability(col("weight")).as("probability"),
                        col("weight").as("weight_bits"),
                        coalesce(col("is_vetoed"), lit(false)).as("is_vetoed"),
                        col("a_root").equalTo(col("b_root")).as("is_linked"),
                        map_filter(
                                        map_from_arrays(
                                                array(names.toArray(Column[]::new)),
                                                array(weights.toArray(Column[]::new))),
                                        (name, weight) -> weight.notEqual(0.0))
                                .as("weights"),
                        map_filter(
                                        map_from_arrays(
                                                array(fields.toArray(Column[]::new)),
                                                array(levels.toArray(Column[]::new))),
                                        (name, level) -> level.geq(0))
                                .as("levels"));
    }

    /** {@link IdentityTables#MATCH_MODEL}; a single row where nothing was learned. */
    static Dataset<Row> model(SparkSession session, Similarity similarity) {
        List<Row> rows = new ArrayList<>();
        if (similarity == null) {
            rows.add(prior("too few records", null));
        } else {
            MatchModel model = similarity.model();
            rows.add(prior("trained", model));
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
                        use.example()));
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
                            null));
                }
            }
        }
        return session.createDataFrame(rows, IdentityTables.MATCH_MODEL.schema());
    }

    private static Row prior(String status, MatchModel model) {
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
                null);
    }

    /** {@link IdentityTables#WEAK_IDENTIFIER}. */
    static Dataset<Row> weakIdentifiers(Dataset<Row> sharedIdentifiers) {
        return sharedIdentifiers.where(IdentifierUse.isWeak());
    }
}
