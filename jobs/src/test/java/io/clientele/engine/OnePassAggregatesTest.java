package io.clientele.engine;

import static org.apache.spark.sql.functions.array_distinct;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max_by;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.sum;
import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.testing.SharedSpark;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.adaptive.AdaptiveSparkPlanExec;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/** Proves that rows which are with their group are grouped once, that others are still grouped twice, and that rows are the same. */
class OnePassAggregatesTest {
    private static final SparkSession SPARK = SharedSpark.session();

    /** Rows with repeated and missing keys and values. */
    private static Dataset<Row> random(long seed) {
        Random random = new Random(seed);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            rows.add(RowFactory.create(
                    random.nextInt(9) == 0 ? null : "k" + random.nextInt(40),
                    random.nextInt(3),
                    random.nextInt(9) == 0 ? null : random.nextLong(100) - 50));
        }
        return SPARK.createDataFrame(rows, StructType.fromDDL("k STRING, part INT, v BIGINT"));
    }

    private static long aggregates(Dataset<Row> executed) {
        executed.collectAsList();
        SparkPlan plan = ((org.apache.spark.sql.classic.Dataset<Row>) executed)
                .queryExecution()
                .executedPlan();
        String text = plan instanceof AdaptiveSparkPlanExec adaptive
                ? adaptive.executedPlan().toString()
                : plan.toString();
        return Pattern.compile("Aggregate\\(key").matcher(text).results().count();
    }

    private static List<String> texts(Dataset<Row> rows) {
        return rows.collectAsList().stream().map(Row::toString).sorted().toList();
    }

    private static Dataset<Row> byNumbers(Dataset<Row> rows, Column... keys) {
        return rows.groupBy(keys)
                .agg(
                        sum("v").as("sum"),
                        count("v").as("count"),
                        expr("count(1) FILTER (WHERE part = 1)").as("ofPart"),
                        expr("avg(v) + max(part)").as("mixed"));
    }

    private static Dataset<Row> byObjects(Dataset<Row> rows, Column... keys) {
        return rows.groupBy(keys)
                .agg(
                        sort_array(collect_list("v")).as("values"),
                        max_by(col("part"), expr("struct(v, part)")).as("last"),
                        expr("collect_set(part) FILTER (WHERE v > 0)").as("parts"));
    }

    @Test
    void groupsOnceWhatWasSentToItsGroups() {
        long seed = 11;
        Dataset<Row> rows = random(seed);
        Dataset<Row> sent = rows.repartition(col("k"));
        assertThat(aggregates(byNumbers(rows, col("k")))).isEqualTo(2);
        assertThat(aggregates(byNumbers(sent, col("k")))).isEqualTo(1);
        assertThat(aggregates(byNumbers(sent, col("k"), col("part")))).isEqualTo(1);
        assertThat(aggregates(byObjects(rows, col("k")))).isEqualTo(2);
        assertThat(aggregates(byObjects(sent, col("k")))).isEqualTo(1);
        assertThat(aggregates(sent.select("k", "part").distinct())).isEqualTo(1);
        assertThat(aggregates(byNumbers(sent, expr("upper(k)"))))
                .as("sent by the key, grouped by another")
                .isEqualTo(2);
        for (Dataset<Row> some : List.of(rows, rows.where("v > 40"), rows.where("false"))) {
            Dataset<Row> at = some.repartition(col("k"));
            assertThat(texts(byNumbers(at, col("k"), col("part"))))
                    .as("seed %d", seed)
                    .isEqualTo(texts(byNumbers(some, col("k"), col("part"))));
            assertThat(texts(byObjects(at, col("k")))).as("seed %d", seed).isEqualTo(texts(byObjects(some, col("k"))));
            assertThat(texts(byNumbers(at, col("k").as("named"), lit(1).as("one"))))
                    .as("seed %d", seed)
                    .isEqualTo(texts(byNumbers(some, col("k").as("named"), lit(1).as("one"))));
        }
    }

    @Test
    void groupsOnceAfterJoinsAndOtherAggregates() {
        long seed = 12;
        Dataset<Row> rows = random(seed);
        Dataset<Row> distinct = rows.distinct()
                .groupBy("k")
                .agg(array_distinct(collect_list("v")).as("values"));
        assertThat(texts(distinct.selectExpr("k", "sort_array(values) v")))
                .as("seed %d", seed)
                .isEqualTo(texts(
                        rows.groupBy("k").agg(sort_array(expr("collect_set(v)")).as("v"))));
        Dataset<Row> joined = byNumbers(
                rows.hint("shuffle_hash")
                        .join(rows.selectExpr("k", "v AS w").repartition(col("k")), "k")
                        .withColumn("v", col("w")),
                col("k"));
        assertThat(aggregates(joined)).isEqualTo(1);
        assertThat(texts(joined.select("k", "count")))
                .as("seed %d", seed)
                .isEqualTo(texts(rows.where("k IS NOT NULL")
                        .groupBy("k")
                        .agg(expr("count(1) * count(v)").as("count"))));
        assertThat(texts(rows.repartition(col("k")).groupBy("k").agg(expr("count(DISTINCT v)"), sum("v"))))
                .as("of distinct values, seed %d", seed)
                .isEqualTo(texts(rows.groupBy("k").agg(expr("count(DISTINCT v)"), sum("v"))));
        assertThat(rows.repartition(col("k")).agg(sum("part")).first().getLong(0))
                .as("without a group")
                .isEqualTo(rows.collectAsList().stream()
                        .mapToLong(r -> r.getInt(1))
                        .sum());
    }
}
