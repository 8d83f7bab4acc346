package io.clientele.engine;

import java.util.Locale;
import org.apache.spark.sql.SparkSession;
import scala.runtime.BoxedUnit;

/** The one way in which a Spark session is set up, in production and in tests. */
public final class Sessions {
    private static final String LOG_STORE = "spark.delta.logStore.file.impl";
    private static final String PAGE_SIZE = "spark.buffer.pageSize";

    private Sessions() {}

    /**
     * A builder with what the warehouse relies on: Delta, UTC, ANSI casts off (a failing cast gives null, which a rule then
     * refuses with a reason), all of Java's charsets for {@code decode}. Master and memory are the caller's. The calling thread
     * remembers from now on which classes there are not.
     */
    public static SparkSession.Builder builder(String name) {
        MissingClasses.remember();
        return SparkSession.builder()
                .appName(name)
                .config(
                        "spark.sql.extensions",
                        "io.delta.sql.DeltaSparkSessionExtension," + SparkExtensions.class.getName())
                .config("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
                .config("spark.sql.session.timeZone", "UTC")
                .config("spark.sql.ansi.enabled", "false")
                .config("spark.sql.legacy.javaCharsets", "true")
                .config("spark.sql.legacy.codingErrorAction", "true")
                .config("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS")
                .config("spark.sql.legacy.timeParserPolicy", "CORRECTED")
                // Else a record would be parsed again for each of its columns.
                .config("spark.sql.optimizer.enableCsvExpressionOptimization", "false")
                .config("spark.sql.optimizer.enableJsonExpressionOptimization", "false")
                // The JVM never compiles methods of more bytecodes; Spark's other way of evaluating is faster than
                // interpreting.
                .config("spark.sql.codegen.hugeMethodLimit", "8000")
                .config("spark.databricks.delta.snapshotPartitions", "2")
                // One process writes a warehouse (WarehouseLock), so a commit needs no more than a rename; without
                // Hadoop's
                // native library the ways used by default start a readlink eight times a commit.
                .config(LOG_STORE, System.getProperty(LOG_STORE, "io.delta.storage.LocalLogStore"))
                .config(
                        "spark.sql.streaming.checkpointFileManagerClass",
                        "org.apache.spark.sql.execution.streaming.checkpointing.FileSystemBasedCheckpointFileManager")
                // Sessions bring no classes of their own, for which each generated class would be looked up at the
                // driver.
                .config("spark.sql.artifact.isolation.enabled", "false")
                // Where what is joined with is small in each partition, it is hashed, instead of both sides being
                // sorted. A hash table does not spill: shuffled bytes grow tenfold in it, and two of 512 MB
                // are too many for a heap of 4 GB. No partition larger than that is aimed at, else Spark hashes none.
                .config("spark.sql.adaptive.maxShuffledHashJoinLocalMapThreshold", "16m")
                .config("spark.sql.adaptive.advisoryPartitionSizeInBytes", "16m")
                // A snapshot's rows all belong to one date: no need to sort them by it.
                .config("spark.sql.maxConcurrentOutputFileWriters", "4")
                .config("spark.sql.cache.serializer", RowBatches.class.getName())
                // Each task of each aggregate or sort takes a page at least; of Spark's own choice, 64 MB, the garbage
                // collector has more work than small tasks have with their rows. A task may take 8192 pages.
                .config(PAGE_SIZE, System.getProperty(PAGE_SIZE, "2m"))
                // Groups are mostly customers, more than the 65,536 for which a first, smaller table of groups has
                // room.
                .config("spark.sql.codegen.aggregate.map.twolevel.enabled", "false")
                // A run has more generated classes than the 100 that are kept by default; each would be compiled again.
                .config("spark.sql.codegen.cache.maxEntries", "5000")
                // What a web page would show of past queries is kept otherwise, hundreds of megabytes for large plans.
                .config("spark.sql.ui.retainedExecutions", "1")
                .config("spark.ui.retainedJobs", "10")
                .config("spark.ui.retainedStages", "10")
                .config("spark.sql.maxPlanStringLength", "4096")
                // Each plan is spelled out, whether anybody asks or not; here without most of its columns.
                .config("spark.sql.debug.maxToStringFields", "4")
                .config("spark.ui.enabled", "false")
                .config("spark.ui.showConsoleProgress", "false");
    }

    /**
     * Settings for the machine: where the executors are threads of this JVM, one shuffle partition a core unless the caller set
     * a number (the default of 200 is for clusters), and letters change case by the JVM instead of ICU, whose tables cost seconds
     * at first use; the result is the same in the root locale, which {@code Main} sets. The session becomes the calling thread's
     * active one, whose settings expressions take: a thread that only found a running session would have Spark's defaults.
     */
    public static void adaptTo(SparkSession session) {
        SparkSession.setActiveSession(session);
        if (!session.sparkContext().isLocal()) {
            return;
        }
        forgetQueries(session);
        if (session.conf().get("spark.sql.shuffle.partitions").equals("200")) {
            session.conf()
                    .set("spark.sql.shuffle.partitions", session.sparkContext().defaultParallelism());
        }
        if (Locale.getDefault().equals(Locale.ROOT)) {
            session.conf().set("spark.sql.icu.caseMappings.enabled", "false");
        }
    }

    /** Without a web page nobody asks how queries went, for which Spark would draw a graph of each plan. */
    private static void forgetQueries(SparkSession session) {
        if (!session.sparkContext().getConf().getBoolean("spark.ui.enabled", true)
                && session instanceof org.apache.spark.sql.classic.SparkSession classic) {
            classic.sharedState().statusStore().listener().foreach(listener -> {
                session.sparkContext().removeSparkListener(listener);
                return BoxedUnit.UNIT;
            });
        }
    }
}
