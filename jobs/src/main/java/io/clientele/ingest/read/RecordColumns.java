package io.clientele.ingest.read;

/** The columns that reading and judging add to a record's own. */
public final class RecordColumns {
    private RecordColumns() {}

    /** The file, relative to the input root where it lies below; {@code jdbc:<table>} for a database. */
    public static final String SOURCE_FILE = "source_file";

    /** The line on which the record starts, 1 for the first of the file; the row's number in Parquet; null for a database. */
    public static final String SOURCE_ROW = "source_row";

    /** The record as delivered. */
    public static final String PAYLOAD = "_payload";

    /** Why the record could not be read, or null. */
    public static final String MALFORMED = "_malformed";

    /** The money of the record in its own currency, DECIMAL(18,4) or null. */
    public static final String AMOUNT = "_amount";

    /** The currency of the record, or null. */
    public static final String CURRENCY = "_currency";

    /** Why the record was refused: ARRAY of STRUCT of rule, column, message; empty for others. */
    public static final String REASONS = "reasons";

    /** The hash of the key columns; null where one of them is null. */
    public static final String RECORD_KEY = "record_key";

    /** The hash of the payload. */
    public static final String RECORD_HASH = "record_hash";

    /** accepted, duplicate or quarantined. */
    public static final String OUTCOME = "outcome";

    /** Whether an accepted record replaces an earlier one of the same key and other content. */
    public static final String IS_CORRECTION = "is_correction";

    /** Of a record that is judged again: the batch in which it came. */
    public static final String BATCH = "_batch_id";

    /** Of a record that is judged again: when its batch was loaded. */
    public static final String LOADED_AT = "_loaded_at";
}
