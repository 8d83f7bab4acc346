package io.clientele.mining.crosssell;

import static org.apache.spark.sql.functions.array_contains;
import static org.apache.spark.sql.functions.array_distinct;
import static org.apache.spark.sql.functions.array_except;
import static org.apache.spark.sql.functions.array_join;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.first;
import static org.apache.spark.sql.functions.format_string;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.posexplode;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.slice;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.when;

import io.clientele.engine.Reuse;
import io.clientele.mining.Shape;
import io.clientele.warehouse.CoreTables;
import io.clientele.warehouse.MartTables;
import java.time.LocalDate;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.functions;

/**
 * What to offer each known customer next: the consequents of the rules whose antecedent the customer owns.
 *
 * <p>A rule's score is its confidence times its stability: the share of baskets in which the rule held, discounted by how
 * often it held over time. Of several rules that lead to one product the best counts; at equal scores the higher lift,
 * then the product id decides. A customer whom no rule fits is offered the most popular products not owned, with their
 * share of all baskets as the score. What a customer ever bought and what is a service now is never offered.
 */
public final class Recommendations {
    private Recommendations() {}

    /**
     * The rows of {@link MartTables#RECOMMENDATION} at {@code asOf}.
     *
     * @param basket rows of {@link CoreTables#BASKET}; anonymous ones count for popularity only
     * @param rules rows of {@link MartTables#CROSS_SELL_RULE}; those of {@code asOf} are used
     * @param product rows of {@link CoreTables#PRODUCT}; a product without a name goes by its id
     */
    public static Dataset<Row> recommend(
            Dataset<Row> basket,
            Dataset<Row> rules,
            Dataset<Row> product,
            RecommendationsConfig config,
            LocalDate asOf) {
        Dataset<Row> baskets =
                Shape.input(basket, CoreTables.BASKET).where(col("sold_on").leq(lit(asOf)));
        Dataset<Row> products = Shape.input(product, CoreTables.PRODUCT)
                .where(col("is_current"))
                .select(
                        col("product_id"),
                        col("is_service"),
                        coalesce(when(trim(col("name")).notEqual(""), trim(col("name"))), col("product_id"))
                                .as("name"));
        Dataset<Row> followed = Reuse.of(followed(rules, products, config, asOf));
        Dataset<Row> popular = Reuse.of(popular(baskets, products, config, asOf));
        Dataset<Row> codes = Reuse.of(codes(followed, popular));
        Dataset<Row> owned = Reuse.of(owned(baskets, codes));
        Dataset<Row> popularOnes =
                popular.agg(sort_array(collect_list(col("order")), false).as("popular"));
        Column fallback = slice(array_except(col("popular"), col("owned")), 1, config.count());
        Dataset<Row> texts = followed.select(
                        col("order"), col("consequent").as("product_id"), col("score"), col("because"))
                .unionByName(popular.select("order", "product_id", "score", "because"));
        return Shape.output(
                owned.join(ordersByRule(owned, coded(followed, codes), config), new String[] {"customer_id"}, "left")
                        .crossJoin(broadcast(popularOnes))
                        .select(col("customer_id"), posexplode(coalesce(col("orders"), fallback)))
                        .withColumnRenamed("col", "order")
                        .join(broadcast(texts), "order")
                        .select(
                                lit(asOf).as("as_of_date"),
                                col("customer_id"),
                                col("pos").plus(1).as("rank"),
                                col("product_id"),
                                col("score"),
                                col("because")),
                MartTables.RECOMMENDATION);
    }

    /**
     * {@code product_id, code} of the products on which an offer may depend: those of a rule and the popular ones, whose code is
     * their {@code order}. Customers own far more; and what is asked of arrays of numbers is compiled, of texts interpreted.
     */
    private static Dataset<Row> codes(Dataset<Row> followed, Dataset<Row> popular) {
        Dataset<Row> known = popular.select(col("product_id"), col("order").as("code"));
        Dataset<Row> others = followed.select(explode(parts()).as("product_id"))
                .distinct()
                .join(broadcast(known.drop("code")), new String[] {"product_id"}, "left_anti")
                .select(
                        col("product_id"),
                        row_number()
                                .over(Window.partitionBy(lit(0)).orderBy(col("product_id")))
                                .as("code"));
        return known.unionByName(others);
    }

    /** Every customer with a basket, and the codes of what it ever bought as {@code owned}; of other products nothing. */
    private static Dataset<Row> owned(Dataset<Row> baskets, Dataset<Row> codes) {
        return baskets.where(col("customer_id").isNotNull())
                .select(col("customer_id"), posexplode(col("product_ids")))
                .join(broadcast(codes), col("col").equalTo(col("product_id")), "left")
                // One row of each basket at least, so that no customer is lost.
                .where(col("code").isNotNull().or(col("pos").equalTo(0)))
                .groupBy("customer_id")
                .agg(array_except(collect_list("code"), functions.array().cast("array<int>"))
                        .as("owned"));
    }

