package io.clientele.mining.customer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clientele.testing.GivenTables;
import io.clientele.warehouse.CoreTables;
import io.clientele.warehouse.CustomerTables;
import io.clientele.warehouse.MartTables;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** Proves the one row of a customer against an example worked out by hand: nothing of after the date, nothing made up. */
class Customer360Test {
    private static final LocalDate AS_OF = LocalDate.of(2024, 12, 31);

    /** Ada buys and complains; Bo is known only; Cy bought before anything was recorded; Di belongs to Ada by now. */
    private static GivenTables company() {
        return new GivenTables()
                .with(
                        CoreTables.CUSTOMER,
                        "SELECT * FROM VALUES ('ada', TIMESTAMP'2023-01-01', TIMESTAMP'2024-06-01', false, 'Ada', 'Graz'),"
                                + " ('ada', TIMESTAMP'2024-06-01', TIMESTAMP'2025-01-01', false, 'Ada', 'Wien'),"
                                + " ('ada', TIMESTAMP'2025-01-01', NULL, true, 'Ada', 'Linz'),"
                                + " ('bo', TIMESTAMP'2024-12-31 23:59:59', NULL, true, 'Bo', NULL),"
                                + " ('cy', TIMESTAMP'2025-02-01', NULL, true, 'Cy', NULL),"
                                + " ('di', TIMESTAMP'2023-01-01', TIMESTAMP'2024-05-01', false, 'Di', NULL)"
                                + " AS t(customer_id, valid_from, valid_to, is_current, full_name, city)")
                .with(
                        CoreTables.CUSTOMER_DAY,
                        "SELECT *, sales_amount + return_amount AS net_amount FROM VALUES"
                                + " ('ada', DATE'2023-02-01', 1, 100.00, 0.00), ('ada', DATE'2024-11-01', 2, 50.50, -20.00),"
                                + " ('ada', DATE'2024-12-01', 0, 0.00, -5.25), ('ada', DATE'2025-01-01', 9, 999.00, 0.00),"
                                + " ('cy', DATE'2024-12-31', 1, 7.00, 0.00)"
                                + " AS t(customer_id, sold_on, count_sales, sales_amount, return_amount)")
                .with(
                        CustomerTables.CUSTOMER_CHOICE,
                        "SELECT * FROM VALUES ('ada', DATE'2023-02-01', 'category', 'toys', 1, 100.00),"
                                + " ('ada', DATE'2024-11-01', 'category', 'books', 2, 20.00), ('ada', DATE'2024-11-01', 'category', 'garden', 1, 30.50),"
                                + " ('ada', DATE'2024-11-01', 'channel', 'web', 1, 40.00), ('ada', DATE'2023-02-01', 'channel', 'store', 1, 100.00),"
                                + " ('ada', DATE'2023-02-01', 'store', 'Köln', 1, 100.00), ('ada', DATE'2025-01-01', 'category', 'diy', 9, 999.00),"
                                + " ('ada', DATE'2022-01-01', 'category', 'kitchen', 50, 999.00)"
                                + " AS t(customer_id, sold_on, trait, choice, count_sales, sales_amount)")
                .with(
                        CoreTables.PRODUCT,
                        "SELECT 'p1' product_id, TIMESTAMP'2020-01-01' valid_from, true is_current, false is_service, 'Globe' name")
                .with(
                        MartTables.VALUE_SEGMENT,
                        "SELECT 'ada' customer_id, 'gold' value_class, 'A' abc_class, 'top' pyramid_level, true is_core,"
                                + " 55.5 current_value_amount")
                .with(
                        MartTables.CHURN_FLAG,
                        "SELECT 'ada' customer_id, 'cooling' state, 0.4D churn_probability, 21.0D typical_gap_days, 60 gap_days,"
                                + " array('60 days since the last purchase') reasons")
                .with(
                        MartTables.RECOMMENDATION,
                        "SELECT * FROM VALUES ('ada', 2, 'p9', 'b'), ('ada', 1, 'p1', 'a'), ('ada', 3, 'p2', 'c'), ('ada', 4, 'p3', 'd')"
                                + " AS t(customer_id, rank, product_id, because)");
    }

