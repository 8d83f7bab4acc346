package io.clientele.jobs;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.max_by;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.struct;
import static scala.jdk.javaapi.CollectionConverters.asScala;

import io.clientele.engine.Job;
import io.clientele.engine.JobInputs;
import io.clientele.engine.Reuse;
import io.clientele.engine.TableRef;
import io.clientele.engine.Write;
import io.clientele.engine.check.Checks;
import io.clientele.engine.check.TableCheck;
import io.clientele.integrate.CustomerDays;
import io.clientele.integrate.CustomerFacts;
import io.clientele.warehouse.CoreTables;
import io.clientele.warehouse.Subject;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The jobs from raw records to what customers did, and the compact tables made of it. Each reads what is new since its last run. */
final class FactJobs {
    private final Subjects subjects;

    FactJobs(Subjects subjects) {
        this.subjects = subjects;
    }

    List<Job> all() {
        List<Job> jobs = new ArrayList<>();
        jobs.add(saleLine());
        Map<Subject, TableRef> plain = Map.of(
                Subject.INVOICE, CoreTables.INVOICE,
                Subject.SERVICE_CASE, CoreTables.SERVICE_CASE,
                Subject.SURVEY_ANSWER, CoreTables.SURVEY_ANSWER,
                Subject.CAMPAIGN_CONTACT, CoreTables.CAMPAIGN_CONTACT,
                Subject.LIFE_EVENT, CoreTables.LIFE_EVENT);
        for (Subject subject : Subject.values()) {
            if (plain.containsKey(subject) && !subjects.of(subject).isEmpty()) {
                TableRef table = plain.get(subject);
                jobs.add(fact(subject, table, (rows, identity) -> CustomerFacts.attach(rows, identity, table)));
            }
        }
        if (!subjects.of(Subject.PAYMENT).isEmpty()) {
            jobs.add(payment());
        }
        if (!subjects.of(Subject.CONSENT).isEmpty()) {
            jobs.add(consent());
        }
        jobs.add(customerDay());
        jobs.add(basket());
        return jobs;
    }

    private Job saleLine() {
        return Job.named("sale_line")
                .readsChanges(subjects.raws(Subject.SALE_LINE))
                .readsChanges(CoreTables.IDENTITY)
                .reads(CoreTables.PRODUCT)
                .writes(CoreTables.SALE_LINE)
                .checks(List.of(
                        Checks.uniqueKey(CoreTables.SALE_LINE),
                        ofCustomers(CoreTables.SALE_LINE),
                        Checks.references(CoreTables.SALE_LINE, "product_id", CoreTables.PRODUCT, "product_id", false),
                        Checks.each(CoreTables.SALE_LINE, "amount is known", "net_amount IS NOT NULL", true),
                        Checks.each(
                                CoreTables.SALE_LINE,
                                "a return is not positive",
                                "NOT is_return OR net_amount <= 0",
                                false)))
                .transform((in, run) -> {
                    Dataset<Row> identity = in.table(CoreTables.IDENTITY);
                    List<Dataset<Row>> parts = new ArrayList<>();
                    Subjects.Delivered delivered = delivered(Subject.SALE_LINE, in);
                    if (delivered != null) {
                        parts.add(CustomerFacts.saleLines(delivered.rows(), identity, in.table(CoreTables.PRODUCT)));
                    }
                    Dataset<Row> moved = in.exists(CoreTables.SALE_LINE) && in.isChanged(CoreTables.IDENTITY)
                            ? movedLines(in.table(CoreTables.SALE_LINE), identities(in))
                            : null;
                    Dataset<Row> former = former(CoreTables.SALE_LINE, delivered, in);
                    if (moved != null && former != null) {
                        Dataset<Row> corrected = parts.get(0).where(col("is_correction"));
                        moved = moved.join(
                                former.unionByName(keys(corrected, CoreTables.SALE_LINE)),
                                asScala(CoreTables.SALE_LINE.key()).toSeq(),
                                "left_anti");
                    }
                    // Mostly new customers without earlier lines: to ask reads three columns, to take all of them.
                    if (moved != null && !moved.isEmpty()) {
                        parts.add(moved);
                    }
                    return parts.isEmpty()
                            ? List.of(Write.of(CoreTables.SALE_LINE, Subjects.none(CoreTables.SALE_LINE)))
                            : List.of(Write.correcting(
                                    CoreTables.SALE_LINE, Subjects.union(parts), "is_correction", former));
                });
    }

    /**
     * The sale lines whose customer is another one now. Of records that were never anybody there are none but lines without a
     * customer, and which files hold no such line is known without reading them.
     */
    private static Dataset<Row> movedLines(Dataset<Row> lines, Dataset<Row> identities) {
        boolean wasAnybody = !identities.where(not(col("is_current"))).isEmpty();
        return CustomerFacts.redirected(
                wasAnybody ? lines : lines.where(col("customer_id").isNull()), current(identities));
    }

