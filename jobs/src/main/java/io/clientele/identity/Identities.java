package io.clientele.identity;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.min_by;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.substring;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.clientele.engine.Reuse;
import io.clientele.engine.TableRef;
import io.clientele.warehouse.CoreTables;
import io.clientele.warehouse.IdentityTables;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Gives each source record its customer, under an id that lasts: minted once from the customer's first record, inherited by
 * the group of records that mostly held it, never derived again when members change and never given out twice.
 *
 * <p>Evidence becomes edges ({@link IdentityLinks}), edges become groups ({@link IdentityGroups}), groups get ids here.
 */
public final class Identities {
    /** Raised when a rule of {@link Names} or {@link BlockingRules} changes, so that customers are matched anew. */
    public static final int RULES_VERSION = 4;

    private Identities() {}

    /**
     * The rows of {@link CoreTables#IDENTITY} of all records whose customer is new or changed, each with its former rows; no
     * row when nothing changed. Links are sought among all records, so that the outcome is the same whether records came
     * together or one by one; only the groups that differ from {@code identity} get further.
     *
     * <p>A new record belongs to its customer from its first {@code recorded_at}. One that changes its customer does so when
     * the newest record of the groups concerned was recorded, never by the clock.
     *
     * @param customerRecords all rows of {@link CoreTables#CUSTOMER_RECORD}
     * @param identity all rows of {@link CoreTables#IDENTITY} so far
     * @throws io.clientele.engine.error.ClienteleException configuration, when a decision names a record that is not there
     */
    public static Dataset<Row> resolve(
            Dataset<Row> customerRecords, Dataset<Row> identity, MatchConfig config, Decisions decisions) {
        return resolution(customerRecords, identity, config, decisions).identity();
    }

    /**
     * Who is who, and why.
     *
     * @param identity as {@link #resolve} gives it
     * @param redirects customers that another one took in: {@code customer_id, redirected_to, redirected_at, reason}
     * @param pairs rows of {@link IdentityTables#MATCH_PAIR}
     * @param weakIdentifiers rows of {@link IdentityTables#WEAK_IDENTIFIER}
     * @param refusedBlocks rows of {@link IdentityTables#REFUSED_BLOCK}
     * @param records rows of {@link IdentityTables#MATCH_RECORD}: all, or those that may be new or changed
     * @param components rows of {@link IdentityTables#MATCH_COMPONENT}
     * @param model rows of {@link IdentityTables#MATCH_MODEL}; null where the earlier ones hold
     * @param frequencies rows of {@link IdentityTables#MATCH_FREQUENCY}; null where the earlier ones hold
     */
    public record Resolution(
            Dataset<Row> identity,
            Dataset<Row> redirects,
            Dataset<Row> pairs,
            Dataset<Row> weakIdentifiers,
            Dataset<Row> refusedBlocks,
            Dataset<Row> records,
            Dataset<Row> components,
            Dataset<Row> model,
            Dataset<Row> frequencies) {}

    /** {@link #resolve} with what it was decided by. */
    public static Resolution resolution(
            Dataset<Row> customerRecords, Dataset<Row> identity, MatchConfig config, Decisions decisions) {
        Dataset<Row> records = Reuse.settled(MatchRecords.of(customerRecords));
        return resolution(records, Similarity.learn(records, config), identity, config, decisions);
    }

    /**
     * Of all records.
     *
     * @param records as {@link MatchRecords#of} makes them
     * @param similarity with all candidate pairs; null: only exact rules hold
     */
    static Resolution resolution(
            Dataset<Row> records,
            Similarity similarity,
            Dataset<Row> identity,
            MatchConfig config,
            Decisions decisions) {
        SparkSession session = records.sparkSession();
        decisions.refuseUnknown(records);
        Dataset<Row> shared = Reuse.settled(IdentifierUse.shared(IdentifierUse.held(records), config));
        Dataset<Row> likely = similarity == null ? null : Evidence.likely(similarity, similarity.candidates(), config);
        IdentityGroups.Groups groups = IdentityGroups.of(records, shared, similarity, likely, config, decisions);
        Decided decided = decided(groups, identity);
        return new Resolution(
                decided.identity(),
                decided.redirects(),
                likely == null
                        ? none(session, IdentityTables.MATCH_PAIR)
                        : Evidence.pairs(likely, decided.grouped(), config),
                shared.where(IdentifierUse.isWeak()),
                similarity == null ? none(session, IdentityTables.REFUSED_BLOCK) : similarity.refusedBlocks(),
                records.select(columns(IdentityTables.MATCH_RECORD)),
                decided.grouped().select(columns(IdentityTables.MATCH_COMPONENT)),
                Evidence.model(session, similarity),
                similarity == null
                        ? none(session, IdentityTables.MATCH_FREQUENCY)
                        : similarity.training().frequencies());
    }

