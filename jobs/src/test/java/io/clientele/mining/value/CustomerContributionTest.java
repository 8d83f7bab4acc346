package io.clientele.mining.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clientele.engine.TableRef;
import io.clientele.testing.FewRows;
import io.clientele.testing.SharedSpark;
import io.clientele.warehouse.CoreTables;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** Proves that a contribution is the sum of its parts, worked out by hand, and that it names what it could not count. */
@FewRows
class CustomerContributionTest {
    private static final LocalDate AS_OF = LocalDate.of(2024, 6, 30);
    private static final ContributionConfig PRICED = new ContributionConfig(
            new BigDecimal("6.50"), new BigDecimal("18"), new BigDecimal("4"), new BigDecimal("0.80"), 30);

    /** Rows with some of a table's columns; the others are null. */
    static Dataset<Row> given(TableRef table, String query) {
        Dataset<Row> rows = SharedSpark.session().sql(query);
        List<String> stated = Arrays.asList(rows.columns());
        return rows.selectExpr(Arrays.stream(table.schema().fields())
                .map(f -> "CAST(" + (stated.contains(f.name()) ? f.name() : "NULL") + " AS "
                        + f.dataType().sql() + ") AS " + f.name())
                .toArray(String[]::new));
    }

    private static Dataset<Row> days() {
        return given(
                CoreTables.CUSTOMER_DAY,
                "SELECT * FROM VALUES ('A', DATE'2024-05-01', 2, 3, 100, -20, 80, 50, 0, 12.5, 1),"
                        + " ('A', DATE'2024-06-30', 1, 1, 60, 0, 60, 0, 1, 0, 1),"
                        + " ('A', DATE'2022-06-30', 1, 1, 999, 0, 999, 1, 0, 1, 1),"
                        + " ('A', DATE'2024-07-01', 1, 1, 999, 0, 999, 1, 0, 1, 1),"
                        + " ('B', DATE'2024-06-01', 0, 1, 0, -9, -9, -5, 0, NULL, NULL),"
                        + " ('C', DATE'2020-01-01', 1, 1, 5, 0, 5, 1, 0, NULL, NULL)"
                        + " AS t(customer_id, sold_on, count_sales, count_lines, sales_amount, return_amount, net_amount,"
                        + " cost_amount, count_lines_without_cost, discount_amount, count_deliveries)");
    }

    private static ContributionInputs complete() {
        return new ContributionInputs(
                days(),
                given(
                        CoreTables.SERVICE_CASE,
                        "SELECT * FROM VALUES ('A', 'contact', TIMESTAMP'2024-06-30 23:59:00', CAST(NULL AS DECIMAL(18,4))),"
                                + " ('A', 'complaint', TIMESTAMP'2024-02-01', 10), ('A', 'contact', TIMESTAMP'2024-07-01', 0),"
                                + " (NULL, 'contact', TIMESTAMP'2024-02-01', 0)"
                                + " AS t(customer_id, kind, opened_at, compensation_amount)"),
                given(
                        CoreTables.CAMPAIGN_CONTACT,
                        "SELECT * FROM VALUES ('A', TIMESTAMP'2024-02-01', 1.2, false), ('A', TIMESTAMP'2024-03-01', NULL, NULL),"
                                + " ('A', TIMESTAMP'2024-03-01', 50, true) AS t(customer_id, contacted_at, cost_amount, is_control)"),
                given(
                        CoreTables.INVOICE,
                        "SELECT * FROM VALUES ('i1', 'A', DATE'2024-05-01', 100), ('i2', 'A', DATE'2024-05-11', 300),"
                                + " ('i3', 'A', DATE'2024-06-20', 40), ('i4', 'A', DATE'2023-05-20', 7000),"
                                + " ('i5', 'A', DATE'2024-04-01', -5) AS t(invoice_id, customer_id, due_date, amount)"),
                given(
                        CoreTables.PAYMENT,
                        "SELECT * FROM VALUES ('i1', 'A', TIMESTAMP'2024-04-20', 100), ('i2', 'A', TIMESTAMP'2024-05-21', 200),"
                                + " ('i2', 'A', TIMESTAMP'2024-07-21', 100) AS t(invoice_id, customer_id, paid_at, amount)"));
    }

