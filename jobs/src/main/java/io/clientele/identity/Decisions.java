package io.clientele.identity;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;

import io.clientele.engine.error.ClienteleException;
import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** What stewards decided: pairs of records that are one customer whatever the data say, and pairs that are not. */
public final class Decisions {
    /** The rule of a link that a steward made. */
    public static final String RULE = "steward";

    private static final StructType SCHEMA = new StructType()
            .add("one", DataTypes.StringType)
            .add("other", DataTypes.StringType)
            .add("is_must", DataTypes.BooleanType);

    private final String file;
    private final List<Decision> all;

    /**
     * One line of the file.
     *
     * @param line from 1, the heading
     * @param isMust whether the two are one customer; else they are not
     * @param one a record key, {@code source|source_customer_key}
     * @param other another one
     * @param reason why, in the steward's words; may be empty
     */
    public record Decision(int line, boolean isMust, String one, String other, String reason) implements Serializable {
        String text() {
            return "line " + line + " (" + (isMust ? "must-link " : "cannot-link ") + one + ", " + other + ")";
        }
    }

    private Decisions(String file, List<Decision> all) {
        this.file = file;
        this.all = List.copyOf(all);
    }

    /** No decisions. */
    public static Decisions none() {
        return new Decisions("", List.of());
    }

    /**
     * @param file named in messages
     * @throws ClienteleException configuration, when a cannot-link contradicts must-links, naming the lines
     */
    public static Decisions of(String file, List<Decision> all) {
        Decisions decisions = new Decisions(file, all);
        decisions.refuseContradictions();
        return decisions;
    }

    /** The decisions, in the order of the file. */
    public List<Decision> all() {
        return all;
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    private void refuseContradictions() {
        Map<String, List<Decision>> musts = new TreeMap<>();
        for (Decision decision : all) {
            if (decision.one().equals(decision.other())) {
                throw ClienteleException.configuration(
                        "%s: %s names one record twice: expected two records.", file, decision.text());
            }
            if (decision.isMust()) {
                musts.computeIfAbsent(decision.one(), k -> new ArrayList<>()).add(decision);
                musts.computeIfAbsent(decision.other(), k -> new ArrayList<>()).add(decision);
            }
        }
        for (Decision cannot : all) {
            if (!cannot.isMust()) {
                List<Decision> path = path(musts, cannot.one(), cannot.other());
                if (path != null) {
                    throw ClienteleException.configuration(
                            "%s: %s contradicts %s: remove one of them.",
                            file,
                            cannot.text(),
                            String.join(
                                    " with ", path.stream().map(Decision::text).toList()));
                }
            }
        }
    }

    /** The must-links that lead from one record to another; null where none do. */
    private static List<Decision> path(Map<String, List<Decision>> musts, String from, String to) {
        Map<String, Decision> cameBy = new HashMap<>();
        Set<String> seen = new HashSet<>(Set.of(from));
        Deque<String> open = new ArrayDeque<>(List.of(from));
        while (!open.isEmpty()) {
            String at = open.removeFirst();
            for (Decision decision : musts.getOrDefault(at, List.of())) {
                String next = decision.one().equals(at) ? decision.other() : decision.one();
                if (seen.add(next)) {
                    cameBy.put(next, decision);
                    open.addLast(next);
                }
            }
        }
        if (!seen.contains(to)) {
            return null;
        }
        List<Decision> path = new ArrayList<>();
        for (String at = to; !at.equals(from); ) {
            Decision decision = cameBy.get(at);
            path.add(0, decision);
            at = decision.one().equals(at) ? decision.other() : decision.one();
        }
        return path;
    }

    private Dataset<Row> rows() {
        return SparkSession.active()
                .createDataFrame(
                        all.stream()
                                .map(d -> RowFactory.create(d.one(), d.other(), d.isMust()))
                                .toList(),
                        SCHEMA);
    }

    /** The pairs decided, the record that appeared first as {@code a_key, a_rank}, the other as {@code b_*}, and {@code is_must}. */
    Dataset<Row> pairs(Dataset<Row> records) {
        Dataset<Row> ranks = records.select(col("record_key"), col("rank"));
        return rows().join(ranks.select(col("record_key").as("one"), col("rank").as("one_rank")), "one")
                .join(ranks.select(col("record_key").as("other"), col("rank").as("other_rank")), "other")
                .select(
                        least(col("one_rank"), col("other_rank")).as("a_rank"),
                        greatest(col("one_rank"), col("other_rank")).as("b_rank"),
                        col("is_must"))
                .select(
                        col("a_rank.record_key").as("a_key"),
                        col("a_rank"),
                        col("b_rank.record_key").as("b_key"),
                        col("b_rank"),
                        col("is_must"))
                .distinct();
    }

    /** The must-links as edges. */
    Dataset<Row> edges(Dataset<Row> records) {
        return pairs(records)
                .where(col("is_must"))
                .select(
                        col("b_key").as("record_key"),
                        col("b_rank").as("rank"),
                        col("a_key").as("anchor_key"),
                        col("a_rank").as("anchor"),
                        lit(RULE).as("rule"),
                        lit(true).as("is_issued"),
                        lit(1.0).as("probability"),
                        lit(IdentityLinks.EXACT_BITS).as("weight"));
    }

    /**
     * @throws ClienteleException configuration, naming every record of the file that there is none of
     */
    void refuseUnknown(Dataset<Row> records) {
        if (isEmpty()) {
            return;
        }
        Dataset<Row> rows = rows();
        // As many as the file has lines at most.
        List<String> unknown = rows
                .select(col("one").as("record_key"))
                .union(rows.select("other"))
                .distinct()
                .join(records.select("record_key"), Identities.using("record_key"), "left_anti")
                .collectAsList()
                .stream()
                .map(r -> r.getString(0))
                .sorted()
                .toList();
        if (!unknown.isEmpty()) {
            throw ClienteleException.configuration(
                    "%s names records that no source delivered: %s; expected source and source_customer_key of core.customer_record.",
                    file, String.join(", ", unknown));
        }
    }
}
