package io.clientele.serving;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_position;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.sum;

import io.clientele.engine.TableRef;
import io.clientele.engine.error.ClienteleException;
import io.clientele.mining.value.ContributionInputs;
import io.clientele.mining.value.MigrationConfig;
import io.clientele.mining.value.ValueMigration;
import io.clientele.warehouse.CoreTables;
import io.clientele.warehouse.MartTables;
import java.io.PrintStream;
import java.sql.Date;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** The matrix of classes between any two snapshots, and why customers moved; mart.value_migration holds one pair of dates each. */
public final class Migration {
    private static final int MOST_SNAPSHOTS = 12;

    private final Function<TableRef, Dataset<Row>> tables;
    private final LocalDate from;
    private final LocalDate to;

    /**
     * @param tables reads published tables
     * @param from the earlier snapshot; null: the one before {@code to}
     * @param to the later one; null: the latest
     * @throws ClienteleException configuration, where a snapshot is not there, with those that are
     */
    public Migration(Function<TableRef, Dataset<Row>> tables, LocalDate from, LocalDate to) {
        this.tables = tables;
        List<LocalDate> dates = tables
                .apply(MartTables.VALUE_SEGMENT)
                .select("as_of_date")
                .distinct()
                .orderBy("as_of_date")
                .collectAsList()
                .stream()
                .map(row -> row.<Date>getAs(0).toLocalDate())
                .toList();
        if (dates.size() < 2) {
            throw ClienteleException.configuration(
                    "Migration needs two snapshots of mart.value_segment, found %s: run 'clientele run --as-of DATE' for another date.",
                    dates.isEmpty() ? "none" : "only " + dates.get(0));
        }
        this.to = to == null ? dates.get(dates.size() - 1) : present("--to", to, dates);
        List<LocalDate> earlier =
                dates.stream().filter(date -> date.isBefore(this.to)).toList();
        if (earlier.isEmpty()) {
            throw ClienteleException.configuration(
                    "--to %s: expected a snapshot with an earlier one before it, found the first of all; there are: %s",
                    this.to, listed(dates));
        }
        this.from = from == null ? earlier.get(earlier.size() - 1) : present("--from", from, dates);
        if (!this.from.isBefore(this.to)) {
            throw ClienteleException.configuration(
                    "--from %s: expected a snapshot before %s; there are: %s", this.from, this.to, listed(earlier));
        }
    }

    private static LocalDate present(String option, LocalDate date, List<LocalDate> dates) {
        if (!dates.contains(date)) {
            throw ClienteleException.configuration(
                    "%s %s: there is no snapshot of mart.value_segment of that date; there are: %s",
                    option, date, listed(dates));
        }
        return date;
    }

    private static String listed(List<LocalDate> dates) {
        String latest = dates.stream()
                .skip(Math.max(0, dates.size() - MOST_SNAPSHOTS))
                .map(LocalDate::toString)
                .collect(Collectors.joining(", "));
        return dates.size() > MOST_SNAPSHOTS ? "..., " + latest : latest;
    }

    /**
     * Rows like those of mart.value_migration of these two dates.
     *
     * @param dimension value_class, pyramid_level or abc_class
     */
    public Dataset<Row> rows(String dimension) {
        Dataset<Row> contribution = tables.apply(MartTables.CUSTOMER_CONTRIBUTION);
        // The days that the earlier snapshot looked back on, which may not be those of today's configuration.
        Row window = contribution
                .where(col("as_of_date").equalTo(lit(from)))
                .agg(coalesce(max("window_days"), lit(0)))
                .first();
        return ValueMigration.matrix(ValueMigration.moves(
                        tables.apply(MartTables.VALUE_SEGMENT),
                        tables.apply(MartTables.VALUE_CUT_POINT),
                        contribution,
                        new ContributionInputs(
                                tables.apply(CoreTables.CUSTOMER_DAY),
                                tables.apply(CoreTables.SERVICE_CASE),
                                tables.apply(CoreTables.CAMPAIGN_CONTACT),
                                tables.apply(CoreTables.INVOICE),
                                tables.apply(CoreTables.PAYMENT)),
                        tables.apply(CoreTables.IDENTITY),
                        new MigrationConfig(1, from),
                        window.getInt(0),
                        to))
                .where(col("dimension").equalTo(dimension))
                .orderBy("from_class", "to_class", "reason");
    }

    /** Prints the matrix and the reasons of those who moved. */
    public void print(String dimension, PrintStream out) {
        List<String> classes = new ArrayList<>(
                switch (dimension) {
                    case "pyramid_level" -> SpreadSections.LEVELS;
                    case "abc_class" -> List.of("A", "B", "C");
                    default -> SpreadSections.CLASSES;
                });
        classes.add("none");
        Column order = array(classes.stream().map(functions::lit).toArray(Column[]::new));
        Dataset<Row> rows = rows(dimension).localCheckpoint();
        out.printf(
                "Customers by %s on %s (rows) and on %s (columns); none: not valued then or not any more.%n%n",
                dimension, from, to);
        RowsText.print(
                rows.groupBy(col("from_class").as("from \\ to"))
                        .pivot("to_class", new ArrayList<Object>(classes))
                        .agg(sum("count_customers"))
                        .na()
                        .fill(0)
                        // From the best class down, as the columns are.
                        .orderBy(array_position(order, col("from \\ to"))),
                RowsText.Format.TABLE,
                classes.size(),
                out);
        out.printf("%nWhy customers moved:%n%n");
        RowsText.print(
                rows.where(col("reason").notEqual("stayed"))
                        .select(
                                "from_class",
                                "to_class",
                                "reason",
                                "count_customers",
                                "from_sales_amount",
                                "sales_amount"),
                RowsText.Format.TABLE,
                1000,
                out);
    }
}
