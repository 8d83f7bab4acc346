package io.clientele.ingest.rule;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.when;

import io.clientele.ingest.read.RecordColumns;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What became of a source's records in earlier batches.
 *
 * @param accepted record_key and record_hash, which is null where the record was not accepted; where it also has loaded_at, the
 *     latest of a key counts, so that a record that returns to a former content is a correction; null: there are none
 * @param refused record_hash of refused records; null: there are none, or they do not matter
 */
public record Earlier(Dataset<Row> accepted, Dataset<Row> refused) {
    /** There were no earlier batches. */
    public static final Earlier NONE = new Earlier(null, null);

    /** From all rows of a source's raw table. */
    public static Earlier of(Dataset<Row> raw) {
        Dataset<Row> known =
                raw.select(RecordColumns.RECORD_KEY, RecordColumns.RECORD_HASH, "loaded_at", RecordColumns.OUTCOME);
        // Not a filter: it would be asked of all records, a hash is taken of the few whose key is wanted.
        Column accepted = when(col(RecordColumns.OUTCOME).equalTo("accepted"), col(RecordColumns.RECORD_HASH));
        return new Earlier(
                known.select(col(RecordColumns.RECORD_KEY), accepted.as(RecordColumns.RECORD_HASH), col("loaded_at")),
                known.where(col(RecordColumns.OUTCOME).equalTo("quarantined")).select(RecordColumns.RECORD_HASH));
    }
}
