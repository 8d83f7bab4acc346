package io.clientele.identity;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.clientele.engine.Reuse;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What changed records bring to blocks: pairs to compare, and pairs that share one block less because it has grown too large. Holders are counted over all records, but only of the blocks that changed records have or had, and of those only of
 * the ones whose size is not kept.
 *
 * @param pairs {@code a_rank, b_rank}, each once: pairs with a changed record, and those of blocks that were too large before
 * @param remade those of {@code pairs} without a changed record: {@code record_key, other_record_key}
 * @param parted pairs that share a block which is too large now: {@code record_key, other_record_key}; null where no block became so
 * @param refused rows of {@link io.clientele.warehouse.IdentityTables#REFUSED_BLOCK}
 */
record TouchedBlocks(Dataset<Row> pairs, Dataset<Row> remade, Dataset<Row> parted, Dataset<Row> refused) {
    private static final String[] BLOCK = {"rule", "block"};
    private static final String[] PAIR = {"record_key", "other_record_key"};

    /**
     * @param unchanged all other records, with {@code rank}
     * @param before the changed records as they were; without those that are new
     * @param changed as they are now
     * @param refused blocks refused so far
     * @param rules those used, by their places in {@link BlockingRules#ALL}
     */
    static TouchedBlocks of(
            Dataset<Row> unchanged,
            Dataset<Row> before,
            Dataset<Row> changed,
            Dataset<Row> refused,
            List<Integer> rules,
            MatchConfig config) {
        Dataset<Row> touched = Reuse.settled(counted(before, rules, 1, 0)
                .unionByName(counted(changed, rules, 0, 1))
                .groupBy("rule", "block")
                .agg(sum("before").as("before"), sum("after").as("after"))
                .join(refused, Identities.using(BLOCK), "left_outer")
                .withColumn("was_open", col("count_records").isNull())
                .withColumn(
                        "count_records",
                        col("count_records").minus(col("before")).plus(col("after"))));
        Column isCounted = col("was_open").or(CandidatePairs.isSmall(col("count_records"), config));
        Dataset<Row> counted = touched.where(isCounted);
        // Bounded: none of these blocks has more holders, before or after, than may be compared.
        Dataset<Row> near = Reuse.settled(BlockingRules.blocks(unchanged, rules, "rank")
                .join(counted.select("block"), Identities.using("block"), "left_semi"));
        Column holders = coalesce(col("others"), lit(0L)).plus(col("after"));
        Dataset<Row> sized = Reuse.settled(counted.join(
                        near.groupBy("block").agg(count(lit(1)).as("others")), Identities.using("block"), "left_outer")
                .select(
                        col("rule"),
                        col("block"),
                        holders.as("count_records"),
                        col("was_open"),
                        CandidatePairs.isSmall(holders, config).as("is_open")));
        Dataset<Row> own = BlockingRules.blocks(changed, rules, "rank")
                .join(sized.where(col("is_open")), Identities.using("block"), "left_semi")
                .select("rank", "block");
        Dataset<Row> ofChanged = own.toDF("one", "block")
                .join(near.select("rank", "block").union(own), "block")
                .where(col("one").notEqual(col("rank")))
                .select(
                        least(col("one"), col("rank")).as("a_rank"),
                        greatest(col("one"), col("rank")).as("b_rank"));
        Column isOpened = col("is_open").and(not(col("was_open")));
        Column isClosed = col("was_open").and(not(col("is_open")));
        Row turned =
                sized.agg(count(when(isOpened, 1)), count(when(isClosed, 1))).first();
        Dataset<Row> ofOpened = within(near, sized.where(isOpened));
        ofOpened = turned.getLong(0) == 0 ? ofOpened.limit(0) : Reuse.settled(ofOpened);
        Dataset<Row> refusedNow = Reuse.settled(refused.join(touched, Identities.using(BLOCK), "left_anti")
                .unionByName(touched.where(not(isCounted)).select("rule", "block", "count_records"))
                .unionByName(sized.where(not(col("is_open"))).select("rule", "block", "count_records")));
        return new TouchedBlocks(
                ofChanged.union(ofOpened).distinct(),
                keys(ofOpened),
                turned.getLong(1) == 0 ? null : keys(within(near, sized.where(isClosed))),
                refusedNow);
    }

    private static Dataset<Row> counted(Dataset<Row> records, List<Integer> rules, int before, int after) {
        return BlockingRules.blocks(records, rules)
                .withColumn("before", lit(before))
                .withColumn("after", lit(after));
    }

    private static Dataset<Row> within(Dataset<Row> near, Dataset<Row> blocks) {
        Dataset<Row> holders = near.join(blocks, Identities.using("block"), "left_semi");
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

    /**
     * Of the pairs kept so far those that are none now: parted, and without another block to share.
     *
     * @param unchanged as given to {@link #of}
     * @param rules as given to {@link #of}
     */
    Dataset<Row> lost(Dataset<Row> matchPairs, Dataset<Row> unchanged, List<Integer> rules) {
        Dataset<Row> known = matchPairs.select("record_key", "other_record_key");
        if (parted == null) {
            return known.limit(0);
        }
        Dataset<Row> suspects = Reuse.settled(known.join(Reuse.settled(parted), Identities.using(PAIR), "left_semi"));
        if (Reuse.count(suspects) == 0) {
            return suspects;
        }
        Dataset<Row> keys = suspects.select("record_key")
                .union(suspects.select("other_record_key"))
                .distinct();
        Dataset<Row> held = Reuse.settled(BlockingRules.blocks(
                        unchanged.join(keys, Identities.using("record_key"), "left_semi"), rules, "record_key")
                .join(refused, Identities.using(BLOCK), "left_anti")
                .select("record_key", "block"));
        Dataset<Row> shared = suspects.join(held, "record_key")
                .join(
                        held.toDF("other_record_key", "block"),
                        Identities.using("other_record_key", "block"),
                        "left_semi");
        return Reuse.settled(suspects.join(shared, Identities.using(PAIR), "left_anti"));
    }
}
