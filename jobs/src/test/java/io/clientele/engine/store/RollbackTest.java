package io.clientele.engine.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.testing.FewRows;
import io.clientele.testing.SharedSpark;
import io.delta.tables.DeltaTable;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.Snapshot;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.Option;

/**
 * Proves that a table taken back holds the files, rows and columns of the earlier version, as Delta's own RESTORE leaves them,
 * after commits of each kind: rows added, rows deleted by deletion vectors, a column added, everything overwritten.
 */
@FewRows
class RollbackTest {
    private static final SparkSession SPARK = SharedSpark.session();

    @TempDir
    Path root;

    private String ours;

    @BeforeEach
    void commits() {
        ours = table("ours");
    }

    private String table(String name) {
        String path = root.resolve(name).toString();
        SPARK.sql("""
                    CREATE TABLE delta.`%s` (id BIGINT) USING delta
                    TBLPROPERTIES (delta.enableChangeDataFeed = true, delta.enableDeletionVectors = true)""".formatted(path));
        append(path, 0, 100);
        SPARK.sql("DELETE FROM delta.`%s` WHERE id %% 10 = 3".formatted(path));
        append(path, 100, 120);
        SPARK.sql("DELETE FROM delta.`%s` WHERE id %% 10 = 4".formatted(path));
        SPARK.sql("ALTER TABLE delta.`%s` ADD COLUMNS (name STRING)".formatted(path));
        SPARK.sql("INSERT OVERWRITE delta.`%s` VALUES (7, 'seven')".formatted(path));
        return path;
    }

    private static void append(String path, long from, long to) {
        SPARK.range(from, to)
                .coalesce(1)
                .write()
                .format("delta")
                .mode(SaveMode.Append)
                .save(path);
    }

    private static Snapshot now(String path) {
        return DeltaLog.forTable(SPARK, new org.apache.hadoop.fs.Path(path))
                .update(false, Option.empty(), Option.empty());
    }

    /** Of each file how many rows it holds and how many of these are deleted. */
    private static List<String> files(String path) {
        return now(path).allFiles().collectAsList().stream()
                .map(f -> f.numPhysicalRecords().get() + " rows, "
                        + (f.deletionVector() == null ? 0L : f.deletionVector().cardinality())
                        + " deleted")
                .sorted()
                .toList();
    }

    private static TreeSet<Long> ids(String path) {
        TreeSet<Long> ids = new TreeSet<>();
        for (Row row : SPARK.read().format("delta").load(path).select("id").collectAsList()) {
            assertThat(ids.add(row.getLong(0))).isTrue();
        }
        return ids;
    }

    @Test
    void versionsComeBackAsDeltaWouldBringThem() {
        // The same commits in another table; its files have other names, so what they hold is compared.
        String deltas = table("deltas");
        for (long version : List.of(4L, 6L)) {
            Rollback.toVersion(SPARK, ours, version);
            DeltaTable.forPath(SPARK, deltas).restoreToVersion(version);
            assertThat(files(ours)).as("version %d", version).isEqualTo(files(deltas));
            assertThat(ids(ours)).as("version %d", version).isEqualTo(ids(deltas));
            assertThat(now(ours).schema())
                    .as("version %d", version)
                    .isEqualTo(now(deltas).schema());
        }
        assertThat(ids(ours)).containsExactly(7L);
        assertThat(CommitInfo.read(SPARK, ours, now(ours).version())).isEqualTo(new CommitInfo("RESTORE", 6L, 0));
    }

    @Test
    void rowsDeletedSinceAreBackAndRowsAddedSinceAreGone() {
        Rollback.toVersion(SPARK, ours, 2);
        assertThat(ids(ours)).hasSize(90).contains(0L, 4L, 99L).doesNotContain(3L, 93L, 100L);
        assertThat(now(ours).schema().fieldNames()).containsExactly("id");
        assertThat(files(ours)).containsExactly("100 rows, 10 deleted");
    }

    @Test
    void nothingIsLeftOfATableThatWasNeverPublishedAndItsHistoryStays() {
        long before = now(ours).version();
        Rollback.toNothing(SPARK, ours);
        assertThat(ids(ours)).isEmpty();
        assertThat(now(ours).version()).isEqualTo(before + 1);
        assertThat(SPARK.read()
                        .format("delta")
                        .option("versionAsOf", 1)
                        .load(ours)
                        .count())
                .isEqualTo(100);
        assertThat(SPARK.read()
                        .format("delta")
                        .option("readChangeFeed", "true")
                        .option("startingVersion", before + 1)
                        .load(ours)
                        .selectExpr("_change_type || ' ' || id")
                        .collectAsList())
                .extracting(r -> r.getString(0))
                .containsExactly("delete 7");
    }
}
