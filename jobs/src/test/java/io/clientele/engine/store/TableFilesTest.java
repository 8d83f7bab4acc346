package io.clientele.engine.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.testing.FewRows;
import io.clientele.testing.SharedSpark;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Proves that each version of a table has the rows and columns that Delta's own read of it has, whatever made the version and
 * whether the log is read from its start, from a checkpoint or from a version known before; and that no Spark job is needed to
 * find the files of a log without a checkpoint.
 */
@FewRows
class TableFilesTest {
    private static final SparkSession SPARK = SharedSpark.session();

    @TempDir
    Path root;

    private String table() {
        String path = root.resolve("table").toString();
        SPARK.sql("""
                    CREATE TABLE delta.`%s` (id BIGINT, day DATE) USING delta PARTITIONED BY (day)
                    TBLPROPERTIES (delta.enableChangeDataFeed = true, delta.enableDeletionVectors = true,
                        delta.checkpointInterval = 1000)""".formatted(path));
        append(path, 0, 100);
        SPARK.sql("DELETE FROM delta.`%s` WHERE id %% 10 = 3".formatted(path));
        append(path, 100, 120);
        SPARK.sql("DELETE FROM delta.`%s` WHERE id %% 10 = 4".formatted(path));
        SPARK.sql("ALTER TABLE delta.`%s` ADD COLUMNS (name STRING)".formatted(path));
        SPARK.sql(
                "MERGE INTO delta.`%s` t USING (SELECT 7 id) s ON t.id = s.id WHEN MATCHED THEN UPDATE SET name = 'seven'"
                        .formatted(path));
        SPARK.sql("DELETE FROM delta.`%s`".formatted(path));
        Rollback.toVersion(SPARK, path, 6);
        return path;
    }

    private static void append(String path, long from, long to) {
        SPARK.range(from, to)
                .selectExpr("id", "date_add(DATE'2026-01-01', CAST(id % 3 AS INT)) AS day")
                .coalesce(1)
                .write()
                .format("delta")
                .mode(SaveMode.Append)
                .save(path);
    }

    private static Dataset<Row> deltas(String path, long version) {
        return SPARK.read().format("delta").option("versionAsOf", version).load(path);
    }

    private static List<String> sorted(Dataset<Row> rows) {
        return rows.collectAsList().stream().map(Row::toString).sorted().toList();
    }

    private static void assertSame(TableFiles files, String path, long version) {
        Dataset<Row> rows = files.rows(path, version);
        Dataset<Row> expected = deltas(path, version);
        assertThat(rows.schema()).as("version %d", version).isEqualTo(expected.schema());
        assertThat(files.schema(path, version)).isEqualTo(expected.schema());
        assertThat(sorted(rows)).as("version %d", version).isEqualTo(sorted(expected));
        String day = "day = DATE'2026-01-02'";
        assertThat(sorted(rows.where(day))).as("version %d of a day", version).isEqualTo(sorted(expected.where(day)));
        assertThat(files.isEmpty(path, version)).isEqualTo(expected.isEmpty());
    }

    @Test
    void versionsHoldWhatDeltaReadsWhicheverIsAskedForFirst() {
        String path = table();
        TableFiles upwards = new TableFiles(SPARK);
        for (long version = 0; version <= 8; version++) {
            assertSame(upwards, path, version);
        }
        TableFiles newestFirst = new TableFiles(SPARK);
        for (long version : List.of(8L, 3L, 6L, 7L, 0L)) {
            assertSame(newestFirst, path, version);
        }
        assertThat(upwards.rows(path, 8).where("id = 7").select("name").first().getString(0))
                .isEqualTo("seven");
    }

    @Test
    void versionsAfterACheckpointHoldWhatDeltaReads() {
        String path = table();
        TableFiles before = new TableFiles(SPARK);
        assertSame(before, path, 8);
        DeltaLog log = DeltaLog.forTable(SPARK, new org.apache.hadoop.fs.Path(path));
        log.checkpoint(log.update(false, scala.Option.empty(), scala.Option.empty()), scala.Option.empty());
        append(path, 200, 210);
        DeltaLog.clearCache();
        assertSame(before, path, 9);
        assertSame(new TableFiles(SPARK), path, 9);
        assertThat(new TableFiles(SPARK).rows(path, 9).where("id >= 200").count())
                .isEqualTo(10);
    }

    @Test
    void rowsBelongToTheSessionOfTheWarehouseWhicheverIsActive() {
        String path = table();
        SparkSession other = SPARK.newSession();
        Dataset<Row> rows = new TableFiles(other).rows(path, 8);
        assertThat(rows.sparkSession()).isSameAs(other);
        assertThat(SparkSession.active()).isNotSameAs(other);
    }

    @Test
    void ofManyFilesDeltaChooses() {
        String path = root.resolve("many").toString();
        SPARK.range(0, 70, 1, 70).write().format("delta").save(path);
        TableFiles files = new TableFiles(SPARK);
        assertThat(files.rows(path, 0).count()).isEqualTo(70);
        assertThat(files.rows(path, 0).queryExecution().optimizedPlan().toString())
                .isNotEmpty();
        assertThat(files.rows(path, 0).where("id = 3").inputFiles()).hasSize(1);
        assertThat(files.isEmpty(path, 0)).isFalse();
    }

    @Test
    void findingFilesStartsNoJob() throws TimeoutException {
        String path = table();
        DeltaLog.clearCache();
        AtomicInteger jobs = new AtomicInteger();
        SparkListener listener = new SparkListener() {
            @Override
            public void onJobStart(SparkListenerJobStart job) {
                jobs.incrementAndGet();
            }
        };
        SPARK.sparkContext().addSparkListener(listener);
        try {
            TableFiles files = new TableFiles(SPARK);
            List<String> read = new ArrayList<>(List.of(files.rows(path, 8).inputFiles()));
            assertThat(files.isEmpty(path, 8)).isFalse();
            SPARK.sparkContext().listenerBus().waitUntilEmpty();
            assertThat(jobs).hasValue(0);
            assertThat(read).isNotEmpty();
        } finally {
            SPARK.sparkContext().removeSparkListener(listener);
        }
    }
}
