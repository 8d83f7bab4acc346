package io.clientele.ingest;

import io.clientele.engine.Database;
import io.clientele.engine.Keeping;
import io.clientele.engine.TableRef;
import io.clientele.ingest.mapping.SourceMapping;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/** The tables of what came: every record that was read, whatever became of it. */
public final class RawTables {
    private static final String ADDED =
            "source STRING NOT NULL, source_file STRING, source_row BIGINT, batch_id STRING NOT NULL, "
                    + "loaded_at TIMESTAMP NOT NULL, record_key BIGINT, record_hash BIGINT, outcome STRING NOT NULL, "
                    + "is_correction BOOLEAN NOT NULL, _amount DECIMAL(18,4), _currency STRING, "
                    + "reasons ARRAY<STRUCT<rule: STRING, column: STRING, message: STRING>>, _payload STRING";

    private RawTables() {}

    /** The table of a source: the declared columns, where each record came from and what became of it. {@code _amount} is in
     * {@code _currency}; {@code reasons} and {@code _payload} are kept of refused records only. What a failed run appended is
     * taken back by the next one before it appends. */
    public static TableRef of(SourceMapping mapping) {
        StructType schema = mapping.schema();
        for (var field : StructType.fromDDL(ADDED).fields()) {
            schema = schema.add(field);
        }
        return new TableRef(
                Database.RAW, mapping.rawName(), "one record as delivered", schema, List.of(), Keeping.APPEND, null);
    }

    /** Judged records as rows of the table. */
    public static Dataset<Row> rows(
            Dataset<Row> judged, SourceMapping mapping, String batchId, java.time.Instant loadedAt) {
        return rows(judged, mapping, functions.lit(batchId), functions.lit(loadedAt));
    }

    static Dataset<Row> rows(Dataset<Row> judged, SourceMapping mapping, Column batchId, Column loadedAt) {
        Column[] columns = java.util.Arrays.stream(of(mapping).schema().fieldNames())
                .map(name -> switch (name) {
                    case "source" -> functions.lit(mapping.name()).as(name);
                    case "batch_id" -> batchId.as(name);
                    case "reasons", "_payload" ->
                        functions
                                .when(functions.col("outcome").equalTo("quarantined"), functions.col(name))
                                .as(name);
                    case "loaded_at" -> loadedAt.as(name);
                    default -> functions.col("`" + name + "`");
                })
                .toArray(Column[]::new);
        return judged.select(columns);
    }
}
