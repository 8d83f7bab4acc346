package io.clientele.engine;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.testing.SharedSpark;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.adaptive.AdaptiveSparkPlanExec;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Proves that few computed rows are one partition, which is grouped without being sent, and that many stay where they are. */
class ComputedRowsTest {
    private static final SparkSession SPARK = SharedSpark.session();

    @AfterEach
    void release() {
        Reuse.release();
    }

    /** Rows in three partitions, with repeated and missing keys. */
    private static Dataset<Row> random(long seed, int rows) {
        Random random = new Random(seed);
        List<Row> some = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            some.add(RowFactory.create(random.nextInt(9) == 0 ? null : random.nextInt(40), random.nextLong(100)));
        }
        return SPARK.createDataFrame(some, StructType.fromDDL("k INT, v BIGINT"))
                .repartition(3);
    }

    private static String plan(Dataset<Row> executed) {
        executed.collectAsList();
        var plan = ((org.apache.spark.sql.classic.Dataset<Row>) executed)
                .queryExecution()
                .executedPlan();
        return plan instanceof AdaptiveSparkPlanExec adaptive
                ? adaptive.executedPlan().toString()
                : plan.toString();
    }

    private static List<String> texts(Dataset<Row> rows) {
        return rows.collectAsList().stream().map(Row::toString).sorted().toList();
    }

    @Test
    void fewRowsAreOnePartitionAndManyStaySeveral() {
        Dataset<Row> given = random(1, 200);
        Dataset<Row> few = Reuse.settled(given);
        assertThat(few.rdd().getNumPartitions()).isEqualTo(1);
        assertThat(Reuse.count(few)).isEqualTo(200);
        Dataset<Row> grouped = few.groupBy("k").agg(sum("v").as("v"));
        assertThat(plan(grouped)).doesNotContain("Exchange");
        assertThat(texts(grouped))
                .isEqualTo(texts(given.groupBy("k").agg(sum("v").as("v"))))
                .hasSize(41);
        Dataset<Row> many = Reuse.settled(SPARK.range(0, 100_000, 1, 3).toDF("k"));
        assertThat(many.rdd().getNumPartitions()).isEqualTo(3);
        assertThat(Reuse.count(many)).isEqualTo(100_000);
    }

    @Test
    void noRowsAreStillCounted() {
        for (Dataset<Row> none :
                List.of(random(1, 200).where("v < 0"), SPARK.emptyDataFrame().withColumn("v", lit(1L)))) {
            Dataset<Row> settled = Reuse.settled(none);
            assertThat(settled.agg(count(lit(1))).first().getLong(0)).isZero();
            assertThat(Reuse.count(settled)).isZero();
        }
    }

    @Test
    void rowsAreLetGo() {
        int before = SPARK.sparkContext().getPersistentRDDs().size();
        Reuse.settled(random(1, 200));
        assertThat(SPARK.sparkContext().getPersistentRDDs().size()).isEqualTo(before + 1);
        Reuse.release();
        assertThat(SPARK.sparkContext().getPersistentRDDs().size()).isEqualTo(before);
    }
}
