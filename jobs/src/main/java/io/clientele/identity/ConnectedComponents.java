package io.clientele.identity;

import static org.apache.spark.sql.functions.bit_xor;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.xxhash64;

import io.clientele.engine.ComputedRows;
import io.clientele.engine.Reuse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Connected components. Few edges are united on the driver; many by the two-phase star algorithm (Kiveris et al. 2014,
 * Connected components in MapReduce and beyond), checkpointed each round, in rounds that grow with the logarithm of a
 * component's size. Only records with an edge take part; everybody else is alone anyway.
 */
final class ConnectedComponents {
    private static final int MOST_ROUNDS = 60;
    /** Edges up to which the driver does it: some 30 MB. */
    static final int FEW = 100_000;

    private ConnectedComponents() {}

    /**
     * From edges ({@code record_key, rank, anchor_key, anchor}) to {@code record_key, root}, the rank of the component's first
     * record, for every record with an edge. A rank holds its record's key as {@code record_key} and sorts by first appearance.
     */
    static Dataset<Row> of(Dataset<Row> edges) {
        return of(edges, FEW);
    }

    static Dataset<Row> of(Dataset<Row> edges, int few) {
        Dataset<Row> links =
                Reuse.settled(edges.select(col("rank").as("u"), col("anchor").as("v"))
                        .where(col("u").notEqual(col("v")))
                        .distinct());
        return Reuse.count(links) <= few ? united(links) : stars(links);
    }

    private static Dataset<Row> united(Dataset<Row> links) {
        Map<Row, Row> parents = new HashMap<>();
        for (Row link : links.collectAsList()) {
            Row one = root(parents, link.getStruct(0));
            Row other = root(parents, link.getStruct(1));
            if (!one.equals(other)) {
                boolean isFirst = compare(one, other) < 0;
                parents.put(isFirst ? other : one, isFirst ? one : other);
            }
        }
        List<Row> rows = new ArrayList<>();
        for (Row rank : List.copyOf(parents.keySet())) {
            rows.add(RowFactory.create(rank.getString(rank.fieldIndex("record_key")), root(parents, rank)));
        }
        StructType schema = new StructType()
                .add("record_key", DataTypes.StringType)
                .add("root", links.schema().apply("u").dataType());
        return Reuse.settled(links.sparkSession().createDataFrame(rows, schema));
    }

    private static Row root(Map<Row, Row> parents, Row rank) {
        Row at = rank;
        parents.putIfAbsent(at, at);
        while (!parents.get(at).equals(at)) {
            parents.put(at, parents.get(parents.get(at)));
            at = parents.get(at);
        }
        return at;
    }

    /** By time, then by key: as Spark sorts the structs. */
    @SuppressWarnings({"unchecked", "rawtypes"})
    private static int compare(Row one, Row other) {
        for (int i = 0; i < one.size(); i++) {
            Object left = one.get(i);
            Object right = other.get(i);
            if (left == null || right == null) {
                if (left != right) {
                    return left == null ? -1 : 1;
                }
                continue;
            }
            int order = left instanceof String text
                    ? java.util.Arrays.compareUnsigned(
                            text.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                            ((String) right).getBytes(java.nio.charset.StandardCharsets.UTF_8))
                    : ((Comparable) left).compareTo(right);
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private static Dataset<Row> stars(Dataset<Row> links) {
        ComputedRows last = null;
        Dataset<Row> edges = links;
        String before = "";
        for (int round = 0; round < MOST_ROUNDS; round++) {
            ComputedRows next = ComputedRows.of(smallStar(largeStar(edges)));
            if (last != null) {
                last.release();
            }
            last = next;
            edges = next.rows();
            Row state = edges.agg(count(lit(1)), bit_xor(xxhash64(col("u"), col("v"))))
                    .first();
            if (state.toString().equals(before)) {
                Dataset<Row> components = Reuse.settled(edges.unionByName(
                                edges.select(col("v").as("u"), col("v")).distinct())
                        .select(col("u.record_key").as("record_key"), col("v").as("root")));
                last.release();
                return components;
            }
            before = state.toString();
        }
        throw new IllegalStateException("Components did not settle in " + MOST_ROUNDS + " rounds");
    }

    /** Each record's larger neighbours get its smallest one. */
    private static Dataset<Row> largeStar(Dataset<Row> edges) {
        Dataset<Row> both = edges.unionByName(edges.select(col("v").as("u"), col("u").as("v")));
        Dataset<Row> smallest = both.groupBy("u")
                .agg(min("v").as("m"))
                .select(col("u"), least(col("u"), col("m")).as("m"));
        return both.where(col("v").gt(col("u")))
                .join(smallest, "u")
                .select(col("v").as("u"), col("m").as("v"))
                .where(col("u").notEqual(col("v")))
                .distinct();
    }

    /** Each record's smaller neighbours, and it, get the smallest of them. */
    private static Dataset<Row> smallStar(Dataset<Row> edges) {
        Dataset<Row> down = edges.select(
                        org.apache
                                .spark
                                .sql
                                .functions
                                .greatest(col("u"), col("v"))
                                .as("u"),
                        least(col("u"), col("v")).as("v"))
                .distinct();
        Dataset<Row> smallest = down.groupBy("u").agg(min("v").as("m"));
        return down.join(smallest, "u")
                .select(col("v").as("u"), col("m").as("v"))
                .where(col("u").notEqual(col("v")))
                .unionByName(smallest.select(col("u"), col("m").as("v")))
                .distinct();
    }
}
