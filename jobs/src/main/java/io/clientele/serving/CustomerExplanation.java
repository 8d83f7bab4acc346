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
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
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

    /** The columns of core.identity that the list of records shows; further ones are told below it. */
    private static final List<String> LISTED = List.of(
            "source",
            "source_customer_key",
            "customer_id",
            "match_rule",
            "match_probability",
            "valid_from",
            "valid_to",
            "is_current",
            "record_key");

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
        evidence(held);
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

    /** Whatever else the identities say of why a record belongs here: weights, the record it was matched with, a decision. */
    private void evidence(Dataset<Row> held) {
        List<String> more =
                Arrays.stream(held.columns()).filter(c -> !LISTED.contains(c)).toList();
        if (more.isEmpty()) {
            return;
        }
        Column isSaid = more.stream().map(c -> col(c).isNotNull()).reduce(lit(false), Column::or);
        List<Row> rows = held.where(isSaid)
                .orderBy("valid_from", "source", "source_customer_key")
                .limit(MOST_ROWS)
                .collectAsList();
        if (rows.isEmpty()) {
            return;
        }
        out.println("\nWhat decided");
        for (Row row : rows) {
            out.println("  " + row.getAs("source") + " " + row.getAs("source_customer_key"));
            for (String column : more) {
                if (row.getAs(column) != null) {
                    out.println("    " + column.replace('_', ' ') + ": " + RowsText.text(row.getAs(column)));
                }
            }
        }
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
    }

    private static Column place() {
        return concat(
                coalesce(col("source_file"), lit("?")),
                lit(":"),
                coalesce(col("source_row").cast("string"), lit("?")));
    }
}
