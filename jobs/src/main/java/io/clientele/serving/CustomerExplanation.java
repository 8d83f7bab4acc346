package io.clientele.serving;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.max_by;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;

import io.clientele.engine.TableRef;
import io.clientele.engine.error.ClienteleException;
import io.clientele.warehouse.CoreTables;
import io.clientele.warehouse.IdentityTables;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * Why a customer is who it is: what is known now and which record says so, the source records it is made of, by which rule or
 * weights and since when, and what redirects: where records went that belong to others today, and which ids lead here.
 */
final class CustomerExplanation {
    private static final int MOST_ROWS = 20;
    private static final String[] RECORD = {"source", "source_customer_key"};

    private final Dataset<Row> identity;
    private final Function<TableRef, Dataset<Row>> tables;
    private final PrintStream out;

    CustomerExplanation(Function<TableRef, Dataset<Row>> tables, PrintStream out) {
        this.identity = tables.apply(CoreTables.IDENTITY);
        this.tables = tables;
        this.out = out;
    }

    void print(String customerId) {
        Dataset<Row> held = identity.where(col("customer_id").equalTo(customerId));
        if (held.isEmpty()) {
            throw ClienteleException.configuration(
                    "There is no customer '%s': expected a customer_id of core.identity; find one with 'clientele profile' by"
                            + " e-mail or phone.",
                    customerId);
        }
        out.println("Customer " + customerId);
        known(customerId);
        records(held);
        weights(held);
        redirects(customerId, held);
    }

    private void known(String customerId) {
        List<Row> now = tables.apply(CoreTables.CUSTOMER)
                .where(col("customer_id").equalTo(customerId).and(col("is_current")))
                .collectAsList();
        if (now.isEmpty()) {
            out.println("  has no record any more.");
            return;
        }
        Row customer = now.get(0);
        int origin = customer.fieldIndex("origin");
        for (int i = 0; i < customer.size(); i++) {
            if (i != origin && !customer.isNullAt(i)) {
                out.printf("  %-14s%s%n", customer.schema().fieldNames()[i], RowsText.text(customer.get(i)));
            }
        }
        if (customer.isNullAt(origin)) {
            return;
        }
        Row origins = customer.getStruct(origin);
        out.println("\nThe record that each surviving value comes from, when this interval began");
        String[] fields = ((StructType) customer.schema().fields()[origin].dataType()).fieldNames();
        for (int i = 0; i < fields.length; i++) {
            if (!origins.isNullAt(i)) {
                Row from = origins.getStruct(i);
                out.printf("  %-14s%s %s, stated %s%n", fields[i], from.get(0), from.get(1), from.get(2));
            }
        }
    }

    private void records(Dataset<Row> held) {
        Dataset<Row> places = tables.apply(CoreTables.CUSTOMER_RECORD)
                .join(held.select(RECORD[0], RECORD[1]).distinct(), RECORD, "left_semi")
                .groupBy(RECORD[0], RECORD[1])
                .agg(
                        max_by(place(), col("recorded_at")).as("last_delivered_in"),
                        count(lit(1)).as("times_delivered"));
        out.println("\nIts source records, and the rule by which each belongs to it");
        RowsText.print(
                held.join(places, RECORD, "left_outer")
                        .select(
                                "source",
                                "source_customer_key",
                                "match_rule",
                                "match_probability",
                                "valid_from",
                                "valid_to",
                                "times_delivered",
                                "last_delivered_in")
                        .orderBy("valid_from", "source", "source_customer_key"),
                RowsText.Format.TABLE,
                MOST_ROWS,
                out);
    }

    /** The pairs of its records that may be one, the likeliest first, each with the weights that add up to its probability. */
    private void weights(Dataset<Row> held) {
        Dataset<Row> keys = held.where(col("is_current")).select("record_key");
        List<Row> pairs = tables.apply(IdentityTables.MATCH_PAIR)
                .join(keys, "record_key")
                .join(keys.toDF("other_record_key"), "other_record_key")
                .orderBy(col("weight_bits").desc(), col("record_key"), col("other_record_key"))
                .limit(MOST_ROWS)
                .collectAsList();
        if (pairs.isEmpty()) {
            return;
        }
        // A row for each level of the few fields.
        Map<String, String> levels = tables
                .apply(IdentityTables.MATCH_MODEL)
                .where(col("part").equalTo("level"))
                .select("name", "position", "level")
                .collectAsList()
                .stream()
                .collect(Collectors.toMap(row -> row.getString(0) + row.getInt(1), row -> row.getString(2)));
        out.println(
                "\nHow alike its records are: weights in bits, whose sum is the logarithm of the odds that two are one");
        for (Row pair : pairs) {
            Map<String, Integer> agreed = pair.getJavaMap(pair.fieldIndex("levels"));
            Map<String, Double> weights = new LinkedHashMap<>(pair.getJavaMap(pair.fieldIndex("weights")));
            out.printf(
                    Locale.ROOT,
                    "  %s and %s: %.1f bits, probability %.4f%s%n    %s%n",
                    pair.<String>getAs("record_key"),
                    pair.<String>getAs("other_record_key"),
                    pair.<Double>getAs("weight_bits"),
                    pair.<Double>getAs("probability"),
                    pair.<Boolean>getAs("is_vetoed") ? ", vetoed" : "",
                    weights.entrySet().stream()
                            .map(weight -> term(weight.getKey(), weight.getValue(), agreed, levels))
                            .collect(Collectors.joining(", ")));
        }
    }

    private static String term(String name, double bits, Map<String, Integer> agreed, Map<String, String> levels) {
        String level = agreed.containsKey(name) ? levels.get(name + agreed.get(name)) : null;
        return String.format(Locale.ROOT, "%s%s %+.1f", name, level == null ? "" : " (" + level + ")", bits);
    }

    private void redirects(String customerId, Dataset<Row> held) {
        Dataset<Row> elsewhere = identity.where(not(col("customer_id").equalTo(customerId)))
                .join(held.select(RECORD[0], RECORD[1]).distinct(), RECORD, "left_semi");
        Dataset<Row> gone = elsewhere
                .where(col("is_current"))
                .select("source", "source_customer_key", "customer_id", "match_rule", "valid_from");
        if (!gone.isEmpty()) {
            out.println("\nRecords that belong to another customer today");
            RowsText.print(gone.orderBy(RECORD[0], RECORD[1]), RowsText.Format.TABLE, MOST_ROWS, out);
        }
        Dataset<Row> former = elsewhere
                .where(not(col("is_current")))
                .groupBy("customer_id")
                .agg(
                        min("valid_from").as("from"),
                        max("valid_to").as("redirected_at"),
                        count(lit(1)).as("records"));
        if (!former.isEmpty()) {
            out.println("\nIds that its records had before, and when that ended");
            RowsText.print(former.orderBy("redirected_at", "customer_id"), RowsText.Format.TABLE, MOST_ROWS, out);
        }
        Dataset<Row> redirects = tables.apply(IdentityTables.CUSTOMER_REDIRECT)
                .where(col("customer_id")
                        .equalTo(customerId)
                        .or(col("redirected_to").equalTo(customerId)));
        if (!redirects.isEmpty()) {
            out.println("\nRedirects");
            RowsText.print(redirects.orderBy("redirected_at", "customer_id"), RowsText.Format.TABLE, MOST_ROWS, out);
        }
    }

    private static Column place() {
        return concat(
                coalesce(col("source_file"), lit("?")),
                lit(":"),
                coalesce(col("source_row").cast("string"), lit("?")));
    }
}
