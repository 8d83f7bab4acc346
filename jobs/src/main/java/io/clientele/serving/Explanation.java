package io.clientele.serving;

import static org.apache.spark.sql.functions.array_join;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.sum;

import io.clientele.engine.Keeping;
import io.clientele.engine.TableRef;
import io.clientele.engine.error.ClienteleException;
import io.clientele.warehouse.CoreTables;
import io.clientele.warehouse.MartTables;
import java.io.PrintStream;
import java.sql.Date;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;

/** From a figure to the rows and rules behind it, as text for a terminal. */
public final class Explanation {
    private static final int MOST_ROWS = 20;
    private static final int LATEST_DAYS = 10;

    private final Function<TableRef, Dataset<Row>> tables;
    private final PrintStream out;

    /**
     * @param tables the published rows of a table
     */
    public Explanation(Function<TableRef, Dataset<Row>> tables, PrintStream out) {
        this.tables = tables;
        this.out = out;
    }

    /**
     * A customer: see {@link CustomerExplanation}.
     *
     * @throws ClienteleException when no record ever belonged to {@code customerId}
     */
    public void customer(String customerId) {
        new CustomerExplanation(tables, out).print(customerId);
    }

    /**
     * A row of a table, or the rows whose key begins so, and for a figure of a customer the days and files behind it.
     *
     * @param key the values of the key, joined by /; of a snapshot and of a history without their date
     * @param asOf the date of the snapshot; null for the latest
     * @throws ClienteleException when there is no such row, or when the key has more values than the table
     */
    public void row(TableRef table, String key, LocalDate asOf) {
        List<String> columns = table.key().stream()
                .filter(c -> !c.equals("as_of_date") && !c.equals("valid_from"))
                .toList();
        String[] values = key.split("/", -1);
        if (values.length > columns.size()) {
            throw ClienteleException.configuration(
                    "The key of %s is %s: expected at most %d values joined by /, found %d in '%s'.",
                    table, String.join("/", columns), columns.size(), values.length, key);
        }
        Dataset<Row> rows = tables.apply(table);
        for (int i = 0; i < values.length; i++) {
            rows = rows.where(text(table, columns.get(i)).equalTo(values[i]));
        }
        LocalDate date = null;
        if (table.keeping() == Keeping.SNAPSHOT) {
            Date latest = asOf != null
                    ? Date.valueOf(asOf)
                    : rows.agg(max("as_of_date")).first().getDate(0);
            rows = rows.where(col("as_of_date").equalTo(lit(latest)));
            date = latest == null ? null : latest.toLocalDate();
        }
        List<Row> found = rows.limit(MOST_ROWS + 1).collectAsList();
        if (found.isEmpty()) {
            throw ClienteleException.configuration(
                    "There is no '%s' in %s%s: its key is %s; find one with 'clientele sql'.",
                    key, table, asOf == null ? "" : " as of " + asOf, String.join("/", columns));
        }
        out.println(table + ": " + table.grain());
        for (Row row : found.subList(0, Math.min(MOST_ROWS, found.size()))) {
            RowsText.printRecord(row, out);
            out.println();
        }
        if (found.size() > MOST_ROWS) {
            out.println("(the first " + MOST_ROWS + " rows; give more of the key)");
        }
        if (table.equals(MartTables.VALUE_SEGMENT) && date != null) {
            new SegmentExplanation(tables, out).print(found.get(0), date);
        }
        if (List.of(MartTables.VALUE_SEGMENT, MartTables.CUSTOMER_CONTRIBUTION).contains(table) && date != null) {
            new ValueExplanation(tables, out).contribution(values[0], date);
        }
        if (columns.get(0).equals("customer_id") && date != null) {
            behind(values[0], date);
        }
    }

    private void behind(String customerId, LocalDate date) {
        Column upToDate =
                col("customer_id").equalTo(customerId).and(col("sold_on").leq(lit(date)));
        Dataset<Row> days = tables.apply(CoreTables.CUSTOMER_DAY).where(upToDate);
        out.println("The purchase days behind it, up to " + date);
        RowsText.print(
                days.agg(
                        count(lit(1)).as("days"),
                        min("sold_on").as("first"),
                        max("sold_on").as("last"),
                        sum("sales_amount").as("sales_amount"),
                        sum("return_amount").as("return_amount"),
                        sum("net_amount").as("net_amount"),
                        sum("cost_amount").as("cost_amount")),
                RowsText.Format.TABLE,
                1,
                out);
        out.println("\nThe latest of them");
        RowsText.print(days.orderBy(col("sold_on").desc()).limit(LATEST_DAYS), RowsText.Format.TABLE, MOST_ROWS, out);
        out.println("\nThe files that its sale lines came in");
        RowsText.print(
                tables.apply(CoreTables.SALE_LINE)
                        .where(upToDate)
                        .groupBy("source", "source_file")
                        .agg(
                                count(lit(1)).as("lines"),
                                min("source_row").as("first_row"),
                                max("source_row").as("last_row"),
                                sum("net_amount").as("net_amount"))
                        .orderBy("source", "source_file"),
                RowsText.Format.TABLE,
                MOST_ROWS,
                out);
        out.println("\n'clientele explain customer " + customerId + "' shows the records behind the customer.");
    }

    /** A key column as it is typed; the products of a rule's antecedent are joined by +. */
    private static Column text(TableRef table, String column) {
        boolean isArray = Arrays.stream(table.schema().fields())
                .anyMatch(f -> f.name().equals(column) && f.dataType() instanceof ArrayType);
        return isArray ? array_join(col(column), "+") : col(column).cast("string");
    }
}
