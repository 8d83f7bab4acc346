package io.clientele.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clientele.engine.TableRef;
import io.clientele.testing.GivenTables;
import io.clientele.warehouse.CoreTables;
import io.clientele.warehouse.MartTables;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** Proves that any two snapshots can be compared, by the days that the earlier one looked back on, and what is said otherwise. */
class MigrationTest {
    private static final LocalDate MARCH = LocalDate.of(2024, 3, 31);
    private static final LocalDate JUNE = LocalDate.of(2024, 6, 30);

    private static Map<TableRef, Dataset<Row>> tables() {
        return new GivenTables()
                .with(
                        MartTables.VALUE_SEGMENT,
                        "SELECT d as_of_date, id customer_id, 1 frequency, sales monetary_amount, 0 current_value_amount,"
                                + " 0 potential_value_amount, 'lead' value_class, 'C' abc_class, level pyramid_level,"
                                + " DATE'2023-12-01' first_purchase_date FROM VALUES"
                                + " (DATE'2023-12-31', 'a', 30, 'medium'), (DATE'2024-03-31', 'a', 60, 'big'), (DATE'2024-06-30', 'a', 120, 'top'),"
                                + " (DATE'2023-12-31', 'b', 30, 'medium'), (DATE'2024-03-31', 'b', 5, 'small'), (DATE'2024-06-30', 'b', 30, 'medium')"
                                + " AS t(d, id, sales, level)")
                .with(
                        MartTables.VALUE_CUT_POINT,
                        "SELECT DATE'2023-12-31' as_of_date, cut, value"
                                + " FROM VALUES ('pyramid_top', 100D), ('pyramid_big', 50D), ('pyramid_medium', 20D) AS t(cut, value)")
                .with(
                        MartTables.CUSTOMER_CONTRIBUTION,
                        "SELECT DATE'2023-12-31' as_of_date, id customer_id, 30 net_amount, 0 goods_cost_amount, 40 window_days"
                                + " FROM VALUES ('a'), ('b') AS t(id)")
                .with(
                        CoreTables.CUSTOMER_DAY,
                        // Of October nothing was in the 40 days of the first snapshot.
                        "SELECT id customer_id, d sold_on, 1 count_sales, 30 sales_amount, 0 return_amount, 0 cost_amount"
                                + " FROM VALUES ('a', DATE'2023-12-01'), ('b', DATE'2023-12-01'), ('a', DATE'2023-10-01') AS t(id, d)")
                .with(
                        CoreTables.IDENTITY,
                        "SELECT id record_key, id customer_id, TIMESTAMP'2023-01-01' valid_from, true is_current"
                                + " FROM VALUES ('a'), ('b') AS t(id)")
                .and(List.of());
    }

    @Test
    void anyTwoSnapshotsAreCompared() {
        Map<TableRef, Dataset<Row>> tables = tables();
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        new Migration(tables::get, LocalDate.of(2023, 12, 31), null)
                .print("pyramid_level", new PrintStream(said, true, StandardCharsets.UTF_8));
        assertThat(said.toString(StandardCharsets.UTF_8))
                .contains("Customers by pyramid_level on 2023-12-31 (rows) and on 2024-06-30 (columns)")
                .containsPattern("from . to +top +big +medium +small +inactive +none")
                .containsPattern("medium +1 +0 +1 +0 +0 +0")
                .containsPattern("medium +top +behaviour +1 +30.00 +120.00");
        assertThat(new Migration(tables::get, null, MARCH)
                        .rows("pyramid_level").collectAsList().stream()
                                .map(row -> row.getAs("from_date") + " " + row.getAs("from_class") + " "
                                        + row.getAs("to_class") + " " + row.getAs("reason")))
                .containsExactly("2023-12-31 medium big behaviour", "2023-12-31 medium small behaviour");
    }

    @Test
    void aSnapshotThatIsNotThereIsNamedWithThoseThatAre() {
        Map<TableRef, Dataset<Row>> tables = tables();
        assertThatThrownBy(() -> new Migration(tables::get, LocalDate.of(2024, 1, 1), null))
                .hasMessage(
                        "--from 2024-01-01: there is no snapshot of mart.value_segment of that date; there are: 2023-12-31, 2024-03-31, 2024-06-30");
        assertThatThrownBy(() -> new Migration(tables::get, JUNE, MARCH))
                .hasMessage("--from 2024-06-30: expected a snapshot before 2024-03-31; there are: 2023-12-31");
        assertThatThrownBy(() -> new Migration(tables::get, null, LocalDate.of(2023, 12, 31)))
                .hasMessageContaining("the first of all");
        Dataset<Row> none = tables.get(MartTables.VALUE_SEGMENT).where("false");
        assertThatThrownBy(() -> new Migration(table -> none, null, null))
                .hasMessageContaining("found none: run 'clientele run --as-of DATE'");
    }
}
