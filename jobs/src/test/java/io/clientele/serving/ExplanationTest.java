package io.clientele.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clientele.engine.TableRef;
import io.clientele.testing.SharedSpark;
import io.clientele.warehouse.CoreTables;
import io.clientele.warehouse.IdentityTables;
import io.clientele.warehouse.MartTables;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Proves that an explanation names the rows, rules, days and files behind a customer and behind a figure, and no others. */
class ExplanationTest {
    private static final SparkSession SPARK = SharedSpark.session();

    private final Map<TableRef, Dataset<Row>> tables = new HashMap<>();

    @BeforeEach
    void twoCustomers() {
        given(
                CoreTables.IDENTITY,
                "SELECT 'crm' source, '7' source_customer_key, 'C-1' customer_id, 'new' match_rule, 1D match_probability,"
                        + " TIMESTAMP'2024-01-01' valid_from, true is_current, 'crm|7' record_key"
                        + " UNION ALL SELECT 'shop', 'a', 'C-1', 'email+family_name', 1D, TIMESTAMP'2024-02-01', false, 'shop|a'"
                        + " UNION ALL SELECT 'shop', 'a', 'C-2', 'split', 1D, TIMESTAMP'2024-03-01', true, 'shop|a'");
        tables.computeIfPresent(
                CoreTables.IDENTITY,
                (table, rows) -> rows.selectExpr(Arrays.stream(rows.columns())
                        .map(c -> c.equals("valid_to") ? "IF(is_current, NULL, TIMESTAMP'2024-03-01') AS valid_to" : c)
                        .toArray(String[]::new)));
        given(
                CoreTables.CUSTOMER_RECORD,
                "SELECT 'crm' source, '7' source_customer_key, TIMESTAMP'2024-01-01' recorded_at, 'crm/a.csv' source_file, 12L source_row"
                        + " UNION ALL SELECT 'crm', '7', TIMESTAMP'2024-05-01', 'crm/b.csv', 3L");
        given(
                CoreTables.CUSTOMER,
                "SELECT 'C-1' customer_id, TIMESTAMP'2024-01-01' valid_from, true is_current, 'Mia Berg' full_name,"
                        + " named_struct('kind', NULL, 'name', named_struct('source', 'crm', 'source_customer_key', '7', 'stated_at',"
                        + " TIMESTAMP'2024-01-01'), 'email', NULL, 'phone', NULL, 'birth_date', NULL, 'address', NULL, 'language', NULL) origin");
        given(
                MartTables.VALUE_SEGMENT,
                "SELECT DATE'2024-12-31' as_of_date, 'C-1' customer_id, 'gold' value_class, 5 r_score, 1 f_score, false is_core,"
                        + " 40 monetary_amount, 365 frequency, 0.25D return_share, DATE'2024-12-01' first_purchase_date,"
                        + " array('relation_days', 'return_share') core_unmet"
                        + " UNION ALL SELECT DATE'2023-12-31', 'C-1', 'lead', 5, 1, false, 40, 365, 0.25D, NULL, NULL"
                        + " UNION ALL SELECT DATE'2024-12-31', 'C-2', 'iron', 5, 1, false, 40, 365, 0.25D, NULL, NULL");
        given(
                MartTables.VALUE_CUT_POINT,
                "SELECT DATE'2024-12-31' as_of_date, cut, value, IF(cut = 'core', DATE'2024-06-30', NULL) frozen_from FROM VALUES"
                        + " ('abc_a', 12.5D), ('core', 40D), ('core_days_late', 14D), ('core_relation_days', 365D),"
                        + " ('core_return_share', 0.2D), ('f_score_2_in_r5', 3D), ('f_score_2_in_r4', 4D),"
                        + " ('m_score_2_in_r5f1', 5D), ('m_score_2_in_r5f2', 6D) AS t(cut, value)"
                        + " UNION ALL SELECT DATE'2023-12-31', 'abc_a', 9D, NULL");
        given(
                CoreTables.CUSTOMER_DAY,
                "SELECT 'C-1' customer_id, DATE'2024-04-01' sold_on, 10.00 net_amount UNION ALL SELECT 'C-1', DATE'2024-06-01',"
                        + " 5.25 UNION ALL SELECT 'C-1', DATE'2025-01-01', 99 UNION ALL SELECT 'C-2', DATE'2024-06-01', 7");
        given(
                CoreTables.SALE_LINE,
                "SELECT 'shop' source, 'C-1' customer_id, DATE'2024-04-01' sold_on, 15.25 net_amount, 'shop/x.json' source_file,"
                        + " 4L source_row");
    }

