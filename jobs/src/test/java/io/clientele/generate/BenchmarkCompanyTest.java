package io.clientele.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchmarkCompanyTest {
    private static final GeneratorOptions OPTIONS =
            GeneratorOptions.benchmark().withCustomers(2_000).withLines(40_000).withYears(1);

    @TempDir
    private static Path directory;

    private static Folder company;

    @BeforeAll
    static void generate() {
        company = new Folder(directory.resolve("company"));
        BenchmarkCompany.write(OPTIONS, company.root());
    }

    @Test
    void sameSeedGivesTheSameBytesAndAnotherOneDoesNot() throws IOException {
        Folder again = new Folder(directory.resolve("again"));
        BenchmarkCompany.write(OPTIONS, again.root());
        assertThat(again.contents()).isEqualTo(company.contents());
        Folder other = new Folder(directory.resolve("other"));
        BenchmarkCompany.write(OPTIONS.withSeed(1), other.root());
        assertThat(other.contents().get("sales/sales-2025-06.csv"))
                .isNotEqualTo(company.contents().get("sales/sales-2025-06.csv"));
    }

    @Test
    void hasExactlyTheLinesAskedForAndAHundredthMoreOnTheNextDay() {
        assertThat(history()).hasSize(40_000);
        assertThat(day()).hasSize(400);
    }

    @Test
    void linesAreInTheOrderOfTimeAndOfTheirMonth() {
        List<Map<String, String>> all = new ArrayList<>(history());
        all.addAll(day());
        assertThat(all.stream().map(row -> row.get("sold_at")).toList()).isSorted();
        assertThat(all.stream().map(row -> row.get("sale_id")).toList()).isSorted();
        assertThat(day()).allMatch(row -> row.get("sold_at").startsWith("2026-01-01 "));
        for (int month = 1; month <= 12; month++) {
            String name = "2025-%02d".formatted(month);
            assertThat(company.rows("sales/sales-" + name + ".csv"))
                    .isNotEmpty()
                    .allMatch(row -> row.get("sold_at").startsWith(name));
        }
    }

    @Test
    void aLineIsKnownByItsSaleAndNumber() {
        Set<String> keys = new HashSet<>();
        List<Map<String, String>> all = new ArrayList<>(history());
        all.addAll(day());
        all.forEach(row -> keys.add(row.get("sale_id") + "/" + row.get("line_number")));
        assertThat(keys).hasSameSizeAs(all);
    }

    @Test
    void customersAndProductsOfTheLinesAreKnown() {
        Set<String> products = values(company.rows("crm/products.csv"), "sku");
        Set<String> customers = values(company.rows("crm/customers.csv"), "customer_number");
        assertThat(customers).hasSize(2_000);
        assertThat(products).containsAll(values(history(), "sku")).containsAll(values(day(), "sku"));
        Set<String> buyers = values(history(), "customer_number");
        assertThat(buyers.remove("")).as("some sales are anonymous").isTrue();
        assertThat(customers).containsAll(buyers);

        Set<String> newcomers = values(company.rows("day/crm/customers-2026-01-01.csv"), "customer_number");
        assertThat(newcomers).isNotEmpty().doesNotContainAnyElementsOf(customers);
        assertThat(values(day(), "customer_number")).containsAll(newcomers);
    }

    @Test
    void aLinesAmountIsItsQuantityTimesItsPrice() {
        for (Map<String, String> row : history()) {
            double expected = Integer.parseInt(row.get("quantity")) * Double.parseDouble(row.get("unit_price"));
            assertThat(Double.parseDouble(row.get("net_amount"))).isCloseTo(expected, within(0.001));
        }
    }

    @Test
    void fewCustomersBringMostOfTheSales() {
        Map<String, Double> sales = new TreeMap<>();
        history()
                .forEach(row -> sales.merge(
                        row.get("customer_number"), Double.parseDouble(row.get("net_amount")), Double::sum));
        sales.remove("");
        List<Double> sorted =
                sales.values().stream().sorted((a, b) -> Double.compare(b, a)).toList();
        double all = sorted.stream().mapToDouble(v -> v).sum();
        double top = sorted.subList(0, sorted.size() / 5).stream()
                .mapToDouble(v -> v)
                .sum();
        assertThat(top / all).isBetween(0.55, 0.85);
    }

    private static List<Map<String, String>> history() {
        List<Map<String, String>> rows = new ArrayList<>();
        for (int month = 1; month <= 12; month++) {
            rows.addAll(company.rows("sales/sales-2025-%02d.csv".formatted(month)));
        }
        return rows;
    }

    private static List<Map<String, String>> day() {
        return company.rows("day/sales/sales-2026-01-01.csv");
    }

    private static Set<String> values(List<Map<String, String>> rows, String column) {
        Set<String> values = new HashSet<>();
        rows.forEach(row -> values.add(row.get(column)));
        return values;
    }
}
