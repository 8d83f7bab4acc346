package io.clientele.ingest;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import io.clientele.engine.error.ClienteleException;
import io.clientele.ingest.mapping.Format;
import io.clientele.ingest.mapping.SourceMapping;
import io.clientele.ingest.read.DeliveredFile;
import io.clientele.ingest.read.Delivery;
import io.clientele.ingest.read.RecordColumns;
import io.clientele.ingest.read.RecordReader;
import io.clientele.ingest.rule.Earlier;
import io.clientele.ingest.rule.QuarantineRows;
import io.clientele.ingest.rule.RecordRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * Refused records of one source, judged again under the present mapping. A record keeps the batch, file, row and time in which
 * it came, so it lands as if it had been right then: what was accepted of its key since is newer, and makes it a duplicate.
 */
public final class Replay {
    private static final String REASONS_BEFORE = "_reasons_before";
    private static final String HASH_BEFORE = "_hash_before";
    private static final List<String> CARRIED =
            List.of(RecordColumns.BATCH, RecordColumns.LOADED_AT, REASONS_BEFORE, HASH_BEFORE);

    private Replay() {}

    /**
     * The refused rows of the raw table that belong to open rows of ops.quarantine, as they are now.
     *
     * @param raw the source's raw table
     * @param open the selected rows of ops.quarantine
     */
    public static Dataset<Row> refused(Dataset<Row> raw, Dataset<Row> open, SourceMapping mapping) {
        return raw.where(col(RecordColumns.OUTCOME).equalTo("quarantined"))
                .withColumn("_id", QuarantineRows.id(mapping, col("batch_id")))
                .join(
                        functions.broadcast(open.select(col("quarantine_id").as("_open"))),
                        col("_id").equalTo(col("_open")))
                .drop("_id", "_open")
                .withColumn(RecordColumns.BATCH, col("batch_id"))
                .withColumn(RecordColumns.LOADED_AT, col("loaded_at"))
                .withColumn(REASONS_BEFORE, col(RecordColumns.REASONS))
                .withColumn(HASH_BEFORE, col(RecordColumns.RECORD_HASH));
    }

    /** Refused rows as records of the present mapping. */
    public static Dataset<Row> records(Dataset<Row> refused, SourceMapping mapping) {
        return RecordReader.again(refused.sparkSession(), mapping, refused, CARRIED);
    }

    /**
     * The repaired record of a file, in the place of a refused one.
     *
     * @param refused one row of {@link #refused}
     * @param file as the source delivers, with the one record: CSV with its header, a line of JSON or text; for Parquet the
     *     row as a line of JSON
     */
    public static Dataset<Row> repaired(Dataset<Row> refused, SourceMapping mapping, Path file) {
        if (mapping.format() == Format.JDBC) {
            throw ClienteleException.configuration(
                    "Source %s is read from a database: repair the row there, so that the next run reads it, and close the"
                            + " refused one with 'clientele quarantine dismiss'.",
                    mapping.name());
        }
        Row place = refused.select("source_file", "source_row").first();
        SourceMapping read = mapping.format() == Format.PARQUET ? mapping.deliveredAs(Format.JSON) : mapping;
        DeliveredFile delivered = delivered(file, place.getString(0));
        Dataset<Row> records = RecordReader.read(
                        refused.sparkSession(), read, new Delivery("repaired", List.of(delivered), List.of()), null)
                .rows();
        long count = records.count();
        if (count != 1) {
            throw ClienteleException.data(
                    "%s holds %d records: expected the one repaired record, as %s delivers it%s.",
                    file,
                    count,
                    mapping.name(),
                    mapping.format() == Format.CSV && mapping.options().header() ? ", below its header" : "");
        }
        return records.withColumn(RecordColumns.SOURCE_ROW, lit(place.getLong(1)))
                .crossJoin(refused.select(CARRIED.stream().map(c -> col(c)).toArray(Column[]::new)));
    }

    private static DeliveredFile delivered(Path file, String name) {
        try {
            String path = new org.apache.hadoop.fs.Path(file.toAbsolutePath().toUri()).toString();
            return new DeliveredFile(name, path, Files.size(file), Instant.EPOCH, "");
        } catch (IOException e) {
            throw ClienteleException.configuration("The file %s of the repaired record cannot be read.", file)
                    .causedBy(e);
        }
    }

    /**
     * Records judged again whose outcome or reasons differ from before, with {@code outcome} and all that the raw table holds.
     *
     * @param records as {@link #records} and {@link #repaired} give them
     * @param raw the source's raw table
     * @param products column product_id, or null where the source has no references
     */
    public static Dataset<Row> judged(
            Dataset<Row> records, Dataset<Row> raw, SourceMapping mapping, CurrencyRates rates, Dataset<Row> products) {
        Dataset<Row> accepted = raw.where(col(RecordColumns.OUTCOME).equalTo("accepted"));
        Dataset<Row> outcomes = RecordRules.evaluate(
                        records,
                        mapping,
                        rates,
                        products,
                        new Earlier(
                                accepted.select(RecordColumns.RECORD_KEY, RecordColumns.RECORD_HASH, "loaded_at"),
                                null),
                        true)
                .localCheckpoint();
        Dataset<Row> newest = accepted.join(
                        outcomes.where(col(RecordColumns.OUTCOME).equalTo("accepted"))
                                .select(col(RecordColumns.RECORD_KEY).as("_key"))
                                .distinct(),
                        col(RecordColumns.RECORD_KEY).equalTo(col("_key")))
                .groupBy("_key")
                .agg(max(struct("loaded_at", "source_file", "source_row")).as("_newest"));
        Column place = struct(
                col(RecordColumns.LOADED_AT).as("loaded_at"),
                col(RecordColumns.SOURCE_FILE),
                col(RecordColumns.SOURCE_ROW));
        Column isPassed = col(RecordColumns.OUTCOME)
                .equalTo("accepted")
                .and(coalesce(col("_newest").gt(place), lit(false)));
        return outcomes.join(newest, outcomes.col(RecordColumns.RECORD_KEY).equalTo(newest.col("_key")), "left")
                .withColumn("_is_passed", isPassed)
                .withColumn(
                        RecordColumns.OUTCOME,
                        when(col("_is_passed"), "duplicate").otherwise(col(RecordColumns.OUTCOME)))
                .withColumn(
                        RecordColumns.IS_CORRECTION,
                        col(RecordColumns.IS_CORRECTION).and(not(col("_is_passed"))))
                .where(col(RecordColumns.OUTCOME)
                        .notEqual("quarantined")
                        .or(not(col(RecordColumns.REASONS).eqNullSafe(col(REASONS_BEFORE)))))
                .drop("_key", "_newest", "_is_passed");
    }

    /** Judged records as rows of the raw table. */
    public static Dataset<Row> rawRows(Dataset<Row> judged, SourceMapping mapping) {
        return RawTables.rows(judged, mapping, col(RecordColumns.BATCH), col(RecordColumns.LOADED_AT));
    }

    /** What identifies the rows of the raw table in whose place judged records come. */
    public static Dataset<Row> replaced(Dataset<Row> judged) {
        return judged.select(
                col(RecordColumns.BATCH).as("batch_id"),
                col(RecordColumns.SOURCE_FILE),
                col(RecordColumns.SOURCE_ROW),
                col(HASH_BEFORE).as(RecordColumns.RECORD_HASH),
                lit("quarantined").as(RecordColumns.OUTCOME));
    }
}
