package io.clientele.engine.check;

import io.clientele.engine.TableRef;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What must hold of a table before it is published.
 *
 * @param table the table
 * @param other the table with which it is compared, which the job must read; null where it is judged alone
 * @param name what is checked, for people: {@code "unique key (customer_id)"}
 * @param isBlocking whether a failure stops the publication; else it is only recorded
 * @param violations from the rows to check and all rows of the other table (null without one) to one row with the columns
 *     {@code observed} (text) and {@code is_passed}
 */
public record TableCheck(
        TableRef table,
        TableRef other,
        String name,
        String expected,
        boolean isBlocking,
        BinaryOperator<Dataset<Row>> violations) {

    /** A check of a table by itself. */
    public TableCheck(
            TableRef table, String name, String expected, boolean isBlocking, UnaryOperator<Dataset<Row>> violations) {
        this(table, null, name, expected, isBlocking, (rows, none) -> violations.apply(rows));
    }
}