    private static Dataset<Row> none(SparkSession session, TableRef table) {
        return session.createDataFrame(List.of(), table.schema());
    }

    /**
     * @param identity as {@link #resolve} gives it
     * @param redirects of a {@link Resolution}
     * @param grouped each record with its group
     */
    record Decided(Dataset<Row> identity, Dataset<Row> redirects, Dataset<Row> grouped) {}

    /**
     * The customers of groups.
     *
     * @param groups of all records, or of some that no link and no former customer ties to others
     * @param identity all rows of {@link CoreTables#IDENTITY} of these records
     */
    static Decided decided(IdentityGroups.Groups groups, Dataset<Row> identity) {
        Dataset<Row> former = identity.where(col("is_current"))
                .select(
                        col("record_key"),
                        col("customer_id").as("former_id"),
                        col("valid_from").as("former_from"));
        Dataset<Row> grouped = Reuse.settled(groups.rooted().join(former, using("record_key"), "left_outer"));
        Dataset<Row> resolved = Reuse.settled(withIds(differing(grouped), identity));
        Dataset<Row> changes = Reuse.settled(changes(resolved, groups.edges()));
        return new Decided(opened(changes).unionByName(past(changes, identity)), redirects(changes, grouped), grouped);
    }

    /** The former customers all of whose records moved, each with the one that got most of them. */
    private static Dataset<Row> redirects(Dataset<Row> changes, Dataset<Row> grouped) {
        Dataset<Row> moved = changes.where(col("former_id").isNotNull());
        Dataset<Row> before = grouped.where(col("former_id").isNotNull())
                .groupBy("former_id")
                .agg(count(lit(1)).as("held"));
        return moved.groupBy("former_id", "customer_id")
                .agg(
                        count(lit(1)).as("overlap"),
                        max("changed_at").as("changed_at"),
                        min("match_rule").as("reason"))
                .groupBy("former_id")
                .agg(
                        sum("overlap").as("left"),
                        min_by(
                                        struct(col("customer_id"), col("changed_at"), col("reason")),
                                        struct(lit(0).minus(col("overlap")), col("customer_id")))
                                .as("to"))
                .join(before, "former_id")
                // Whoever kept a record, or was inherited by others, lives on.
                .where(col("left").equalTo(col("held")))
                .join(changes.select(col("customer_id").as("former_id")).distinct(), using("former_id"), "left_anti")
                .select(
                        col("former_id").as("customer_id"),
                        col("to.customer_id").as("redirected_to"),
                        col("to.changed_at").as("redirected_at"),
                        col("to.reason").as("reason"));
    }

    /**
     * Rows of {@link IdentityTables#CUSTOMER_REDIRECT}: the new redirects, and the earlier ones that led to a customer that is
     * redirected now.
     *
     * @param redirects of a {@link Resolution}
     * @param earlier all rows of the table so far
     */
    public static Dataset<Row> redirected(Dataset<Row> redirects, Dataset<Row> earlier, String runId) {
        Dataset<Row> onward = earlier.select(
                        col("customer_id").as("_from"), col("redirected_to").as("_via"))
                .join(redirects, col("_via").equalTo(col("customer_id")))
                .select(col("_from").as("customer_id"), col("redirected_to"), col("redirected_at"), col("reason"));
        return redirects
                .unionByName(onward)
                .withColumn("run_id", lit(runId))
                .select(columns(IdentityTables.CUSTOMER_REDIRECT));
    }

    static Column[] columns(TableRef table) {
        return Arrays.stream(table.schema().fieldNames()).map(c -> col(c)).toArray(Column[]::new);
    }

    static String[] using(String... columns) {
        return columns;
    }

    /** The groups that are not just what one customer was before; every group that shares a former customer with one is too. */
    private static Dataset<Row> differing(Dataset<Row> grouped) {
        Dataset<Row> mixed = grouped.groupBy("root")
                .agg(
                        count(lit(1)).as("members"),
                        count("former_id").as("known"),
                        min("former_id").as("a"),
                        max("former_id").as("b"))
                .where(col("known").lt(col("members")).or(col("a").notEqual(col("b"))))
                .select("root");
        Dataset<Row> split = grouped.where(col("former_id").isNotNull())
                .groupBy("former_id")
                .agg(min("root").as("a"), max("root").as("b"))
                .where(col("a").notEqual(col("b")))
                .select("former_id");
        Dataset<Row> ofSplit =
                grouped.join(split, using("former_id"), "left_semi").select("root");
        return Reuse.settled(grouped.join(mixed.union(ofSplit).distinct(), using("root"), "left_semi"));
    }

