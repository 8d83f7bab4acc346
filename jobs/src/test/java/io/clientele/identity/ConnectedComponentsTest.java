package io.clientele.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.integrate.Given;
import io.clientele.testing.SharedSpark;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

class ConnectedComponentsTest {
    private static final StructType EDGES =
            StructType.fromDDL("record_key STRING, rank STRUCT<first_recorded_at: TIMESTAMP, record_key: STRING>, "
                    + "anchor_key STRING, anchor STRUCT<first_recorded_at: TIMESTAMP, record_key: STRING>");

    @Test
    void agreesWithUnionFindOnRandomGraphs() {
        for (int round = 0; round < 2; round++) {
            long seed = System.nanoTime();
            Random random = new Random(seed);
            int nodes = 60;
            List<int[]> edges = new ArrayList<>();
            for (int i = 0; i < 20 + random.nextInt(50); i++) {
                int one = random.nextInt(nodes);
                edges.add(new int[] {one, (one + 1 + random.nextInt(nodes - 1)) % nodes});
            }
            for (int few : new int[] {0, ConnectedComponents.FEW}) {
                assertThat(components(edges, few))
                        .as("seed %d, on the driver up to %d", seed, few)
                        .isEqualTo(UnionFind.of(nodes, edges).rootsOfLinked(edges));
            }
        }
    }

    @Test
    void settlesALongChainInFewRounds() {
        List<int[]> chain =
                IntStream.range(0, 120).mapToObj(i -> new int[] {i, i + 1}).toList();
        assertThat(components(chain, 0).values()).containsOnly(0);
        assertThat(components(chain, ConnectedComponents.FEW)).hasSize(121);
    }

    private static Map<Integer, Integer> components(List<int[]> edges, int few) {
        List<Row> rows = edges.stream()
                .map(e -> RowFactory.create(key(e[1]), rank(e[1]), key(e[0]), rank(e[0])))
                .toList();
        Dataset<Row> found = ConnectedComponents.of(SharedSpark.session().createDataFrame(rows, EDGES), few);
        Map<Integer, Integer> components = new TreeMap<>();
        for (Row row : found.select("record_key", "root.record_key").collectAsList()) {
            components.put(number(row.getString(0)), number(row.getString(1)));
        }
        return components;
    }

    private static String key(int node) {
        return "s|%03d".formatted(node);
    }

    private static int number(String key) {
        return Integer.parseInt(key.substring(2));
    }

    private static Row rank(int node) {
        return RowFactory.create(Given.at(1), key(node));
    }
}
