package io.clientele.engine;

import java.time.LocalDate;
import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Rows for a table, kept as the table declares.
 *
 * @param table where
 * @param rows asked for when the write's turn comes, so that it may use {@link JobInputs#written}
 * @param days for a table sliced by a date: the days that are replaced, even by nothing; null otherwise
 * @param correction for an upserted table: a boolean column that is true where a row may replace an earlier one, left out
 *     of what is written; null where any row may
 */
public record Write(TableRef table, Supplier<Dataset<Row>> rows, List<LocalDate> days, String correction) {

    /** Rows kept as the table declares. */
    public static Write of(TableRef table, Dataset<Row> rows) {
        return new Write(table, () -> rows, null, null);
    }

    /** Rows computed when the earlier writes of the job are done. */
    public static Write later(TableRef table, Supplier<Dataset<Row>> rows) {
        return new Write(table, rows, null, null);
    }

    /** All rows of these days. */
    public static Write days(TableRef table, Dataset<Row> rows, List<LocalDate> days) {
        return new Write(table, () -> rows, List.copyOf(days), null);
    }

    /** Rows whose keys are new except where the column says so: without such rows, the table's old rows are not read. */
    public static Write mostlyNew(TableRef table, Dataset<Row> rows, String correction) {
        return new Write(table, () -> rows, null, correction);
    }
}