    /** Rows with some of a table's columns; the others are null. */
    private void given(TableRef table, String query) {
        Dataset<Row> rows = SPARK.sql(query);
        List<String> stated = Arrays.asList(rows.columns());
        String columns = Arrays.stream(table.schema().fields())
                .map(f -> "CAST(" + (stated.contains(f.name()) ? f.name() : "NULL") + " AS "
                        + f.dataType().sql() + ") AS " + f.name())
                .collect(Collectors.joining(", "));
        tables.put(table, rows.selectExpr(columns.split(", (?=CAST)")));
    }

    private String explained(Consumer<Explanation> what) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        what.accept(new Explanation(
                table -> tables.getOrDefault(table, SPARK.createDataFrame(List.of(), table.schema())),
                new PrintStream(text, true, StandardCharsets.UTF_8)));
        return text.toString(StandardCharsets.UTF_8);
    }

    @Test
    void namesTheRecordsOfACustomerAndWhereOneWent() {
        assertThat(explained(e -> e.customer("C-1")))
                .contains("full_name", "Mia Berg")
                .containsPattern("crm +7 +new +1.0 +2024-01-01 .* 2 +crm/b.csv:3")
                .contains("email+family_name")
                .containsPattern("another customer today\\n.*\\nshop +a +C-2 +split")
                .containsPattern("name +crm 7, stated 2024-01-01")
                .doesNotContain("How alike", "Ids that its records had before", "Redirects");
        assertThat(explained(e -> e.customer("C-2")))
                .contains("has no record any more")
                .containsPattern(
                        "Ids that its records had before, and when that ended\\n.*\\nC-1 +2024-02-01 00:00:00.0 +2024-03-01");
    }

    @Test
    void showsTheWeightsOfItsPairsAsASumAndWhatRedirects() {
        given(
                CoreTables.IDENTITY,
                "SELECT 'crm' source, '7' source_customer_key, 'C-1' customer_id, 'new' match_rule, 1D match_probability,"
                        + " TIMESTAMP'2024-01-01' valid_from, true is_current, 'crm|7' record_key"
                        + " UNION ALL SELECT 'shop', 'b', 'C-1', 'similarity', 0.97D, TIMESTAMP'2024-02-01', true, 'shop|b'"
                        + " UNION ALL SELECT 'shop', 'c', 'C-2', 'new', 1D, TIMESTAMP'2024-02-01', true, 'shop|c'");
        given(
                IdentityTables.MATCH_PAIR,
                "SELECT 'crm|7' record_key, 'shop|b' other_record_key, 0.9697D probability, 5D weight_bits, false is_vetoed,"
                        + " true is_linked, map('prior', -9D, 'family_name', 9.5D, 'email', 4.5D) weights,"
                        + " map('family_name', 4, 'email', 1) levels"
                        + " UNION ALL SELECT 'crm|7', 'shop|c', 0.2D, -2D, true, false, map('prior', -9D), map('email', 0)");
        given(
                IdentityTables.MATCH_MODEL,
                "SELECT 'level' part, 'family_name' name, 4 position, 'equal' level"
                        + " UNION ALL SELECT 'level', 'email', 1, '2 edits' UNION ALL SELECT 'rule', 'email', 1, NULL");
        given(
                IdentityTables.CUSTOMER_REDIRECT,
                "SELECT 'C-0' customer_id, 'C-1' redirected_to, TIMESTAMP'2024-02-02' redirected_at, 'R1' run_id, 'phone+family_name'"
                        + " reason UNION ALL SELECT 'C-8', 'C-9', TIMESTAMP'2024-02-02', 'R1', 'phone+family_name'");

        assertThat(explained(e -> e.customer("C-1")))
                .contains("  crm|7 and shop|b: 5.0 bits, probability 0.9697\n"
                        + "    prior -9.0, family_name (equal) +9.5, email (2 edits) +4.5\n")
                .containsPattern("Redirects\\n.*\\nC-0 +C-1 +2024-02-02 00:00:00.0 +R1 +phone[+]family_name")
                .doesNotContain("shop|c", "C-8");
    }

    @Test
    void showsTheLatestSnapshotWithItsCutPointsAndTheDaysBehindIt() {
        assertThat(explained(e -> e.row(MartTables.VALUE_SEGMENT, "C-1", null)))
                .contains("mart.value_segment: one customer at a date")
                .containsPattern("value_class +gold")
                .containsPattern("abc_a +12.5 *\n")
                .containsPattern("core +40.0 +2024-06-30")
                .containsPattern("f_score_2_in_r5 +3.0")
                .containsPattern("m_score_2_in_r5f1 +5.0")
                .containsPattern("spend +40.00 +at least 40 +met")
                .containsPattern("days_late +not known +at most 14 +not known")
                .containsPattern("relation_days +30 +at least 365 +not met")
                .containsPattern("return_share +0.25 +at most 0.2 +not met")
                .doesNotContain("in_r4", "r5f2")
                .contains("15.2500", "shop/x.json")
                .doesNotContain("lead", "iron", "99.0000");
        assertThat(explained(e -> e.row(MartTables.VALUE_SEGMENT, "C-1", LocalDate.of(2023, 12, 31))))
                .containsPattern("value_class +lead");
    }

    @Test
    void leadsFromTheContributionToItsAmountsAndTheLinesBehindThem() {
        given(
                MartTables.CUSTOMER_CONTRIBUTION,
                "SELECT DATE'2024-12-31' as_of_date, 'C-1' customer_id, 365 window_days, 20.25 list_sales_amount, 5.00 discount_amount,"
                        + " 0 return_amount, 8.10 goods_cost_amount, 1 count_cases, 6.50 case_cost_amount, 0.65 contribution_amount,"
                        + " array('deliveries: no source gives them') left_out");
        given(
                CoreTables.SERVICE_CASE,
                "SELECT 'C-1' customer_id, 'K-9' case_id, TIMESTAMP'2024-05-05 10:00:00' opened_at, 'calls.json' source_file, 8L source_row"
                        + " UNION ALL SELECT 'C-1', 'K-old', TIMESTAMP'2020-05-05', 'calls.json', 1L");
        given(
                CoreTables.INVOICE,
                "SELECT 'C-1' customer_id, 'I-1' invoice_id, DATE'2020-02-01' due_date, 50 amount, 'inv.csv' source_file, 2L source_row"
                        + " UNION ALL SELECT 'C-1', 'I-paid', DATE'2020-03-01', 20, 'inv.csv', 3L");
        given(
                CoreTables.PAYMENT,
                "SELECT 'C-1' customer_id, 'I-paid' invoice_id, TIMESTAMP'2020-03-01' paid_at, 20 amount");
        assertThat(explained(e -> e.row(MartTables.VALUE_SEGMENT, "C-1", null)))
                .contains("What the contribution is made of, over the 365 days up to 2024-12-31")
                .containsPattern("sales at list prices +20.25\\n +discounts +-5.00")
                .containsPattern("service cases \\(1\\) +-6.50")
                .containsPattern("deliveries \\(not known\\) +not known")
                .contains("left out: deliveries: no source gives them", "K-9", "calls.json", "shop/x.json", "I-1")
                .doesNotContain("K-old", "I-paid");
    }

    @Test
    void saysWhatIsWrongWithAKey() {
        assertThatThrownBy(() -> explained(e -> e.customer("C-9")))
                .hasMessage(
                        "There is no customer 'C-9': expected a customer_id of core.identity; find one with 'clientele profile'"
                                + " by e-mail or phone.");
        assertThatThrownBy(() -> explained(e -> e.row(MartTables.VALUE_SEGMENT, "C-9", null)))
                .hasMessageStartingWith("There is no 'C-9' in mart.value_segment: its key is customer_id");
        assertThatThrownBy(() -> explained(e -> e.row(MartTables.VALUE_SEGMENT, "C-1/2", null)))
                .hasMessage(
                        "The key of mart.value_segment is customer_id: expected at most 1 values joined by /, found 2 in 'C-1/2'.");
    }
}
