package io.clientele.identity;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.struct;

import io.clientele.engine.Reuse;
import io.clientele.engine.SideBySide;
import io.clientele.warehouse.CoreTables;
import io.clientele.warehouse.IdentityTables;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * New and changed records against all, under the weights of the last training: they are compared with those that share a block
 * with them, and only the components that they touch are formed again. All tables come out as a run over all records under the
 * same training would write them.
 *
 * <p>Components are closed: what decides on a record's group lies in its component. So it is enough to form those again which
 * held a changed record, which a changed record is tied to now, or in which a tie vanished because a block or an identifier
 * has, with the changed records, too many holders, or has no longer.
 */
public final class IdentityIncrement {
    /** So much larger may the records be than those that the weights were learned from. */
    private static final double MOST_GROWTH = 1.1;

    private IdentityIncrement() {}

    /**
     * What the last run kept: all rows of the tables.
     *
     * @param records of {@link IdentityTables#MATCH_RECORD}
     * @param components of {@link IdentityTables#MATCH_COMPONENT}
     * @param pairs of {@link IdentityTables#MATCH_PAIR}
     * @param weakIdentifiers of {@link IdentityTables#WEAK_IDENTIFIER}
     * @param refusedBlocks of {@link IdentityTables#REFUSED_BLOCK}
     * @param model of {@link IdentityTables#MATCH_MODEL}
     * @param frequencies of {@link IdentityTables#MATCH_FREQUENCY}
     */
    public record Kept(
            Dataset<Row> records,
            Dataset<Row> components,
            Dataset<Row> pairs,
            Dataset<Row> weakIdentifiers,
            Dataset<Row> refusedBlocks,
            Dataset<Row> model,
            Dataset<Row> frequencies) {}

    /**
     * Who is who after a delivery; null where all records have to be matched anew: where nothing was learned yet, where there are
     * more than a tenth more records than at that time, where likely links are not kept, and where nothing changed, so that
     * somebody wants it.
     *
     * @param customerRecords all rows of {@link CoreTables#CUSTOMER_RECORD}
     * @param changed rows with the {@code source} and {@code source_customer_key} of the records that changed
     * @param identity all rows of {@link CoreTables#IDENTITY} so far
     * @param config as in the run that left {@code kept}
     * @param decisions as in that run
     */
    public static Identities.Resolution resolution(
            Dataset<Row> customerRecords,
            Dataset<Row> changed,
            Dataset<Row> identity,
            Kept kept,
            MatchConfig config,
            Decisions decisions) {
        MatchTraining training = MatchTraining.read(kept.model(), kept.frequencies());
        if (training == null || config.keptProbability() > config.minProbability()) {
            return null;
        }
        Dataset<Row> keys =
                Reuse.settled(changed.select("source", "source_customer_key").distinct());
        SideBySide.Both<Dataset<Row>, Dataset<Row>> nowAndBefore = SideBySide.both(
                () -> Reuse.settled(MatchRecords.of(
                        customerRecords.join(keys, Identities.using("source", "source_customer_key"), "left_semi"))),
                () -> Reuse.settled(kept.records()
                        .join(
                                keys.select(MatchRecords.recordKey().as("record_key")),
                                Identities.using("record_key"),
                                "left_semi")));
        Dataset<Row> fresh = nowAndBefore.one();
        Dataset<Row> former = nowAndBefore.other();
        long arrived = Reuse.count(fresh);
        long countRecords = kept.records().count() - Reuse.count(former) + arrived;
        if (arrived == 0 || countRecords > MOST_GROWTH * training.countRecords()) {
            return null;
        }
        return resolution(Delivery.of(fresh, former, kept.records()), identity, kept, training, config, decisions);
    }

    /**
     * @param fresh the records delivered, with {@code rank}
     * @param unchanged all records but the changed ones, with {@code rank}
     * @param before the changed records as they were; without those that are new
     * @param changed of {@code fresh} those that are new or have another value
     */
    private record Delivery(Dataset<Row> fresh, Dataset<Row> unchanged, Dataset<Row> before, Dataset<Row> changed) {
        static Delivery of(Dataset<Row> fresh, Dataset<Row> former, Dataset<Row> all) {
            Column[] compared = Arrays.stream(
                            IdentityTables.MATCH_RECORD.schema().fieldNames())
                    .filter(c -> !List.of("last_recorded_at", "blocks").contains(c))
                    .map(c -> col(c))
                    .toArray(Column[]::new);
            Dataset<Row> judged = Reuse.settled(fresh.join(
                            former.select(col("record_key"), struct(compared).as("_former")),
                            Identities.using("record_key"),
                            "left_outer")
                    .withColumn("_is_changed", not(struct(compared).eqNullSafe(col("_former"))))
                    .drop("_former"));
            Dataset<Row> changed = judged.where(col("_is_changed")).drop("_is_changed");
            Dataset<Row> confirmed = judged.where(not(col("_is_changed"))).drop("_is_changed");
            return new Delivery(
                    fresh,
                    MatchRecords.ranked(
                                    all.join(fresh.select("record_key"), Identities.using("record_key"), "left_anti"))
                            .unionByName(confirmed),
                    former.join(changed.select("record_key"), Identities.using("record_key"), "left_semi"),
                    changed);
        }

        /** All records of the components that hold one of these. */
        Dataset<Row> around(Dataset<Row> keys, Dataset<Row> components) {
            Dataset<Row> touched = Reuse.settled(components
                    .join(keys, Identities.using("record_key"), "left_semi")
                    .select("component")
                    .distinct());
            Dataset<Row> members = Reuse.settled(components
                    .join(touched, Identities.using("component"), "left_semi")
                    .select("record_key"));
            return Reuse.settled(unchanged
                    .join(members, Identities.using("record_key"), "left_semi")
                    .unionByName(changed));
        }
    }

