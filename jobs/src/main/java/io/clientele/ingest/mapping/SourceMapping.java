package io.clientele.ingest.mapping;

import io.clientele.warehouse.Subject;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.types.StructType;

/**
 * One source: a valid {@code conf/sources/<name>.yml}. SQL texts are checked apart, by {@link MappingCheck}.
 *
 * @param name the file's name without {@code .yml}
 * @param file the file
 * @param channel crm, web, store, ...
 * @param location a glob below the input root, an absolute one, or a JDBC address
 * @param format how records are delivered
 * @param options how they are read
 * @param schema the record as delivered
 * @param timeZone of wall times in this source
 * @param currency a code or SQL
 * @param parse SQL by name, evaluated in this order
 * @param key the columns or parsed names that identify a record
 * @param amount SQL, or null
 * @param rules what records must satisfy
 * @param references keys that must be known
 * @param maxRefusedShare above this share of refused records the load stops
 * @param subjects what a record says
 */
public record SourceMapping(
        String name,
        Path file,
        String channel,
        String location,
        Format format,
        SourceOptions options,
        StructType schema,
        ZoneId timeZone,
        String currency,
        Map<String, String> parse,
        List<String> key,
        String amount,
        List<Rule> rules,
        List<Reference> references,
        double maxRefusedShare,
        Map<Subject, SubjectMapping> subjects) {

    /** The name of the raw table, without its database. */
    public String rawName() {
        return name.replace('-', '_');
    }

    /** Whether {@code currency} is a code; else it is SQL. */
    public boolean hasOneCurrency() {
        return isCurrencyCode(currency)
                && !List.of(schema.fieldNames()).contains(currency)
                && !parse.containsKey(currency);
    }

    /** The same source, delivered in another format. */
    public SourceMapping deliveredAs(Format other) {
        return new SourceMapping(
                name,
                file,
                channel,
                location,
                other,
                options,
                schema,
                timeZone,
                currency,
                parse,
                key,
                amount,
                rules,
                references,
                maxRefusedShare,
                subjects);
    }

    static boolean isCurrencyCode(String text) {
        return text.matches("[A-Z]{3}");
    }
}
