package io.clientele.identity;

import static org.apache.spark.sql.functions.arrays_overlap;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.filter;
import static org.apache.spark.sql.functions.getbit;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.posexplode;
import static org.apache.spark.sql.functions.regexp_replace;
import static org.apache.spark.sql.functions.slice;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.clientele.engine.Reuse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The pairs of records that share a block ({@link BlockingRules}). How many they are is known before any is made: blocks with
 * too many records, and rules with too many pairs, are refused and named.
 */
final class CandidatePairs {
    /** What a record needs to be compared. */
    static final List<String> COMPARED = List.of(
            "given_name",
            "family_name",
            "birth",
            "mailbox",
            "phone",
            "postcode",
            "city",
            "street",
            "tax_number",
            "customer_number",
            "source",
            "given_name_frequency",
            "family_name_frequency",
            "mailbox_frequency",
            "phone_frequency",
            "postcode_frequency",
            "city_frequency");

    /** What stands before the @ of a mailbox. */
    static final String MAIL_NAME = "mail_name";

    private CandidatePairs() {}

    /**
     * What a rule brings.
     *
     * @param rule its place in {@link BlockingRules#ALL}
     * @param blocks blocks of at least two records that are not too large
     * @param pairs pairs in them, before those of earlier rules are taken out
     * @param tooLarge blocks left out
     * @param largest records in the largest block
     * @param example the first record of that block, by its key
     * @param isUsed whether its pairs are made
     */
    record RuleUse(int rule, long blocks, long pairs, long tooLarge, long largest, String example, boolean isUsed) {}

    /**
     * Which pairs there will be.
     *
     * @param rules what each brings
     * @param open by {@code record_key} the rules by which the record is compared with others, as bits of {@code open}: those used
     *     in whose block it is not alone, nor one of too many
     * @param refused rows of {@link io.clientele.warehouse.IdentityTables#REFUSED_BLOCK}
     */
    record Plan(List<RuleUse> rules, Dataset<Row> open, Dataset<Row> refused) {}

    /** Counts before pairing. */
    static Plan plan(Dataset<Row> records, long countRecords, MatchConfig config) {
        List<Integer> all = IntStream.range(0, BlockingRules.ALL.size()).boxed().toList();
        Dataset<Row> held = BlockingRules.blocks(records, all, "record_key");
        Dataset<Row> sizes = Reuse.settled(sizes(held));
        List<RuleUse> rules = rules(held, sizes, countRecords, config);
        return plan(held, sizes, rules, config);
    }

    /** The pairs of rules that were chosen before: of the counts, only the sizes of blocks matter. */
    static Plan plan(Dataset<Row> records, MatchTraining training, MatchConfig config) {
        Dataset<Row> held = BlockingRules.blocks(records, training.used(), "record_key");
        return plan(held, Reuse.settled(sizes(held)), training.rules(), config);
    }

    private static Dataset<Row> sizes(Dataset<Row> held) {
        return held.groupBy("rule", "block")
                .agg(count(lit(1)).as("holders"))
                .where(col("holders").gt(1));
    }

    private static Plan plan(Dataset<Row> held, Dataset<Row> sizes, List<RuleUse> rules, MatchConfig config) {
        List<Integer> used =
                rules.stream().filter(RuleUse::isUsed).map(RuleUse::rule).toList();
        Dataset<Row> shared = sizes.where(col("rule").isInCollection(used));
        Column isSmall = isSmall(col("holders"), config);
        // A sum of bits, which needs no more room than a number for each record.
        Dataset<Row> open = held.join(
                        shared.where(isSmall).select("rule", "block"), Identities.using("rule", "block"), "inner")
                .groupBy("record_key")
                .agg(sum(expr("shiftleft(1L, rule)")).as("open"));
        return new Plan(
                rules,
                open,
                shared.where(not(isSmall))
                        .select(col("rule"), col("block"), col("holders").as("count_records")));
    }

    /** The blocks in which a record is compared with others, in the order of the rules; of its {@code blocks} and {@link Plan#open}. */
    static Column openBlocks() {
        return filter(col("blocks"), (block, rule) -> getbit(col("open"), rule).equalTo(1));
    }

    /** Whether so many holders of a block, of the rule in the column {@code rule}, are compared with each other. */
    static Column isSmall(Column holders, MatchConfig config) {
        List<Integer> identifiers = IntStream.range(0, BlockingRules.ALL.size())
                .filter(i -> BlockingRules.IDENTIFIERS.contains(
                        BlockingRules.ALL.get(i).name()))
                .boxed()
                .toList();
        return holders.leq(when(
                        col("rule").isInCollection(identifiers),
                        least(lit(config.mostHolders()), lit(config.mostInBlock())))
                .otherwise(config.mostInBlock()));
    }