    /** The rules with codes: {@code order, anchor_code, consequent_code}, and all that must be owned as {@code needed}. */
    private static Dataset<Row> coded(Dataset<Row> followed, Dataset<Row> codes) {
        Column isAnchor = col("product_id").equalTo(col("anchor"));
        Column isConsequent = col("product_id").equalTo(col("consequent"));
        return followed.select(
                        col("order"),
                        col("anchor"),
                        col("consequent"),
                        explode(parts()).as("product_id"))
                .join(broadcast(codes), "product_id")
                .groupBy("order")
                .agg(
                        functions.max(when(isAnchor, col("code"))).as("anchor_code"),
                        functions.max(when(isConsequent, col("code"))).as("consequent_code"),
                        collect_list(when(not(isConsequent), col("code"))).as("needed"));
    }

    /** The best rules from each anchor, the first product of the antecedent, with their {@code order} and text. */
    private static Dataset<Row> followed(
            Dataset<Row> rules, Dataset<Row> products, RecommendationsConfig config, LocalDate asOf) {
        Dataset<Row> scored = Shape.input(rules, MartTables.CROSS_SELL_RULE)
                .where(col("as_of_date").equalTo(lit(asOf)))
                .withColumn("score", col("confidence").multiply(col("stability")))
                .withColumn("anchor", col("antecedent").getItem(0))
                .withColumn(
                        "place",
                        row_number()
                                .over(Window.partitionBy("anchor")
                                        .orderBy(
                                                col("score").desc(),
                                                col("lift").desc(),
                                                col("antecedent").asc(),
                                                col("consequent").asc())))
                .where(col("place").leq(config.rulesPerProduct()));
        Dataset<Row> named = scored.select(col("*"), explode(parts()).as("part"))
                .join(products.withColumnRenamed("product_id", "part"), "part", "left")
                .withColumn("name", coalesce(col("name"), col("part")))
                .groupBy("antecedent", "consequent", "anchor", "score", "lift", "confidence")
                .agg(
                        sort_array(collect_list(when(col("part").notEqual(col("consequent")), struct("part", "name"))))
                                .as("bought"),
                        first(when(col("part").equalTo(col("consequent")), col("name")), true)
                                .as("offered"),
                        functions
                                .max(col("part")
                                        .equalTo(col("consequent"))
                                        .and(coalesce(col("is_service"), lit(false))))
                                .as("is_service"))
                .where(not(col("is_service")));
        Column names = array_join(col("bought.name"), " and ");
        return named.select(
                col("antecedent"),
                col("consequent"),
                col("anchor"),
                col("score"),
                row_number()
                        .over(Window.partitionBy(lit(0))
                                .orderBy(
                                        col("score").desc(),
                                        col("lift").desc(),
                                        col("consequent").asc(),
                                        col("antecedent").asc()))
                        .as("order"),
                format_string(
                                "Bought %s; %s of baskets with %s also have %s (lift %.1f)",
                                names, percent(col("confidence")), names, col("offered"), col("lift"))
                        .as("because"));
    }

    /** The {@code order} of the best rules that fit, as {@code orders}, best first; each leads to another product. */
    private static Dataset<Row> ordersByRule(Dataset<Row> owned, Dataset<Row> coded, RecommendationsConfig config) {
        Column fits = not(array_contains(col("owned"), col("consequent_code")))
                .and(size(col("needed"))
                        .equalTo(1)
                        .or(size(array_except(col("needed"), col("owned"))).equalTo(0)));
        return owned.withColumn("anchor_code", explode(col("owned")))
                .join(broadcast(coded), "anchor_code")
                .where(fits)
                .groupBy("customer_id", "consequent_code")
                .agg(min("order").as("order"))
                .groupBy("customer_id")
                .agg(slice(sort_array(collect_list("order")), 1, config.count()).as("orders"));
    }

    /** The most popular products, by {@code place}; their {@code order} is below zero, where no rule's is. */
    private static Dataset<Row> popular(
            Dataset<Row> baskets, Dataset<Row> products, RecommendationsConfig config, LocalDate asOf) {
        Dataset<Row> recent = baskets.where(col("sold_on").gt(lit(asOf.minusDays(config.popularDays()))));
        Dataset<Row> services =
                products.where(col("is_service")).select(col("product_id").as("service_id"));
        Column share = col("count_baskets").divide(col("count_all"));
        return recent.select(explode(array_distinct(col("product_ids"))).as("product_id"))
                .groupBy("product_id")
                .agg(count(lit(1)).as("count_baskets"))
                .join(broadcast(services), col("product_id").equalTo(col("service_id")), "left_anti")
                .orderBy(col("count_baskets").desc(), col("product_id").asc())
                .limit(config.popularProducts())
                .crossJoin(broadcast(recent.agg(count(lit(1)).as("count_all"))))
                .withColumn(
                        "place",
                        row_number()
                                .over(Window.partitionBy(lit(0))
                                        .orderBy(
                                                col("count_baskets").desc(),
                                                col("product_id").asc())))
                .select(
                        col("place"),
                        functions.negate(col("place")).as("order"),
                        col("product_id"),
                        share.as("score"),
                        format_string(
                                        "Popular: in %s of all baskets of the last %d days",
                                        percent(share), lit(config.popularDays()))
                                .as("because"));
    }

    /** All products of a rule. */
    private static Column parts() {
        return functions.concat(col("antecedent"), functions.array(col("consequent")));
    }

    private static Column percent(Column share) {
        Column hundredfold = share.multiply(100);
        return functions.concat(
                when(hundredfold.lt(1), format_string("%.1f", hundredfold))
                        .otherwise(format_string("%.0f", hundredfold)),
                lit(" %"));
    }
}
