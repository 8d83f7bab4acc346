package io.clientele.identity;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count_distinct;
import static org.apache.spark.sql.functions.left;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The groups of records that are one customer: connected components of edges, where no chain of weak ones contradicts itself. */
final class IdentityGroups {
    private IdentityGroups() {}

    /** Each record with {@code root}, the rank of its group's first record: its own where it has no edge. */
    static Dataset<Row> rooted(Dataset<Row> records, Dataset<Row> edges) {
        if (edges.isEmpty()) {
            return records.withColumn("root", col("rank"));
        }
        return records.join(ConnectedComponents.of(edges), Identities.using("record_key"), "left_outer")
                .withColumn("root", coalesce(col("root"), col("rank")));
    }

    /**
     * The edges to keep. Where a group holds two customer numbers of one source, two tax numbers, or among its weakly linked
     * records two birth dates or initials, a chain of weak edges has tied two customers together; which link is at fault
     * cannot be told, so in that group only issued numbers hold.
     *
     * @param edges at least one, as {@link IdentityLinks#edges} makes them
     */
    static Dataset<Row> withoutConflicts(Dataset<Row> records, Dataset<Row> edges) {
        Dataset<Row> weak = edges.where(col("is_issued").equalTo(false));
        if (weak.isEmpty()) {
            return edges;
        }
        Dataset<Row> weaklyLinked = weak.select("record_key")
                .union(weak.select(col("anchor_key").as("record_key")))
                .distinct()
                .withColumn("is_weakly_linked", lit(true));
        Dataset<Row> members = records.join(ConnectedComponents.of(edges), Identities.using("record_key"), "inner")
                .join(weaklyLinked, Identities.using("record_key"), "left_outer")
                .localCheckpoint();
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
        return edges.where(col("is_issued"))
                .unionByName(weak.join(torn, Identities.using("record_key"), "left_anti"))
                .localCheckpoint();
    }
}
