package io.clientele.integrate;

import static io.clientele.integrate.Given.at;
import static io.clientele.integrate.Given.row;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.struct;
import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.testing.FewRows;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

@FewRows
class HistoriesTest {
    private static final StructType SCHEMA =
            StructType.fromDDL("id STRING, at TIMESTAMP, a STRING, b STRING, file STRING");

    @Test
    void mergesEqualValuesAndCarriesWhatIsNotStated() {
        assertThat(intervals(List.of(
                        observation("x", 1, "a", "1", "b", "p"),
                        observation("x", 2, "a", "1", "b", "p"),
                        observation("x", 3, "b", "q"),
                        observation("x", 4, "a", "1"))))
                .containsExactly(
                        "[x,1,p,%s,%s,false]".formatted(at(1), at(3)), "[x,1,q,%s,null,true]".formatted(at(3)));
    }

    @Test
    void aLateObservationLandsInItsInterval() {
        List<Map<String, Object>> rows =
                new ArrayList<>(List.of(observation("x", 1, "a", "1"), observation("x", 5, "a", "3")));
        assertThat(intervals(rows)).hasSize(2);
        rows.add(observation("x", 3, "a", "2"));
        assertThat(intervals(rows))
                .containsExactly(
                        "[x,1,null,%s,%s,false]".formatted(at(1), at(3)),
                        "[x,2,null,%s,%s,false]".formatted(at(3), at(5)),
                        "[x,3,null,%s,null,true]".formatted(at(5)));
    }

    @Test
    void atTheSameInstantTheGreatestPrecedenceWinsByAttribute() {
        assertThat(intervals(List.of(
                        observation("x", 1, "a", "first", "b", "kept", "file", "1"),
                        observation("x", 1, "a", "second", "file", "2"))))
                .containsExactly("[x,second,kept,%s,null,true]".formatted(at(1)));
    }

    @Test
    void agreesWithAnOracleInAnyOrderAndWhenReplayed() {
        for (int round = 0; round < 2; round++) {
            long seed = System.nanoTime();
            Random random = new Random(seed);
            List<Map<String, Object>> rows = new ArrayList<>();
            for (int i = 0; i < 80; i++) {
                rows.add(observation(
                        "k" + random.nextInt(4),
                        1 + random.nextInt(20),
                        "a",
                        pick(random),
                        "b",
                        pick(random),
                        "file",
                        "f%02d".formatted(i)));
            }
            List<String> expected = oracle(rows);
            Collections.shuffle(rows, random);
            assertThat(intervals(rows)).as("seed %d", seed).isEqualTo(expected);
            rows.addAll(List.copyOf(rows.subList(0, 30)));
            assertThat(intervals(rows)).as("seed %d, replayed", seed).isEqualTo(expected);
        }
    }

    @Test
    void whereItCameFromOpensNoInterval() {
        Dataset<Row> rows = Given.of(
                SCHEMA,
                List.of(observation("x", 1, "a", "1", "file", "f1"), observation("x", 2, "a", "1", "file", "f2")));
        assertThat(Given.sorted(
                        Histories.intervals(rows, List.of("id"), "at", List.of("a"), List.of("file"), col("file"))
                                .select("a", "file", "valid_from", "valid_to")))
                .containsExactly("[1,f1,%s,null]".formatted(at(1)));
    }

    private static String pick(Random random) {
        int value = random.nextInt(4);
        return value == 0 ? null : "v" + value;
    }

    private static Map<String, Object> observation(String id, int day, Object... attributes) {
        Map<String, Object> row = row(attributes);
        row.put("id", id);
        row.put("at", at(day));
        return row;
    }

    private static List<String> intervals(List<Map<String, Object>> rows) {
        return Given.sorted(Histories.intervals(
                        Given.of(SCHEMA, rows).repartition(3),
                        List.of("id"),
                        "at",
                        List.of("a", "b"),
                        struct(col("file")))
                .select("id", "a", "b", "valid_from", "valid_to", "is_current"));
    }

    /** One observation after the other, by time and then file. */
    private static List<String> oracle(List<Map<String, Object>> rows) {
        Map<String, TreeMap<java.sql.Timestamp, String[]>> states = new TreeMap<>();
        rows.stream()
                .sorted(java.util.Comparator.comparing(r -> r.get("at").toString() + r.get("file")))
                .forEach(r -> {
                    TreeMap<java.sql.Timestamp, String[]> known =
                            states.computeIfAbsent((String) r.get("id"), k -> new TreeMap<>());
                    String[] state = known.isEmpty()
                            ? new String[2]
                            : known.lastEntry().getValue().clone();
                    state[0] = Objects.requireNonNullElse((String) r.get("a"), state[0] == null ? "" : state[0]);
                    state[1] = Objects.requireNonNullElse((String) r.get("b"), state[1] == null ? "" : state[1]);
                    known.put((java.sql.Timestamp) r.get("at"), state);
                });
        List<String> intervals = new ArrayList<>();
        states.forEach((id, known) -> {
            String former = null;
            List<String[]> opened = new ArrayList<>();
            for (Map.Entry<java.sql.Timestamp, String[]> entry : known.entrySet()) {
                String state = shown(entry.getValue()[0]) + "," + shown(entry.getValue()[1]);
                if (!state.equals(former)) {
                    opened.add(new String[] {state, entry.getKey().toString()});
                }
                former = state;
            }
            for (int i = 0; i < opened.size(); i++) {
                String end = i + 1 < opened.size() ? opened.get(i + 1)[1] : null;
                intervals.add("[%s,%s,%s,%s,%s]".formatted(id, opened.get(i)[0], opened.get(i)[1], end, end == null));
            }
        });
        return intervals.stream().sorted().toList();
    }

    private static String shown(String value) {
        return value.isEmpty() ? "null" : value;
    }
}
