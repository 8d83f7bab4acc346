package io.clientele.engine.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.engine.Database;
import io.clientele.engine.Keeping;
import io.clientele.engine.TableRef;
import io.clientele.engine.Write;
import io.clientele.testing.FewRows;
import io.clientele.testing.SharedSpark;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Proves that rows put in place of all others leave the rows, the history, the changes and the count of written rows that Delta's
 * own overwrite leaves, also where the new rows are made of the old ones or are none.
 */
@FewRows
class ReplacementTest {
    private static final SparkSession SPARK = SharedSpark.session();
    private static final TableRef TABLE =
            TableRef.replaced(Database.CORE, "latest", "one row", "id BIGINT NOT NULL, name STRING", "id");

    @TempDir
    Path root;

    private TableStore store;
    private String deltas;

    @BeforeEach
    void twoVersionsOfTwoEqualTables() {
        store = new TableStore(SPARK, root.resolve("ours").toString());
        deltas = root.resolve("deltas").toString();
        assertThat(TABLE.keeping()).isEqualTo(Keeping.REPLACE);
        write(SPARK.sql("SELECT id, 'old' name FROM range(10)"));
        write(SPARK.sql("SELECT id, 'new' name FROM range(5, 12)"));
    }

    private void write(Dataset<Row> rows) {
        long version = store.latestVersion(TABLE);
        TableStore.WriteResult result = store.write(Write.of(TABLE, rows), null, version);
        assertThat(result).isEqualTo(new TableStore.WriteResult(version + 1, rows.count()));
        SPARK.createDataFrame(rows.toJavaRDD(), TABLE.schema())
                .write()
                .format("delta")
                .option("delta.enableChangeDataFeed", "true")
                .mode(SaveMode.Overwrite)
                .save(deltas);
    }

    private static List<String> sorted(Dataset<Row> rows) {
        return rows.collectAsList().stream().map(Row::toString).sorted().toList();
    }

    private static Dataset<Row> changes(String path) {
        return SPARK.read()
                .format("delta")
                .option("readChangeFeed", "true")
                .option("startingVersion", 1)
                .load(path)
                .selectExpr("id", "name", "_change_type", "_commit_version");
    }

    @Test
    void rowsHistoryAndChangesAreThoseOfDeltasOverwrite() {
        write(store.read(TABLE, 1).where("id > 8").selectExpr("id", "upper(name) name"));
        String ours = store.path(TABLE);
        for (long version : List.of(0L, 1L, 2L)) {
            assertThat(sorted(store.read(TABLE, version)))
                    .isEqualTo(sorted(SPARK.read()
                            .format("delta")
                            .option("versionAsOf", version)
                            .load(deltas)));
        }
        assertThat(sorted(store.read(TABLE, 2))).containsExactly("[10,NEW]", "[11,NEW]", "[9,NEW]");
        assertThat(sorted(changes(ours))).isEqualTo(sorted(changes(deltas))).contains("[9,NEW,insert,2]");
        assertThat(CommitInfo.read(SPARK, ours, 2)).isEqualTo(new CommitInfo("WRITE", null, 3));
        Rollback.toVersion(SPARK, ours, 1);
        assertThat(sorted(SPARK.read().format("delta").load(ours))).isEqualTo(sorted(store.read(TABLE, 1)));
    }

    @Test
    void noRowsLeaveAnEmptyTable() {
        write(store.read(TABLE, 1).where("false"));
        assertThat(store.read(TABLE, 2).isEmpty()).isTrue();
        assertThat(sorted(changes(store.path(TABLE)))).isEqualTo(sorted(changes(deltas)));
    }
}
