package io.clientele.mining.crosssell;

import static io.clientele.mining.crosssell.FrequentItemsets.byPart;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_contains;
import static org.apache.spark.sql.functions.array_except;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_set;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.countDistinct;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import io.clientele.engine.Reuse;
import io.clientele.mining.Learned;
import io.clientele.mining.Shape;
import io.clientele.warehouse.CoreTables;
import io.clientele.warehouse.MartTables;
import java.time.LocalDate;
import java.util.Arrays;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * Rules between products bought in one basket: who buys the antecedent also buys the consequent (Agrawal, Imielinski,
 * Swami 1993; conviction: Brin, Motwani, Ullman, Tsur 1997; leverage: Piatetsky-Shapiro 1991).
 *
 * <p>Every rule of a frequent set is tested, those with little confidence or lift too, since choosing by an outcome before
 * the correction would hide how many were tried; then the thresholds apply. At equal leverage the rule of more baskets
 * comes first, then by antecedent and consequent.
 */
public final class BasketRules {
    private BasketRules() {}

    /**
     * The rules of {@link MartTables#CROSS_SELL_RULE} at {@code asOf}: those of an earlier date where they may be used
     * ({@link Learned}; what there is to learn from are baskets in the window), else learned from the window that ends now.
     *
     * @param basket rows of {@link CoreTables#BASKET}; anonymous baskets count too
     * @param product rows of {@link CoreTables#PRODUCT}; what is a service now is in no rule
     * @param kept rows of {@link MartTables#CROSS_SELL_RULE} of earlier dates; null: rules are learned for this date
     */
    public static Dataset<Row> rules(
            Dataset<Row> basket, Dataset<Row> product, Dataset<Row> kept, BasketRulesConfig config, LocalDate asOf) {
        Dataset<Row> services = services(product);
        Dataset<Row> window = inWindow(basket, config, asOf);
        Dataset<Row> known = kept == null ? null : LearnedRules.of(kept, window, services, config, asOf);
        return Shape.output(
                known != null ? known : learned(window, services, config, asOf), MartTables.CROSS_SELL_RULE);
    }

    private static Dataset<Row> learned(
            Dataset<Row> window, Dataset<Row> services, BasketRulesConfig config, LocalDate asOf) {
        Dataset<Row> baskets = Reuse.of(withoutServices(window, services, config));
        Dataset<Row> total = baskets.agg(count(lit(1)).as("count_all"));
        Dataset<Row> singles = Reuse.of(FrequentItemsets.singles(baskets, total, config));
        // Pairs are few enough to count per part of the window at once; of larger sets only the kept rules are counted
        // again.
        boolean pairsOnly = config.maxAntecedent() == 1;
        Dataset<Row> candidates = pairsOnly
                ? withStability(FrequentItemsets.ofPairs(baskets, singles, total, config), baskets, config)
                : FrequentItemsets.ofGrownSets(baskets, singles, config);
        Dataset<Row> best = FalseDiscoveries.withQValues(measured(candidates, total))
                .where(col("confidence")
                        .geq(config.minConfidence())
                        .and(col("lift").geq(config.minLift()))
                        .and(col("q_value").leq(config.maxQ())))
                .orderBy(
                        col("leverage").desc(),
                        col("count_baskets").desc(),
                        col("antecedent").asc(),
                        col("consequent").asc())
                .limit(config.maxRules());
        return (pairsOnly ? best : withStability(countedByPart(best, baskets, config), baskets, config))
                .crossJoin(broadcast(counted(window, config)))
                .withColumn("as_of_date", lit(asOf))
                .withColumn("margin_amount", lit(null))
                .withColumn("learned_on", lit(asOf))
                .withColumn("configuration_hash", lit(LearnedRules.configurationHash(config)));
    }

    /**
     * What the rules rest on, as rows of {@link MartTables#MODEL_CARD}: baskets counted and baskets left out as too large, on the
     * date at which the rules were learned. Without any rule they are counted now.
     */
    public static Dataset<Row> card(Dataset<Row> basket, Dataset<Row> rules, BasketRulesConfig config, LocalDate asOf) {
        Dataset<Row> rulesNow = rules.where(col("as_of_date").equalTo(lit(asOf)));
        Dataset<Row> ofRules = rulesNow.agg(
                count(lit(1)).as("rules"),
                countDistinct("consequent").as("consequents"),
                max("learned_on").as("learned_on"),
                max("count_all_baskets").as("baskets"),
                max("count_large_baskets").as("baskets_too_large"));
        // Each rule knows the baskets that it rests on.
        Dataset<Row> counts = !rulesNow.isEmpty()
                ? ofRules
                : ofRules.drop("learned_on", "baskets", "baskets_too_large")
                        .crossJoin(
                                counted(inWindow(basket, config, asOf), config).toDF("baskets", "baskets_too_large"))
                        .withColumn("learned_on", lit(asOf));
        return Shape.output(
                counts.select(
                                col("learned_on"),
                                explode(array(
                                                figure("baskets", "population"),
                                                figure("baskets_too_large", "population"),
                                                figure("rules", "metric"),
                                                figure("consequents", "metric")))
                                        .as("figure"))
                        .select(
                                lit(asOf).as("as_of_date"),
                                lit("basket_rules").as("model"),
                                col("figure.name"),
                                col("figure.kind"),
                                col("figure.value"),
                                lit(null).as("low"),
                                lit(null).as("high"),
                                lit(null).as("baseline_value"),
                                col("learned_on").as("cutoff_date"),
                                lit(null).as("configuration_hash"),
                                lit(null).as("table_versions"),
                                lit(null).as("seed")),
                MartTables.MODEL_CARD);
    }