    private static List<Row> rows(ContributionInputs in, ContributionConfig config) {
        return CustomerContribution.of(in, config, 365, AS_OF)
                .orderBy("customer_id")
                .collectAsList();
    }

    private static List<String> texts(Row row, String... columns) {
        return Arrays.stream(columns)
                .map(c -> row.getAs(c) == null ? "null" : row.getAs(c).toString())
                .collect(Collectors.toList());
    }

    @Test
    void everyPartIsCountedOnceAndInTheWindow() {
        Row a = rows(complete(), PRICED).get(0);
        assertThat(texts(a, "list_sales_amount", "discount_amount", "sales_amount", "return_amount", "net_amount"))
                .containsExactly("172.50", "12.50", "160.00", "-20.00", "140.00");
        assertThat(texts(a, "goods_cost_amount", "count_cases", "case_cost_amount", "compensation_amount"))
                .containsExactly("50.00", "2", "24.50", "10.00");
        assertThat(texts(a, "delivery_cost_amount", "campaign_cost_amount", "serve_cost_amount"))
                .containsExactly("8.00", "2.00", "44.50");
        // Due by 31 May and within a year before: i1 is paid, of i2 a third is open; i4 is too old, i3 not yet lost.
        assertThat(texts(a, "bad_debt_amount", "contribution_amount", "count_invoices"))
                .containsExactly("100.00", "-54.50", "3");
        // i1 on time, i2 open for 50 days, i3 for 10 days.
        assertThat(a.<Double>getAs("mean_days_late")).isEqualTo((300.0 * 50 + 40 * 10) / 440);
        assertThat(a.getList(a.fieldIndex("left_out"))).containsExactly("cost of goods of 1 of 4 lines: not known");
    }

    @Test
    void whatNoSourceGivesIsNamedForEachCustomerAndCountsAsNothing() {
        List<Row> rows = rows(new ContributionInputs(days(), null, null, null, null), ContributionConfig.defaults());
        Row a = rows.get(0);
        assertThat(texts(a, "contribution_amount", "serve_cost_amount", "bad_debt_amount", "count_cases"))
                .containsExactly("90.00", "null", "null", "null");
        assertThat(a.getList(a.fieldIndex("left_out")))
                .containsExactly(
                        "cost of goods of 1 of 4 lines: not known",
                        "service cases: no source gives them",
                        "cost of 2 deliveries: no unit cost is set",
                        "campaign contacts: no source gives them",
                        "bad debt: no source gives invoices");
        Row c = rows.get(2);
        assertThat(texts(c, "contribution_amount", "net_amount")).containsExactly("0.00", "0.00");
        Row unpriced = rows(complete(), ContributionConfig.defaults()).get(0);
        assertThat(unpriced.getList(unpriced.fieldIndex("left_out")))
                .contains(
                        "handling of 2 service cases: no unit cost is set",
                        "cost of 1 of 2 campaign contacts: not known");
        assertThat(texts(unpriced, "case_cost_amount", "serve_cost_amount")).containsExactly("null", "11.20");
    }

    @Test
    void aCustomerWithRefundsAloneCostsMoney() {
        Row b = rows(complete(), PRICED).get(1);
        assertThat(texts(b, "net_amount", "contribution_amount", "serve_cost_amount", "mean_days_late"))
                .containsExactly("-9.00", "-4.00", "0.00", "null");
    }

    @Test
    void refusesNegativeUnitCosts() {
        assertThatThrownBy(() -> new ContributionConfig(null, null, new BigDecimal("-1"), null, 180))
                .hasMessage("delivery-cost-amount: expected a number of at least 0, found -1");
    }
}
