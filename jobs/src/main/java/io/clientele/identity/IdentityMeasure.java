package io.clientele.identity;

import static org.apache.spark.sql.functions.col;

import io.clientele.engine.Reuse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Matching from nothing, against a known truth.
 *
 * @param quality its figures, with the blocking recall
 * @param candidatePairs pairs compared
 * @param report what each rule brought and each level weighs, as lines for people
 */
public record IdentityMeasure(MatchQuality quality, long candidatePairs, List<String> report) {
    /**
     * @param customerRecords rows of core.customer_record
     * @param truth {@code record_key, true_id}; for measuring alone
     */
    public static IdentityMeasure of(Dataset<Row> customerRecords, Dataset<Row> truth, MatchConfig config) {
        Dataset<Row> records = Reuse.settled(MatchRecords.of(customerRecords));
        Similarity similarity = Similarity.learn(records, config);
        IdentityGroups.Groups groups = IdentityGroups.of(
                records,
                IdentifierUse.shared(IdentifierUse.held(records), config),
                similarity,
                similarity == null ? null : Evidence.likely(similarity, similarity.candidates(), config),
                config,
                Decisions.none());
        MatchQuality quality = MatchQuality.of(
                groups.rooted().select(col("record_key"), col("root.record_key").as("customer_id")), truth);
        if (similarity == null) {
            return new IdentityMeasure(
                    quality, 0, List.of("Fewer than " + config.minRecords() + " records: only exact rules hold."));
        }
        Dataset<Row> pairs = similarity
                .candidates()
                .select("a_key", "b_key")
                .union(groups.edges().select("anchor_key", "record_key"))
                .distinct();
        Dataset<Row> known = truth.select("record_key", "true_id");
        long blocked = pairs.join(known.toDF("a_key", "a_id"), "a_key")
                .join(known.toDF("b_key", "b_id"), "b_key")
                .where(col("a_id").equalTo(col("b_id")))
                .count();
        return new IdentityMeasure(
                quality.withBlocked(blocked), similarity.candidates().count(), report(similarity));
    }

    private static List<String> report(Similarity similarity) {
        List<String> lines = new ArrayList<>();
        for (CandidatePairs.RuleUse use : similarity.rules()) {
            lines.add(String.format(
                    Locale.ROOT,
                    "  rule %-38s %s %,12d pairs in %,9d blocks, %,7d too large (the largest of %,d records, the first %s)",
                    BlockingRules.ALL.get(use.rule()).name(),
                    use.isUsed() ? "used   " : use.pairs() == 0 ? "empty  " : "REFUSED",
                    use.pairs(),
                    use.blocks(),
                    use.tooLarge(),
                    use.largest(),
                    use.example()));
        }
        MatchModel model = similarity.model();
        lines.add(String.format(Locale.ROOT, "  prior %.2e, %.2f bits", model.prior(), model.priorWeight()));
        for (MatchField field : MatchField.values()) {
            for (int level = 0; level < field.levels().size(); level++) {
                lines.add(String.format(
                        Locale.ROOT,
                        "  %-12s %-34s m %.4f u %.6f %7.2f bits%s",
                        field.columnName(),
                        field.levels().get(level),
                        model.m()[field.ordinal()][level],
                        model.u()[field.ordinal()][level],
                        model.weight(field, level),
                        model.isTrained(field, level) ? "" : " untrained"));
            }
        }
        return lines;
    }
}
