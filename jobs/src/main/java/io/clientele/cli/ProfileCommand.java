package io.clientele.cli;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;

import io.clientele.engine.PublishedTables;
import io.clientele.engine.error.ClienteleException;
import io.clientele.jobs.Settings;
import io.clientele.jobs.WarehouseJobs;
import io.clientele.serving.CustomerSearch;
import io.clientele.serving.Profile;
import io.clientele.serving.RowsText;
import io.clientele.warehouse.CustomerTables;
import java.io.PrintStream;
import java.sql.Date;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Everything about one customer on one page, for whoever speaks to them. */
@Command(
        name = "profile",
        description = "Show one customer: contact data, purchases, habits, cases, arrears, value, state, offers.",
        mixinStandardHelpOptions = true)
final class ProfileCommand implements Callable<Integer> {
    /** How a profile is printed. */
    enum Format {
        /** Text for people. */
        TEXT,
        /** The row of mart.customer_360 as one JSON object. */
        JSON
    }

    @Mixin
    private WarehouseOptions options;

    @Parameters(
            paramLabel = "CUSTOMER",
            description = "A customer_id, an e-mail, or a phone number; written as you like.")
    private String customer;

    @Option(
            names = "--as-of",
            paramLabel = "DATE",
            description = "The date of the snapshot, yyyy-MM-dd (default: the latest).")
    private LocalDate asOf;

    @Option(
            names = "--format",
            defaultValue = "text",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Format format;

    private final PrintStream out = System.out;

    @Override
    public Integer call() {
        Settings settings = WarehouseJobs.read(options.conf).settings();
        PublishedTables published = options.published();
        if (!published.exists(CustomerTables.CUSTOMER_360)) {
            throw ClienteleException.configuration(
                    "%s was never computed in this warehouse: run 'clientele run' first.", CustomerTables.CUSTOMER_360);
        }
        Dataset<Row> snapshots = published.read(CustomerTables.CUSTOMER_360);
        CustomerSearch.Found found = new CustomerSearch(published::read, settings.phoneRegion()).find(customer);
        if (found.note() != null) {
            System.err.println(found.note());
        }
        // The snapshots are folders by date, and rows within one are sorted by customer: one page of a file is read.
        Date date = asOf != null
                ? Date.valueOf(asOf)
                : snapshots.agg(max("as_of_date")).first().getDate(0);
        Dataset<Row> rows = snapshots.where(
                col("as_of_date").equalTo(lit(date)).and(col("customer_id").equalTo(found.customerId())));
        List<Row> one = rows.limit(1).collectAsList();
        if (one.isEmpty()) {
            throw ClienteleException.configuration(
                    "%s has no row of customer '%s' as of %s: it was not known then, or that date was not computed"
                            + " ('clientele run --as-of %s').",
                    CustomerTables.CUSTOMER_360, found.customerId(), date, date);
        }
        if (format == Format.JSON) {
            RowsText.print(rows, RowsText.Format.JSON, 1, out);
        } else {
            Profile.print(one.get(0), settings.reportingCurrency(), out);
        }
        return 0;
    }
}
