package io.clientele.identity;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sum;

import io.clientele.engine.Reuse;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What changed records bring to blocks: pairs to compare, and pairs that share no block any more because one has grown too
 * large. Holders are counted over all records, but only of the blocks that changed records have or had.
 *
 * @param pairs {@code a_rank, b_rank}, each once: pairs with a changed record, and those of blocks that were too large before
 * @param remade those of {@code pairs} without a changed record: {@code record_key, other_record_key}
 * @param lost kept pairs that are none now: {@code record_key, other_record_key}
 */
record TouchedBlocks(Dataset<Row> pairs, Dataset<Row> remade, Dataset<Row> lost) {
    private static final String[] PAIR = {"record_key", "other_record_key"};

    /**
     * @param unchanged all other records, with {@code rank}
     * @param before the changed records as they were; without those that are new
     * @param changed as they are now
     * @param matchPairs pairs kept so far
     * @param rules those used, by their places in {@link BlockingRules#ALL}
     */
    static TouchedBlocks of(
            Dataset<Row> unchanged,
            Dataset<Row> before,
            Dataset<Row> changed,
            Dataset<Row> matchPairs,
            List<Integer> rules,
            MatchConfig config) {
        Dataset<Row> touched = Reuse.settled(counted(before, rules, 1, 0)
                .unionByName(counted(changed, rules, 0, 1))
                .groupBy("rule", "block")
                .agg(sum("before").as("before"), sum("after").as("after")));
        Dataset<Row> others = BlockingRules.blocks(unchanged, rules)
                .join(touched.select("block"), Identities.using("block"), "left_semi")
                .groupBy("block")
                .agg(count(lit(1)).as("others"));
        Column unchangedHolders = coalesce(col("others"), lit(0L));
        Dataset<Row> open = Reuse.settled(touched.join(others, Identities.using("block"), "left_outer")
                .select(
                        col("block"),
                        CandidatePairs.isSmall(unchangedHolders.plus(col("before")), config)
                                .as("was_open"),
                        CandidatePairs.isSmall(unchangedHolders.plus(col("after")), config)
                                .as("is_open"))
                .where(col("was_open").or(col("is_open"))));
        // Bounded: no block has more of them than may be compared.
        Dataset<Row> near =
                Reuse.settled(BlockingRules.blocks(unchanged, rules, "rank").join(open, "block"));
        Dataset<Row> own = BlockingRules.blocks(changed, rules, "rank")
                .join(open.where(col("is_open")), Identities.using("block"), "left_semi")
                .select("rank", "block");
        Dataset<Row> ofChanged = own.toDF("one", "block")
                .join(near.where(col("is_open")).select("rank", "block").union(own), "block")
                .where(col("one").notEqual(col("rank")))
                .select(
                        least(col("one"), col("rank")).as("a_rank"),
                        greatest(col("one"), col("rank")).as("b_rank"));
        Dataset<Row> ofOpened = Reuse.settled(within(near.where(col("is_open").and(not(col("was_open"))))));
        Dataset<Row> ofClosed = within(near.where(col("was_open").and(not(col("is_open")))));
        return new TouchedBlocks(
                ofChanged.union(ofOpened).distinct(),
                keys(ofOpened),
                lost(keys(ofClosed), unchanged, changed, matchPairs, rules, config));
    }

    private static Dataset<Row> counted(Dataset<Row> records, List<Integer> rules, int before, int after) {
        return BlockingRules.blocks(records, rules)
                .withColumn("before", lit(before))
                .withColumn("after", lit(after));
    }

    private static Dataset<Row> within(Dataset<Row> holders) {
        return holders.select(col("rank").as("a_rank"), col("block"))
                .join(holders.select(col("rank").as("b_rank"), col("block")), "block")
                .where(col("a_rank").lt(col("b_rank")))
                .select("a_rank", "b_rank")
                .distinct();
    }

    private static Dataset<Row> keys(Dataset<Row> pairs) {
        return pairs.select(
                col("a_rank.record_key").as("record_key"),
                col("b_rank.record_key").as("other_record_key"));
    }

    /** Of pairs that shared a block which is too large now, the kept ones that share no other one. */
    private static Dataset<Row> lost(
            Dataset<Row> parted,
            Dataset<Row> unchanged,
            Dataset<Row> changed,
            Dataset<Row> matchPairs,
            List<Integer> rules,
            MatchConfig config) {
        Dataset<Row> suspects = Reuse.settled(matchPairs
                .select("record_key", "other_record_key")
                .join(Reuse.settled(parted), Identities.using(PAIR), "left_semi"));
        if (suspects.isEmpty()) {
            return suspects;
        }
        Dataset<Row> keys = suspects.select("record_key")
                .union(suspects.select("other_record_key"))
                .distinct();
        Dataset<Row> held = Reuse.settled(BlockingRules.blocks(
                unchanged.join(keys, Identities.using("record_key"), "left_semi"), rules, "record_key"));
        Dataset<Row> shared = Reuse.settled(suspects.join(held.select("record_key", "block"), "record_key")
                .join(
                        held.select(col("record_key").as("other_record_key"), col("block")),
                        Identities.using("other_record_key", "block"),
                        "inner"));
        Dataset<Row> open = BlockingRules.blocks(unchanged, rules)
                .unionByName(BlockingRules.blocks(changed, rules))
                .join(shared.select("block").distinct(), Identities.using("block"), "left_semi")
                .groupBy("rule", "block")
                .agg(count(lit(1)).as("holders"))
                .where(CandidatePairs.isSmall(col("holders"), config));
        return Reuse.settled(suspects.join(
                shared.join(open, Identities.using("block"), "left_semi"), Identities.using(PAIR), "left_anti"));
    }
}
