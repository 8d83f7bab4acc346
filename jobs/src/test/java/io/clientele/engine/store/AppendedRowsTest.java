package io.clientele.engine.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.testing.FewRows;
import io.clientele.testing.SharedSpark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.Option;

/**
 * Proves that the rows of commits that only appended are those of Delta's change data feed, with its columns, over one commit and
 * over several and where columns came later; and that of ranges in which a commit did more, or is gone, nothing is said.
 */
@FewRows
class AppendedRowsTest {
    private static final SparkSession SPARK = SharedSpark.session();

    @TempDir
    Path root;

    /** 0 creates, 1 and 2 append, 3 appends with another column, 4 deletes, 5 appends, 6 updates, 7 goes back to 5. */
    private String table() {
        String path = root.resolve("table").toString();
        SPARK.sql(
                "CREATE TABLE delta.`%s` (id BIGINT, name STRING) USING delta TBLPROPERTIES (delta.enableChangeDataFeed = true)"
                        .formatted(path));
        append(path, 0, 4, "'a' AS name");
        append(path, 4, 8, "'b' AS name");
        append(path, 8, 12, "'c' AS name", "DATE'2026-01-01' AS day");
        SPARK.sql("DELETE FROM delta.`%s` WHERE id IN (1, 9)".formatted(path));
        append(path, 12, 16, "'d' AS name", "NULL AS day");
        SPARK.sql("UPDATE delta.`%s` SET name = 'e' WHERE id = 13".formatted(path));
        Rollback.toVersion(SPARK, path, 5);
        return path;
    }

    private static void append(String path, long from, long to, String... columns) {
        SPARK.range(from, to)
                .selectExpr(
                        Stream.concat(Stream.of("id"), Arrays.stream(columns)).toArray(String[]::new))
                .write()
                .format("delta")
                .option("mergeSchema", "true")
                .mode(SaveMode.Append)
                .save(path);
    }

    private static List<String> sorted(Dataset<Row> rows) {
        return rows.collectAsList().stream().map(Row::toString).sorted().toList();
    }

    private static Dataset<Row> feed(String path, long first, long last) {
        return SPARK.read()
                .format("delta")
                .option("readChangeFeed", "true")
                .option("startingVersion", first)
                .option("endingVersion", last)
                .load(path);
    }

    private static void assertAsInTheFeed(String path, long first, long last) {
        Dataset<Row> rows = new TableFiles(SPARK).appended(path, first, last).orElseThrow();
        Dataset<Row> expected = feed(path, first, last).select(rows.columns()[0], rest(rows));
        assertThat(rows.columns()).contains("id", "name", "_change_type", "_commit_version", "_commit_timestamp");
        assertThat(sorted(rows)).isEqualTo(sorted(expected)).isNotEmpty();
    }

    private static String[] rest(Dataset<Row> rows) {
        return Arrays.copyOfRange(rows.columns(), 1, rows.columns().length);
    }

    @Test
    void appendedRowsAreThoseOfTheFeed() {
        String path = table();
        assertAsInTheFeed(path, 1, 1);
        assertAsInTheFeed(path, 1, 2);
        assertAsInTheFeed(path, 3, 3);
        assertAsInTheFeed(path, 5, 5);
        assertThat(sorted(new TableFiles(SPARK)
                        .appended(path, 1, 3)
                        .orElseThrow()
                        .where("id IN (7, 11)")
                        .selectExpr("id", "name", "day", "_change_type", "_commit_version")))
                .containsExactly("[11,c,2026-01-01,insert,3]", "[7,b,null,insert,2]");
    }

    @Test
    void nothingIsSaidOfCommitsThatDidMoreThanAppend() {
        String path = table();
        for (int version : List.of(4, 6, 7)) {
            assertThat(new TableFiles(SPARK).appended(path, version, version)).isEqualTo(Optional.empty());
        }
        assertThat(new TableFiles(SPARK).appended(path, 3, 5)).isEqualTo(Optional.empty());
    }

    @Test
    void nothingIsSaidOfACommitThatWasCleanedAway() throws Exception {
        String path = table();
        append(path, 16, 20, "'f' AS name", "NULL AS day");
        append(path, 20, 24, "'g' AS name", "NULL AS day");
        DeltaLog log = DeltaLog.forTable(SPARK, path);
        log.checkpoint(log.update(false, Option.empty(), Option.empty()), Option.empty());
        for (int version = 0; version <= 8; version++) {
            Files.delete(Path.of(path, "_delta_log", "%020d.json".formatted(version)));
        }
        DeltaLog.clearCache();
        assertThat(new TableFiles(SPARK).appended(path, 9, 9)).isPresent();
        assertThat(new TableFiles(SPARK).appended(path, 8, 9)).isEqualTo(Optional.empty());
    }
}
