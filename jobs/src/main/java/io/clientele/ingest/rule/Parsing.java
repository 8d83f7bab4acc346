package io.clientele.ingest.rule;

import io.clientele.ingest.mapping.Expressions;
import io.clientele.ingest.mapping.SourceMapping;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** The named expressions of a source over its records. */
public final class Parsing {
    private Parsing() {}

    /** The records with one more column per {@code parse} name. */
    public static Dataset<Row> parse(Dataset<Row> records, SourceMapping mapping) {
        Expressions expressions = new Expressions(records.sparkSession(), mapping.timeZone());
        Dataset<Row> parsed = records;
        for (Map.Entry<String, String> entry : mapping.parse().entrySet()) {
            parsed = parsed.withColumn(entry.getKey(), expressions.column(entry.getValue()));
        }
        return parsed;
    }

    /** The currency of parsed records: a code or null. */
    public static Column currency(SourceMapping mapping, Expressions expressions) {
        if (mapping.currency().isBlank()) {
            return functions.lit(null).cast("string");
        }
        return mapping.hasOneCurrency()
                ? functions.lit(mapping.currency())
                : expressions.column(mapping.currency()).cast("string");
    }

    /** The money of parsed records in their currency: DECIMAL(18,4) or null. */
    public static Column amount(SourceMapping mapping, Expressions expressions) {
        Column amount = mapping.amount() == null ? functions.lit(null) : expressions.column(mapping.amount());
        return amount.cast("decimal(18,4)");
    }
}
