package io.clientele.identity;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.min;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Connected components by passing on the smallest rank, with pointer jumping, so that the number of rounds grows with the
 * logarithm of a component's diameter. Only records with an edge take part; everybody else is alone anyway.
 */
final class ConnectedComponents {
    private static final int MOST_ROUNDS = 40;

    private ConnectedComponents() {}

    /**
     * From edges ({@code record_key, rank, anchor_key, anchor}) to {@code record_key, root}, the rank of the component's first
     * record, for every record with an edge. Runs jobs on the edges, which are few beside the records.
     */
    static Dataset<Row> of(Dataset<Row> edges) {
        Dataset<Row> forward = edges.select(
                col("record_key").as("a"),
                col("rank").as("a_rank"),
                col("anchor_key").as("b"),
                col("anchor").as("b_rank"));
        Dataset<Row> both = forward.unionByName(forward.select(
                        col("b").as("a"),
                        col("b_rank").as("a_rank"),
                        col("a").as("b"),
                        col("a_rank").as("b_rank")))
                .distinct()
                .localCheckpoint();
        Dataset<Row> labels = both.groupBy(col("a").as("record_key"))
                .agg(least(min("a_rank"), min("b_rank")).as("root"))
                .localCheckpoint();
        for (int round = 0; round < MOST_ROUNDS; round++) {
            Dataset<Row> heard = both.join(
                            labels.withColumnRenamed("record_key", "b").withColumnRenamed("root", "b_root"), "b")
                    .groupBy(col("a").as("record_key"))
                    .agg(min("b_root").as("heard"));
            Dataset<Row> nearer = labels.join(heard, "record_key")
                    .select(
                            col("record_key"),
                            least(col("root"), col("heard")).as("next"),
                            col("root").as("former"));
            Dataset<Row> jumped = nearer.join(
                            nearer.select(
                                    col("record_key").as("root_key"),
                                    col("next").as("root_next")),
                            col("next.record_key").equalTo(col("root_key")),
                            "left_outer")
                    .select(
                            col("record_key"),
                            least(col("next"), coalesce(col("root_next"), col("next")))
                                    .as("root"),
                            col("former"))
                    .localCheckpoint();
            labels = jumped.select("record_key", "root");
            if (jumped.where(col("root").notEqual(col("former"))).isEmpty()) {
                return labels;
            }
        }
        throw new IllegalStateException("Components did not settle in " + MOST_ROUNDS + " rounds");
    }
}
