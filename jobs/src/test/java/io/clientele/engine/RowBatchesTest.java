package io.clientele.engine;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.repeat;
import static org.apache.spark.sql.functions.sum;
import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.testing.SharedSpark;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Proves that kept rows are the rows that were to be kept: of every type, with nulls, whole and in part, over several batches and
 * larger than one, in memory and on disk, in partitions without any; and that their number and size are known.
 */
class RowBatchesTest {
    private static final SparkSession SPARK = SharedSpark.session();

    private Dataset<Row> kept;

    @AfterEach
    void letGo() {
        if (kept != null) {
            kept.unpersist(true);
        }
    }

    private static Dataset<Row> ofAllTypes() {
        return SPARK.range(0, 5_000, 1, 4)
                .selectExpr(
                        "id",
                        "IF(id % 3 = 0, NULL, id % 2 = 0) AS flag",
                        "CAST(IF(id % 5 = 0, NULL, id) AS INT) AS number",
                        "CAST(id % 100 AS TINYINT) AS tiny",
                        "CAST(id AS SMALLINT) AS small",
                        "id / 7.0D AS share",
                        "CAST(id / 3.0D AS FLOAT) AS part",
                        "CAST(id AS DECIMAL(18, 4)) / 10 AS amount",
                        "CAST(IF(id % 4 = 0, NULL, id) AS DECIMAL(38, 10)) AS large",
                        "IF(id % 6 = 0, NULL, concat('n\u00e4me ', repeat('x', CAST(id % 40 AS INT)))) AS name",
                        "CAST(concat('b', id) AS BINARY) AS bytes",
                        "date_add(DATE'2026-01-01', CAST(id % 400 AS INT)) AS day",
                        "timestamp_seconds(id * 1000) AS at",
                        "IF(id % 7 = 0, NULL, array(CAST(id AS STRING), NULL)) AS names",
                        "map('k', id, 'l', NULL) AS places",
                        "named_struct('a', id, 'b', IF(id % 2 = 0, NULL, array(named_struct('c', id)))) AS nested");
    }

    private void keepsAll(Dataset<Row> rows, StorageLevel level) {
        Function<Dataset<Row>, List<Row>> whole = r -> r.orderBy("id").collectAsList();
        Function<Dataset<Row>, List<Row>> some =
                r -> r.select("nested.b", "name", "id").orderBy("id").collectAsList();
        List<Row> given = whole.apply(rows);
        List<Row> givenInPart = some.apply(rows);
        kept = rows.persist(level);

        assertThat(kept.count()).isEqualTo(given.size());
        assertThat(whole.apply(kept)).isEqualTo(given);
        assertThat(some.apply(kept)).isEqualTo(givenInPart);
        assertThat(kept.where("number > 4990").select("name").count())
                .as("filtered")
                .isEqualTo(rows.where("number > 4990").count());
    }

    @Test
    void rowsOfAllTypes() {
        keepsAll(ofAllTypes(), StorageLevel.MEMORY_AND_DISK());
    }

    @Test
    void rowsOnDisk() {
        keepsAll(ofAllTypes(), StorageLevel.DISK_ONLY());
    }

    @Test
    void partitionsWithoutRows() {
        keepsAll(ofAllTypes().where("id < 3"), StorageLevel.MEMORY_AND_DISK());
    }

    @Test
    void noRows() {
        kept = ofAllTypes().where("id < 0").persist();

        assertThat(kept.collectAsList()).isEmpty();
    }

    @Test
    void rowsWithoutColumns() {
        kept = SPARK.range(0, 1_000, 1, 2).select().persist();

        assertThat(kept.count()).isEqualTo(1_000);
    }

    @Test
    void rowsLargerThanABatch() {
        Dataset<Row> rows = SPARK.range(0, 4, 1, 1)
                .select(col("id"), repeat(lit("x"), 3_000_000).as("text"));
        kept = rows.persist();

        assertThat(kept.selectExpr("id", "length(text)").collectAsList().toString())
                .isEqualTo("[[0,3000000], [1,3000000], [2,3000000], [3,3000000]]");
    }

    @Test
    void manyBatchesKeepTheirOrder() {
        kept = SPARK.range(0, 300_000, 1, 1)
                .selectExpr("id", "id * 3 AS triple")
                .persist();

        List<Row> rows = kept.collectAsList();

        assertThat(rows).hasSize(300_000);
        for (int i = 0; i < rows.size(); i++) {
            assertThat(rows.get(i).getLong(0)).isEqualTo(i);
        }
        assertThat(kept.agg(sum("triple")).first().getLong(0)).isEqualTo(3L * 300_000 * 299_999 / 2);
    }

    @Test
    void rowsThatAreNotYetInSparksForm() {
        kept = SPARK.createDataFrame(List.of(new Named("a"), new Named("b")), Named.class)
                .toDF()
                .persist();

        assertThat(kept.collectAsList().toString()).isEqualTo("[[a], [b]]");
    }

    /** A bean. */
    public static final class Named {
        private final String name;

        Named(String name) {
            this.name = name;
        }

        /** The one property. */
        public String getName() {
            return name;
        }
    }

    @Test
    void theirSizeIsKnown() {
        kept = SPARK.range(0, 10_000, 1, 2).selectExpr("id").persist();
        kept.count();

        // Eight bytes each for the size, for which columns are null, and for the number.
        assertThat(((org.apache.spark.sql.classic.Dataset<Row>) kept.where(expr("true")))
                        .queryExecution()
                        .optimizedPlan()
                        .stats()
                        .sizeInBytes()
                        .toLong())
                .isEqualTo(240_000);
    }
}
