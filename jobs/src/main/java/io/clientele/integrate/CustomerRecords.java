package io.clientele.integrate;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.lower;
import static org.apache.spark.sql.functions.max_by;
import static org.apache.spark.sql.functions.nullif;
import static org.apache.spark.sql.functions.regexp_replace;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.upper;
import static org.apache.spark.sql.functions.when;

import io.clientele.warehouse.CoreTables;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Cleans what sources say about their customers, before anything is matched on it. */
public final class CustomerRecords {
    /** Values that people type when they have none. */
    private static final List<String> PLACEHOLDERS = List.of(
            "",
            "-",
            "--",
            ".",
            "?",
            "x",
            "xx",
            "xxx",
            "n/a",
            "na",
            "n.a.",
            "none",
            "null",
            "nil",
            "unknown",
            "unbekannt",
            "tbd",
            "test",
            "not available");

    private static final List<String> TEXTS = List.of(
            "customer_number",
            "loyalty_card",
            "tax_number",
            "full_name",
            "given_name",
            "family_name",
            "street",
            "postcode",
            "city");

    private CustomerRecords() {}

    /**
     * From rows of subject customer to {@link CoreTables#CUSTOMER_RECORD}. Rows without a key are left out. Of several rows
     * with the same source, key and time the last in file and line counts.
     *
     * @param rows columns of the subject plus source, batch_id, source_file, source_row
     * @param defaultRegion two letters, for phone numbers without a country code of customers without a country
     */
    public static Dataset<Row> clean(Dataset<Row> rows, String defaultRegion) {
        Dataset<Row> clean = rows.where(
                col("source_customer_key").isNotNull().and(col("recorded_at").isNotNull()));
        for (String column : TEXTS) {
            clean = clean.withColumn(column, withoutPlaceholder(col(column)));
        }
        Column country = upper(trim(col("country")));
        Column email = lower(trim(col("email")));
        Column mailbox = regexp_replace(email, "@.*$", "");
        clean = clean.withColumn("country", when(length(country).equalTo(2), country))
                .withColumn("language", lower(withoutPlaceholder(col("language"))))
                .withColumn("kind", lower(trim(col("kind"))))
                .withColumn(
                        "email",
                        when(
                                email.rlike("^[^@\\s]+@[^@\\s]+\\.[^@\\s.]{2,}$")
                                        .and(mailbox.isin(
                                                        "info",
                                                        "test",
                                                        "noreply",
                                                        "no-reply",
                                                        "none",
                                                        "office",
                                                        "kontakt")
                                                .equalTo(false)),
                                email))
                .withColumn(
                        "phone",
                        when(
                                regexp_replace(col("phone"), "[^0-9]", "")
                                        .rlike("^0*$|^(\\d)\\1+$")
                                        .equalTo(false),
                                PhoneNumbers.TO_E164.apply(col("phone"), coalesce(col("country"), lit(defaultRegion)))))
                .withColumn(
                        "birth_date",
                        when(
                                        col("birth_date")
                                                .isin(
                                                        java.sql.Date.valueOf("1900-01-01"),
                                                        java.sql.Date.valueOf("1970-01-01")),
                                        null)
                                .otherwise(col("birth_date")))
                .withColumn(
                        "full_name",
                        coalesce(
                                col("full_name"),
                                nullif(concat_ws(" ", col("given_name"), col("family_name")), lit(""))));
        return lastOfEach(clean);
    }

    private static Dataset<Row> lastOfEach(Dataset<Row> rows) {
        List<String> key = CoreTables.CUSTOMER_RECORD.key();
        List<Column> others = new ArrayList<>();
        for (String column : CoreTables.CUSTOMER_RECORD.schema().fieldNames()) {
            if (!key.contains(column)) {
                others.add(col(column));
            }
        }
        Column newest = struct(col("source_file"), col("source_row"), col("batch_id"));
        Dataset<Row> grouped = rows.groupBy(key.stream().map(k -> col(k)).toArray(Column[]::new))
                .agg(max_by(struct(others.toArray(Column[]::new)), newest).as("last"));
        Column[] columns = Arrays.stream(CoreTables.CUSTOMER_RECORD.schema().fieldNames())
                .map(c -> key.contains(c) ? col(c) : col("last." + c).as(c))
                .toArray(Column[]::new);
        return grouped.select(columns);
    }

    private static Column withoutPlaceholder(Column text) {
        Column trimmed = trim(regexp_replace(text, "\\s+", " "));
        return when(
                lower(trimmed)
                        .isInCollection(PLACEHOLDERS)
                        .or(trimmed.rlike("^0+$"))
                        .equalTo(false),
                trimmed);
    }
}
