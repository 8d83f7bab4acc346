package io.clientele.engine.store;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.raise_error;
import static org.apache.spark.sql.functions.when;

import io.clientele.engine.Database;
import io.clientele.engine.Keeping;
import io.clientele.engine.Reuse;
import io.clientele.engine.TableRef;
import io.clientele.engine.Write;
import io.clientele.engine.error.ClienteleException;
import io.delta.tables.DeltaMergeBuilder;
import io.delta.tables.DeltaTable;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Writes rows as their table declares: appended, in place of all, of a snapshot or of days, or merged by key. Columns that the
 * table has gained since it was made are added to it by its next write.
 */
final class TableWriter {
    private static final String ROW_OPERATION = "_row_operation";

    private final SparkSession session;
    private final TableStore store;
    private final SmallTables small;
    private boolean gains;

    /**
     * @param small where rows are kept that are all that a table holds; null: nowhere
     */
    TableWriter(SparkSession session, TableStore store, SmallTables small) {
        this.session = session;
        this.store = store;
        this.small = small;
    }

    /**
     * One commit, or none where nothing would change.
     *
     * @return the rows for {@link SmallTables#wrote}, where they are all that the table holds afterwards; else null
     */
    Dataset<Row> write(Write write, LocalDate asOf, long current) {
        TableRef table = write.table();
        gains = current != TableStore.NONE && gains(table, current);
        Dataset<Row> rows = conform(write, current);
        boolean isWhole = small != null
                && (current == TableStore.NONE || table.keeping() == Keeping.REPLACE)
                && write.gone() == null;
        if (isWhole) {
            rows = small.toWrite(rows);
        }
        switch (table.keeping()) {
            case APPEND -> {
                if (write.gone() == null) {
                    append(table, rows);
                } else {
                    exchange(table, rows, write.gone());
                }
            }
            case REPLACE -> replace(table, rows, current);
            case SNAPSHOT -> snapshot(table, rows, asOf, current);
            case UPSERT -> upsert(write, rows, current);
            case SLICE -> slices(write, rows, current);
        }
        return isWhole ? rows : null;
    }

    /**
     * Whether columns were declared since the table was made.
     *
     * @throws ClienteleException configuration, where a column has changed its type
     */
    private boolean gains(TableRef table, long current) {
        StructType stored = store.stored(table, current);
        boolean gains = false;
        for (StructField field : table.schema().fields()) {
            if (stored.getFieldIndex(field.name()).isEmpty()) {
                gains = true;
            } else if (!DataType.equalsIgnoreNullability(
                    stored.apply(field.name()).dataType(), field.dataType())) {
                throw ClienteleException.configuration(
                        "%s: column %s is declared as %s but the warehouse holds it as %s: give the column with the new type"
                                + " another name, or load a new warehouse.",
                        table.sqlName(),
                        field.name(),
                        field.dataType().sql(),
                        stored.apply(field.name()).dataType().sql());
            }
        }
        return gains;
    }

    private Dataset<Row> conform(Write write, long current) {
        TableRef table = write.table();
        Dataset<Row> rows = write.rows();
        List<Column> columns = new ArrayList<>();
        for (var field : table.schema().fields()) {
            columns.add(col("`" + field.name() + "`").cast(field.dataType()).as(field.name()));
        }
        if (write.correction() != null
                && current != TableStore.NONE
                && table.schema().getFieldIndex(write.correction()).isEmpty()) {
            columns.add(col(write.correction()));
        }
        return rows.select(columns.toArray(Column[]::new));
    }

    private void append(TableRef table, Dataset<Row> rows) {
        writer(table, rows).mode(SaveMode.Append).save(store.path(table));
    }

    private void replace(TableRef table, Dataset<Row> rows, long current) {
        if (gains || !store.replace(table, current, rows)) {
            writer(table, rows).mode(SaveMode.Overwrite).save(store.path(table));
        }
    }

    /** In place of the date's rows; where there are none yet, Delta need not look for them. */
    private void snapshot(TableRef table, Dataset<Row> rows, LocalDate asOf, long current) {
        if (store.isWithout(table, current, List.of(asOf))) {
            appendOf(table, rows, List.of(asOf));
            return;
        }
        writer(table, rows)
                .mode(SaveMode.Overwrite)
                .option("replaceWhere", table.slice() + " = DATE'" + asOf + "'")
                .save(store.path(table));
    }