    private static Dataset<Row> current(Dataset<Row> identities) {
        return identities.where(col("is_current"));
    }

    /**
     * All identities, past and current, of the records of which one changed. Not the changes themselves: who became one customer
     * and then another since the job ran last has two among them that were current.
     */
    private static Dataset<Row> identities(JobInputs in) {
        Dataset<Row> changed = Reuse.settled(in.changes(CoreTables.IDENTITY)
                .where(col("_change_type").isInCollection(List.of("insert", "update_postimage")))
                .select("record_key")
                .distinct());
        return Reuse.settled(in.table(CoreTables.IDENTITY)
                .join(changed, asScala(List.of("record_key")).toSeq(), "left_semi")
                .select("source", "source_customer_key", "customer_id", "is_current"));
    }

    /** New rows of a fact, and the old ones whose customer is another one now. */
    private Job fact(Subject subject, TableRef table, BinaryOperator<Dataset<Row>> attach) {
        return Job.named(table.name())
                .readsChanges(subjects.raws(subject))
                .readsChanges(CoreTables.IDENTITY)
                .writes(table)
                .checks(List.of(
                        Checks.uniqueKey(table), ofCustomers(table), Checks.mostlyKnown(table, "customer_id", 0.5)))
                .transform((in, run) -> {
                    Subjects.Delivered delivered = delivered(subject, in);
                    Dataset<Row> former = former(table, delivered, in);
                    return List.of(Write.correcting(
                            table,
                            attach.apply(
                                    concerned(subject, table, delivered, former, in), in.table(CoreTables.IDENTITY)),
                            null,
                            former));
                });
    }

    /**
     * The keys of rows that corrected records gave before, which vanish unless they are given again; null where there are none.
     * What another record said last of the same key stays.
     */
    private static Dataset<Row> former(TableRef table, Subjects.Delivered delivered, JobInputs in) {
        if (delivered == null || delivered.former() == null || !in.exists(table)) {
            return null;
        }
        List<String> traced = new ArrayList<>(table.key());
        traced.addAll(List.of("batch_id", "source_file", "source_row"));
        Dataset<Row> rows = in.table(table);
        Dataset<Row> said = Reuse.settled(delivered
                .former()
                .select(traced.stream().map(c -> col(c).as("_" + c)).toArray(Column[]::new)));
        Column same = traced.stream()
                .map(c -> rows.col(c).eqNullSafe(said.col("_" + c)))
                .reduce(Column::and)
                .orElseThrow();
        return Reuse.of(keys(rows.join(said, same, "left_semi"), table));
    }

    private static Dataset<Row> keys(Dataset<Row> rows, TableRef table) {
        return rows.select(table.key().stream().map(k -> col(k)).toArray(Column[]::new));
    }

    /** What came since the job ran last; null: nothing. */
    private Subjects.Delivered delivered(Subject subject, JobInputs in) {
        return subjects.isAnyChanged(subject, in) ? subjects.delivered(subject, in) : null;
    }

    /**
     * What the table has to hold anew: of what was delivered, of customers who are others now, and of facts that a corrected record
     * does not tell any more, which other records may still tell.
     */
    private Dataset<Row> concerned(
            Subject subject, TableRef table, Subjects.Delivered delivered, Dataset<Row> former, JobInputs in) {
        if (!in.exists(table)) {
            return lastOfKey(subjects.allRows(subject, in), table);
        }
        List<Dataset<Row>> parts = new ArrayList<>();
        if (delivered != null) {
            parts.add(delivered.rows());
        }
        if (former != null) {
            Dataset<Row> untold = Reuse.settled(
                    former.join(delivered.rows(), asScala(table.key()).toSeq(), "left_anti"));
            if (!untold.isEmpty()) {
                parts.add(subjects.allRows(subject, in)
                        .join(untold, asScala(table.key()).toSeq(), "left_semi"));
            }
        }
        if (in.isChanged(CoreTables.IDENTITY)) {
            Dataset<Row> all = subjects.allRows(subject, in);
            Dataset<Row> moved = current(identities(in))
                    .select(
                            col("source").as("_source"),
                            col("source_customer_key").as("_key"))
                    .distinct();
            parts.add(all.join(
                    moved,
                    coalesce(all.col("customer_source"), all.col("source"))
                            .equalTo(moved.col("_source"))
                            .and(all.col("source_customer_key").equalTo(moved.col("_key"))),
                    "left_semi"));
        }
        return parts.isEmpty() ? subjects.allRows(subject, in).limit(0) : lastOfKey(Subjects.union(parts), table);
    }

