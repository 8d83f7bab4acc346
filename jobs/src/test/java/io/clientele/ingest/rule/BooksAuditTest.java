package io.clientele.ingest.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.testing.SharedSpark;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

/** The doctor's comparison of the raw tables with the books. */
class BooksAuditTest {
    private static final SparkSession SPARK = SharedSpark.session();

    private static Dataset<Row> raw(String values) {
        return SPARK.sql("SELECT source, batch_id, 'f' AS source_file, CAST(source_row AS BIGINT) AS source_row,"
                + " CAST(hash AS BIGINT) AS record_hash, outcome FROM VALUES " + values
                + " AS t(source, batch_id, source_row, hash, outcome)");
    }

    private static final String GOOD = "('s', 'b1', 1, 11, 'accepted'), ('s', 'b1', 2, 11, 'duplicate'),"
            + " ('s', 'b1', 3, 13, 'quarantined'), ('db', 'b2', NULL, 21, 'quarantined'), ('db', 'b2', NULL, 21, 'quarantined')";

    private static Dataset<Row> books() {
        return SPARK.sql(
                "SELECT * FROM VALUES ('s', 'b1', 2L, 1L, 1L, 0L), ('s', 'b1', 1L, 0L, 0L, 1L), ('db', 'b2', 2L, 0L, 0L, 2L)"
                        + " AS t(source, batch_id, rows_read, rows_accepted, rows_duplicate, rows_quarantined)");
    }

    private static Dataset<Row> refused() {
        return SPARK.sql(
                "SELECT * FROM VALUES ('s', 'b1', 'q1', 'dismissed'), ('s', 'b1', 'q0', 'replayed'),"
                        + " ('db', 'b2', 'q2', 'open'), ('db', 'b2', 'q2', 'open') AS t(source, batch_id, quarantine_id, status)");
    }

    @Test
    void agreeWhereEveryRecordIsTold() {
        assertThat(BooksAudit.of(raw(GOOD), books(), refused())).isEmpty();
    }

    @Test
    void aLostRecordABatchOfNobodyAndALostRefusalAreTold() {
        assertThat(BooksAudit.of(
                        raw(GOOD.replace("('s', 'b1', 1, 11, 'accepted'), ", "") + ", ('s', 'b3', 1, 31, 'accepted')"),
                        books(),
                        refused().where("source <> 'db'")))
                .extracting(d -> d.source() + ": " + d.text())
                .containsExactly(
                        "db: batch b2 holds 2 records (0 accepted, 0 duplicate, 2 refused), but ops.batch_balance says 2"
                                + " (0, 0, 2) and ops.quarantine holds 0",
                        "s: batch b1 holds 2 records (0 accepted, 1 duplicate, 1 refused), but ops.batch_balance says 3"
                                + " (1, 1, 1) and ops.quarantine holds 1",
                        "s: batch b3 holds 1 records (1 accepted, 0 duplicate, 0 refused), but ops.batch_balance says 0"
                                + " (0, 0, 0) and ops.quarantine holds 0");
    }
}
