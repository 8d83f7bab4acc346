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
        return judged.where(col(RecordColumns.OUTCOME).equalTo("quarantined"))
                .select(
                        id(mapping, lit(batchId)).as("quarantine_id"),
                        lit(mapping.name()).as("source"),
                        col("source_file"),
                        col("source_row"),
                        lit(batchId).as("batch_id"),
                        lit(loadedAt).as("loaded_at"),
                        col(RecordColumns.REASONS).as("reasons"),
                        lit("open").as("status"),
                        col(RecordColumns.AMOUNT).as("amount"),
                        lit(null).cast("timestamp").as("closed_at"),
                        lit(null).cast("string").as("closed_because"),
                        col(RecordColumns.PAYLOAD).as("payload"));
    }

    /** The quarantine_id of a raw row; records of a database, which have no row number, are named by their content. */
    public static Column id(SourceMapping mapping, Column batchId) {
        Column place = functions
                .coalesce(col(RecordColumns.SOURCE_ROW), col(RecordColumns.RECORD_HASH))
                .cast("string");
        return functions.substring(
                sha2(concat_ws("\n", lit(mapping.name()), batchId, col("source_file"), place), 256), 1, 32);
    }

    /**
     * Open rows whose record was judged again, with what is known of them now.
     *
     * @param open open rows of ops.quarantine
     * @param raw rows of the raw table among which their records are, at least
     * @param at when they were judged again
     */
    public static Dataset<Row> judgedAgain(Dataset<Row> open, Dataset<Row> raw, SourceMapping mapping, Instant at) {
        Column isRefused = col(RecordColumns.OUTCOME).equalTo("quarantined");
        // Like rows of a database share an id: as long as one of them is refused, it stays open.
        Dataset<Row> now = raw.groupBy(id(mapping, col("batch_id")).as("_id"))
                .agg(
                        functions.max(isRefused).as("_is_refused"),
                        functions.min(RecordColumns.OUTCOME).as("_outcome"),
                        functions
                                .max_by(
                                        functions.struct(
                                                col(RecordColumns.REASONS).as("reasons"),
                                                col(RecordColumns.AMOUNT).as("amount")),
                                        isRefused)
                                .as("_now"));
        Column stays = col("_is_refused");
        return open.join(now, col("quarantine_id").equalTo(col("_id")))
                .withColumn("status", functions.when(stays, "open").otherwise("replayed"))
                .withColumn("closed_at", functions.when(functions.not(stays), lit(at)))
                .withColumn(
                        "closed_because",
                        functions.when(functions.not(stays), functions.concat(col("_outcome"), lit(" on replay"))))
                .withColumn(
                        "reasons", functions.when(stays, col("_now.reasons")).otherwise(col("reasons")))
                .withColumn("amount", functions.when(stays, col("_now.amount")).otherwise(col("amount")))
                .drop("_id", "_is_refused", "_outcome", "_now");
    }
}