    /** Of several deliveries of a key the last counts. */
    private static Dataset<Row> lastOfKey(Dataset<Row> rows, TableRef table) {
        List<Column> columns = new ArrayList<>();
        for (String column : rows.columns()) {
            columns.add(col(column));
        }
        return rows.groupBy(table.key().stream().map(k -> col(k).as("_" + k)).toArray(Column[]::new))
                .agg(max_by(
                                struct(columns.toArray(Column[]::new)),
                                struct(col("loaded_at"), col("source_file"), col("source_row")))
                        .as("last"))
                .select("last.*");
    }

    private Job payment() {
        return Job.named("payment")
                .readsChanges(subjects.raws(Subject.PAYMENT))
                .readsChanges(CoreTables.IDENTITY)
                .reads(subjects.of(Subject.INVOICE).isEmpty() ? List.of() : List.of(CoreTables.INVOICE))
                .writes(CoreTables.PAYMENT)
                .checks(paymentChecks())
                .transform((in, run) -> {
                    Subjects.Delivered delivered = delivered(Subject.PAYMENT, in);
                    Dataset<Row> former = former(CoreTables.PAYMENT, delivered, in);
                    return List.of(Write.correcting(
                            CoreTables.PAYMENT,
                            CustomerFacts.payments(
                                    concerned(Subject.PAYMENT, CoreTables.PAYMENT, delivered, former, in),
                                    in.table(CoreTables.IDENTITY),
                                    subjects.of(Subject.INVOICE).isEmpty()
                                            ? Subjects.none(CoreTables.INVOICE)
                                            : in.table(CoreTables.INVOICE)),
                            null,
                            former));
                });
    }

    private List<TableCheck> paymentChecks() {
        List<TableCheck> checks =
                new ArrayList<>(List.of(Checks.uniqueKey(CoreTables.PAYMENT), ofCustomers(CoreTables.PAYMENT)));
        if (!subjects.of(Subject.INVOICE).isEmpty()) {
            checks.add(Checks.references(CoreTables.PAYMENT, "invoice_id", CoreTables.INVOICE, "invoice_id", false));
        }
        return checks;
    }

    /** Whoever is named is a customer; a failure is a fault of this program, never of the data. */
    static TableCheck ofCustomers(TableRef table) {
        return Checks.references(table, "customer_id", CoreTables.IDENTITY, "customer_id", true);
    }

    private Job consent() {
        return Job.named("consent")
                .reads(subjects.raws(Subject.CONSENT))
                .reads(CoreTables.IDENTITY)
                .writes(CoreTables.CONSENT)
                .checks(List.of(
                        Checks.uniqueKey(CoreTables.CONSENT),
                        Checks.history(CoreTables.CONSENT, List.of("customer_id", "purpose", "channel")),
                        ofCustomers(CoreTables.CONSENT)))
                .transform((in, run) -> List.of(Write.of(
                        CoreTables.CONSENT,
                        CustomerFacts.consents(subjects.allRows(Subject.CONSENT, in), in.table(CoreTables.IDENTITY)))));
    }

    private Job customerDay() {
        return Job.named("customer_day")
                .readsChanges(CoreTables.SALE_LINE)
                .writes(CoreTables.CUSTOMER_DAY)
                .checks(List.of(
                        Checks.uniqueKey(CoreTables.CUSTOMER_DAY),
                        Checks.sameTotals(
                                CoreTables.CUSTOMER_DAY,
                                CoreTables.SALE_LINE,
                                "sold_on",
                                "net_amount",
                                "customer_id IS NOT NULL"),
                        Checks.each(
                                CoreTables.CUSTOMER_DAY,
                                "net = sales + returns",
                                "net_amount = sales_amount + return_amount",
                                true)))
                .transform((in, run) -> byDay(in, CoreTables.CUSTOMER_DAY, CustomerDays::of));
    }

    private Job basket() {
        return Job.named("basket")
                .readsChanges(CoreTables.SALE_LINE)
                .reads(CoreTables.PRODUCT)
                .writes(CoreTables.BASKET)
                .checks(List.of(Checks.each(CoreTables.BASKET, "a basket has products", "size(product_ids) > 0", true)))
                .transform((in, run) -> byDay(
                        in, CoreTables.BASKET, lines -> CustomerDays.baskets(lines, in.table(CoreTables.PRODUCT))));
    }

    /** Makes the days anew in which a sale line appeared, changed or vanished. */
    private static List<Write> byDay(
            JobInputs in, TableRef table, java.util.function.UnaryOperator<Dataset<Row>> make) {
        Dataset<Row> lines = in.table(CoreTables.SALE_LINE);
        if (!in.exists(table)) {
            return List.of(Write.of(table, make.apply(lines)));
        }
        // As many as there are days, whatever the number of sales.
        List<LocalDate> days = in.changes(CoreTables.SALE_LINE).select("sold_on").distinct().collectAsList().stream()
                .map(r -> r.getDate(0).toLocalDate())
                .sorted()
                .toList();
        return List.of(Write.days(table, make.apply(lines.where(col("sold_on").isInCollection(days))), days));
    }
}
