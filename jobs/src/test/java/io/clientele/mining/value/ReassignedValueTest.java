package io.clientele.mining.value;

import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.testing.FewRows;
import io.clientele.testing.SharedSpark;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

@FewRows
class ReassignedValueTest {
    private final Dataset<Row> segments = rows("""
            SELECT customer_id, CAST(current AS DECIMAL(18,2)) AS current_value_amount,
                CAST(potential AS DECIMAL(18,2)) AS potential_value_amount, value_class, 1 AS frequency,
                as_of_date
            FROM VALUES ('A', 60, 40, 'lead', DATE'2025-12-31'), ('A', 900, 900, 'platinum', DATE'2025-06-30'),
                ('B', 70, 5, 'lead', DATE'2025-12-31'), ('C', 200, 80, 'platinum', DATE'2025-12-31')
                AS t(customer_id, current, potential, value_class, as_of_date)""");
    private final Dataset<Row> cutPoints = rows("""
            SELECT as_of_date, cut, value, CAST(NULL AS DATE) AS frozen_from
            FROM VALUES (DATE'2025-12-31', 'high_current', 100D), (DATE'2025-12-31', 'high_potential', 50D),
                (DATE'2025-06-30', 'high_current', 1D) AS t(as_of_date, cut, value)""");
    private final Dataset<Row> saleLines = rows("""
            SELECT customer_source, source_customer_key, CAST(amount AS DECIMAL(18,4)) AS net_amount
            FROM VALUES ('crm', '1', 60), ('crm', '2', 70), ('crm', '3', 100), ('shop', '3', 20), ('crm', '3', -10),
                (NULL, NULL, 5) AS t(customer_source, source_customer_key, amount)""");

    @Test
    void valueFollowsTheSalesOfRecords() {
        // B joins A, whose current value reaches 100; 20 of the 110 that C bought for part from it, which stays
        // platinum.
        Dataset<Row> members = rows("""
                SELECT * FROM VALUES ('crm', '1', 'A', 'A'), ('crm', '2', 'B', 'A'), ('crm', '3', 'C', 'C'), ('shop', '3', 'C', 'D')
                    AS t(source, source_customer_key, former_id, customer_id)""");
        Dataset<Row> changes = ReassignedValue.of(members, saleLines, segments, cutPoints);
        assertThat(changes.orderBy("customer_id").collectAsList().stream().map(Row::toString))
                .containsExactly("[A,lead,gold]", "[B,lead,taken in]", "[D,none,lead]");
        assertThat(ReassignedValue.line(changes))
                .isEqualTo(
                        "3 customers would change their value class, estimated by the sales of their records: lead -> gold 1, "
                                + "lead -> taken in 1, none -> lead 1");
    }

    @Test
    void customersWithoutSalesAreDividedEvenlyAndNobodyMovingChangesNothing() {
        Dataset<Row> halves = rows("""
                SELECT * FROM VALUES ('erp', '1', 'C', 'C'), ('erp', '2', 'C', 'D'), ('erp', '3', CAST(NULL AS STRING), 'E')
                    AS t(source, source_customer_key, former_id, customer_id)""");
        assertThat(
                        ReassignedValue.of(halves, saleLines, segments, cutPoints)
                                .orderBy("customer_id")
                                .collectAsList()
                                .stream()
                                .map(Row::toString))
                .containsExactly("[C,platinum,gold]", "[D,none,gold]");
        Dataset<Row> nobody = halves.where("FALSE");
        assertThat(ReassignedValue.line(ReassignedValue.of(nobody, saleLines, segments, cutPoints)))
                .isEqualTo("no customer would change its value class");
        assertThat(ReassignedValue.line(ReassignedValue.of(halves, saleLines, segments.where("FALSE"), cutPoints)))
                .isEqualTo("no customer would change its value class");
    }

    private static Dataset<Row> rows(String query) {
        return SharedSpark.session().sql(query);
    }
}
