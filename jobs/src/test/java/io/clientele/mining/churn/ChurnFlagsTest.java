package io.clientele.mining.churn;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.round;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.clientele.mining.CustomerDays;
import io.clientele.mining.Samples;
import io.clientele.testing.SharedSpark;
import io.clientele.warehouse.CoreTables;
import io.clientele.warehouse.MartTables;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class ChurnFlagsTest {
    private static final LocalDate AS_OF = LocalDate.of(2024, 6, 30);
    private static final ChurnConfig CONFIG = ChurnConfig.defaults();

    private static Map<String, Row> flags(CustomerDays days) {
        return ChurnFlags.flag(days.dataset(), null, CONFIG, AS_OF).flags().collectAsList().stream()
                .collect(Collectors.toMap(r -> r.getAs("customer_id"), r -> r));
    }

    @Test
    void agreesWithABruteForceOracle() {
        long seed = 20240630;
        CustomerDays days = CustomerDays.random(150, AS_OF, seed);
        Map<String, Double> expected = tailShares(days.rows());
        Map<String, Row> found = flags(days);
        assertThat(found.keySet()).as("seed " + seed).isEqualTo(expected.keySet());
        expected.forEach((customer, tail) -> assertThat(found.get(customer).<Double>getAs("gap_tail_share"))
                .as("seed %d, %s", seed, customer)
                .isCloseTo(tail, within(1e-9)));
        assertThat(found.values()).anyMatch(r -> r.getAs("state").equals("lost"));
        assertThat(found.values())
                .allSatisfy(
                        r -> assertThat(r.<Double>getAs("churn_probability")).isBetween(0.0, 1.0));
    }

    private static Map<String, Double> tailShares(List<Object[]> rows) {
        Map<String, TreeSet<Long>> days = new TreeMap<>();
        for (Object[] row : rows) {
            if ((int) row[2] >= 1 && ((java.math.BigDecimal) row[4]).signum() > 0) {
                days.computeIfAbsent((String) row[0], c -> new TreeSet<>())
                        .add(((java.sql.Date) row[1]).toLocalDate().toEpochDay());
            }
        }
        Map<String, long[]> gaps = new HashMap<>();
        days.forEach((c, set) -> {
            Long[] sorted = set.toArray(Long[]::new);
            long[] own = new long[sorted.length - 1];
            for (int i = 1; i < sorted.length; i++) {
                own[i - 1] = sorted[i] - sorted[i - 1];
            }
            gaps.put(c, own);
        });
        double general = gaps.values().stream()
                .filter(g -> g.length > 0)
                .mapToDouble(
                        g -> Arrays.stream(g).mapToDouble(Math::log).average().orElseThrow())
                .average()
                .orElseThrow();
        double g6 = Math.round(general * 1e6) / 1e6;
        List<int[]> pool = new ArrayList<>();
        gaps.values().forEach(g -> {
            double sum = Arrays.stream(g).mapToDouble(Math::log).sum();
            for (long gap : g) {
                pool.add(new int[] {band(g.length - 1), bin(gap, sum - Math.log(gap), g.length - 1, g6)});
            }
        });
        Map<String, Double> tails = new HashMap<>();
        gaps.forEach((c, g) -> {
            long gap = AS_OF.toEpochDay() - days.get(c).last();
            int bin = bin(
                    Math.max(gap, 1), Arrays.stream(g).mapToDouble(Math::log).sum(), g.length, g6);
            double all = (double) pool.stream().filter(p -> p[1] >= bin).count() / pool.size();
            List<int[]> similar =
                    pool.stream().filter(p -> p[0] == band(g.length)).toList();
            double pooled =
                    (20 * all + similar.stream().filter(p -> p[1] >= bin).count()) / (20 + similar.size());
            long own = Arrays.stream(g).filter(x -> x >= gap).count();
            tails.put(c, (5 * pooled + own) / (5 + g.length));
        });
        return tails;
    }

    private static int band(int n) {
        return n == 0 ? 0 : n == 1 ? 1 : n < 4 ? 2 : n < 8 ? 3 : n < 16 ? 4 : 5;
    }

    private static int bin(long gap, double sumLog, int n, double general) {
        double ratio = Math.log(gap) - (sumLog + general) / (1 + n);
        return (int) Math.max(-40, Math.min(60, Math.floor(Math.round(ratio * 1e7) / 1e6)));
    }

    @Test
    void doesNotDependOnOrderPartitionsOrLaterRows() {
        CustomerDays days = CustomerDays.random(60, AS_OF.plusDays(30), 7);
        var upTo = days.rows().stream()
                .filter(r -> !((java.sql.Date) r[1]).toLocalDate().isAfter(AS_OF))
                .toList();
        List<String> flags = Samples.texts(
                ChurnFlags.flag(days.dataset(), null, CONFIG, AS_OF).flags());
        assertThat(Samples.texts(
                        ChurnFlags.flag(Samples.shuffled(CoreTables.CUSTOMER_DAY, upTo, 3), null, CONFIG, AS_OF)
                                .flags()))
                .isEqualTo(flags);
        assertThat(Samples.texts(ChurnFlags.card(Samples.shuffled(CoreTables.CUSTOMER_DAY, upTo, 3), CONFIG, AS_OF)))
                .isEqualTo(Samples.texts(ChurnFlags.card(days.dataset(), CONFIG, AS_OF)));
    }

    @Test
    void tellsStatesAndReasons() {
        CustomerDays days = CustomerDays.random(300, AS_OF, 11);
        for (int i = 0; i < 80; i++) {
            days.buys("lost", AS_OF.minusDays(85 + 21L * i), 10);
        }
        for (int i = 0; i < 40; i++) {
            days.buys("active", AS_OF.minusDays(5 + 21L * i), 10);
            days.buys("less", AS_OF.minusDays(5 + 21L * i), i < 4 ? 1 : 10);
        }
        days.buys("new", AS_OF.minusDays(3), 10);
        // Buys every week, but never from April to June.
        for (int week = 0; week < 130; week++) {
            LocalDate day = AS_OF.minusDays(90 + 7L * week);
            if (day.getMonthValue() < 4 || day.getMonthValue() > 6) {
                days.buys("seasonal", day, 10);
            }
        }
        Map<String, Row> flags = flags(days);
        assertThat(flags.get("lost").<String>getAs("state")).isEqualTo("lost");
        assertThat(flags.get("lost").<String>getAs("kind")).isEqualTo("unknown");
        assertThat(flags.get("lost")
                        .<String>getList(flags.get("lost").fieldIndex("reasons"))
                        .get(0))
                .isEqualTo("Last bought 85 days ago; usually every 21 days (79 intervals, longest 21)");
        assertThat(flags.get("active").<String>getAs("state")).isEqualTo("active");
        assertThat(flags.get("active").<String>getAs("kind")).isNull();
        assertThat(flags.get("less").<String>getAs("state")).isEqualTo("partially_defected");
        assertThat(flags.get("less").<String>getList(flags.get("less").fieldIndex("reasons")))
                .contains("Sales of 14.00 in the last 90 days, 40.00 in the same days a year before");
        assertThat(flags.get("new").<String>getAs("state")).isEqualTo("new");
        assertThat(flags.get("new")
                        .<String>getList(flags.get("new").fieldIndex("reasons"))
                        .get(0))
                .isEqualTo("Bought on one day, 3 days ago");
        assertThat(flags.get("seasonal").<Boolean>getAs("is_seasonal")).isTrue();
        assertThat(flags.get("seasonal").<String>getAs("state")).isEqualTo("cooling");
        assertThat(flags.get("lost").<Boolean>getAs("is_seasonal")).isFalse();
    }

    @Test
    void tellsHalvesAndSingles() {
        CustomerDays days = new CustomerDays();
        for (int ago : new int[] {3, 13, 24}) {
            days.buys("half", AS_OF.minusDays(ago), 10);
        }
        days.buys("one", AS_OF.minusDays(1), 10).buys("one", AS_OF.minusDays(2), 10);
        assertThat(ChurnFlags.flag(days.dataset(), null, CONFIG, AS_OF)
                        .flags()
                        .orderBy("customer_id")
                        .selectExpr("reasons[0]")
                        .collectAsList())
                .map(r -> r.getString(0))
                .containsExactly(
                        "Last bought 3 days ago; usually every 10.5 days (2 intervals, longest 11)",
                        "Last bought 1 day ago; usually every 1 day (1 interval, longest 1)");
    }

    @Test
    void roundsSharesAsJavaDoes() {
        long seed = 3;
        Random random = new Random(seed);
        List<Double> shares = new ArrayList<>(List.of(0.0, 1.0));
        for (int i = 0; i <= 2000; i++) {
            double tie = i / 2000.0;
            shares.addAll(List.of(tie, Math.nextUp(tie), Math.max(0, Math.nextDown(tie)), random.nextDouble()));
        }
        var rows = SharedSpark.session()
                .createDataset(shares, Encoders.DOUBLE())
                .select(col("value"), ChurnFlags.percent(col("value")))
                .collectAsList();
        assertThat(rows).hasSize(shares.size()).allSatisfy(r -> {
            double hundredfold = r.getDouble(0) * 100;
            String expected = hundredfold > 0 && hundredfold < .1
                    ? "under 0.1"
                    : String.format(Locale.ROOT, hundredfold > 0 && hundredfold < 1 ? "%.1f" : "%.0f", hundredfold);
            assertThat(r.getString(1)).as("seed %d, %s", seed, r.getDouble(0)).isEqualTo(expected + " %");
        });
    }

    @Test
    void binsNumbersAsIfTheyWereRounded() {
        long seed = 4;
        Random random = new Random(seed);
        List<Double> numbers = new ArrayList<>();
        for (int i = -400; i <= 600; i++) {
            for (double near : new double[] {0, 1e-9, 4.9e-7, 5e-7, 5.1e-7, 1e-6, 1.5e-6, 1.9e-6, 2e-6, 2.1e-6}) {
                numbers.addAll(List.of(i - near, i + near, Math.nextDown(i - near), Math.nextUp(i - near)));
            }
            numbers.add(i + random.nextDouble());
        }
        Column number = col("value");
        assertThat(SharedSpark.session()
                        .createDataset(numbers, Encoders.DOUBLE())
                        .select(number, PurchaseRhythm.floorOfRounded(number), floor(round(number, 6)))
                        .collectAsList())
                .hasSize(numbers.size())
                .allSatisfy(r -> assertThat(r.getLong(1))
                        .as("seed %d, %s", seed, r.getDouble(0))
                        .isEqualTo(r.getLong(2)));
    }

    @Test
    void livesWithNothingAndWithOneCustomer() {
        assertThat(flags(new CustomerDays())).isEmpty();
        Map<String, Row> one = flags(new CustomerDays().buys("a", AS_OF.minusDays(400), 5));
        assertThat(one.get("a").<String>getAs("state")).isEqualTo("active");
        assertThat(one.get("a").<Double>getAs("gap_tail_share")).isNull();
        assertThat(one.get("a").getList(one.get("a").fieldIndex("reasons")))
                .as("nothing is said of similar customers where there are none")
                .asList()
                .containsExactly("Bought on one day, 400 days ago");
        assertThat(flags(new CustomerDays().day("r", AS_OF, 0, 0, -5, -3, 0))).isEmpty();
        assertThat(ChurnFlags.card(new CustomerDays().dataset(), CONFIG, AS_OF).collectAsList())
                .hasSize(12);
    }

    @Test
    void cardBeatsTheBaselineOnOwnRhythms() {
        Map<String, Row> card =
                ChurnFlags.card(CustomerDays.random(1500, AS_OF, 5).dataset(), CONFIG, AS_OF).collectAsList().stream()
                        .collect(Collectors.toMap(r -> r.getAs("name"), r -> r));
        assertThat(card.get("auc").<Double>getAs("value"))
                .isGreaterThan(card.get("auc").<Double>getAs("baseline_value"));
        assertThat(card.get("brier").<Double>getAs("value"))
                .isLessThan(card.get("brier").<Double>getAs("baseline_value"));
        assertThat(card.get("customers").<java.sql.Date>getAs("cutoff_date").toString())
                .isEqualTo("2024-04-01");
    }

    @Test
    void hasTheDeclaredColumns() {
        var flag = ChurnFlags.flag(new CustomerDays().dataset(), null, CONFIG, AS_OF)
                .flags();
        assertThat(flag.columns()).isEqualTo(MartTables.CHURN_FLAG.schema().fieldNames());
        assertThatThrownBy(() -> ChurnFlags.flag(flag, null, CONFIG, AS_OF))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Input is not core.customer_day: sold_on is missing (expected DATE)");
        assertThatThrownBy(() -> new ChurnConfig(3, 90, 1, 5, .05, .06, 60, 90, .5, 3, 3, .8, 90, 7, 365, 7))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("lost-share: expected a number from 0 to 0.05, found 0.06");
    }
}
