package io.clientele.mining.crosssell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.clientele.mining.Samples;
import io.clientele.warehouse.CoreTables;
import io.clientele.warehouse.MartTables;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.hipparchus.distribution.discrete.HypergeometricDistribution;
import org.junit.jupiter.api.Test;

class BasketRulesTest {
    private static final LocalDate AS_OF = LocalDate.of(2024, 6, 30);
    private static final BasketRulesConfig ALL = new BasketRulesConfig(100, 60, 1, 1, 0, 0, 0, 1, 4, 10_000, 1);

    private static List<Object[]> random(int baskets, long seed) {
        var random = new Random(seed);
        List<Object[]> rows = new ArrayList<>();
        for (int i = 0; i < baskets; i++) {
            var items = new TreeSet<String>();
            for (int k = 0; k <= random.nextInt(4); k++) {
                items.add("p" + (int) (8 * random.nextDouble() * random.nextDouble()));
            }
            if (items.contains("p1") && random.nextBoolean()) {
                items.add("p5");
            }
            Date day = Date.valueOf(AS_OF.minusDays(random.nextInt(100)));
            rows.add(new Object[] {"shop", "s" + i, day, "c" + random.nextInt(40), items.toArray(String[]::new)});
        }
        return rows;
    }

    private static Dataset<Row> products(Object[]... services) {
        List<Object[]> rows = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            rows.add(product("p" + i, i == 7, "Product " + i));
        }
        rows.addAll(List.of(services));
        return Samples.of(CoreTables.PRODUCT, rows);
    }

    private static Object[] product(String id, boolean isService, String name) {
        return new Object[] {id, Timestamp.valueOf("2020-01-01 00:00:00"), null, true, null, null, isService, name};
    }

    @Test
    void agreesWithCountingByHand() {
        long seed = 99;
        List<Object[]> rows = random(300, seed);
        List<Row> rules = BasketRules.rules(Samples.of(CoreTables.BASKET, rows), products(), null, ALL, AS_OF)
                .collectAsList();
        assertThat(rules).as("seed " + seed).hasSizeGreaterThan(20);
        for (Row rule : rules) {
            String a = rule.<String>getList(rule.fieldIndex("antecedent")).get(0);
            String b = rule.getAs("consequent");
            assertThat(List.of(a, b)).doesNotContain("p7");
            long n = rows.size();
            long countA = rows.stream()
                    .filter(r -> List.of((String[]) r[4]).contains(a))
                    .count();
            long countB = rows.stream()
                    .filter(r -> List.of((String[]) r[4]).contains(b))
                    .count();
            long both = rows.stream()
                    .filter(r -> List.of((String[]) r[4]).containsAll(List.of(a, b)))
                    .count();
            assertThat(rule.<Long>getAs("count_baskets")).isEqualTo(both);
            assertThat(rule.<Double>getAs("lift")).isCloseTo((double) both * n / countA / countB, within(1e-9));
            double p = new HypergeometricDistribution((int) n, (int) countA, (int) countB)
                    .upperCumulativeProbability((int) both);
            assertThat(rule.<Double>getAs("p_value")).isCloseTo(p, within(1e-9));
            double q = rules.stream()
                    .mapToDouble(r -> r.<Double>getAs("p_value"))
                    .filter(other -> other >= rule.<Double>getAs("p_value"))
                    .map(other -> other
                            * rules.size()
                            / rules.stream()
                                    .filter(r -> r.<Double>getAs("p_value") <= other)
                                    .count())
                    .min()
                    .orElseThrow();
            assertThat(rule.<Double>getAs("q_value")).isCloseTo(Math.min(1, q), within(1e-9));
        }
        assertThat(Samples.texts(
                        BasketRules.rules(Samples.shuffled(CoreTables.BASKET, rows, 4), products(), null, ALL, AS_OF)))
                .isEqualTo(rules.stream().map(Row::toString).sorted().toList());
    }

    @Test
    void countsWhatItLeavesOut() {
        List<Object[]> rows = random(50, 1);
        var small = new BasketRulesConfig(100, 2, 1, 1, 0, 0, 0, 1, 4, 10, 1);
        Dataset<Row> basket = Samples.of(CoreTables.BASKET, rows);
        Dataset<Row> rules = BasketRules.rules(basket, products(), null, small, AS_OF);
        long large = rows.stream().filter(r -> ((String[]) r[4]).length > 2).count();
        assertThat(Samples.texts(BasketRules.card(basket, rules, small, AS_OF).select("name", "value")))
                .contains("[baskets_too_large," + (double) large + "]", "[rules,10.0]");
        assertThat(BasketRules.rules(Samples.of(CoreTables.BASKET, List.of()), products(), null, ALL, AS_OF)
                        .collectAsList())
                .isEmpty();
        assertThatThrownBy(() -> new BasketRulesConfig(0, 2, 1, 1, 0, 0, 0, 1, 4, 10, 1))
                .hasMessage("window-days: expected a number from 1 to 36500, found 0");
    }

    @Test
    void rulesAreUsedForAWeekAndThenLearnedAnew() {
        long seed = 7;
        List<Object[]> rows = random(300, seed);
        var weekly = new BasketRulesConfig(100, 60, 1, 1, 0, 0, 0, 1, 4, 10_000, 7);
        var otherSettings = new BasketRulesConfig(100, 60, 1, 2, 0, 0, 0, 1, 4, 10_000, 7);
        var first = new Trial(rows, null, weekly, AS_OF);
        assertThat(first.learnedOn()).isEqualTo(AS_OF);
        LocalDate last = AS_OF.plusDays(6);
        // Other baskets of the same number: rules learned anew would be others.
        List<Object[]> others = new ArrayList<>(random(300, seed + 1));
        var used = new Trial(others, first, weekly, last);
        assertThat(used.rules.select("as_of_date").distinct().collectAsList())
                .containsExactly(RowFactory.create(Date.valueOf(last)));
        assertThat(Samples.texts(used.rules.drop("as_of_date")))
                .as("seed " + seed)
                .isEqualTo(Samples.texts(first.rules.drop("as_of_date")))
                .isNotEqualTo(Samples.texts(new Trial(others, null, weekly, last).rules.drop("as_of_date")));
        long large = rows.stream().filter(r -> ((String[]) r[4]).length > 60).count();
        assertThat(Samples.texts(BasketRules.card(Samples.of(CoreTables.BASKET, others), used.rules, weekly, last)
                        .select("name", "value", "cutoff_date")))
                .contains(
                        "[baskets," + (300.0 - large) + "," + AS_OF + "]",
                        "[baskets_too_large," + (double) large + "," + AS_OF + "]");

        assertThat(new Trial(rows, used, weekly, last.plusDays(1)).learnedOn())
                .as("seven days after they were learned, though used since")
                .isEqualTo(last.plusDays(1));
        assertThat(new Trial(rows, first, otherSettings, AS_OF.plusDays(1)).learnedOn())
                .as("under other settings")
                .isEqualTo(AS_OF.plusDays(1));
        assertThat(new Trial(rows, first, weekly, AS_OF.minusDays(1)).learnedOn())
                .as("an earlier date")
                .isEqualTo(AS_OF.minusDays(1));
        others.addAll(random(60, seed + 2));
        assertThat(new Trial(others, first, weekly, AS_OF.plusDays(1)).learnedOn())
                .as("a fifth more baskets")
                .isEqualTo(AS_OF.plusDays(1));
        Dataset<Row> without = BasketRules.rules(
                Samples.of(CoreTables.BASKET, rows),
                products(product("p5", true, "A service now")),
                first.rules,
                weekly,
                AS_OF.plusDays(1));
        assertThat(Samples.texts(without.drop("as_of_date")))
                .as("without the product that is a service now")
                .isEqualTo(Samples.texts(first.rules
                        .drop("as_of_date")
                        .where("NOT array_contains(antecedent, 'p5') AND consequent <> 'p5'")))
                .hasSizeLessThan((int) first.rules.count());
    }

    /** Rules of one date, of which those before may be used again. */
    private record Trial(Dataset<Row> rules) {
        Trial(List<Object[]> baskets, Trial before, BasketRulesConfig config, LocalDate asOf) {
            this(BasketRules.rules(
                            Samples.of(CoreTables.BASKET, baskets),
                            products(),
                            before == null ? null : before.rules,
                            config,
                            asOf)
                    .localCheckpoint());
        }

        LocalDate learnedOn() {
            return rules.first().<Date>getAs("learned_on").toLocalDate();
        }
    }

    @Test
    void recommendsWhatIsNotOwnedAndSaysWhy() {
        Date day = Date.valueOf(AS_OF.minusDays(5));
        List<Object[]> rows = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            rows.add(new Object[] {"shop", "s" + i, day, null, new String[] {"p6", "p7"}});
        }
        rows.add(new Object[] {"shop", "a", day, "ann", new String[] {"p1", "p2"}});
        rows.add(new Object[] {"shop", "b", day, "bob", new String[] {"p4"}});
        rows.add(new Object[] {"shop", "x", day, "cat", new String[] {"p1", "p3"}});
        Dataset<Row> rules = Samples.of(
                MartTables.CROSS_SELL_RULE,
                List.of(
                        rule("p3", .34, 4.1, "p1"),
                        rule("p2", .9, 3, "p1"),
                        rule("p5", .5, 2, "p1", "p2"),
                        rule("p7", .9, 9, "p1")));
        var offers = Recommendations.recommend(
                Samples.of(CoreTables.BASKET, rows), rules, products(), new RecommendationsConfig(2, 10, 90, 1), AS_OF);
        assertThat(Samples.texts(offers.drop("as_of_date")))
                .containsExactly(
                        "[ann,1,p5,0.5,Bought Product 1 and Product 2; 50 % of baskets with Product 1 and Product 2 also have "
                                + "Product 5 (lift 2.0)]",
                        "[ann,2,p3,0.34,Bought Product 1; 34 % of baskets with Product 1 also have Product 3 (lift 4.1)]",
                        "[bob,1,p6," + 10.0 / 13 + ",Popular: in 77 % of all baskets of the last 90 days]",
                        "[cat,1,p2,0.9,Bought Product 1; 90 % of baskets with Product 1 also have Product 2 (lift 3.0)]");
    }

    private static Object[] rule(String consequent, double confidence, double lift, String... antecedent) {
        return new Object[] {
            Date.valueOf(AS_OF),
            antecedent,
            consequent,
            10L,
            .1,
            confidence,
            lift,
            .01,
            1.2,
            .001,
            .01,
            null,
            1.0,
            null,
            null,
            null,
            null
        };
    }
}
