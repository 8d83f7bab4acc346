package io.clientele.identity;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_distinct;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.filter;
import static org.apache.spark.sql.functions.left;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.posexplode;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.slice;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import io.clientele.engine.Reuse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF3;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.collection.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The groups of records that are one customer: connected components of links, refined where a link is only likely
 * ({@link Refinement}).
 */
final class IdentityGroups {
    /** Records up to which a component is looked at as a whole; a larger one is first split at higher thresholds. */
    private static final int MOST_MEMBERS = 60;

    /** Bits below which the likely links of a component that is too large are cut, one after the other. */
    private static final List<Double> HIGHER_BITS = List.of(5.0, 10.0, 15.0, 20.0, 1000.0);

    private static final StructType CUSTOMER_OF =
            new StructType().add("record_key", DataTypes.StringType).add("first_key", DataTypes.StringType);

    private static final UserDefinedFunction REFINED = udf(
            (UDF3<Seq<String>, Seq<Row>, Double, Row[]>) IdentityGroups::refined,
            DataTypes.createArrayType(CUSTOMER_OF));

    /** What is asked of a record when it has its group. */
    private static final Column[] PLACED = {
        col("record_key"),
        col("rank"),
        col("source"),
        col("source_customer_key"),
        col("first_recorded_at"),
        col("last_recorded_at")
    };

    private IdentityGroups() {}

    /**
     * @param rooted each record ({@link #PLACED}) with {@code root}, the rank of its group's first record, its own where it is alone, and {@code
     *     component}, the key of the first record of those that any edge ties it to, directly or through others: nothing
     *     outside of a component has a say in its groups
     * @param edges the links inside of groups: {@code record_key, rank, anchor_key, anchor, rule, is_issued, probability, weight}
     */
    record Groups(Dataset<Row> rooted, Dataset<Row> edges) {}

    /**
     * @param records as {@link MatchRecords#of} makes them
     * @param shared as {@link IdentifierUse#shared} makes them; those that are evidence suffice
     * @param similarity by which any two of the records can be weighed; null: only exact rules hold
     * @param likely {@link Evidence#likely} pairs, among them all of these records; null: none
     * @param decisions what stewards decided
     */
    static Groups of(
            Dataset<Row> records,
            Dataset<Row> shared,
            Similarity similarity,
            Dataset<Row> likely,
            MatchConfig config,
            Decisions decisions) {
        Dataset<Row> exact = Reuse.settled(IdentityLinks.edges(records, shared));
        Conflicts conflicts = Reuse.count(exact) == 0 ? new Conflicts(exact, null) : withoutConflicts(records, exact);
        Dataset<Row> edges = conflicts.kept();
        Dataset<Row> steward = decisions.pairs(records);
        edges = edges.unionByName(decisions.edges(records));
        if (likely != null) {
            edges = edges.unionByName(links(records, likely, config));
        }
        edges = Reuse.settled(edges);
        Dataset<Row> components = Reuse.count(edges) == 0 ? null : ConnectedComponents.of(edges);
        Dataset<Row> rooted =
                withComponents(records.select(PLACED), components, bridges(conflicts.torn(), decisions, steward));
        if (components == null) {
            return new Groups(rooted.withColumn("root", col("rank")), edges);
        }
        for (double higher : HIGHER_BITS) {
            Dataset<Row> large = components
                    .groupBy("root")
                    .agg(count(lit(1)).as("members"))
                    .where(col("members").gt(MOST_MEMBERS));
            if (large.isEmpty()) {
                break;
            }
            Dataset<Row> inLarge = components
                    .join(large, Identities.using("root"), "left_semi")
                    .select(col("record_key"), lit(true).as("_in_large"));
            edges = Reuse.settled(edges.join(inLarge, Identities.using("record_key"), "left_outer")
                    .where(col("_in_large")
                            .isNull()
                            .or(col("is_issued"))
                            .or(col("weight").geq(higher)))
                    .drop("_in_large"));
            components = ConnectedComponents.of(edges);
        }
        Dataset<Row> groups = similarity == null && decisions.isEmpty()
                ? components
                : refine(records, components, edges, similarity, config, steward);
        return new Groups(
                rooted.join(groups, Identities.using("record_key"), "left_outer")
                        .withColumn("root", coalesce(col("root"), col("rank"))),
                Reuse.settled(inside(edges, groups)));
    }

    private static Dataset<Row> links(Dataset<Row> records, Dataset<Row> likely, MatchConfig config) {
        return likely.where(Evidence.isLink(config))
                .select(
                        col("other_record_key").as("record_key"),
                        col("record_key").as("anchor_key"),
                        lit(SIMILARITY).as("rule"),
                        lit(false).as("is_issued"),
                        col("probability"),
                        col("weight_bits").as("weight"))
                .join(records.select("record_key", "rank"), "record_key")
                .join(
                        records.select(
                                col("record_key").as("anchor_key"), col("rank").as("anchor")),
                        "anchor_key");
    }