    /** Appends rows of some dates, and fails at one of another. */
    private void appendOf(TableRef table, Dataset<Row> rows, List<LocalDate> dates) {
        Column date = col(table.slice());
        String given = dates.size() == 1 ? dates.get(0).toString() : dates.size() + " dates";
        append(
                table,
                rows.withColumn(
                        table.slice(),
                        when(date.isInCollection(dates), date)
                                .otherwise(raise_error(
                                        lit(table.sqlName() + " of " + given + " was given a row of another date")))));
    }

    private DataFrameWriter<Row> writer(TableRef table, Dataset<Row> rows) {
        DataFrameWriter<Row> writer = rows.write().format("delta");
        if (!table.skippingColumns().isEmpty()) {
            writer = writer.option("delta.dataSkippingStatsColumns", String.join(",", table.skippingColumns()));
        } else if (table.keeping() == Keeping.SNAPSHOT) {
            writer = writer.option("delta.dataSkippingNumIndexedCols", "0");
        }
        if (gains) {
            writer = writer.option("mergeSchema", "true");
        }
        if (table.keeping() == Keeping.SNAPSHOT) {
            writer = writer.partitionBy(table.slice());
        } else if (table.database() == Database.RAW || table.database() == Database.CORE) {
            writer = writer.option("delta.enableChangeDataFeed", "true");
        }
        return writer;
    }

    private void upsert(Write write, Dataset<Row> rows, long current) {
        TableRef table = write.table();
        if (store.isEmpty(table, current)) {
            append(table, write.correction() == null ? rows : rows.drop(extra(write)));
            return;
        }
        if (write.correction() != null) {
            rows = Reuse.of(rows);
            boolean corrects = !rows.where(col(write.correction())).isEmpty();
            rows = rows.drop(extra(write));
            if (!corrects && write.gone() == null) {
                append(table, rows);
                return;
            }
        }
        Dataset<Row> source = rows.withColumn(ROW_OPERATION, lit("upsert"));
        boolean deletes = write.gone() != null;
        merge(table, deletes ? source.unionByName(deletions(table, rows, write.gone())) : source, deletes, current);
    }

    /** Of the keys of {@code gone} that {@code rows} lack: rows that delete them. */
    private static Dataset<Row> deletions(TableRef table, Dataset<Row> rows, Dataset<Row> gone) {
        Column[] key = table.key().stream().map(c -> col(c)).toArray(Column[]::new);
        List<Column> columns = new ArrayList<>();
        for (StructField field : table.schema().fields()) {
            columns.add(
                    table.key().contains(field.name())
                            ? col(field.name())
                            : lit(null).cast(field.dataType()).as(field.name()));
        }
        columns.add(lit("delete").as(ROW_OPERATION));
        return gone.select(key)
                .distinct()
                .join(
                        rows.select(key),
                        scala.jdk.javaapi.CollectionConverters.asScala(table.key())
                                .toSeq(),
                        "left_anti")
                .select(columns.toArray(Column[]::new));
    }

    private static String extra(Write write) {
        return write.table().schema().getFieldIndex(write.correction()).isEmpty() ? write.correction() : "";
    }

    private void slices(Write write, Dataset<Row> rows, long current) {
        TableRef table = write.table();
        if (store.isEmpty(table, current)) {
            append(table, rows);
            return;
        }
        if (write.days() != null) {
            if (write.days().isEmpty()) {
                return;
            }
            if (store.isWithout(table, current, write.days())) {
                appendOf(table, rows, write.days());
                return;
            }
            String days = write.days().stream().map(d -> "DATE'" + d + "'").collect(Collectors.joining(", "));
            writer(table, rows)
                    .mode(SaveMode.Overwrite)
                    .option("replaceWhere", table.slice() + " IN (" + days + ")")
                    .save(store.path(table));
            return;
        }
        rows = Reuse.known(rows);
        Column[] key = table.key().stream().map(c -> col(c)).toArray(Column[]::new);
        Dataset<Row> stored = store.read(table, current);
        Dataset<Row> touched = stored.join(rows.select(col(table.slice())).distinct(), table.slice())
                .select(stored.columns()[0], rest(stored));
        Dataset<Row> gone = touched.join(
                        rows.select(key),
                        scala.jdk.javaapi.CollectionConverters.asScala(table.key())
                                .toSeq(),
                        "left_anti")
                .select(columns(table))
                .withColumn(ROW_OPERATION, lit("delete"));
        merge(table, rows.withColumn(ROW_OPERATION, lit("upsert")).unionByName(gone), true, current);
    }

