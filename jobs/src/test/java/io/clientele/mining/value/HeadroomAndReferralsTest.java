package io.clientele.mining.value;

import static io.clientele.mining.value.CustomerContributionTest.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.mining.Samples;
import io.clientele.warehouse.CoreTables;
import io.clientele.warehouse.CustomerTables;
import io.clientele.warehouse.MartTables;
import java.time.LocalDate;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** Proves by examples worked out by hand what similar customers suggest, and who gets the credit for whom. */
class HeadroomAndReferralsTest {
    private static final LocalDate AS_OF = LocalDate.of(2024, 6, 30);

    private static Dataset<Row> choices(String values) {
        return given(
                CustomerTables.CUSTOMER_CHOICE,
                "SELECT customer_id, sold_on, trait, choice, 1 count_sales, net sales_amount, net net_amount,"
                        + " IF(cost IS NULL, NULL, net) costed_net_amount, cost cost_amount FROM VALUES " + values
                        + " AS t(customer_id, trait, choice, sold_on, net, cost)");
    }

    @Test
    void whatSimilarCustomersBuyIsHeadroom() {
        Dataset<Row> choices = choices(
                "('A', 'category', 'books', DATE'2024-06-01', 100, 60), ('A', 'category', 'toys', DATE'2024-06-01', 20, 5),"
                        + " ('B', 'category', 'books', DATE'2024-06-30', 110, 70), ('C', 'category', 'toys', DATE'2024-06-01', 70, 35), ('C', 'store', 'Graz', DATE'2024-06-01', 9, 0),"
                        + " ('C', 'category', 'books', DATE'2022-06-01', 500, 1), ('D', 'category', 'books', DATE'2024-06-01', 5000, 2500)");
        // A, B and C spend between 64 and 128; D is alone. Books earn (100+110+5000-60-70-2500)/5210, toys 50/90.
        assertThat(Samples.texts(CategoryHeadroom.of(choices, new HeadroomConfig(3, .5, 2), 365, AS_OF)
                        .drop("as_of_date")))
                .containsExactly(
                        "[B,toys,1,16.67,30.00,0.6666666666666666,3]", "[C,books,1,34.66,70.00,0.6666666666666666,3]");
        assertThat(CategoryHeadroom.of(choices, new HeadroomConfig(4, .5, 2), 365, AS_OF)
                        .count())
                .as("too few similar customers tell nothing")
                .isZero();
    }

    @Test
    void headroomWithoutAnyCostIsSalesOnly() {
        Dataset<Row> choices = choices(
                "('A', 'category', 'books', DATE'2024-06-01', 100, CAST(NULL AS DECIMAL(18,4))),"
                        + " ('B', 'category', 'toys', DATE'2024-06-30', 110, NULL), ('R', 'category', 'toys', DATE'2024-06-30', -5, NULL)");
        assertThat(Samples.texts(CategoryHeadroom.of(choices, new HeadroomConfig(2, .5, 2), 365, AS_OF)
                        .drop("as_of_date")))
                .containsExactly("[A,toys,1,null,55.00,0.5,2]", "[B,books,1,null,50.00,0.5,2]");
    }

    @Test
    void theFirstOneNamedGetsTheCreditAndNobodyBringsHimself() {
        Dataset<Row> identity = given(
                CoreTables.IDENTITY,
                "SELECT source, key source_customer_key, customer_id, current is_current FROM VALUES ('crm', '1', 'A', true),"
                        + " ('crm', '2', 'B', true), ('crm', '3', 'C', true), ('crm', '4', 'A', true), ('crm', '5', 'Z', false),"
                        + " ('shop', '1', 'B', true) AS t(source, key, customer_id, current)");
        Dataset<Row> records = given(
                CoreTables.CUSTOMER_RECORD,
                "SELECT source, key source_customer_key, by referred_by_key, at recorded_at FROM VALUES"
                        + " ('crm', '2', '1', TIMESTAMP'2024-01-02'), ('crm', '2', '3', TIMESTAMP'2024-01-03'),"
                        + " ('crm', '3', '9', TIMESTAMP'2024-01-01'), ('crm', '4', '1', TIMESTAMP'2024-01-01'),"
                        + " ('crm', '3', '2', TIMESTAMP'2024-07-01'), ('crm', '1', NULL, TIMESTAMP'2024-01-01')"
                        + " AS t(source, key, by, at)");
        Dataset<Row> contribution =
                given(MartTables.CUSTOMER_CONTRIBUTION, "SELECT 'B' customer_id, 12.5 contribution_amount");
        assertThat(Samples.texts(Referrals.of(records, identity, contribution, AS_OF)))
                .containsExactly("[2024-06-30,A,B,2024-01-02 00:00:00.0,12.50]");
    }
}
