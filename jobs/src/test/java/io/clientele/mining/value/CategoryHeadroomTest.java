package io.clientele.mining.value;

import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.mining.Samples;
import io.clientele.testing.FewRows;
import io.clientele.warehouse.CustomerTables;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.Date;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** Proves what similar customers suggest against a brute-force oracle. */
@FewRows
class CategoryHeadroomTest {
    private static final LocalDate AS_OF = LocalDate.of(2024, 6, 30);
    private static final int WINDOW_DAYS = 365;

    /** Days with sales and refunds of all sizes, with and without cost and net amount, some of them outside of the window. */
    private static List<Object[]> random(int customers, int categories, double spread, long seed) {
        var random = new Random(seed);
        List<Object[]> rows = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < customers * 12; i++) {
            String customer = "c" + random.nextInt(customers);
            String category = "k" + random.nextInt(categories);
            LocalDate day = AS_OF.minusDays(random.nextInt(400) - 5L);
            long parts = (long) (10_000 * Math.exp(4 + spread * random.nextGaussian()));
            BigDecimal net = BigDecimal.valueOf(random.nextInt(8) == 0 ? -parts : parts, 4);
            boolean isCosted = random.nextInt(3) > 0 && !category.equals("k1");
            BigDecimal cost = isCosted ? BigDecimal.valueOf(parts * (50 + random.nextInt(70)) / 100, 4) : null;
            boolean isKnown = random.nextInt(20) > 0;
            if (seen.add(customer + category + day)) {
                rows.add(new Object[] {
                    customer,
                    Date.valueOf(day),
                    "category",
                    category,
                    1,
                    net,
                    isKnown ? net : null,
                    isKnown && isCosted ? net : null,
                    isKnown ? cost : null
                });
                rows.add(new Object[] {customer, Date.valueOf(day), "store", category, 1, net, net, null, null});
            }
        }
        return rows;
    }

    private static Dataset<Row> headroom(List<Object[]> rows, HeadroomConfig config, long seed) {
        return CategoryHeadroom.of(
                        Samples.shuffled(CustomerTables.CUSTOMER_CHOICE, rows, seed), config, WINDOW_DAYS, AS_OF)
                .drop("as_of_date");
    }

    @Test
    void agreesWithABruteForceOracle() {
        for (long seed = 1; seed <= 3; seed++) {
            List<Object[]> rows = random(150, 8 + 20 * (int) seed, seed, seed);
            for (HeadroomConfig config : List.of(new HeadroomConfig(15, .1, 3), new HeadroomConfig(4, .0001, 100))) {
                List<String> found = Samples.texts(headroom(rows, config, seed));
                assertThat(found)
                        .as("seed %d, %s", seed, config)
                        .isNotEmpty()
                        .isEqualTo(oracle(rows, config).stream().sorted().toList());
            }
        }
    }

    @Test
    void doesNotDependOnTheOrderOfRows() {
        List<Object[]> rows = random(100, 10, 2, 9);
        HeadroomConfig config = new HeadroomConfig(5, .05, 4);
        assertThat(Samples.texts(headroom(rows, config, 1))).isEqualTo(Samples.texts(headroom(rows, config, 2)));
    }

    private record Offer(String category, BigDecimal amount, BigDecimal sales, double share, long similar) {}

    private static List<String> oracle(List<Object[]> rows, HeadroomConfig config) {
        Map<String, Map<String, BigDecimal>> spent = new TreeMap<>();
        Map<String, BigDecimal> costed = new TreeMap<>();
        Map<String, BigDecimal> cost = new TreeMap<>();
        for (Object[] row : rows) {
            LocalDate day = ((Date) row[1]).toLocalDate();
            if (row[2].equals("category") && !day.isAfter(AS_OF) && day.isAfter(AS_OF.minusDays(WINDOW_DAYS))) {
                add(spent.computeIfAbsent((String) row[0], c -> new TreeMap<>()), row[3], row[6]);
                add(costed, row[3], row[7]);
                add(cost, row[3], row[8]);
            }
        }
        Map<Integer, List<String>> bands = new TreeMap<>();
        spent.forEach((customer, nets) -> {
            BigDecimal sales = nets.values().stream().reduce(BigDecimal.ZERO, BigDecimal::add);
            if (sales.signum() > 0) {
                int band = Math.max(0, Math.getExponent(sales.doubleValue()));
                bands.computeIfAbsent(band, b -> new ArrayList<>()).add(customer);
            }
        });
        List<String> found = new ArrayList<>();
        for (List<String> similar : bands.values()) {
            List<Offer> offers = new ArrayList<>();
            Map<String, BigDecimal> net = new TreeMap<>();
            Map<String, BigDecimal> buyers = new TreeMap<>();
            similar.forEach(c -> spent.get(c).forEach((category, amount) -> {
                if (amount.signum() > 0) {
                    add(net, category, amount);
                    add(buyers, category, BigDecimal.ONE);
                }
            }));
            net.forEach((category, amount) -> {
                double share = buyers.get(category).doubleValue() / similar.size();
                if (similar.size() >= config.minSimilarCustomers() && share >= config.minShareOfSimilar()) {
                    double expected = amount.doubleValue() / similar.size();
                    Double margin = margin(costed.get(category), cost.get(category));
                    offers.add(new Offer(
                            category,
                            margin == null ? null : money(expected * Math.max(margin, 0)),
                            money(expected),
                            share,
                            similar.size()));
                }
            });
            offers.sort(Comparator.comparing((Offer o) -> o.amount() == null ? BigDecimal.ZERO : o.amount())
                    .thenComparing(Offer::sales)
                    .reversed()
                    .thenComparing(Offer::category));
            for (String customer : similar) {
                int rank = 0;
                for (Offer offer : offers) {
                    BigDecimal own = spent.get(customer).getOrDefault(offer.category(), BigDecimal.ZERO);
                    if (own.signum() <= 0 && rank < config.maxCategories()) {
                        found.add("[%s,%s,%d,%s,%s,%s,%d]"
                                .formatted(
                                        customer,
                                        offer.category(),
                                        ++rank,
                                        offer.amount(),
                                        offer.sales(),
                                        offer.share(),
                                        offer.similar()));
                    }
                }
            }
        }
        return found;
    }

    private static void add(Map<String, BigDecimal> sums, Object key, Object amount) {
        if (amount != null) {
            sums.merge((String) key, (BigDecimal) amount, BigDecimal::add);
        }
    }

    private static Double margin(BigDecimal net, BigDecimal cost) {
        return net == null || net.signum() <= 0 ? null : net.subtract(cost).doubleValue() / net.doubleValue();
    }

    private static BigDecimal money(double amount) {
        return BigDecimal.valueOf(amount).setScale(2, RoundingMode.HALF_UP);
    }
}
