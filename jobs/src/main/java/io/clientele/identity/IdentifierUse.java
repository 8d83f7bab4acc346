package io.clientele.identity;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_distinct;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.left;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Who holds each identifier. One that many records hold, or people of many names, is no person's own: a shop's number, a
 * default address, a clerk's card. It decides nothing and blocks nothing; equal values only count by how rare they are.
 */
final class IdentifierUse {
    static final List<String> ISSUED = List.of("customer_number", "loyalty_card", "tax_number");
    static final List<String> REACHED_BY = List.of("email", "phone");

    private IdentifierUse() {}

    /** One row per record and identifier it holds: {@code record_key, person, identifier, value, is_issued}. */
    static Dataset<Row> held(Dataset<Row> records) {
        List<Column> pieces = new ArrayList<>();
        ISSUED.forEach(c -> pieces.add(piece(c, true)));
        REACHED_BY.forEach(c -> pieces.add(piece(c, false)));
        // The array first, by itself: an expression inside of a generator may be interpreted for each row.
        return records.select(
                        col("record_key"),
                        when(
                                        col("family_name").isNotNull(),
                                        concat_ws("|", col("family_name"), left(col("given_name"), lit(1))))
                                .as("person"),
                        array(pieces.toArray(Column[]::new)).as("_pieces"))
                .select(
                        col("record_key"),
                        col("person"),
                        explode(col("_pieces")).as("piece"))
                .where(col("piece.value").isNotNull())
                .select("record_key", "person", "piece.*");
    }

    private static Column piece(String column, boolean isIssued) {
        return struct(
                lit(column).as("identifier"),
                col(column).as("value"),
                lit(isIssued).as("is_issued"));
    }

    /**
     * Identifiers that more than one record holds: {@code identifier, value, count_records, count_people} and {@code reason}, null
     * where it is evidence. Counted over all records and by the value alone: a shop's e-mail stays none whatever stands beside it.
     */
    static Dataset<Row> shared(Dataset<Row> held, MatchConfig config) {
        return held.groupBy("identifier", "value")
                .agg(
                        count(lit(1)).cast("int").as("count_records"),
                        count_distinct(col("person")).cast("int").as("count_people"))
                .where(col("count_records").gt(1))
                .withColumn(
                        "reason",
                        when(
                                        col("count_records").gt(config.mostHolders()),
                                        "more than " + config.mostHolders() + " records")
                                .when(
                                        col("count_people").gt(config.mostPeople()),
                                        "more than " + config.mostPeople() + " people"));
    }

    /**
     * Of the identifiers that several of some records hold, those that are evidence, as {@link #shared} makes them.
     *
     * @param weak the identifiers that are none, counted over all records
     */
    static Dataset<Row> evidence(Dataset<Row> held, Dataset<Row> weak) {
        return held.groupBy("identifier", "value")
                .agg(count(lit(1)).as("count_records"))
                .where(col("count_records").gt(1))
                .join(weak.select("identifier", "value"), Identities.using("identifier", "value"), "left_anti")
                .withColumn("reason", lit(null).cast("string"));
    }

    static Column isWeak() {
        return not(col("reason").isNull());
    }
}