    /** {@code count_all_baskets, count_large_baskets}: those that count, and those left out as too large. */
    private static Dataset<Row> counted(Dataset<Row> window, BasketRulesConfig config) {
        Column isLarge = size(col("items")).gt(config.maxBasketItems());
        return window.agg(
                count(when(functions.not(isLarge), 1)).as("count_all_baskets"),
                count(when(isLarge, 1)).as("count_large_baskets"));
    }

    private static Column figure(String name, String kind) {
        return struct(
                lit(name).as("name"),
                lit(kind).as("kind"),
                col(name).cast("double").as("value"));
    }

    /** {@code items} (distinct, as declared) and {@code part}, the equal part of the window from 0. */
    private static Dataset<Row> inWindow(Dataset<Row> basket, BasketRulesConfig config, LocalDate asOf) {
        long firstDay = asOf.toEpochDay() - config.windowDays() + 1;
        Column part = functions.floor(functions
                .unix_date(col("sold_on"))
                .minus(firstDay)
                .multiply(config.stabilityParts())
                .divide(config.windowDays()));
        return Shape.input(basket, CoreTables.BASKET)
                .where(col("sold_on").between(lit(LocalDate.ofEpochDay(firstDay)), lit(asOf)))
                .select(col("product_ids").as("items"), part.cast("int").as("part"));
    }

    /** One row: the products that are services now as {@code services}. */
    private static Dataset<Row> services(Dataset<Row> product) {
        return Shape.input(product, CoreTables.PRODUCT)
                .where(col("is_current").and(col("is_service")))
                .agg(collect_set("product_id").as("services"));
    }

    /** Baskets that are not too large, without products that are services now; an empty basket still counts as one. */
    private static Dataset<Row> withoutServices(Dataset<Row> baskets, Dataset<Row> services, BasketRulesConfig config) {
        return baskets.where(size(col("items")).leq(config.maxBasketItems()))
                .crossJoin(broadcast(services))
                .withColumn(
                        "items",
                        when(
                                        functions.arrays_overlap(col("items"), col("services")),
                                        array_except(col("items"), col("services")))
                                .otherwise(col("items")))
                .drop("services");
    }

    private static Dataset<Row> measured(Dataset<Row> candidates, Dataset<Row> total) {
        Column share = col("count_baskets").divide(col("count_all"));
        Column shareAntecedent = col("count_antecedent").divide(col("count_all"));
        Column shareConsequent = col("count_consequent").divide(col("count_all"));
        return candidates
                .crossJoin(broadcast(total))
                .withColumn("support", share)
                .withColumn("confidence", col("count_baskets").divide(col("count_antecedent")))
                .withColumn("lift", col("confidence").divide(shareConsequent))
                .withColumn("leverage", share.minus(shareAntecedent.multiply(shareConsequent)))
                .withColumn(
                        "conviction",
                        when(
                                col("count_baskets").lt(col("count_antecedent")),
                                lit(1).minus(shareConsequent).divide(lit(1).minus(col("confidence")))))
                .withColumn(
                        "p_value",
                        FalseDiscoveries.pValue(
                                col("count_all"),
                                col("count_antecedent"),
                                col("count_consequent"),
                                col("count_baskets")))
                .drop("count_antecedent", "count_consequent", "count_all");
    }

    /**
     * Replaces {@code antecedents, consequents, boths}, the baskets per part, by the share of parts in which the lift is above
     * 1; a part without either side does not count for it.
     */
    private static Dataset<Row> withStability(Dataset<Row> counted, Dataset<Row> baskets, BasketRulesConfig config) {
        Dataset<Row> totals =
                baskets.agg(byPart(config.stabilityParts(), lit(true)).as("totals"));
        String above =
                "size(filter(sequence(0, size(totals) - 1), p -> boths[p] * totals[p] > antecedents[p] * consequents[p]))"
                        + " / size(totals)";
        return counted.crossJoin(broadcast(totals))
                .withColumn("stability", expr(above))
                .drop("totals", "antecedents", "consequents", "boths");
    }

    private static Dataset<Row> countedByPart(Dataset<Row> rules, Dataset<Row> baskets, BasketRulesConfig config) {
        int parts = config.stabilityParts();
        Column[] rule = Arrays.stream(rules.columns()).map(functions::col).toArray(Column[]::new);
        Dataset<Row> matched = baskets.withColumn("anchor", explode(col("items")))
                .join(broadcast(rules.withColumn("anchor", col("antecedent").getItem(0))), "anchor")
                .where(functions.forall(col("antecedent"), item -> array_contains(col("items"), item)))
                .withColumn("has_both", array_contains(col("items"), col("consequent")))
                .groupBy(rule)
                .agg(
                        byPart(parts, lit(true)).as("antecedents"),
                        byPart(parts, col("has_both")).as("boths"));
        Dataset<Row> items = baskets.select(col("part"), explode(col("items")).as("consequent"))
                .groupBy("consequent")
                .agg(byPart(parts, lit(true)).as("consequents"));
        return matched.join(items, "consequent");
    }
}