    /**
     * Each record with {@code customer_id}. A group asks for the id that most of its records hold, of equals the oldest; an id
     * for which several ask goes to the one that held most of it, of equals the one with the first record. Who gets none mints
     * one.
     */
    private static Dataset<Row> withIds(Dataset<Row> grouped, Dataset<Row> identity) {
        Dataset<Row> asked = grouped.where(col("former_id").isNotNull())
                .groupBy("root", "former_id")
                .agg(count(lit(1)).as("overlap"), min("former_from").as("since"))
                .groupBy("root")
                .agg(min_by(
                                struct(col("former_id"), col("overlap")),
                                struct(lit(0).minus(col("overlap")), col("since"), col("former_id")))
                        .as("best"));
        Dataset<Row> inherited = asked.groupBy(col("best.former_id").as("inherited"))
                .agg(min_by(col("root"), struct(lit(0).minus(col("best.overlap")), col("root")))
                        .as("root"));
        // A record that founds a second customer later on must not mint the id of its first one again.
        Dataset<Row> founded = identity.groupBy(col("record_key").as("founder"))
                .agg(count(lit(1)).as("count_before"));
        Column founder = col("root.record_key");
        Dataset<Row> ids = grouped.select("root")
                .distinct()
                .join(inherited, using("root"), "left_outer")
                .join(founded, founder.equalTo(col("founder")), "left_outer")
                .select(
                        col("root"),
                        coalesce(
                                        col("inherited"),
                                        when(col("count_before").isNull(), mint(founder))
                                                .otherwise(mint(concat(
                                                        founder,
                                                        lit("|"),
                                                        col("count_before").cast("string")))))
                                .as("customer_id"));
        return grouped.join(ids, "root");
    }

    private static Column mint(Column recordKey) {
        return concat(lit("C-"), substring(sha2(recordKey.cast("binary"), 256), 1, 16));
    }

    /** The records whose customer is new or another, with {@code changed_at} and {@code match_rule}. */
    private static Dataset<Row> changes(Dataset<Row> resolved, Dataset<Row> edges) {
        Dataset<Row> ofGroup =
                resolved.groupBy("root").agg(max("last_recorded_at").as("group_at"));
        Dataset<Row> ofFormer = resolved.where(col("former_id").isNotNull())
                .groupBy("former_id")
                .agg(max("last_recorded_at").as("former_at"));
        Column changedAt = when(col("former_id").isNull(), col("first_recorded_at"))
                .otherwise(greatest(
                        col("group_at"), col("former_at"), col("former_from").plus(expr("INTERVAL 1 SECOND"))));
        return resolved.join(ofGroup, "root")
                .join(ofFormer, using("former_id"), "left_outer")
                .where(col("former_id").isNull().or(col("former_id").notEqual(col("customer_id"))))
                .withColumn("changed_at", changedAt)
                .join(rules(edges, "record_key", "own"), using("record_key"), "left_outer")
                .join(rules(edges, "anchor_key", "other"), using("record_key"), "left_outer")
                .withColumn(
                        "because",
                        coalesce(
                                col("own"),
                                when(
                                        col("former_id").isNotNull(),
                                        coalesce(
                                                col("other"),
                                                struct(lit("split").as("rule"), lit(1.0).as("probability")))),
                                struct(lit("new").as("rule"), lit(1.0).as("probability"))))
                .withColumn("match_rule", col("because.rule"))
                .withColumn("match_probability", col("because.probability"));
    }

    /** The strongest rule among the links of each record, a struct of rule and probability: issued numbers first. */
    private static Dataset<Row> rules(Dataset<Row> edges, String end, String name) {
        return edges.groupBy(col(end).as("record_key"))
                .agg(min_by(
                                struct(col("rule"), col("probability")),
                                struct(
                                        col("is_issued").equalTo(false),
                                        col("rule").equalTo(IdentityGroups.SIMILARITY),
                                        lit(0).minus(col("probability")),
                                        col("rule")))
                        .as(name));
    }

    private static Dataset<Row> opened(Dataset<Row> changes) {
        return changes.withColumn("valid_from", col("changed_at"))
                .withColumn("valid_to", lit(null).cast("timestamp"))
                .withColumn("is_current", lit(true))
                .select(columns(CoreTables.IDENTITY));
    }

    private static Dataset<Row> past(Dataset<Row> changes, Dataset<Row> identity) {
        return identity.join(
                        changes.where(col("former_id").isNotNull()).select("record_key", "changed_at"), "record_key")
                .withColumn(
                        "valid_to", when(col("is_current"), col("changed_at")).otherwise(col("valid_to")))
                .withColumn("is_current", lit(false))
                .select(columns(CoreTables.IDENTITY));
    }
}
