package io.clientele.mining.crosssell;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.posexplode;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import java.util.stream.IntStream;
import org.apache.spark.ml.fpm.FPGrowth;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/**
 * Candidates for rules, out of sets of products found together in enough baskets: {@code antecedent} (sorted), {@code
 * consequent}, {@code count_baskets} with both, {@code count_antecedent}, {@code count_consequent}. Baskets hold distinct
 * {@code items} and their {@code part} of the window; {@code total} is one row with {@code count_all}.
 *
 * <p>Pairs are counted directly; larger sets are grown by FP-Growth (Han, Pei, Yin 2000: Mining frequent patterns without
 * candidate generation). Both give the same pairs.
 */
final class FrequentItemsets {
    private FrequentItemsets() {}

    /** Single products in enough baskets: {@code item, count_item, item_parts, item_number}, numbered in their order. */
    static Dataset<Row> singles(Dataset<Row> baskets, Dataset<Row> total, BasketRulesConfig config) {
        Dataset<Row> counted = baskets.select(col("part"), explode(col("items")).as("item"))
                .groupBy("item")
                .agg(
                        count(lit(1)).as("count_baskets"),
                        byPart(config.stabilityParts(), lit(true)).as("item_parts"));
        return frequent(counted, total, config)
                .withColumnRenamed("count_baskets", "count_item")
                .withColumn(
                        "item_number",
                        row_number()
                                .over(Window.partitionBy(lit(0)).orderBy("item"))
                                .cast("long"));
    }

    /**
     * Both directions of each pair of {@code singles}, with their baskets per part of the window: {@code antecedents,
     * consequents, boths}. A pair travels as one number, and no basket is shuffled.
     */
    static Dataset<Row> ofPairs(
            Dataset<Row> baskets, Dataset<Row> singles, Dataset<Row> total, BasketRulesConfig config) {
        Dataset<Row> numbered = singles.select("item", "item_number");
        Dataset<Row> pairs = baskets.select(
                        col("part"), col("items"), posexplode(col("items")).as(new String[] {"place", "item"}))
                .join(broadcast(numbered), "item")
                .select(
                        col("part"),
                        col("item_number").as("one"),
                        explode(expr("slice(items, place + 2, size(items))")).as("item"))
                .join(broadcast(numbered), "item")
                .select(
                        col("part"),
                        expr("shiftleft(least(one, item_number), 32) + greatest(one, item_number)")
                                .as("pair"))
                .groupBy("pair")
                .agg(
                        count(lit(1)).as("count_baskets"),
                        byPart(config.stabilityParts(), lit(true)).as("boths"));
        return frequent(pairs, total, config)
                .select(
                        explode(expr("array(pair, shiftleft(pair & 4294967295L, 32) + shiftright(pair, 32))"))
                                .as("pair"),
                        col("count_baskets"),
                        col("boths"))
                .select(
                        expr("shiftright(pair, 32)").as("antecedent_number"),
                        expr("pair & 4294967295L").as("consequent_number"),
                        col("count_baskets"),
                        col("boths"))
                .join(
                        broadcast(singles.toDF("antecedent", "count_antecedent", "antecedents", "antecedent_number")),
                        "antecedent_number")
                .join(
                        broadcast(singles.toDF("consequent", "count_consequent", "consequents", "consequent_number")),
                        "consequent_number")
                .withColumn("antecedent", array(col("antecedent")))
                .drop("antecedent_number", "consequent_number");
    }

    /** How many rows of each part of the window meet {@code condition}. */
    static Column byPart(int parts, Column condition) {
        return array(IntStream.range(0, parts)
                .mapToObj(part -> count(when(col("part").equalTo(part).and(condition), 1)))
                .toArray(Column[]::new));
    }

    /**
     * Each product of each set of up to {@code max-antecedent + 1} products against the rest of the set. Fitting runs Spark
     * jobs; nothing of their result is collected here.
     */
    static Dataset<Row> ofGrownSets(Dataset<Row> baskets, Dataset<Row> singles, BasketRulesConfig config) {
        Dataset<Row> sets = new FPGrowth()
                .setItemsCol("items")
                .setMinSupport(config.minSupport())
                .fit(baskets.select("items"))
                .freqItemsets()
                .where(size(col("items"))
                        .leq(config.maxAntecedent() + 1)
                        .and(col("freq").geq(config.minCount())))
                .select(sort_array(col("items")).as("items"), col("freq").as("count_baskets"));
        String itselfAndItsRules = "concat(array(struct(items AS antecedent, CAST(NULL AS STRING) AS consequent)), "
                + "IF(size(items) = 1, array(), transform(items, "
                + "c -> struct(filter(items, i -> i <> c) AS antecedent, c AS consequent))))";
        return sets.select(explode(expr(itselfAndItsRules)).as("part"), col("count_baskets"))
                .groupBy(col("part.antecedent").as("antecedent"))
                .agg(
                        max(when(col("part.consequent").isNull(), col("count_baskets")))
                                .as("count_antecedent"),
                        collect_list(when(
                                        col("part.consequent").isNotNull(),
                                        struct(
                                                col("part.consequent").as("consequent"),
                                                col("count_baskets").as("count_baskets"))))
                                .as("rules"))
                .select(
                        col("antecedent"),
                        col("count_antecedent"),
                        explode(col("rules")).as("rule"))
                .select("antecedent", "count_antecedent", "rule.consequent", "rule.count_baskets")
                .join(
                        broadcast(singles.select(
                                col("item").as("consequent"), col("count_item").as("count_consequent"))),
                        "consequent");
    }

    private static Dataset<Row> frequent(Dataset<Row> counted, Dataset<Row> total, BasketRulesConfig config) {
        Dataset<Row> enough = counted.where(col("count_baskets").geq(config.minCount()));
        if (config.minSupport() == 0) {
            return enough;
        }
        return enough.crossJoin(broadcast(total))
                .where(col("count_baskets").geq(col("count_all").multiply(config.minSupport())))
                .drop("count_all");
    }
}
