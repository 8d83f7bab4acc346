package io.clientele.engine.store;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.clientele.engine.Database;
import io.clientele.engine.TableRef;
import io.clientele.engine.Write;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.types.StructType;
import scala.Option;

/**
 * The tables of one warehouse as Delta tables below {@code <warehouse>/<database>/<table>}: the only place that reads and
 * writes them. Every write is one commit and every read names a version, so what a run has staged is seen by nobody until
 * it is published.
 */
public final class TableStore {
    /** The version of a table that was never written. */
    public static final long NONE = -1;

    private final SparkSession session;
    private final String root;
    private final SmallTables small;
    private final TableFiles files;

    /** The tables below {@code root}, any path that Hadoop understands. */
    public TableStore(SparkSession session, String root) {
        this(session, root, null);
    }

    /** As above; what of small tables is read is kept for the next read. */
    public TableStore(SparkSession session, String root, SmallTables small) {
        this.session = session;
        this.root = root;
        this.small = small;
        this.files = new TableFiles(session);
    }

    /** Where a table lives. */
    public String path(TableRef table) {
        return path(table.database().sqlName(), table.name());
    }

    /** The columns with which a table is stored at a version. */
    StructType stored(TableRef table, long version) {
        return files.schema(path(table), version);
    }

    /** Where a table lives, by its names. */
    public String path(String database, String table) {
        return root + "/" + database + "/" + table;
    }

    /** The newest version in the table's log, published or not; {@link #NONE} without one. */
    public long latestVersion(TableRef table) {
        DeltaLog log = DeltaLog.forTable(session, new Path(path(table)));
        return log.update(false, Option.empty(), Option.empty()).version();
    }

    /**
     * The table's rows at a version; no rows, with the declared columns, at {@link #NONE}. A column that the table has been
     * declared with since then is null.
     */
    public Dataset<Row> read(TableRef table, long version) {
        if (version == NONE) {
            return session.createDataFrame(List.of(), table.schema());
        }
        return declared(
                table,
                small == null ? files(table, version) : small.of(path(table), version, () -> files(table, version)));
    }

    /** Keeps the table's rows at a version for {@link #read}, where it is small; says whether it does. */
    public boolean readAhead(TableRef table, long version) {
        return small != null && small.readAhead(path(table), version, () -> files(table, version));
    }

    /** Commits rows in place of all of the newest version; says whether it did, or Delta has to. */
    boolean replace(TableRef table, long version, Dataset<Row> rows) {
        return version != NONE && files.replace(path(table), version, rows);
    }

    /** Whether the table is known to hold no row at a version; false where that would have to be counted. */
    boolean isEmpty(TableRef table, long version) {
        return version == NONE || files.isEmpty(path(table), version);
    }

    /** Whether a table of snapshots or slices is known to hold no row of some days; false where Delta would have to be asked. */
    boolean isWithout(TableRef table, long version, List<LocalDate> days) {
        return version == NONE || files.isWithout(path(table), version, table.slice(), days);
    }

    private Dataset<Row> files(TableRef table, long version) {
        return files.rows(path(table), version);
    }

    private static Dataset<Row> declared(TableRef table, Dataset<Row> stored) {
        Dataset<Row> rows = stored;
        for (var field : table.schema().fields()) {
            if (stored.schema().getFieldIndex(field.name()).isEmpty()) {
                rows = rows.withColumn(field.name(), lit(null).cast(field.dataType()));
            }
        }
        return rows;
    }

    /**
     * The rows that changed after version {@code from} up to {@code to}, with the columns of Delta's change data feed. What
     * a crashed run wrote and a rollback took back is left out; at {@code from} {@link #NONE} every row is an insert.
     */
    public Dataset<Row> changes(TableRef table, long from, long to) {
        if (from == NONE) {
            return read(table, to)
                    .withColumn("_change_type", lit("insert"))
                    .withColumn("_commit_version", lit(to))
                    .withColumn("_commit_timestamp", lit(null).cast("timestamp"));
        }
        Dataset<Row> result = null;
        for (long[] range : survivingRanges(table, from, to)) {
            Dataset<Row> part = declared(
                    table,
                    files.appended(path(table), range[0], range[1])
                            .orElseGet(() -> session.read()
                                    .format("delta")
                                    .option("readChangeFeed", "true")
                                    .option("startingVersion", range[0])
                                    .option("endingVersion", range[1])
                                    .load(path(table))));
            result = result == null ? part : result.unionByName(part);
        }
        return result != null ? result : changes(table, NONE, to).where(lit(false));
    }

    /** Version ranges (inclusive) after {@code from} up to {@code to} without those that a rollback cancelled. */
    private List<long[]> survivingRanges(TableRef table, long from, long to) {
        boolean[] cancelled = new boolean[(int) (to - from)];
        for (long version = from + 1; version <= to; version++) {
            CommitInfo commit = CommitInfo.read(session, path(table), version);
            if (commit.restoredVersion() != null) {
                for (long v = Math.max(from, commit.restoredVersion()) + 1; v <= version; v++) {
                    cancelled[(int) (v - from - 1)] = true;
                }
            }
        }
        List<long[]> ranges = new ArrayList<>();
        for (long version = from + 1; version <= to; version++) {
            if (cancelled[(int) (version - from - 1)]) {
                continue;
            }
            long[] last = ranges.isEmpty() ? null : ranges.get(ranges.size() - 1);
            if (last != null && last[1] == version - 1) {
                last[1] = version;
            } else {
                ranges.add(new long[] {version, version});
            }
        }
        return ranges;
    }

    /**
     * Takes back everything after a published version, so that the next write builds on what readers see.
     *
     * @return the version whose content now equals the published one
     */
    public long rollback(TableRef table, long published) {
        long latest = latestVersion(table);
        if (latest == published || latest == NONE) {
            return latest;
        }
        Long restored = CommitInfo.read(session, path(table), latest).restoredVersion();
        if (published == NONE) {
            Rollback.toNothing(session, path(table));
            return latestVersion(table);
        }
        if (restored != null && restored == published) {
            return latest;
        }
        Rollback.toVersion(session, path(table), published);
        return latestVersion(table);
    }

    /** Writes in one commit; without one where nothing would change. */
    public WriteResult write(Write write, LocalDate asOf, long current) {
        TableRef table = write.table();
        Dataset<Row> whole = new TableWriter(session, this, small).write(write, asOf, current);
        long version = latestVersion(table);
        if (whole != null && version != current) {
            small.wrote(path(table), version, whole);
        }
        return new WriteResult(
                version,
                version == current
                        ? 0
                        : CommitInfo.read(session, path(table), version).rowsWritten());
    }

    /** Keeps only the rows of a table that belong to what a write replaced: its days, its date, its slices. */
    public Dataset<Row> writtenBy(TableRef table, WriteResult result, long before, LocalDate asOf) {
        Dataset<Row> rows = read(table, result.version());
        return switch (table.keeping()) {
            case REPLACE -> rows;
            case SNAPSHOT ->
                rows.where(col(table.slice()).equalTo(lit(asOf.toString()).cast("date")));
            case APPEND, UPSERT, SLICE ->
                table.database() == Database.OPS
                        ? rows
                        : changes(table, before, result.version())
                                .where(col("_change_type").isInCollection(List.of("insert", "update_postimage")))
                                .select(TableWriter.columns(table));
        };
    }

    /** What a write did: the table's version after it and the rows its commit wrote. */
    public record WriteResult(long version, long rows) {}
}