    /** What ties components together without being a link: exact links that were given up, and pairs that are forbidden. */
    private static Dataset<Row> bridges(Dataset<Row> torn, Decisions decisions, Dataset<Row> steward) {
        Dataset<Row> forbidden = decisions.isEmpty()
                ? null
                : steward.where(not(col("is_must")))
                        .select(
                                col("b_key").as("record_key"),
                                col("b_rank").as("rank"),
                                col("a_key").as("anchor_key"),
                                col("a_rank").as("anchor"));
        if (torn == null) {
            return forbidden;
        }
        Dataset<Row> given = torn.select("record_key", "rank", "anchor_key", "anchor");
        return forbidden == null ? given : given.unionByName(forbidden);
    }

    /** The records, each with the component of links it is in, those joined from one to another of which a bridge leads. */
    private static Dataset<Row> withComponents(Dataset<Row> records, Dataset<Row> components, Dataset<Row> bridges) {
        Dataset<Row> rooted = components == null
                ? records.withColumn("_component", col("rank"))
                : records.join(
                                components.withColumnRenamed("root", "_component"),
                                Identities.using("record_key"),
                                "left_outer")
                        .withColumn("_component", coalesce(col("_component"), col("rank")));
        if (bridges != null) {
            Dataset<Row> roots = rooted.select("record_key", "_component");
            Dataset<Row> between = bridges.join(roots.toDF("record_key", "_one"), "record_key")
                    .join(roots.toDF("anchor_key", "_other"), "anchor_key")
                    .select(
                            col("_one.record_key").as("record_key"),
                            col("_one").as("rank"),
                            col("_other.record_key").as("anchor_key"),
                            col("_other").as("anchor"));
            Dataset<Row> joined = ConnectedComponents.of(between)
                    .select(col("record_key").as("_key"), col("root").as("_joined"));
            rooted = rooted.join(joined, col("_component.record_key").equalTo(col("_key")), "left_outer")
                    .withColumn("_component", coalesce(col("_joined"), col("_component")))
                    .drop("_key", "_joined");
        }
        return rooted.withColumn("component", col("_component.record_key")).drop("_component");
    }

    static final String SIMILARITY = "similarity";

    private static Dataset<Row> inside(Dataset<Row> edges, Dataset<Row> groups) {
        return edges.join(groups.withColumnRenamed("root", "_root"), "record_key")
                .join(
                        groups.select(
                                col("record_key").as("anchor_key"), col("root").as("_anchor_root")),
                        "anchor_key")
                .where(col("_root").equalTo(col("_anchor_root")))
                .drop("_root", "_anchor_root");
    }

    /** Components in which a likely link or a steward's word needs a look at all pairs; {@code record_key, root} of all. */
    private static Dataset<Row> refine(
            Dataset<Row> records,
            Dataset<Row> components,
            Dataset<Row> edges,
            Similarity similarity,
            MatchConfig config,
            Dataset<Row> steward) {
        Dataset<Row> doubtful = edges.where(not(col("is_issued")))
                .select("record_key")
                .unionByName(steward.select(col("b_key").as("record_key")))
                .join(components, "record_key")
                .select("root")
                .distinct();
        Dataset<Row> sizes = components
                .groupBy("root")
                .agg(count(lit(1)).as("members"))
                .where(col("members").between(2, MOST_MEMBERS))
                .drop("members");
        Dataset<Row> open = sizes.join(doubtful, Identities.using("root"), "left_semi");
        Dataset<Row> known = similarity == null ? withoutFrequencies(records) : similarity.records();
        // A member sorts by its rank.
        Dataset<Row> together = Reuse.settled(known.join(components, "record_key")
                .join(open, Identities.using("root"), "left_semi")
                .groupBy("root")
                .agg(sort_array(collect_list(CandidatePairs.member())).as("members")));
        Dataset<Row> pairsWithin = together.select(
                        col("root"), col("members"), posexplode(col("members")).as(new String[] {"place", "a"}))
                .select(
                        col("root"),
                        col("a"),
                        explode(slice(col("members"), col("place").plus(2), size(col("members"))))
                                .as("b"));
        Dataset<Row> compared = Similarity.compared(pairsWithin, "root");
        Dataset<Row> weighed = similarity == null
                ? compared.withColumn("weight", lit(0.0)).withColumn("is_vetoed", Similarity.isVetoed(true))
                : similarity.weighed(compared);
        Dataset<Row> ties = edges.where(not(col("rule").equalTo(SIMILARITY)))
                .groupBy(col("anchor_key").as("a_key"), col("record_key").as("b_key"))
                .agg(max("is_issued").as("_is_issued"));
        Column tie = when(col("_is_must").equalTo(true), Refinement.Tie.MUST.name())
                .when(col("_is_must").equalTo(false), Refinement.Tie.CANNOT.name())
                .when(col("_is_issued").equalTo(true), Refinement.Tie.ISSUED.name())
                .when(col("is_vetoed"), Refinement.Tie.VETO.name())
                .otherwise(Refinement.Tie.NONE.name());
        Column weight = when(
                        col("_is_issued").isNotNull().and(col("weight").lt(IdentityLinks.EXACT_BITS)),
                        IdentityLinks.EXACT_BITS)
                .otherwise(col("weight"));
        Dataset<Row> pairs = weighed.join(ties, Identities.using("a_key", "b_key"), "left_outer")
                .join(
                        steward.select(
                                col("a_key"), col("b_key"), col("is_must").as("_is_must")),
                        Identities.using("a_key", "b_key"),
                        "left_outer")
                .groupBy("root")
                .agg(collect_list(struct(col("a_key"), col("b_key"), weight.as("weight"), tie.as("tie")))
                        .as("pairs"));
        Dataset<Row> refined = together.select(col("root"), col("members.rank").as("ranks"))
                .join(pairs, "root")
                .withColumn(
                        "customers",
                        REFINED.apply(
                                transform(col("ranks"), r -> r.getField("record_key")),
                                col("pairs"),
                                lit(config.minGroupWeight())))
                .select(col("ranks"), explode(col("customers")).as("customer"))
                .select(
                        col("customer.record_key").as("record_key"),
                        element_at(
                                        filter(
                                                col("ranks"),
                                                r -> r.getField("record_key").equalTo(col("customer.first_key"))),
                                        lit(1))
                                .as("_root"));
        return Reuse.settled(components
                .join(refined, Identities.using("record_key"), "left_outer")
                .select(col("record_key"), coalesce(col("_root"), col("root")).as("root")));
    }

