package io.clientele.engine.store;

import io.clientele.engine.ComputedRows;
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
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import scala.jdk.javaapi.CollectionConverters;
import scala.math.BigInt;

/**
 * Versions of small tables, kept in memory from their first read to the end of a run: planning a read of a Delta table takes
 * a Spark job to find its files, more than reading a small one, and most tables are read by several jobs. Only where the
 * executors are threads of the driver: elsewhere rows that live on one executor alone would be lost with it.
 */
public final class SmallTables implements AutoCloseable {
    /** Tables whose folder holds more bytes, all versions together, are read from their files each time. */
    private static final long LIMIT = 2L << 20;

    /** Rows that are made of more bytes are not kept before they are written. */
    private static final long SOURCES_LIMIT = 64L << 20;

    private final SparkSession session;
    private final Map<String, ComputedRows> kept = new ConcurrentHashMap<>();

    /** Nothing is kept yet. */
    public SmallTables(SparkSession session) {
        this.session = session;
    }

    /** The rows of a table's version, with columns of their own each time, so that a table can be joined with itself. */
    Dataset<Row> of(String path, long version, Supplier<Dataset<Row>> read) {
        return readAhead(path, version, read) ? kept.get(key(path, version)).rows() : read.get();
    }

    /** Reads and keeps a table's version where the table is small; whether it is kept. */
    boolean readAhead(String path, long version, Supplier<Dataset<Row>> read) {
        String key = key(path, version);
        if (!kept.containsKey(key) && !isSmall(path)) {
            return false;
        }
        kept.computeIfAbsent(key, k -> ComputedRows.of(read.get()));
        return true;
    }

    /**
     * The same rows, computed and kept where what they are made of is small, so that after their writing the table need not be
     * read; {@link #wrote} then says what became of them.
     */
    Dataset<Row> toWrite(Dataset<Row> rows) {
        if (!session.sparkContext().isLocal()) {
            return rows;
        }
        BigInt size = BigInt.apply(0);
        for (LogicalPlan leaf : CollectionConverters.asJava(((org.apache.spark.sql.classic.Dataset<Row>) rows)
                .queryExecution()
                .withCachedData()
                .collectLeaves())) {
            size = size.$plus(leaf.stats().sizeInBytes());
        }
        return size.$greater(BigInt.apply(SOURCES_LIMIT))
                ? rows
                : ComputedRows.of(rows).rows();
    }

    /** Tells that the whole table holds, at a version, the rows that {@link #toWrite} gave. */
    void wrote(String path, long version, Dataset<Row> rows) {
        ComputedRows computed = ComputedRows.behind(rows);
        if (computed != null) {
            kept.put(key(path, version), computed);
        }
    }

    private static String key(String path, long version) {
        return path + "@" + version;
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

    private org.apache.spark.sql.classic.SparkSession classic() {
        return (org.apache.spark.sql.classic.SparkSession) session;
    }

    /** Lets go of all rows; what was made of them must not be used any more. */
    @Override
    public void close() {
        kept.values().forEach(ComputedRows::release);
        kept.clear();
    }
}
