package io.clientele.ingest;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.exists;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Which of the open refused records are meant: those to which all that is given applies.
 *
 * @param source their source, or null
 * @param rule a rule that is among their reasons, or null
 * @param id their quarantine_id, or null
 */
public record QuarantineSelection(String source, String rule, String id) {
    /** The selected open rows of ops.quarantine. */
    public Dataset<Row> open(Dataset<Row> quarantine) {
        Dataset<Row> rows = quarantine.where(col("status").equalTo("open"));
        rows = source == null ? rows : rows.where(col("source").equalTo(source));
        rows = rule == null
                ? rows
                : rows.where(
                        exists(col("reasons"), reason -> reason.getField("rule").equalTo(rule)));
        return id == null ? rows : rows.where(col("quarantine_id").equalTo(id));
    }

    /** The open rows of one source. */
    public Dataset<Row> open(Dataset<Row> quarantine, String ofSource) {
        return open(quarantine).where(col("source").equalTo(ofSource));
    }
}
