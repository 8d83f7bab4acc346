package io.clientele.identity;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.date_format;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.lower;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.max_by;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.regexp_replace;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What is known of each source record now, in forms that can be compared. */
final class MatchRecords {
    private MatchRecords() {}

    /**
     * One row per source record with the newest known value of each field, {@code record_key} ({@code source|key}),
     * {@code rank}, the order of first appearance (time, then key), and {@code last_recorded_at}. Names, streets and places
     * are comparable ones ({@link Names}); where a source gives only a full name its parts stand for them, and a company's
     * family name is its name without the legal form. {@code birth} is yyyyMMdd; {@code mailbox} is an e-mail without what
     * providers ignore; {@code blocks} is as {@link BlockingRules#hashes} makes it.
     *
     * @param customerRecords all rows of core.customer_record
     */
    static Dataset<Row> of(Dataset<Row> customerRecords) {
        List<Column> newest = new ArrayList<>();
        newest.add(max("recorded_at").as("last_recorded_at"));
        for (String column : List.of(
                "customer_number",
                "loyalty_card",
                "tax_number",
                "email",
                "phone",
                "birth_date",
                "postcode",
                "kind",
                "given_name",
                "family_name",
                "full_name",
                "street",
                "city")) {
            newest.add(newest(column));
        }
        Column isCompany = coalesce(col("kind").equalTo("company"), lit(false));
        Column mail = regexp_replace(lower(col("email")), "\\+[^@]*@", "@");
        return customerRecords
                .groupBy("source", "source_customer_key")
                .agg(min("recorded_at").as("first_recorded_at"), newest.toArray(Column[]::new))
                .withColumn("record_key", recordKey())
                .withColumn("rank", rank())
                .withColumn(
                        "family_name",
                        when(isCompany, Names.COMPANY.apply(coalesce(col("full_name"), col("family_name"))))
                                .otherwise(coalesce(
                                        Names.COMPARABLE.apply(col("family_name")),
                                        Names.FAMILY.apply(col("full_name")))))
                .withColumn(
                        "given_name",
                        when(isCompany, lit(null))
                                .otherwise(coalesce(
                                        Names.FIRST_GIVEN.apply(col("given_name")),
                                        when(col("family_name").isNull(), Names.GIVEN.apply(col("full_name"))),
                                        Names.GIVEN.apply(col("full_name")))))
                .withColumn("street", Names.ADDRESS.apply(col("street")))
                .withColumn("city", Names.COMPARABLE.apply(col("city")))
                .withColumn("postcode", lower(regexp_replace(col("postcode"), "[^0-9A-Za-z]", "")))
                .withColumn("birth", date_format(col("birth_date"), "yyyyMMdd"))
                .withColumn("mailbox", regexp_replace(mail, "@googlemail\\.", "@gmail."))
                .drop("full_name", "kind")
                .withColumn("blocks", BlockingRules.hashes());
    }

    /** Kept rows of {@link io.clientele.warehouse.IdentityTables#MATCH_RECORD} with {@code rank}. */
    static Dataset<Row> ranked(Dataset<Row> kept) {
        return kept.withColumn("rank", rank());
    }

    private static Column rank() {
        return struct(col("first_recorded_at"), col("record_key"));
    }

    private static Column newest(String column) {
        Column value = col(column);
        return max_by(value, when(value.isNotNull().and(value.cast("string").notEqual("")), col("recorded_at")))
                .as(column);
    }

    static Column recordKey() {
        return concat(col("source"), lit("|"), col("source_customer_key"));
    }
}
