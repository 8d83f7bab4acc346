package io.clientele.jobs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.clientele.engine.Database;
import io.clientele.engine.Job;
import io.clientele.engine.JobInputs;
import io.clientele.engine.RunContext;
import io.clientele.engine.TableRef;
import io.clientele.engine.Write;
import io.clientele.engine.check.Checks;
import io.clientele.integrate.CustomerChoices;
import io.clientele.mining.customer.CaptureConfig;
import io.clientele.mining.customer.CaptureScorecard;
import io.clientele.mining.customer.Customer360;
import io.clientele.mining.customer.Customer360Config;
import io.clientele.warehouse.CoreTables;
import io.clientele.warehouse.CustomerTables;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The jobs from what customers choose to the whole customer, and to how well sales are tied to customers. */
final class CustomerJobs {
    private final Customer360Config whole;
    private final CaptureConfig capture;

    CustomerJobs(Customer360Config whole, CaptureConfig capture) {
        this.whole = whole;
        this.capture = capture;
    }

    /**
     * @param written the tables that other jobs write; a subject without a source has none
     */
    List<Job> all(Set<TableRef> written) {
        return List.of(customerChoice(), customer360(written), captureScorecard(written));
    }

    private static Job customerChoice() {
        return Job.named("customer_choice")
                .readsChanges(CoreTables.SALE_LINE, CoreTables.PRODUCT)
                .writes(CustomerTables.CUSTOMER_CHOICE, CustomerTables.SOURCE_DAY)
                .checks(List.of(
                        Checks.uniqueKey(CustomerTables.CUSTOMER_CHOICE),
                        Checks.uniqueKey(CustomerTables.SOURCE_DAY),
                        Checks.each(
                                CustomerTables.SOURCE_DAY,
                                "known sales are some of all sales",
                                "count_known_sales BETWEEN 0 AND count_sales",
                                true)))
                .transform((in, run) -> {
                    Dataset<Row> lines = in.table(CoreTables.SALE_LINE);
                    Dataset<Row> products = in.table(CoreTables.PRODUCT);
                    if (!in.exists(CustomerTables.CUSTOMER_CHOICE)) {
                        return List.of(
                                Write.of(CustomerTables.CUSTOMER_CHOICE, CustomerChoices.of(lines, products)),
                                Write.of(CustomerTables.SOURCE_DAY, CustomerChoices.sourceDays(lines)));
                    }
                    List<LocalDate> days = changedDays(in);
                    Dataset<Row> ofDays = lines.where(col("sold_on").isInCollection(days));
                    return List.of(
                            Write.days(CustomerTables.CUSTOMER_CHOICE, CustomerChoices.of(ofDays, products), days),
                            Write.days(CustomerTables.SOURCE_DAY, CustomerChoices.sourceDays(ofDays), days));
                });
    }

    /** The days on which a line changed, or a product was sold that is classed otherwise now: as many as there are days. */
    private static List<LocalDate> changedDays(JobInputs in) {
        Dataset<Row> days = in.changes(CoreTables.SALE_LINE).select("sold_on");
        if (in.isChanged(CoreTables.PRODUCT)) {
            Dataset<Row> reclassed =
                    CustomerChoices.reclassed(in.changes(CoreTables.PRODUCT), in.table(CoreTables.PRODUCT));
            days = days.union(in.table(CoreTables.SALE_LINE)
                    .join(reclassed, new String[] {"product_id"}, "left_semi")
                    .select("sold_on"));
        }
        return days.distinct().collectAsList().stream()
                .map(r -> r.getDate(0).toLocalDate())
                .sorted()
                .toList();
    }

    private Job customer360(Set<TableRef> written) {
        List<TableRef> reads = new ArrayList<>(Customer360.NEEDED);
        Customer360.OPTIONAL.stream().filter(written::contains).forEach(reads::add);
        return Job.named("customer_360")
                .stage("serve")
                .reads(reads)
                .writes(CustomerTables.CUSTOMER_360)
                .dated()
                .config(whole)
                .checks(List.of(
                        Checks.uniqueKey(CustomerTables.CUSTOMER_360),
                        Checks.each(
                                CustomerTables.CUSTOMER_360,
                                "the first purchase is not after the last",
                                "count_sales = 0 OR first_purchase_date <= last_purchase_date",
                                true),
                        Checks.each(
                                CustomerTables.CUSTOMER_360,
                                "net = sales + returns",
                                "abs(net_amount - sales_amount - return_amount) <= 0.01",
                                true)))
                .transform((in, run) -> List.of(Write.of(
                        CustomerTables.CUSTOMER_360, Customer360.of(tables(reads, in, run), whole, run.asOf()))));
    }

    private Job captureScorecard(Set<TableRef> written) {
        List<TableRef> reads = new ArrayList<>(CaptureScorecard.NEEDED);
        if (written.contains(CoreTables.CONSENT)) {
            reads.add(CoreTables.CONSENT);
        }
        return Job.named("capture_scorecard")
                .stage("serve")
                .reads(reads)
                .writes(CustomerTables.CAPTURE_SCORECARD)
                .dated()
                .config(capture)
                .checks(List.of(
                        Checks.uniqueKey(CustomerTables.CAPTURE_SCORECARD),
                        Checks.each(
                                CustomerTables.CAPTURE_SCORECARD,
                                "shares are between 0 and 1 and part of the known",
                                "known_share BETWEEN 0 AND 1 AND named_share BETWEEN 0 AND known_share"
                                        + " AND repeat_share BETWEEN 0 AND known_share AND reachable_share BETWEEN 0 AND known_share",
                                false)))
                .transform((in, run) -> List.of(Write.of(
                        CustomerTables.CAPTURE_SCORECARD,
                        CaptureScorecard.of(tables(reads, in, run), capture, run.asOf()))));
    }

    /** All rows of core, of marts those of the run's date. */
    private static Map<TableRef, Dataset<Row>> tables(List<TableRef> reads, JobInputs in, RunContext run) {
        Map<TableRef, Dataset<Row>> tables = new HashMap<>();
        for (TableRef table : reads) {
            Dataset<Row> rows = in.table(table);
            tables.put(
                    table,
                    table.database() == Database.MART
                            ? rows.where(col("as_of_date").equalTo(lit(run.asOf())))
                            : rows);
        }
        return tables;
    }
}
