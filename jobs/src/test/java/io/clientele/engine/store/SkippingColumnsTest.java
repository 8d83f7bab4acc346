package io.clientele.engine.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.engine.Database;
import io.clientele.engine.TableRef;
import io.clientele.engine.Write;
import io.clientele.testing.FewRows;
import io.clientele.testing.SharedSpark;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves of which columns Delta keeps minima and maxima: of keys and times, of snapshots times alone, and of no others; rows are counted all the same. */
@FewRows
class SkippingColumnsTest {
    private static final SparkSession SPARK = SharedSpark.session();
    private static final LocalDate DAY = LocalDate.of(2025, 12, 31);
    private static final TableRef SNAPSHOT = TableRef.snapshot(
            "offer",
            "one offer",
            "customer_id STRING, goods ARRAY<STRING>, price INT, until DATE",
            "customer_id",
            "goods");
    private static final TableRef TIMELESS = TableRef.snapshot("price", "one price", "product_id STRING", "product_id");
    private static final TableRef PLACES =
            TableRef.upsert(Database.CORE, "place", "one place", "place STRING, price INT, until DATE", "place");
    private static final TableRef LOG = TableRef.log(Database.RAW, "line", "one line", "text STRING, is_read BOOLEAN");

    @TempDir
    Path root;

    private List<String> statistics(TableRef table, String rows) {
        new TableStore(SPARK, root.toString()).write(Write.of(table, SPARK.sql(rows)), DAY, TableStore.NONE);
        return SPARK
                .read()
                .json(root.resolve(table.database().sqlName() + "/" + table.name() + "/_delta_log/*.json")
                        .toString())
                .selectExpr("add.stats")
                .where("stats IS NOT NULL")
                .collectAsList()
                .stream()
                .map(r -> r.getString(0))
                .toList();
    }

    @Test
    void ofKeysAndTimes() {
        assertThat(PLACES.skippingColumns()).containsExactly("place", "until");
        assertThat(statistics(PLACES, "SELECT 'A' place, 3 price, DATE'2026-01-31' until"))
                .singleElement()
                .asString()
                .contains("\"numRecords\":1", "\"minValues\":{\"place\":\"A\",\"until\":\"2026-01-31\"}")
                .doesNotContain("price");
    }

    @Test
    void ofASnapshotTimesAloneButNotItsDate() {
        assertThat(SNAPSHOT.skippingColumns()).containsExactly("until");
        assertThat(
                        statistics(
                                SNAPSHOT,
                                "SELECT DATE'2025-12-31' as_of_date, 'C1' customer_id, array('A') goods, 3 price, DATE'2026-01-31' until"))
                .singleElement()
                .asString()
                .contains("\"numRecords\":1", "\"minValues\":{\"until\":\"2026-01-31\"}")
                .doesNotContain("price", "customer_id");
        assertThat(statistics(TIMELESS, "SELECT DATE'2025-12-31' as_of_date, 'P1' product_id"))
                .singleElement()
                .asString()
                .contains("\"numRecords\":1")
                .doesNotContain("product_id");
    }

    @Test
    void asDeltaLikesWhereThereAreNone() {
        assertThat(LOG.skippingColumns()).isEmpty();
        assertThat(statistics(LOG, "SELECT 'a' text, true is_read"))
                .singleElement()
                .asString()
                .contains("\"numRecords\":1");
    }
}
