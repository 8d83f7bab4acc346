package io.clientele.engine;

import java.time.LocalDate;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Rows for a table, kept as the table declares.
 *
 * @param table where
 * @param rows the rows
 * @param days for a table sliced by a date: the days that are replaced, even by nothing; null otherwise
 * @param correction for an upserted table: a boolean column that is true where a row may replace an earlier one, left out
 *     of what is written; null where any row may
 * @param gone for an appended table: the rows that vanish in the same commit are those that equal one of these in all of
 *     its columns; null: none
 */
public record Write(TableRef table, Dataset<Row> rows, List<LocalDate> days, String correction, Dataset<Row> gone) {

    /** Rows kept as the table declares. */
    public static Write of(TableRef table, Dataset<Row> rows) {
        return new Write(table, rows, null, null, null);
    }

    /** All rows of these days. */
    public static Write days(TableRef table, Dataset<Row> rows, List<LocalDate> days) {
        return new Write(table, rows, List.copyOf(days), null, null);
    }

    /** Rows whose keys are new except where the column says so: without such rows, the table's old rows are not read. */
    public static Write mostlyNew(TableRef table, Dataset<Row> rows, String correction) {
        return new Write(table, rows, null, correction, null);
    }

    /** Rows in place of others: readers of changes see the ones deleted and the others inserted. */
    public static Write inPlaceOf(TableRef table, Dataset<Row> rows, Dataset<Row> gone) {
        return new Write(table, rows, null, null, gone);
    }
}