    private static List<RuleUse> rules(Dataset<Row> held, Dataset<Row> sizes, long countRecords, MatchConfig config) {
        Column pairs =
                col("holders").multiply(col("holders").minus(1)).divide(2).cast("long");
        Column isSmall = isSmall(col("holders"), config);
        // One row per rule.
        List<Row> counted = sizes.groupBy("rule")
                .agg(
                        count(when(isSmall, 1)).as("blocks"),
                        coalesce(sum(when(isSmall, pairs)), lit(0L)).as("pairs"),
                        count(when(not(isSmall), 1)).as("too_large"),
                        max("holders").as("largest"))
                .collectAsList();
        Map<Integer, Row> byRule = new TreeMap<>();
        counted.forEach(r -> byRule.put(r.getInt(0), r));
        Map<Integer, String> examples = examples(held, sizes, byRule);
        double left = Math.max(500_000, config.pairsPerRecord() * countRecords);
        List<RuleUse> rules = new ArrayList<>();
        for (int rule = 0; rule < BlockingRules.ALL.size(); rule++) {
            Row row = byRule.get(rule);
            if (row == null) {
                rules.add(new RuleUse(rule, 0, 0, 0, 1, null, false));
                continue;
            }
            boolean isUsed = row.getLong(2) > 0 && row.getLong(2) <= left;
            left -= isUsed ? row.getLong(2) : 0;
            rules.add(new RuleUse(
                    rule, row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4), examples.get(rule), isUsed));
        }
        return rules;
    }

    /** The first record of the largest block of each rule; of equally large ones the one with the smallest hash. */
    private static Map<Integer, String> examples(Dataset<Row> held, Dataset<Row> sizes, Map<Integer, Row> byRule) {
        Column isLargest = lit(false);
        for (Map.Entry<Integer, Row> rule : byRule.entrySet()) {
            isLargest = isLargest.or(col("rule")
                    .equalTo(rule.getKey())
                    .and(col("holders").equalTo(rule.getValue().<Long>getAs("largest"))));
        }
        Dataset<Row> largest =
                sizes.where(isLargest).groupBy("rule").agg(min("block").as("block"));
        Map<Integer, String> examples = new TreeMap<>();
        held.join(broadcast(largest), Identities.using("rule", "block"), "left_semi")
                .groupBy("rule")
                .agg(min("record_key"))
                .collectAsList()
                .forEach(r -> examples.put(r.getInt(0), r.getString(1)));
        return examples;
    }

    /**
     * The pairs, each once, by the first rule that fires: structs {@code a} of the record that appeared first and {@code b} with
     * the columns {@link #COMPARED} and {@code rank}, which holds the {@code record_key}.
     */
    static Dataset<Row> pairs(Dataset<Row> records, Plan plan) {
        Dataset<Row> members = records.join(plan.open(), "record_key")
                .select(member().as("member"), openBlocks().as("_open"))
                .select(col("member"), col("_open"), posexplode(col("_open")).as(new String[] {"pos", "block"}))
                .select(
                        col("block"),
                        col("member"),
                        slice(col("_open"), lit(1), col("pos")).as("earlier"));
        return within(members, "block")
                .where(not(arrays_overlap(col("a_earlier"), col("b_earlier"))))
                .select("a", "b");
    }

    /** A record as a struct that sorts by its rank. */
    static Column member() {
        List<Column> columns = new ArrayList<>();
        columns.add(col("rank"));
        COMPARED.forEach(c -> columns.add(col(c)));
        columns.add(regexp_replace(col("mailbox"), "@.*$", "").as(MAIL_NAME));
        return struct(columns.toArray(Column[]::new));
    }

    /**
     * All pairs of members that share a key, as {@code a} and {@code b}, and what else they have as {@code a_...} and {@code
     * b_...}. The key's groups must be bounded.
     */
    static Dataset<Row> within(Dataset<Row> members, String key) {
        return side(members, key, "a")
                .join(side(members, key, "b"), Identities.using(key), "inner")
                .where(col("a.rank").lt(col("b.rank")));
    }

    private static Dataset<Row> side(Dataset<Row> members, String key, String name) {
        List<Column> columns = new ArrayList<>();
        for (String column : members.columns()) {
            columns.add(
                    column.equals(key)
                            ? col(key)
                            : col(column).as(column.equals("member") ? name : name + "_" + column));
        }
        return members.select(columns.toArray(Column[]::new));
    }
}
