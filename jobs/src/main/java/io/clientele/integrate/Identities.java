package io.clientele.integrate;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_distinct;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.max_by;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.substring;
import static org.apache.spark.sql.functions.when;

import io.clientele.warehouse.CoreTables;
import java.util.Arrays;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Gives each source record its customer, under an id that lasts: minted once from the customer's first record, inherited by
 * the group with which it overlaps most, and never derived again when members change.
 */
public final class Identities {
  private Identities() {}

  /**
   * The rows of {@link CoreTables#IDENTITY} of all records whose customer is new or changed.
   *
   * @param customerRecords all rows of {@link CoreTables#CUSTOMER_RECORD}
   * @param changed the source and source_customer_key of records that are new or changed; null to resolve everything
   * @param identity all rows of {@link CoreTables#IDENTITY} so far
   */
  public static Dataset<Row> resolve(Dataset<Row> customerRecords, Dataset<Row> changed, Dataset<Row> identity) {
    Dataset<Row> current = identity.where(col("is_current"));
    Dataset<Row> records = IdentityLinks.records(customerRecords);
    if (changed != null) {
      records = join(records, concerned(records, changed, current), "left_semi");
    }
    records = records.localCheckpoint();
    Dataset<Row> edges = IdentityLinks.edges(IdentityLinks.evidence(records)).localCheckpoint();
    Dataset<Row> grouped = group(records, edges);
    return intervals(withIds(grouped, current), edges, identity, current);
  }

  private static Dataset<Row> join(Dataset<Row> left, Dataset<Row> right, String kind) {
    return left.join(
        right, scala.jdk.javaapi.CollectionConverters.asScala(java.util.List.of("record_key")).toSeq(), kind);
  }

  /** The changed records, those that share evidence with them, and all records of the customers of either. */
  private static Dataset<Row> concerned(Dataset<Row> records, Dataset<Row> changed, Dataset<Row> current) {
    Dataset<Row> keys =
        changed
            .select(concat(col("source"), lit("|"), col("source_customer_key")).as("record_key"))
            .distinct();
    Dataset<Row> evidence = IdentityLinks.evidence(records);
    Dataset<Row> near =
        evidence
            .join(
                join(evidence, keys, "left_semi").select("rule", "value").distinct(),
                scala.jdk.javaapi.CollectionConverters.asScala(java.util.List.of("rule", "value")).toSeq(),
                "left_semi")
            .select("record_key")
            .union(keys)
            .distinct();
    Dataset<Row> customers = join(current, near, "left_semi").select("customer_id").distinct();
    return current
        .join(customers, "customer_id")
        .select("record_key")
        .union(near)
        .distinct();
  }

  /** Each record with {@code root}, the rank of its group's first record. */
  private static Dataset<Row> group(Dataset<Row> records, Dataset<Row> edges) {
    if (edges.isEmpty()) {
      return records.withColumn("root", col("rank"));
    }
    Dataset<Row> all = rooted(records, ConnectedComponents.of(edges));
    // Two customer numbers of one source in a group: weak evidence chained two customers together. Only issued numbers
    // hold there.
    Dataset<Row> conflicting =
        all.where(col("customer_number").isNotNull())
            .groupBy("root", "source")
            .agg(count_distinct(col("customer_number")).as("numbers"))
            .where(col("numbers").gt(1))
            .select("root")
            .distinct()
            .localCheckpoint();
    if (conflicting.isEmpty()) {
      return all;
    }
    Dataset<Row> torn = all.join(conflicting, "root").select("record_key");
    Dataset<Row> kept =
        edges
            .join(torn.withColumn("is_torn", lit(true)), "record_key")
            .where(col("is_issued"))
            .drop("is_torn")
            .unionByName(join(edges, torn, "left_anti"))
            .localCheckpoint();
    return kept.isEmpty() ? records.withColumn("root", col("rank")) : rooted(records, ConnectedComponents.of(kept));
  }