    private static GivenTables dialogue() {
        return company()
                .with(
                        CoreTables.CONSENT,
                        "SELECT * FROM VALUES ('ada', 'marketing', 'email', true, TIMESTAMP'2024-01-01', TIMESTAMP'2025-01-02', false),"
                                + " ('ada', 'marketing', 'email', false, TIMESTAMP'2025-01-02', NULL, true),"
                                + " ('ada', 'marketing', 'post', false, TIMESTAMP'2024-03-01', NULL, true)"
                                + " AS t(customer_id, purpose, channel, is_granted, valid_from, valid_to, is_current)")
                .with(
                        CoreTables.SERVICE_CASE,
                        "SELECT * FROM VALUES ('ada', 'c1', 'complaint', 'late', TIMESTAMP'2024-12-20', NULL),"
                                + " ('ada', 'c2', 'complaint', 'broken', TIMESTAMP'2024-12-01', TIMESTAMP'2025-01-01'),"
                                + " ('ada', 'c3', 'contact', 'price', TIMESTAMP'2024-10-01', TIMESTAMP'2024-10-02'),"
                                + " ('ada', 'c4', 'complaint', 'old', TIMESTAMP'2023-12-01', TIMESTAMP'2023-12-02'),"
                                + " ('ada', 'c5', 'request', 'ring twice', TIMESTAMP'2024-02-01', TIMESTAMP'2024-02-02'),"
                                + " ('ada', 'c6', 'complaint', 'later', TIMESTAMP'2025-01-01', NULL), (NULL, 'c7', 'complaint', 'x', TIMESTAMP'2024-12-01', NULL)"
                                + " AS t(customer_id, case_id, kind, topic, opened_at, resolved_at)")
                .with(
                        CoreTables.SURVEY_ANSWER,
                        "SELECT * FROM VALUES ('ada', '1', TIMESTAMP'2024-05-01', 'service', 2, NULL), ('ada', '2', TIMESTAMP'2024-06-01', 'product', 5, 7),"
                                + " ('ada', '3', TIMESTAMP'2024-06-02', 'product', 5, 9), ('ada', '4', TIMESTAMP'2023-06-01', 'price', 1, 1)"
                                + " AS t(customer_id, answer_id, asked_at, topic, satisfaction_level, recommend_score)")
                .with(
                        CoreTables.INVOICE,
                        "SELECT * FROM VALUES ('ada', 'i1', DATE'2024-10-01', 100.00), ('ada', 'i2', DATE'2024-11-01', 50.00),"
                                + " ('ada', 'i3', DATE'2024-12-31', 70.00), ('ada', 'i4', DATE'2024-09-01', 200.00)"
                                + " AS t(customer_id, invoice_id, due_date, amount)")
                .with(
                        CoreTables.PAYMENT,
                        "SELECT * FROM VALUES ('ada', 'i1', TIMESTAMP'2024-10-05', 30.00), ('ada', 'i2', TIMESTAMP'2025-01-01', 50.00),"
                                + " ('ada', 'i4', TIMESTAMP'2024-09-01', 199.00) AS t(customer_id, invoice_id, paid_at, amount)")
                .with(
                        CoreTables.CAMPAIGN_CONTACT,
                        "SELECT * FROM VALUES ('ada', TIMESTAMP'2024-08-01', false, TIMESTAMP'2025-01-05'), ('ada', TIMESTAMP'2024-09-01', true, NULL)"
                                + " AS t(customer_id, contacted_at, is_control, responded_at)")
                .with(
                        CoreTables.LIFE_EVENT,
                        "SELECT * FROM VALUES ('ada', 'move', DATE'2024-05-20'), ('ada', 'birth', DATE'2025-03-01') AS t(customer_id, kind, occurred_on)");
    }

    private static Map<String, Row> rows(GivenTables tables) {
        Dataset<Row> rows = Customer360.of(tables.and(Customer360.NEEDED), Customer360Config.defaults(), AS_OF);
        assertThat(rows.columns())
                .isEqualTo(CustomerTables.CUSTOMER_360.schema().fieldNames());
        return rows.collectAsList().stream()
                .collect(java.util.stream.Collectors.toMap(r -> r.getAs("customer_id"), r -> r));
    }

    private static String shown(Row row, String... columns) {
        return String.join(
                " | ",
                Arrays.stream(columns)
                        .map(c -> String.valueOf(row.<Object>getAs(c)).replace("ArraySeq", ""))
                        .toList());
    }

