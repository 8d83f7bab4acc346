package io.clientele.ingest;

import io.clientele.engine.Database;
import io.clientele.engine.Keeping;
import io.clientele.engine.TableRef;
import io.clientele.ingest.mapping.SourceMapping;
import java.util.List;
import org.apache.spark.sql.types.StructType;

/** What came: one table per source. */
public final class RawTables {
    private static final String DELIVERY =
            "source STRING NOT NULL, source_file STRING, source_row BIGINT, batch_id STRING NOT NULL, loaded_at TIMESTAMP NOT NULL, "
                    + "record_key BIGINT NOT NULL, record_hash BIGINT NOT NULL, outcome STRING NOT NULL, is_correction BOOLEAN NOT NULL, "
                    + "balance_currency STRING, balance_amount DECIMAL(18,4), "
                    + "reasons ARRAY<STRUCT<rule: STRING, column: STRING, message: STRING>>, refused_payload STRING";

    private RawTables() {}

    /**
     * The raw table of a source: the declared columns as delivered, and where each record came from and what became of it
     * ({@code outcome} accepted, duplicate or quarantined). {@code balance_amount} is in {@code balance_currency}. Reasons and payload are kept
     * of refused records only.
     */
    public static TableRef of(SourceMapping mapping) {
        StructType schema = StructType.fromDDL(DELIVERY);
        for (var field : mapping.schema().fields()) {
            schema = schema.add(field);
        }
        return new TableRef(
                Database.RAW,
                mapping.rawName(),
                "one record as delivered",
                schema,
                List.of("batch_id", "source_file", "source_row"),
                Keeping.APPEND,
                null);
    }
}