    private static Dataset<Row> withoutFrequencies(Dataset<Row> records) {
        Dataset<Row> known = records;
        for (String column : CandidatePairs.COMPARED) {
            if (column.endsWith("_frequency")) {
                known = known.withColumn(column, lit(null).cast("float"));
            }
        }
        return known;
    }

    private static Row[] refined(Seq<String> keys, Seq<Row> pairs, Double minWeight) {
        List<String> members = CollectionConverters.asJava(keys);
        Map<String, Integer> places = new HashMap<>();
        members.forEach(key -> places.put(key, places.size()));
        Refinement refinement = new Refinement(members.size(), minWeight);
        for (Row pair : CollectionConverters.asJava(pairs)) {
            refinement.pair(
                    places.get(pair.getString(0)),
                    places.get(pair.getString(1)),
                    pair.getDouble(2),
                    Refinement.Tie.valueOf(pair.getString(3)));
        }
        int[] customers = refinement.customers();
        Row[] rows = new Row[customers.length];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = RowFactory.create(members.get(i), members.get(customers[i]));
        }
        return rows;
    }

    /**
     * The exact edges to keep. Where a group holds two customer numbers of one source, two tax numbers, or among its weakly
     * linked records two birth dates or initials, a chain of weak edges has tied two customers together; which link is at fault
     * cannot be told, so in that group only issued numbers hold.
     *
     * @param edges at least one, as {@link IdentityLinks#edges} makes them
     */
    private static Conflicts withoutConflicts(Dataset<Row> records, Dataset<Row> edges) {
        Dataset<Row> weak = edges.where(col("is_issued").equalTo(false));
        if (weak.isEmpty()) {
            return new Conflicts(edges, null);
        }
        Dataset<Row> weaklyLinked = weak.select("record_key")
                .union(weak.select(col("anchor_key").as("record_key")))
                .distinct()
                .withColumn("is_weakly_linked", lit(true));
        Dataset<Row> members =
                Reuse.settled(records.join(ConnectedComponents.of(edges), Identities.using("record_key"), "inner")
                        .join(weaklyLinked, Identities.using("record_key"), "left_outer"));
        Dataset<Row> twoNumbers = members.where(col("customer_number").isNotNull())
                .groupBy("root", "source")
                .agg(count_distinct(col("customer_number")).as("numbers"))
                .where(col("numbers").gt(1))
                .select("root");
        Dataset<Row> twoPeople = members.groupBy("root")
                .agg(
                        count_distinct(col("tax_number")).as("numbers"),
                        count_distinct(when(col("is_weakly_linked"), col("birth_date")))
                                .as("births"),
                        count_distinct(when(col("is_weakly_linked"), left(col("given_name"), lit(1))))
                                .as("initials"))
                .where(col("numbers")
                        .gt(1)
                        .or(col("births").gt(1))
                        .or(col("initials").gt(1)))
                .select("root");
        Dataset<Row> torn = members.join(twoNumbers.union(twoPeople).distinct(), Identities.using("root"), "left_semi")
                .select("record_key");
        Dataset<Row> judged = Reuse.settled(
                edges.join(torn.withColumn("_is_torn", lit(true)), Identities.using("record_key"), "left_outer"));
        Column isTorn = not(col("is_issued")).and(col("_is_torn").isNotNull());
        return new Conflicts(
                judged.where(not(isTorn)).drop("_is_torn"), judged.where(isTorn).drop("_is_torn"));
    }

    /**
     * @param kept exact edges that hold
     * @param torn those that do not; null: there are none
     */
    private record Conflicts(Dataset<Row> kept, Dataset<Row> torn) {}
}