    private static Identities.Resolution resolution(
            Delivery delivery,
            Dataset<Row> identity,
            Kept kept,
            MatchTraining training,
            MatchConfig config,
            Decisions decisions) {
        Dataset<Row> changedKeys = delivery.changed().select("record_key");
        SideBySide.Both<Candidates, TouchedIdentifiers> sought = SideBySide.both(
                () -> candidates(delivery, kept, training, config),
                () -> TouchedIdentifiers.of(
                        delivery.unchanged(), delivery.before(), delivery.changed(), kept.weakIdentifiers(), config));
        TouchedBlocks blocks = sought.one().blocks();
        Dataset<Row> likely = sought.one().likely();
        Dataset<Row> lost = sought.one().lost();
        TouchedIdentifiers identifiers = sought.other();
        Dataset<Row> touched = changedKeys
                .union(likely.select("record_key"))
                .union(likely.select("other_record_key"))
                .union(lost.select("record_key"))
                .union(lost.select("other_record_key"))
                .union(identifiers.holders())
                .distinct();
        Dataset<Row> records = delivery.around(Reuse.settled(touched), kept.components());
        Dataset<Row> recordKeys = records.select("record_key");

        Dataset<Row> still = kept.pairs()
                .join(changedKeys, Identities.using("record_key"), "left_anti")
                .join(changedKeys.toDF("other_record_key"), Identities.using("other_record_key"), "left_anti")
                .join(lost.union(blocks.remade()), Identities.using("record_key", "other_record_key"), "left_anti");
        IdentityGroups.Groups groups = IdentityGroups.of(
                records,
                IdentifierUse.evidence(IdentifierUse.held(records), identifiers.weak()),
                Similarity.ofSome(training, records),
                Evidence.likely(still).unionByName(likely),
                config,
                decisions);
        Identities.Decided decided =
                Identities.decided(groups, identity.join(recordKeys, Identities.using("record_key"), "left_semi"));
        return new Identities.Resolution(
                decided.identity(),
                decided.redirects(),
                pairs(still, likely, decided.grouped()),
                identifiers.weak(),
                blocks.refused(),
                delivery.fresh().select(Identities.columns(IdentityTables.MATCH_RECORD)),
                kept.components()
                        .join(recordKeys, Identities.using("record_key"), "left_anti")
                        .unionByName(decided.grouped().select(Identities.columns(IdentityTables.MATCH_COMPONENT))),
                null,
                null);
    }

    /**
     * @param likely pairs to keep: with a changed record, or of blocks that were too large before
     * @param lost kept pairs that are none now
     */
    private record Candidates(TouchedBlocks blocks, Dataset<Row> likely, Dataset<Row> lost) {}

    private static Candidates candidates(Delivery delivery, Kept kept, MatchTraining training, MatchConfig config) {
        TouchedBlocks blocks = TouchedBlocks.of(
                delivery.unchanged(),
                delivery.before(),
                delivery.changed(),
                kept.refusedBlocks(),
                training.used(),
                config);
        SideBySide.Both<Dataset<Row>, Dataset<Row>> pairs = SideBySide.both(
                () -> likely(delivery, blocks.pairs(), training, config),
                () -> blocks.lost(kept.pairs(), delivery.unchanged(), training.used()));
        return new Candidates(blocks, pairs.one(), pairs.other());
    }

    /** The likely ones of the pairs to compare. */
    private static Dataset<Row> likely(
            Delivery delivery, Dataset<Row> pairs, MatchTraining training, MatchConfig config) {
        Dataset<Row> keyed = Reuse.settled(pairs.select(
                col("a_rank.record_key").as("a_key"), col("b_rank.record_key").as("b_key")));
        Dataset<Row> keys = Reuse.settled(
                keyed.select("a_key").union(keyed.select("b_key")).distinct().toDF("record_key"));
        Similarity similarity = Similarity.ofSome(
                training,
                delivery.unchanged()
                        .unionByName(delivery.changed())
                        .join(keys, Identities.using("record_key"), "left_semi"));
        Dataset<Row> members = Reuse.settled(similarity
                .records()
                .select(col("record_key"), CandidatePairs.member().as("member")));
        // Levels first, by themselves: with the weights and the choice by them the generated code grows too large.
        Dataset<Row> compared = Reuse.settled(Similarity.compared(
                keyed.join(members.toDF("a_key", "a"), "a_key").join(members.toDF("b_key", "b"), "b_key")));
        return Evidence.likely(similarity, compared, config);
    }

    /** Rows of {@link IdentityTables#MATCH_PAIR}; pairs across the border of the records formed again belong to two customers. */
    private static Dataset<Row> pairs(Dataset<Row> still, Dataset<Row> likely, Dataset<Row> grouped) {
        Dataset<Row> roots = grouped.select("record_key", "root");
        Dataset<Row> fresh = likely.withColumn("is_linked", lit(false));
        return still.select(Identities.columns(IdentityTables.MATCH_PAIR))
                .unionByName(fresh.select(Identities.columns(IdentityTables.MATCH_PAIR)))
                .join(roots.toDF("record_key", "a_root"), Identities.using("record_key"), "left_outer")
                .join(roots.toDF("other_record_key", "b_root"), Identities.using("other_record_key"), "left_outer")
                .withColumn("is_linked", coalesce(col("a_root").equalTo(col("b_root")), col("is_linked")))
                .select(Identities.columns(IdentityTables.MATCH_PAIR));
    }
}
