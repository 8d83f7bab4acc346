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
 * @param isBySlice whether of the other table only the rows count whose slice, a column of the same name in both, is checked
 * @param name what is checked, for people: {@code "unique key (customer_id)"}
 * @param isBlocking whether a failure stops the publication; else it is only recorded
 * @param violations from the rows to check and all rows of the other table (null without one) to one row with the columns
 *     {@code observed} (text) and {@code is_passed}
 * @param proof the same for less work: what passes it passes {@code violations} too, with the same text; what does not is asked
 *     of {@code violations}. Null where there is none
 */
public record TableCheck(
        TableRef table,
        TableRef other,
        boolean isBySlice,
        String name,
        String expected,
        boolean isBlocking,
        BinaryOperator<Dataset<Row>> violations,
        UnaryOperator<Dataset<Row>> proof) {

    /** A check of a table by itself. */
    public TableCheck(
            TableRef table, String name, String expected, boolean isBlocking, UnaryOperator<Dataset<Row>> violations) {
        this(table, null, false, name, expected, isBlocking, (rows, none) -> violations.apply(rows), null);
    }

    /** The verdict on the rows, by the proof where there is one and it is asked for. */
    public Dataset<Row> verdict(Dataset<Row> rows, Dataset<Row> others, boolean byProof) {
        return byProof && proof != null ? proof.apply(rows) : violations.apply(rows, others);
    }
}
