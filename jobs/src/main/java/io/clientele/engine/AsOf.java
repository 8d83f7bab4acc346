package io.clientele.engine;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;

import io.clientele.engine.error.ClienteleException;
import java.sql.Date;
import java.time.LocalDate;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The date for which dated jobs compute: the one asked for, else the last date in the data. Never the clock's.
 *
 * @param requested the date asked for, or null for the last one in the data
 * @param table the table whose dates say what there is
 * @param column its date column
 */
public record AsOf(LocalDate requested, TableRef table, String column) {

    /**
     * The date to compute for; null without any data, where none was asked for.
     *
     * @throws ClienteleException when there is no data up to the date asked for
     */
    LocalDate resolve(Dataset<Row> rows) {
        Row range = rows.agg(min(col(column)), max(col(column))).first();
        Date first = range.getDate(0);
        if (first == null && requested == null) {
            return null;
        }
        if (first == null) {
            throw ClienteleException.data(
                    "%s has no rows, so there is nothing to compute as of %s: check what was loaded with 'clientele status'.",
                    table, requested);
        }
        if (requested != null && requested.isBefore(first.toLocalDate())) {
            throw ClienteleException.configuration(
                    "--as-of %s lies before any data: the first date in %s is %s and the last %s; give a date from %s on.",
                    requested, table, first, range.getDate(1), first);
        }
        return requested != null ? requested : range.getDate(1).toLocalDate();
    }
}
