package io.clientele.engine.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.LogicalRDD;

/**
 * Versions of small tables, kept in memory from their first read to the end of a run: planning a read of a Delta table takes
 * a Spark job to find its files, more than reading a small one, and most tables are read by several jobs. Only where the
 * executors are threads of the driver: elsewhere rows that live on one executor alone would be lost with it.
 */
public final class SmallTables implements AutoCloseable {
    /** Tables whose folder holds more bytes, all versions together, are read from their files each time. */
    private static final long LIMIT = 8L << 20;

    private final SparkSession session;
    private final Map<String, LogicalRDD> kept = new ConcurrentHashMap<>();

    /** Nothing is kept yet. */
    public SmallTables(SparkSession session) {
        this.session = session;
    }

    /** The rows of a table's version, with columns of their own each time, so that a table can be joined with itself. */
    Dataset<Row> of(String path, long version, Supplier<Dataset<Row>> read) {
        String key = path + "@" + version;
        if (!kept.containsKey(key) && !isSmall(path)) {
            return read.get();
        }
        LogicalRDD rows =
                kept.computeIfAbsent(key, k -> (LogicalRDD) plan(read.get().localCheckpoint()));
        return org.apache.spark.sql.classic.Dataset.ofRows(classic(), rows.newInstance());
    }

    private boolean isSmall(String path) {
        if (!session.sparkContext().isLocal()) {
            return false;
        }
        Path folder = new Path(path);
        try {
            FileSystem files = folder.getFileSystem(classic().sessionState().newHadoopConf());
            return files.getContentSummary(folder).getLength() <= LIMIT;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static org.apache.spark.sql.catalyst.plans.logical.LogicalPlan plan(Dataset<Row> rows) {
        return ((org.apache.spark.sql.classic.Dataset<Row>) rows).logicalPlan();
    }

    private org.apache.spark.sql.classic.SparkSession classic() {
        return (org.apache.spark.sql.classic.SparkSession) session;
    }

    /** Lets go of all rows; what was made of them must not be used any more. */
    @Override
    public void close() {
        kept.values().forEach(rows -> rows.rdd().unpersist(false));
        kept.clear();
    }
}
