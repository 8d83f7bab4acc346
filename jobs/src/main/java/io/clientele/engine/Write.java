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
 * @param gone of what vanishes in the same commit, null: nothing: for an appended table the rows that equal one of these in
 *     all of its columns, for an upserted one those with the key of one of these, unless it is among {@code rows}
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

    /**
     * Rows of an upserted table, of which some replace others.
     *
     * @param correction a column that is true where a row may replace an earlier one; without such rows, the table's old rows are
     *     not read; null where any row may
     * @param gone the keys that vanish, unless they are among {@code rows}; null: none
     */
    public static Write correcting(TableRef table, Dataset<Row> rows, String correction, Dataset<Row> gone) {
        return new Write(table, rows, null, correction, gone);
    }

    /** Rows in place of others: readers of changes see the ones deleted and the others inserted. */
    public static Write inPlaceOf(TableRef table, Dataset<Row> rows, Dataset<Row> gone) {
        return new Write(table, rows, null, null, gone);
    }
}