    @Test
    void oneRowHoldsWhatWasKnownAtTheDate() {
        Map<String, Row> rows = rows(dialogue());

        assertThat(rows).containsOnlyKeys("ada", "bo", "cy");
        Row ada = rows.get("ada");
        assertThat(shown(ada, "as_of_date", "full_name", "city", "customer_since"))
                .isEqualTo("2024-12-31 | Ada | Wien | 2023-01-01 00:00:00.0");
        assertThat(shown(
                        ada,
                        "first_purchase_date",
                        "last_purchase_date",
                        "count_sales",
                        "count_purchase_days",
                        "sales_amount",
                        "count_return_days",
                        "return_amount",
                        "net_amount"))
                .isEqualTo("2023-02-01 | 2024-11-01 | 3 | 2 | 150.50 | 2 | -25.25 | 125.25");
        assertThat(shown(ada, "favourite_categories", "preferred_channel", "preferred_store"))
                .as("two years, by sales, then money")
                .isEqualTo("([books,2,20.00], [toys,1,100.00], [garden,1,30.50]) | store | Köln");
        assertThat(shown(ada, "consents"))
                .isEqualTo(
                        "([marketing,email,true,2024-01-01 00:00:00.0], [marketing,post,false,2024-03-01 00:00:00.0])");
        assertThat(shown(ada, "count_open_cases", "count_complaints", "last_case_at", "special_requests"))
                .isEqualTo("2 | 2 | 2024-12-20 00:00:00.0 | ([2024-02-01 00:00:00.0,ring twice,null,false])");
        assertThat(shown(ada, "open_cases"))
                .isEqualTo("([2024-12-20 00:00:00.0,complaint,late,null,null,c1],"
                        + " [2024-12-01 00:00:00.0,complaint,broken,null,null,c2])");
        assertThat(shown(ada, "satisfaction_level", "least_satisfied_topic", "recommend_score"))
                .isEqualTo("4.0 | service | 9");
        assertThat(shown(ada, "arrears_amount", "count_overdue_invoices", "oldest_due_date"))
                .as("70 of i1, 50 of i2 paid later; i3 is due only that day, of i4 1 in 200 is left")
                .isEqualTo("120.00 | 2 | 2024-10-01");
        assertThat(shown(ada, "last_campaign_contact_at", "last_campaign_response_at", "life_event", "life_event_date"))
                .isEqualTo("2024-08-01 00:00:00.0 | null | move | 2024-05-20");
        assertThat(shown(ada, "value_class", "churn_state", "churn_reasons", "typical_gap_days", "gap_days", "offers"))
                .isEqualTo("gold | cooling | (60 days since the last purchase) | 21.0 | 60"
                        + " | ([1,p1,Globe,a], [2,p9,null,b], [3,p2,null,c])");
    }

    @Test
    void whoHasNothingHasNoneAndWhatNoSourceGivesIsNull() {
        Row bo = rows(dialogue()).get("bo");
        assertThat(shown(bo, "full_name", "first_purchase_date", "count_sales", "net_amount", "favourite_categories"))
                .isEqualTo("Bo | null | 0 | 0.00 | ()");
        assertThat(shown(bo, "consents", "count_open_cases", "open_cases", "arrears_amount", "satisfaction_level"))
                .isEqualTo("() | 0 | () | 0.00 | null");

        Map<String, Row> without = rows(company());
        assertThat(shown(without.get("cy"), "full_name", "last_purchase_date", "count_sales"))
                .as("a purchase before anything was recorded")
                .isEqualTo("null | 2024-12-31 | 1");
        for (String column : List.of(
                "consents", "count_open_cases", "open_cases", "arrears_amount", "satisfaction_level", "life_event")) {
            assertThat(without.get("ada").<Object>getAs(column)).as(column).isNull();
        }
    }

    @Test
    void settingsOutOfBoundsAreRefused() {
        assertThatThrownBy(() -> new Customer360Config(730, 365, 3, 3, 5, 1.2))
                .hasMessage("settled-share: expected a number from 0 to 1, found 1.2");
        assertThatThrownBy(() -> new CaptureConfig(0)).hasMessage("months: expected a number from 1 to 1200, found 0");
    }
}