  private static Dataset<Row> rooted(Dataset<Row> records, Dataset<Row> components) {
    return join(records, components, "left_outer").withColumn("root", coalesce(col("root"), col("rank"))).localCheckpoint();
  }

  /** Each record with {@code customer_id} and {@code changed_at}, when its group's last record was first seen. */
  private static Dataset<Row> withIds(Dataset<Row> grouped, Dataset<Row> current) {
    Dataset<Row> claims =
        join(grouped, current.select("record_key", "customer_id", "valid_from"), "inner")
            .groupBy("root", "customer_id")
            .agg(count(lit(1)).as("overlap"), min("valid_from").as("since"));
    Column best = struct(col("overlap"), lit(0).minus(col("since").cast("double")), col("customer_id"));
    Dataset<Row> winners =
        claims
            .groupBy("customer_id")
            .agg(
                max_by(col("root"), struct(col("overlap"), lit(0).minus(col("root.first_recorded_at").cast("double"))))
                    .as("root"),
                max("overlap").as("overlap"),
                min("since").as("since"))
            .groupBy("root")
            .agg(max_by(col("customer_id"), best).as("inherited"));
    Dataset<Row> taken = claims.select(col("customer_id").as("taken")).distinct();
    Column root = col("root.record_key");
    Column minted = mint(root);
    return grouped
        .join(grouped.groupBy("root").agg(max("first_recorded_at").as("changed_at")), "root")
        .join(winners, scala.jdk.javaapi.CollectionConverters.asScala(java.util.List.of("root")).toSeq(), "left_outer")
        .join(taken, minted.equalTo(col("taken")), "left_outer")
        .withColumn(
            "customer_id",
            coalesce(
                col("inherited"),
                // After a split the id minted from this very record lives on in the other part.
                when(col("taken").isNotNull(), mint(concat(root, lit("|split")))).otherwise(minted)))
        .drop("inherited", "taken");
  }

  private static Column mint(Column recordKey) {
    return concat(lit("C-"), substring(sha2(recordKey.cast("binary"), 256), 1, 16));
  }

  private static Dataset<Row> intervals(
      Dataset<Row> resolved, Dataset<Row> edges, Dataset<Row> identity, Dataset<Row> current) {
    Dataset<Row> rules =
        edges
            .groupBy("record_key")
            .agg(max_by(col("rule"), struct(col("is_issued"), col("rule"))).as("rule"));
    Dataset<Row> former =
        current.select(col("record_key"), col("customer_id").as("former_id"), col("valid_from").as("former_from"));
    Dataset<Row> changes =
        join(join(resolved, former, "left_outer"), rules, "left_outer")
            .where(col("former_id").isNull().or(not(col("former_id").equalTo(col("customer_id")))))
            .withColumn(
                "changed_at",
                when(col("former_id").isNull(), col("first_recorded_at"))
                    .otherwise(
                        greatest(
                            col("changed_at"),
                            col("former_from").plus(org.apache.spark.sql.functions.expr("INTERVAL 1 SECOND")))))
            .localCheckpoint();
    Column[] columns =
        Arrays.stream(CoreTables.IDENTITY.schema().fieldNames()).map(c -> col(c)).toArray(Column[]::new);
    Dataset<Row> opened =
        changes
            .withColumn("match_rule", coalesce(col("rule"), lit("new")))
            .withColumn("match_probability", lit(1.0))
            .withColumn("valid_from", col("changed_at"))
            .withColumn("valid_to", lit(null).cast("timestamp"))
            .withColumn("is_current", lit(true))
            .select(columns);
    Dataset<Row> past =
        join(identity, changes.where(col("former_id").isNotNull()).select("record_key", "changed_at"), "inner")
            .withColumn("valid_to", when(col("is_current"), col("changed_at")).otherwise(col("valid_to")))
            .withColumn("is_current", lit(false))
            .select(columns);
    return opened.unionByName(past);
  }
}
