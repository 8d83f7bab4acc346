package io.clientele.serving;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;

import io.clientele.engine.TableRef;
import io.clientele.engine.error.ClienteleException;
import io.clientele.integrate.CustomerRecords;
import io.clientele.warehouse.CoreTables;
import io.clientele.warehouse.Subject;
import java.sql.Timestamp;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;

/** Who is meant by an id, an e-mail or a phone number. */
public final class CustomerSearch {
    private static final int MOST_NAMED = 20;

    private final Function<TableRef, Dataset<Row>> tables;
    private final String phoneRegion;

    /**
     * @param tables the published rows of a table
     * @param phoneRegion two letters, for numbers without a country code
     */
    public CustomerSearch(Function<TableRef, Dataset<Row>> tables, String phoneRegion) {
        this.tables = tables;
        this.phoneRegion = phoneRegion;
    }

    /**
     * A customer.
     *
     * @param note what the asker should know, a whole sentence; null where there is nothing to say
     */
    public record Found(String customerId, String note) {}

    /**
     * The customer meant: by an e-mail or a phone number that any of the customer's records ever held, cleaned as it is before
     * records are matched; by an id that was given to another customer since, that one, and a note.
     *
     * @throws ClienteleException when nobody is found, or more than one
     */
    public Found find(String text) {
        String asked = text.strip();
        if (asked.contains("@")) {
            return only(holders("email", asked, "e-mail"), "e-mail");
        }
        return asked.matches("[+(]?[0-9][0-9 ()/.-]*")
                ? only(holders("phone", asked, "phone number"), "phone number")
                : byId(asked);
    }

    private Found byId(String id) {
        List<Row> held = tables.apply(CoreTables.IDENTITY)
                .where(col("customer_id").equalTo(id))
                .select("source", "source_customer_key", "is_current")
                .collectAsList();
        if (held.isEmpty()) {
            throw ClienteleException.configuration(
                    "There is no customer '%s': expected a customer_id of core.identity, an e-mail or a phone number.",
                    id);
        }
        if (held.stream().anyMatch(r -> r.getBoolean(2))) {
            return new Found(id, null);
        }
        Dataset<Row> former = tables.apply(CoreTables.IDENTITY)
                .where(col("customer_id").equalTo(id))
                .select("source", "source_customer_key")
                .distinct();
        List<Row> heirs = tables.apply(CoreTables.IDENTITY)
                .where(col("is_current"))
                .join(former, new String[] {"source", "source_customer_key"}, "left_semi")
                .groupBy("customer_id")
                .agg(max("valid_from").as("since"))
                .orderBy("customer_id")
                .limit(MOST_NAMED)
                .collectAsList();
        if (heirs.isEmpty()) {
            throw ClienteleException.configuration(
                    "Customer '%s' has no record any more, and none of its former ones belongs to another customer.",
                    id);
        }
        if (heirs.size() > 1) {
            throw ClienteleException.configuration(
                    "Customer '%s' was split; its records belong to %s now: ask for one of them.", id, ids(heirs));
        }
        Timestamp since = heirs.get(0).getTimestamp(1);
        return new Found(
                heirs.get(0).getString(0),
                "Customer '%s' is '%s' since %s; 'clientele explain customer %s' says why."
                        .formatted(
                                id,
                                heirs.get(0).getString(0),
                                since.toInstant().atZone(ZoneOffset.UTC).toLocalDate(),
                                id));
    }

    private List<Row> holders(String column, String written, String what) {
        String value = cleaned(column, written);
        if (value == null) {
            throw ClienteleException.configuration(
                    "This is no %s by which a customer could be found: expected one that is possible and not shared by design"
                            + " (such as info@), in the region %s where it has no country code.",
                    what, phoneRegion);
        }
        Dataset<Row> records = tables.apply(CoreTables.CUSTOMER_RECORD)
                .where(col(column).equalTo(value))
                .select("source", "source_customer_key")
                .distinct();
        return tables.apply(CoreTables.IDENTITY)
                .where(col("is_current"))
                .join(functions.broadcast(records), new String[] {"source", "source_customer_key"}, "left_semi")
                .select("customer_id")
                .distinct()
                .orderBy("customer_id")
                .limit(MOST_NAMED + 1)
                .collectAsList();
    }

    /** By the very function that cleans records before they are matched. */
    private String cleaned(String column, String written) {
        List<Column> columns = new ArrayList<>();
        for (StructField field : Subject.CUSTOMER.schema().fields()) {
            Column value = switch (field.name()) {
                case "source_customer_key" -> lit("asked");
                case "recorded_at" -> lit(new Timestamp(0));
                default -> field.name().equals(column) ? lit(written) : lit(null);
            };
            columns.add(value.cast(field.dataType()).as(field.name()));
        }
        columns.addAll(List.of(
                lit("asked").as("source"),
                lit("").as("batch_id"),
                lit("").as("source_file"),
                lit(0L).as("source_row")));
        return CustomerRecords.clean(SparkSession.active().range(1).select(columns.toArray(Column[]::new)), phoneRegion)
                .select(column)
                .first()
                .getString(0);
    }

    private static Found only(List<Row> holders, String what) {
        if (holders.isEmpty()) {
            throw ClienteleException.configuration(
                    "No customer has this %s: check it, or ask by the customer's id.", what);
        }
        if (holders.size() > 1) {
            throw ClienteleException.configuration(
                    "%s customers have this %s (%s): ask for one of them by id.",
                    holders.size() > MOST_NAMED ? "More than " + MOST_NAMED : String.valueOf(holders.size()),
                    what,
                    ids(holders));
        }
        return new Found(holders.get(0).getString(0), null);
    }

    private static String ids(List<Row> rows) {
        return rows.stream().limit(MOST_NAMED).map(r -> r.getString(0)).collect(Collectors.joining(", "));
    }
}
