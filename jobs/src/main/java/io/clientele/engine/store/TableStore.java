package io.clientele.engine.store;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;

import io.clientele.engine.Database;
import io.clientele.engine.Keeping;
import io.clientele.engine.Reuse;
import io.clientele.engine.TableRef;
import io.clientele.engine.Write;
import io.delta.tables.DeltaTable;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.storage.StorageLevel;
import scala.Option;

/**
 * The tables of one warehouse as Delta tables below {@code <warehouse>/<database>/<table>}: the only place that reads and
 * writes them. Every write is one commit and every read names a version, so what a run has staged is seen by nobody until
 * it is published.
 */
public final class TableStore {
    /** The version of a table that was never written. */
    public static final long NONE = -1;

    private static final String ROW_OPERATION = "_row_operation";

    private final SparkSession session;
    private final String root;

    /** The tables below {@code root}, any path that Hadoop understands. */
    public TableStore(SparkSession session, String root) {
        this.session = session;
        this.root = root;
    }

    /** Where a table lives. */
    public String path(TableRef table) {
        return path(table.database().sqlName(), table.name());
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

    /** The table's rows at a version; no rows, with the declared columns, at {@link #NONE}. */
    public Dataset<Row> read(TableRef table, long version) {
        if (version == NONE) {
            return session.createDataFrame(List.of(), table.schema());
        }
        return session.read().format("delta").option("versionAsOf", version).load(path(table));
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
            Dataset<Row> part = session.read()
                    .format("delta")
                    .option("readChangeFeed", "true")
                    .option("startingVersion", range[0])
                    .option("endingVersion", range[1])
                    .load(path(table));
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
            session.sql("DELETE FROM delta.`" + path(table) + "`");
            return latestVersion(table);
        }
        if (restored != null && restored == published) {
            return latest;
        }
        DeltaTable.forPath(session, path(table)).restoreToVersion(published);
        return latestVersion(table);
    }

    /** Writes in one commit; without one where nothing would change. */
    public WriteResult write(Write write, LocalDate asOf, long current) {
        TableRef table = write.table();
        Dataset<Row> rows = conform(write, current);
        switch (table.keeping()) {
            case APPEND -> {
                if (write.gone() == null) {
                    append(table, rows);
                } else {
                    exchange(table, rows, write.gone());
                }
            }
            case REPLACE -> writer(table, rows).mode(SaveMode.Overwrite).save(path(table));
            case SNAPSHOT ->
                writer(table, rows)
                        .mode(SaveMode.Overwrite)
                        .option("replaceWhere", table.slice() + " = DATE'" + asOf + "'")
                        .save(path(table));
            case UPSERT -> upsert(write, rows, current);
            case SLICE -> slices(write, rows, current);
        }
        long version = latestVersion(table);
        return new WriteResult(
                version,
                version == current
                        ? 0
                        : CommitInfo.read(session, path(table), version).rowsWritten());
    }

    private Dataset<Row> conform(Write write, long current) {
        TableRef table = write.table();
        Dataset<Row> rows = write.rows().get();
        List<Column> columns = new ArrayList<>();
        for (var field : table.schema().fields()) {
            columns.add(col("`" + field.name() + "`").cast(field.dataType()).as(field.name()));
        }
        if (write.correction() != null
                && current != NONE
                && table.schema().getFieldIndex(write.correction()).isEmpty()) {
            columns.add(col(write.correction()));
        }
        return rows.select(columns.toArray(Column[]::new));
    }

    private void append(TableRef table, Dataset<Row> rows) {
        writer(table, rows).mode(SaveMode.Append).save(path(table));
    }

    private DataFrameWriter<Row> writer(TableRef table, Dataset<Row> rows) {
        DataFrameWriter<Row> writer = rows.write().format("delta");
        if (table.keeping() == Keeping.SNAPSHOT) {
            writer = writer.partitionBy(table.slice());
        } else if (table.database() == Database.RAW || table.database() == Database.CORE) {
            writer = writer.option("delta.enableChangeDataFeed", "true");
        }
        return writer;
    }

    private boolean isEmpty(TableRef table, long current) {
        return current == NONE || read(table, current).isEmpty();
    }

    private void upsert(Write write, Dataset<Row> rows, long current) {
        TableRef table = write.table();
        if (isEmpty(table, current)) {
            append(table, write.correction() == null ? rows : rows.drop(extra(write)));
            return;
        }
        if (write.correction() != null) {
            rows = Reuse.of(rows);
            boolean corrects = !rows.where(col(write.correction())).isEmpty();
            rows = rows.drop(extra(write));
            if (!corrects) {
                append(table, rows);
                return;
            }
        }
        merge(table, rows.withColumn(ROW_OPERATION, lit("upsert")), current);
    }

    private static String extra(Write write) {
        return write.table().schema().getFieldIndex(write.correction()).isEmpty() ? write.correction() : "";
    }

    private void slices(Write write, Dataset<Row> rows, long current) {
        TableRef table = write.table();
        if (isEmpty(table, current)) {
            append(table, rows);
            return;
        }
        if (write.days() != null) {
            if (write.days().isEmpty()) {
                return;
            }
            String days = write.days().stream().map(d -> "DATE'" + d + "'").collect(Collectors.joining(", "));
            writer(table, rows)
                    .mode(SaveMode.Overwrite)
                    .option("replaceWhere", table.slice() + " IN (" + days + ")")
                    .save(path(table));
            return;
        }
        rows = Reuse.known(rows);
        Column[] key = table.key().stream().map(c -> col(c)).toArray(Column[]::new);
        Dataset<Row> stored = read(table, current);
        Dataset<Row> touched = stored.join(rows.select(col(table.slice())).distinct(), table.slice())
                .select(stored.columns()[0], rest(stored));
        Dataset<Row> gone = touched.join(
                        rows.select(key),
                        scala.jdk.javaapi.CollectionConverters.asScala(table.key())
                                .toSeq(),
                        "left_anti")
                .select(columns(table))
                .withColumn(ROW_OPERATION, lit("delete"));
        merge(table, rows.withColumn(ROW_OPERATION, lit("upsert")).unionByName(gone), current);
    }

