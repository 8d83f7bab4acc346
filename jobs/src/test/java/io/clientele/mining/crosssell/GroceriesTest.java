package io.clientele.mining.crosssell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.clientele.mining.Samples;
import io.clientele.warehouse.CoreTables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Date;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The figures published for Groceries (Hahsler, Hornik, Reutterer 2006), as found by R's arules. The file is not part of
 * the project: set CLIENTELE_DATASETS to a folder that holds groceries/groceries_baskets.csv.
 */
class GroceriesTest {
    private static final LocalDate AS_OF = LocalDate.of(2024, 12, 31);
    private static Dataset<Row> basket;
    private static Dataset<Row> product;

    @BeforeAll
    static void read() throws IOException {
        String folder = System.getProperty("CLIENTELE_DATASETS", System.getenv("CLIENTELE_DATASETS"));
        assumeTrue(folder != null, "skipped: CLIENTELE_DATASETS names no folder with groceries/groceries_baskets.csv");
        Path file = Path.of(folder, "groceries", "groceries_baskets.csv");
        assumeTrue(Files.exists(file), "skipped: there is no " + file);
        List<Object[]> rows = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            String[] items = Arrays.stream(line.split(","))
                    .map(String::strip)
                    .sorted()
                    .distinct()
                    .toArray(String[]::new);
            rows.add(new Object[] {
                "groceries", "b" + rows.size(), Date.valueOf(AS_OF.minusDays(rows.size() % 300)), null, items
            });
        }
        assertThat(rows).hasSize(9835);
        basket = Samples.of(CoreTables.BASKET, rows);
        product = Samples.of(CoreTables.PRODUCT, List.of());
    }

    private static List<Row> rules(int maxAntecedent, double support, double confidence) {
        var config = new BasketRulesConfig(365, 100, maxAntecedent, 1, support, confidence, 0, 1, 4, 100_000, 1);
        return BasketRules.rules(basket, product, null, config, AS_OF).collectAsList();
    }

    @Test
    void findsThe410Rules() {
        Map<Integer, Integer> byLength = new TreeMap<>();
        rules(9, .001, .8)
                .forEach(r ->
                        byLength.merge(r.getList(r.fieldIndex("antecedent")).size() + 1, 1, Integer::sum));
        assertThat(byLength).isEqualTo(Map.of(3, 29, 4, 229, 5, 140, 6, 12));
    }

    @Test
    void findsThe15RulesAndTheirMeasures() {
        List<Row> rules = rules(4, .01, .5);
        assertThat(rules).hasSize(15);
        Row rule = rules.stream()
                .filter(r -> r.getList(r.fieldIndex("antecedent")).equals(List.of("citrus fruit", "root vegetables")))
                .filter(r -> r.<String>getAs("consequent").equals("other vegetables"))
                .findFirst()
                .orElseThrow();
        assertThat(rule.<Double>getAs("lift")).isCloseTo(3.029608, within(5e-7));
        assertThat(rule.<Double>getAs("conviction")).isCloseTo(1.949059, within(5e-7));
    }

    @Test
    void countsPairsAsFpGrowthDoes() {
        var grown = new BasketRulesConfig(365, 100, 2, 1, .01, .1, 1, .05, 4, 100_000, 1);
        var counted = new BasketRulesConfig(365, 100, 1, 1, .01, .1, 1, 1, 4, 100_000, 1);
        List<String> ofGrown = Samples.texts(BasketRules.rules(basket, product, null, grown, AS_OF)
                .where("size(antecedent) = 1")
                .drop("q_value", "configuration_hash"));
        List<String> ofCounted = Samples.texts(
                BasketRules.rules(basket, product, null, counted, AS_OF).drop("q_value", "configuration_hash"));
        assertThat(ofCounted).containsAll(ofGrown).hasSizeGreaterThan(100);
    }
}