    private static String[] rest(Dataset<Row> rows) {
        return Arrays.copyOfRange(rows.columns(), 1, rows.columns().length);
    }

    static Column[] columns(TableRef table) {
        return Arrays.stream(table.schema().fieldNames()).map(c -> col(c)).toArray(Column[]::new);
    }

    /** The stored rows of the keys of {@code source}. */
    private Dataset<Row> ofKeys(TableRef table, Dataset<Row> source, long current) {
        Dataset<Row> stored = store.read(table, current);
        Column same = lit(true);
        for (String key : table.key()) {
            same = same.and(stored.col(key).eqNullSafe(col("_key_" + key)));
        }
        Dataset<Row> keys = source.select(
                table.key().stream().map(k -> col(k).as("_key_" + k)).toArray(Column[]::new));
        return stored.join(keys, same, "left_semi");
    }

    /**
     * One MERGE on the key that touches only rows that differ, or an append where no key is stored yet. The source is kept:
     * Delta reads it twice.
     *
     * @param deletes whether some of the rows may delete a key
     */
    private void merge(TableRef table, Dataset<Row> given, boolean deletes, long current) {
        Dataset<Row> source = Reuse.settled(given);
        if (Reuse.count(source) == 0) {
            return;
        }
        Dataset<Row> stored = Reuse.settled(ofKeys(table, source, current));
        if (Reuse.count(stored) == 0) {
            Dataset<Row> added = source.where(col(ROW_OPERATION).notEqual("delete"));
            if (!deletes || !added.isEmpty()) {
                append(table, added.drop(ROW_OPERATION));
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
        Dataset<Row> changes = Reuse.settled(source.join(stored, same, "left_outer")
                .where(source.col(ROW_OPERATION)
                        .equalTo("delete")
                        .or(stored.col(table.key().get(0)).isNull())
                        .or(changed))
                .select(Arrays.stream(source.columns()).map(source::col).toArray(Column[]::new)));
        if (Reuse.count(changes) == 0) {
            return;
        }
        String condition =
                table.key().stream().map(k -> "t.`" + k + "` <=> s.`" + k + "`").collect(Collectors.joining(" AND "));
        Map<String, String> assignments = Arrays.stream(table.schema().fieldNames())
                .collect(Collectors.toMap(c -> "`" + c + "`", c -> "s.`" + c + "`"));
        merging(table, changes, condition)
                .whenMatched("s." + ROW_OPERATION + " = 'delete'")
                .delete()
                .whenMatched()
                .updateExpr(assignments)
                .whenNotMatched("s." + ROW_OPERATION + " <> 'delete'")
                .insertExpr(assignments)
                .execute();
    }

    private DeltaMergeBuilder merging(TableRef table, Dataset<Row> source, String condition) {
        DeltaMergeBuilder merge =
                DeltaTable.forPath(session, store.path(table)).as("t").merge(source.as("s"), condition);
        return gains ? merge.withSchemaEvolution() : merge;
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
        Dataset<Row> source = Reuse.settled(rows.select(inserted.toArray(Column[]::new))
                .union(gone.distinct().select(deleted.toArray(Column[]::new))));
        if (Reuse.count(source) == 0) {
            return;
        }
        String same = Arrays.stream(gone.columns())
                .map(c -> "t.`" + c + "` <=> s.`_gone_" + c + "`")
                .collect(Collectors.joining(" AND "));
        merging(table, source, same + " AND s." + ROW_OPERATION + " = 'delete'")
                .whenMatched()
                .delete()
                .whenNotMatched("s." + ROW_OPERATION + " = 'insert'")
                .insertExpr(Arrays.stream(table.schema().fieldNames())
                        .collect(Collectors.toMap(c -> "`" + c + "`", c -> "s.`" + c + "`")))
                .execute();
    }
}
