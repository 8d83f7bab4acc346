package io.clientele.integrate;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.lower;
import static org.apache.spark.sql.functions.max_by;
import static org.apache.spark.sql.functions.nullif;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.upper;
import static org.apache.spark.sql.functions.when;

import io.clientele.identity.PhoneNumbers;
import io.clientele.identity.Placeholders;
import io.clientele.warehouse.CoreTables;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Cleans what sources say about their customers, before anything is matched on it. */
public final class CustomerRecords {
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
            clean = clean.withColumn(column, Placeholders.text(column));
        }
        Column country = upper(trim(col("country")));
        clean = clean.withColumn("country", when(length(country).equalTo(2), country))
                .withColumn("language", lower(Placeholders.text("language")))
                .withColumn("kind", lower(trim(col("kind"))))
                .withColumn("email", Placeholders.email(col("email")))
                .withColumn(
                        "phone",
                        when(
                                Placeholders.isEmptyPhone(col("phone")).equalTo(false),
                                PhoneNumbers.TO_E164.apply(col("phone"), coalesce(col("country"), lit(defaultRegion)))))
                .withColumn("birth_date", Placeholders.birthDate(col("birth_date")))
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
}
