package io.clientele.mining.customer;

import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.testing.GivenTables;
import io.clientele.warehouse.CoreTables;
import io.clientele.warehouse.CustomerTables;
import io.clientele.warehouse.MartTables;
import java.time.LocalDate;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** Proves the shares of the five questions on an example worked out by hand. */
class CaptureScorecardTest {
    private static GivenTables company() {
        return new GivenTables()
                .with(
                        CustomerTables.SOURCE_DAY,
                        "SELECT * FROM VALUES ('till', DATE'2024-11-05', 10, 4, 100.00, 40.00), ('till', DATE'2024-12-05', 8, 2, 80.00, 20.00),"
                                + " ('till', DATE'2025-01-01', 99, 99, 1.00, 1.00), ('web', DATE'2024-12-31', 4, 0, 40.00, 0.00),"
                                + " ('web', DATE'2024-10-31', 4, 4, 40.00, 40.00)"
                                + " AS t(source, sold_on, count_sales, count_known_sales, sales_amount, known_sales_amount)")
                .with(
                        CustomerTables.CUSTOMER_CHOICE,
                        "SELECT *, 'source' trait FROM VALUES ('ada', DATE'2024-11-05', 'till', 3, 30.00), ('bo', DATE'2024-11-05', 'till', 1, 10.00),"
                                + " ('ada', DATE'2024-12-05', 'till', 1, 15.00), ('cy', DATE'2024-12-05', 'till', 1, 5.00)"
                                + " AS t(customer_id, sold_on, choice, count_sales, sales_amount)")
                .with(
                        CoreTables.CUSTOMER_DAY,
                        "SELECT * FROM VALUES ('ada', DATE'2024-11-05', 3), ('bo', DATE'2024-01-05', 1), ('bo', DATE'2024-11-05', 1),"
                                + " ('ada', DATE'2024-12-05', 1), ('cy', DATE'2024-12-05', 1) AS t(customer_id, sold_on, count_sales)")
                .with(
                        CoreTables.CUSTOMER,
                        "SELECT *, TIMESTAMP'2024-01-01' valid_from, true is_current FROM VALUES"
                                + " ('ada', 'Ada', 'Ring 1', 'Graz', 'a@x.org', NULL), ('bo', 'Bo', NULL, 'Graz', NULL, '+431'),"
                                + " ('cy', 'Cy', 'Ring 2', NULL, NULL, NULL)"
                                + " AS t(customer_id, full_name, street, city, email, phone)")
                .with(
                        MartTables.VALUE_SEGMENT,
                        "SELECT * FROM VALUES ('ada', 'top'), ('bo', 'small'), ('cy', 'small') AS t(customer_id, pyramid_level)");
    }

    private static List<String> scored(GivenTables tables) {
        return CaptureScorecard.of(
                        tables.and(CaptureScorecard.NEEDED), new CaptureConfig(2), LocalDate.of(2024, 12, 31))
                .drop("as_of_date")
                .orderBy("source", "month_start")
                .collectAsList()
                .stream()
                .map(Row::toString)
                .toList();
    }

    @Test
    void sharesAreOfAllSalesOfTheMonth() {
        GivenTables tables = company()
                .with(CoreTables.CUSTOMER_RECORD, "SELECT 'till' source, '7' source_customer_key, '290' loyalty_card")
                .with(
                        CoreTables.IDENTITY,
                        "SELECT 'till' source, '7' source_customer_key, 'bo' customer_id, true is_current")
                .with(
                        CoreTables.CONSENT,
                        "SELECT 'ada' customer_id, true is_granted, TIMESTAMP'2024-01-01' valid_from"
                                + " UNION ALL SELECT 'bo', false, TIMESTAMP'2024-01-01'");

        assertThat(scored(tables))
                .containsExactly(
                        // 10 sales: 4 known, 3 of Ada who has an address, 1 of Bo who had bought before and has a card.
                        "[till,2024-11-01,10,4,100.00,40.00,0.4,0.3,0.1,0.4,0.3,0.1,0.75]",
                        // 8 sales: Ada's again; Cy has a street but neither town nor contact.
                        "[till,2024-12-01,8,2,80.00,20.00,0.25,0.125,0.125,0.125,0.125,0.0,0.75]",
                        "[web,2024-12-01,4,0,40.00,0.00,0.0,0.0,0.0,0.0,0.0,0.0,null]");
    }

    @Test
    void whatNoSourceGivesIsNull() {
        assertThat(scored(company()))
                .as("neither consents nor cards")
                .contains("[till,2024-11-01,10,4,100.00,40.00,0.4,0.3,0.1,0.4,null,null,0.75]");
    }
}