    private static String[] rest(Dataset<Row> rows) {
        return Arrays.copyOfRange(rows.columns(), 1, rows.columns().length);
    }

    private static Column[] columns(TableRef table) {
        return Arrays.stream(table.schema().fieldNames()).map(c -> col(c)).toArray(Column[]::new);
    }

    /** The stored rows of the keys of {@code source}. */
    private Dataset<Row> ofKeys(TableRef table, Dataset<Row> source, long current) {
        Dataset<Row> stored = read(table, current);
        Column same = lit(true);
        for (String key : table.key()) {
            same = same.and(stored.col(key).eqNullSafe(col("_key_" + key)));
        }
        Dataset<Row> keys = source.select(
                table.key().stream().map(k -> col(k).as("_key_" + k)).toArray(Column[]::new));
        return Reuse.known(stored.join(keys, same, "left_semi"));
    }

    /**
     * One MERGE on the key that touches only rows that differ, or an append where no key is stored yet. The source is kept:
     * Delta reads it twice.
     */
    private void merge(TableRef table, Dataset<Row> given, long current) {
        Dataset<Row> source = Reuse.known(given);
        Dataset<Row> stored = ofKeys(table, source, current);
        if (stored.isEmpty()) {
            Dataset<Row> added =
                    source.where(col(ROW_OPERATION).notEqual("delete")).drop(ROW_OPERATION);
            if (!added.isEmpty()) {
                append(table, added);
            }
            return;
        }
        Column same = lit(true);
        for (String key : table.key()) {
            same = same.and(source.col(key).eqNullSafe(stored.col(key)));
        }
        List<Column> differs = new ArrayList<>();
        for (String column : table.schema().fieldNames()) {
            differs.add(not(source.col(column).eqNullSafe(stored.col(column))));
        }
        Column changed = differs.stream().reduce(lit(false), Column::or);
        Dataset<Row> changes = source.join(stored, same, "left_outer")
                .where(source.col(ROW_OPERATION)
                        .equalTo("delete")
                        .or(stored.col(table.key().get(0)).isNull())
                        .or(changed))
                .select(Arrays.stream(source.columns()).map(source::col).toArray(Column[]::new))
                .persist(StorageLevel.MEMORY_AND_DISK());
        try {
            if (changes.isEmpty()) {
                return;
            }
            String condition = table.key().stream()
                    .map(k -> "t.`" + k + "` <=> s.`" + k + "`")
                    .collect(Collectors.joining(" AND "));
            Map<String, String> assignments = Arrays.stream(table.schema().fieldNames())
                    .collect(Collectors.toMap(c -> "`" + c + "`", c -> "s.`" + c + "`"));
            DeltaTable.forPath(session, path(table))
                    .as("t")
                    .merge(changes.as("s"), condition)
                    .whenMatched("s." + ROW_OPERATION + " = 'delete'")
                    .delete()
                    .whenMatched()
                    .updateExpr(assignments)
                    .whenNotMatched("s." + ROW_OPERATION + " <> 'delete'")
                    .insertExpr(assignments)
                    .execute();
        } finally {
            changes.unpersist(false);
        }
    }

    /** One MERGE that deletes what is gone and inserts all rows; nothing is committed where there is neither. */
    private void exchange(TableRef table, Dataset<Row> rows, Dataset<Row> gone) {
        List<Column> inserted = new ArrayList<>();
        List<Column> deleted = new ArrayList<>();
        for (var field : table.schema().fields()) {
            inserted.add(col("`" + field.name() + "`"));
            deleted.add(lit(null).cast(field.dataType()).as(field.name()));
        }
        for (var field : gone.schema().fields()) {
            inserted.add(lit(null).cast(field.dataType()).as("_gone_" + field.name()));
            deleted.add(col("`" + field.name() + "`").as("_gone_" + field.name()));
        }
        inserted.add(lit("insert").as(ROW_OPERATION));
        deleted.add(lit("delete").as(ROW_OPERATION));
        Dataset<Row> source = rows.select(inserted.toArray(Column[]::new))
                .union(gone.distinct().select(deleted.toArray(Column[]::new)))
                .persist(StorageLevel.MEMORY_AND_DISK());
        try {
            if (source.isEmpty()) {
                return;
            }
            String same = Arrays.stream(gone.columns())
                    .map(c -> "t.`" + c + "` <=> s.`_gone_" + c + "`")
                    .collect(Collectors.joining(" AND "));
            DeltaTable.forPath(session, path(table))
                    .as("t")
                    .merge(source.as("s"), same + " AND s." + ROW_OPERATION + " = 'delete'")
                    .whenMatched()
                    .delete()
                    .whenNotMatched("s." + ROW_OPERATION + " = 'insert'")
                    .insertExpr(Arrays.stream(table.schema().fieldNames())
                            .collect(Collectors.toMap(c -> "`" + c + "`", c -> "s.`" + c + "`")))
                    .execute();
        } finally {
            source.unpersist(false);
        }
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
                                .select(columns(table));
        };
    }

    /** What a write did: the table's version after it and the rows its commit wrote. */
    public record WriteResult(long version, long rows) {}
}
