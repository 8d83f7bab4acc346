package io.clientele.ingest.rule;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sha2;

import io.clientele.ingest.mapping.SourceMapping;
import io.clientele.ingest.read.RecordColumns;
import java.time.Instant;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** Refused records as rows of ops.quarantine. */
public final class QuarantineRows {
    private QuarantineRows() {}

    /** The refused among judged records; the same record of the same batch has the same id. */
    public static Dataset<Row> of(Dataset<Row> judged, SourceMapping mapping, String batchId, Instant loadedAt) {
        Column place = functions
                .coalesce(col(RecordColumns.SOURCE_ROW), col(RecordColumns.RECORD_HASH))
                .cast("string");
        return judged.where(col(RecordColumns.OUTCOME).equalTo("quarantined"))
                .select(
                        functions
                                .substring(
                                        sha2(
                                                concat_ws(
                                                        "\n",
                                                        lit(mapping.name()),
                                                        lit(batchId),
                                                        col("source_file"),
                                                        place),
                                                256),
                                        1,
                                        32)
                                .as("quarantine_id"),
                        lit(mapping.name()).as("source"),
                        col("source_file"),
                        col("source_row"),
                        lit(batchId).as("batch_id"),
                        lit(loadedAt).as("loaded_at"),
                        col(RecordColumns.REASONS).as("reasons"),
                        lit("open").as("status"),
                        col(RecordColumns.AMOUNT).as("amount"),
                        col(RecordColumns.PAYLOAD).as("payload"));
    }
}
