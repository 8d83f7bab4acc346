package io.clientele.serving;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import io.clientele.serving.ReportData.CrossSellRule;
import io.clientele.serving.ReportData.CrossSelling;
import java.sql.Date;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** From mart.cross_sell_rule and mart.recommendation to the best rules, by product names. */
final class CrossSellQueries {
    private static final int MAX_RULES = 60;

    private CrossSellQueries() {}

    /** The best rules are those with the most baskets beyond what chance would bring, that is, by leverage. */
    static CrossSelling crossSelling(Dataset<Row> rules, Dataset<Row> offers, Dataset<Row> currentProducts) {
        List<Row> best = rules.orderBy(col("leverage").desc(), col("lift").desc(), col("antecedent"), col("consequent"))
                .limit(MAX_RULES)
                .collectAsList();
        long countRules = best.size() < MAX_RULES ? best.size() : rules.count();
        Map<String, String> names = best.isEmpty() ? Map.of() : names(best, currentProducts);
        Row offered = offers.agg(
                        // Whoever is offered anything has a best offer.
                        count(when(col("rank").equalTo(1), 1)).as("count_customers"),
                        count(lit(1)).as("count_offers"))
                .first();
        return new CrossSelling(
                countRules,
                best.stream().map(row -> rule(row, names)).toList(),
                learnedEarlier(best),
                Cells.count(offered, "count_customers"),
                Cells.count(offered, "count_offers"));
    }

    private static String learnedEarlier(List<Row> rules) {
        if (rules.isEmpty()) {
            return null;
        }
        Date learnedOn = rules.get(0).getAs("learned_on");
        return learnedOn == null || learnedOn.equals(rules.get(0).getAs("as_of_date")) ? null : learnedOn.toString();
    }

    private static CrossSellRule rule(Row row, Map<String, String> names) {
        String consequent = Cells.text(row, "consequent");
        return new CrossSellRule(
                antecedent(row).stream().map(id -> names.getOrDefault(id, id)).toList(),
                names.getOrDefault(consequent, consequent),
                Cells.count(row, "count_baskets"),
                finite(row, "support"),
                finite(row, "confidence"),
                finite(row, "lift"),
                finite(row, "q_value"),
                finite(row, "stability"),
                Cells.amount(row, "margin_amount"));
    }

    private static Map<String, String> names(List<Row> rules, Dataset<Row> currentProducts) {
        Set<String> ids = new LinkedHashSet<>();
        for (Row rule : rules) {
            ids.addAll(antecedent(rule));
            ids.add(Cells.text(rule, "consequent"));
        }
        Map<String, String> names = new HashMap<>();
        for (Row product : currentProducts
                .where(col("product_id").isin(ids.toArray()).and(col("name").isNotNull()))
                .select("product_id", "name")
                .collectAsList()) {
            names.put(product.getString(0), product.getString(1));
        }
        return names;
    }

    private static List<String> antecedent(Row rule) {
        return rule.getList(rule.fieldIndex("antecedent"));
    }

    private static double finite(Row row, String column) {
        Double value = Cells.real(row, column);
        return value == null ? 0 : value;
    }
}
