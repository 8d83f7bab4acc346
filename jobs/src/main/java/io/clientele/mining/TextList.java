package io.clientele.mining;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.when;

import org.apache.spark.sql.Column;

/**
 * Lists of texts, each of which is there under a condition. Spark compiles them; what {@code array_compact} is asked of, all
 * that makes up the texts, it interprets.
 */
public final class TextList {
    private TextList() {}

    /** {@link #text} behind one another, ARRAY&lt;STRING&gt;. */
    public static Column of(Column... texts) {
        return concat(texts);
    }

    /** A text, never null where {@code condition} is true; nothing where that is false or null. */
    public static Column text(Column condition, Column text) {
        return when(condition, array(text)).otherwise(array().cast("array<string>"));
    }
}
