package io.clientele.engine;

import static scala.jdk.javaapi.CollectionConverters.asScala;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.rdd.CoalescedRDD;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.SortOrder;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Statistics;
import org.apache.spark.sql.catalyst.plans.physical.SinglePartition$;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.execution.LogicalRDD;
import scala.Option;
import scala.math.BigInt;

/**
 * Rows that were computed at once and are kept in memory, what does not fit there on disk. The planner does not see how they
 * were made, and knows how large they are: of a plan, it takes a join for the product of both sides. Few rows are one
 * partition, so that what groups or sorts them sends them nowhere.
 */
public final class ComputedRows {
    /** A row is kept as an object, which takes about as much again as its columns. */
    private static final int KEPT_BYTES_A_BYTE = 2;

    /** Rows of fewer bytes are few: to send them, by a Spark job of its own, takes longer than what two tasks would share. */
    private static final long FEW = 1L << 20;

    private final SparkSession session;
    private final LogicalRDD plan;

    private ComputedRows(SparkSession session, LogicalRDD plan) {
        this.session = session;
        this.plan = plan;
    }

    /** Computes rows. */
    public static ComputedRows of(Dataset<Row> rows) {
        SparkSession session = (SparkSession) rows.sparkSession();
        LogicalRDD computed = (LogicalRDD) plan(rows.localCheckpoint());
        // Asked for these alone: what another thread is just computing has lost its dependencies and not yet got new
        // ones.
        long size = Arrays.stream(session.sparkContext()
                        .getRDDStorageInfo(kept -> kept.id() == computed.rdd().id()))
                .mapToLong(info -> info.memSize() + info.diskSize())
                .sum();
        Statistics known = new Statistics(
                BigInt.apply(size / KEPT_BYTES_A_BYTE),
                Option.empty(),
                Statistics.$lessinit$greater$default$3(),
                false);
        int partitions = computed.rdd().getNumPartitions();
        boolean isGathered = partitions > 1 && size < FEW;
        return new ComputedRows(
                session,
                computed.copy(
                        computed.output(),
                        isGathered ? gathered(computed.rdd()) : computed.rdd(),
                        isGathered || partitions == 1 ? SinglePartition$.MODULE$ : computed.outputPartitioning(),
                        isGathered ? asScala(List.<SortOrder>of()).toSeq() : computed.outputOrdering(),
                        false,
                        Option.empty(),
                        session,
                        Option.apply(known),
                        Option.empty()));
    }

    private static RDD<InternalRow> gathered(RDD<InternalRow> rows) {
        return rows.coalesce(1, false, Option.empty(), null);
    }

    /** Those that {@link #rows} gave, null where rows come from elsewhere. */
    public static ComputedRows behind(Dataset<Row> rows) {
        return plan(rows) instanceof LogicalRDD computed
                ? new ComputedRows((SparkSession) rows.sparkSession(), computed)
                : null;
    }

    /** The rows, with columns of their own each time, so that they can be joined with themselves. */
    public Dataset<Row> rows() {
        return org.apache.spark.sql.classic.Dataset.ofRows(session, plan.newInstance());
    }

    /** How many there are, counted without a plan. */
    public long count() {
        return kept().count();
    }

    /** Lets go of the rows; what was made of them must not be used any more. */
    public void release() {
        kept().unpersist(false);
    }

    private RDD<InternalRow> kept() {
        return plan.rdd() instanceof CoalescedRDD<InternalRow> gathered ? gathered.prev() : plan.rdd();
    }

    private static LogicalPlan plan(Dataset<Row> rows) {
        return ((org.apache.spark.sql.classic.Dataset<Row>) rows).logicalPlan();
    }
}
