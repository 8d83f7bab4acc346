package io.clientele.warehouse;

import static io.clientele.engine.Database.OPS;

import io.clientele.engine.TableRef;
import java.util.List;

/** How we know: what was loaded, what was refused, and that it adds up. */
public final class OpsTables {
    private OpsTables() {}

    /** One delivered file content that was loaded under one name. */
    public static final TableRef SOURCE_FILE = TableRef.upsert(
            OPS,
            "source_file",
            "one delivered content of one file",
            "source STRING NOT NULL, source_file STRING NOT NULL, content_hash STRING NOT NULL, size_bytes BIGINT NOT NULL, "
                    + "modified_at TIMESTAMP NOT NULL, batch_id STRING NOT NULL",
            "source",
            "source_file",
            "content_hash");

    /**
     * One refused record. {@code status} is open, replayed or dismissed; {@code amount} is in the record's currency, null
     * where the record has none; {@code payload} is the record as delivered. {@code closed_at} is when it was replayed or
     * dismissed, null while it is open; {@code closed_because} says what became of it, or why it was dismissed.
     */
    public static final TableRef QUARANTINE = TableRef.upsert(
            OPS,
            "quarantine",
            "one refused record",
            "quarantine_id STRING NOT NULL, source STRING NOT NULL, source_file STRING, source_row BIGINT, "
                    + "batch_id STRING NOT NULL, loaded_at TIMESTAMP NOT NULL, "
                    + "reasons ARRAY<STRUCT<rule: STRING, column: STRING, message: STRING>> NOT NULL, status STRING NOT NULL, "
                    + "amount DECIMAL(18,4), closed_at TIMESTAMP, closed_because STRING, payload STRING",
            "quarantine_id");

    /**
     * One source in one batch and one currency (XXX where records hold no money), so that unlike money is never added.
     * Read equals accepted plus duplicate plus quarantined, in rows and in money. A record without an amount counts as zero.
     */
    public static final TableRef BATCH_BALANCE = TableRef.upsert(
            OPS,
            "batch_balance",
            "one source in one batch and currency",
            "source STRING NOT NULL, batch_id STRING NOT NULL, currency STRING NOT NULL, run_id STRING NOT NULL, "
                    + "rows_read BIGINT NOT NULL, rows_accepted BIGINT NOT NULL, rows_duplicate BIGINT NOT NULL, "
                    + "rows_quarantined BIGINT NOT NULL, amount_read DECIMAL(18,4) NOT NULL, "
                    + "amount_accepted DECIMAL(18,4) NOT NULL, amount_duplicate DECIMAL(18,4) NOT NULL, "
                    + "amount_quarantined DECIMAL(18,4) NOT NULL",
            "source",
            "batch_id",
            "currency");

    /** All of those that loading writes. */
    public static final List<TableRef> ALL = List.of(SOURCE_FILE, QUARANTINE, BATCH_BALANCE);
}
