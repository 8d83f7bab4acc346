package io.clientele;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static scala.jdk.javaapi.CollectionConverters.asScala;

import io.clientele.engine.Job;
import io.clientele.engine.JobInputs;
import io.clientele.engine.Reuse;
import io.clientele.engine.TableRef;
import io.clientele.engine.Write;
import io.clientele.engine.check.Checks;
import io.clientele.engine.check.TableCheck;
import io.clientele.identity.Identities;
import io.clientele.identity.Names;
import io.clientele.integrate.CustomerDays;
import io.clientele.integrate.CustomerFacts;
import io.clientele.integrate.CustomerRecords;
import io.clientele.integrate.Customers;
import io.clientele.integrate.Products;
import io.clientele.integrate.Survivorship;
import io.clientele.warehouse.CoreTables;
import io.clientele.warehouse.IdentityTables;
import io.clientele.warehouse.Subject;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The jobs from raw records to core subjects. Each reads what is new since its last run. */
final class IntegrateJobs {
    private final Map<Subject, List<SubjectSource>> sources;
    private final String phoneRegion;
    private final Matching matching;
    private final Survivorship survivorship;

    /**
     * @param sources what speaks of each subject; subjects without a source get empty tables where others need them
     */
    IntegrateJobs(
            Map<Subject, List<SubjectSource>> sources,
            String phoneRegion,
            Matching matching,
            Survivorship survivorship) {
        this.sources = sources;
        this.phoneRegion = phoneRegion;
        this.matching = matching;
        this.survivorship = survivorship;
    }

    List<Job> all() {
        List<Job> jobs = new ArrayList<>();
        jobs.add(product());
        jobs.add(customerRecord());
        jobs.add(identity());
        jobs.add(customer());
        jobs.add(saleLine());
        Map<Subject, TableRef> plain = Map.of(
                Subject.INVOICE, CoreTables.INVOICE,
                Subject.SERVICE_CASE, CoreTables.SERVICE_CASE,
                Subject.SURVEY_ANSWER, CoreTables.SURVEY_ANSWER,
                Subject.CAMPAIGN_CONTACT, CoreTables.CAMPAIGN_CONTACT,
                Subject.LIFE_EVENT, CoreTables.LIFE_EVENT);
        for (Subject subject : Subject.values()) {
            if (plain.containsKey(subject) && !of(subject).isEmpty()) {
                TableRef table = plain.get(subject);
                jobs.add(fact(subject, table, (rows, identity) -> CustomerFacts.attach(rows, identity, table)));
            }
        }
        if (!of(Subject.PAYMENT).isEmpty()) {
            jobs.add(payment());
        }
        if (!of(Subject.CONSENT).isEmpty()) {
            jobs.add(consent());
        }
        jobs.add(customerDay());
        jobs.add(basket());
        return jobs;
    }

    private List<SubjectSource> of(Subject subject) {
        return sources.getOrDefault(subject, List.of());
    }

    private List<TableRef> raws(Subject subject) {
        return of(subject).stream().map(SubjectSource::raw).toList();
    }

    private static Dataset<Row> none(TableRef table) {
        return SparkSession.active().createDataFrame(List.of(), table.schema());
    }

    private static Dataset<Row> union(List<Dataset<Row>> parts) {
        return parts.stream().reduce(Dataset::unionByName).orElseThrow();
    }

    private Dataset<Row> newRows(Subject subject, JobInputs in) {
        return union(of(subject).stream()
                .filter(s -> in.isChanged(s.raw()) || of(subject).size() == 1)
                .map(s -> s.rows()
                        .apply(in.changes(s.raw()).where(col("_change_type").equalTo("insert"))))
                .toList());
    }

    private Dataset<Row> allRows(Subject subject, JobInputs in) {
        return union(
                of(subject).stream().map(s -> s.rows().apply(in.table(s.raw()))).toList());
    }

    private boolean isAnyChanged(Subject subject, JobInputs in) {
        return raws(subject).stream().anyMatch(in::isChanged);
    }

    private Job product() {
        return Job.named("product")
                .readsChanges(raws(Subject.PRODUCT))
                .writes(CoreTables.PRODUCT)
                .checks(List.of(
                        Checks.uniqueKey(CoreTables.PRODUCT),
                        Checks.history(CoreTables.PRODUCT, List.of("product_id")),
                        Checks.each(
                                CoreTables.PRODUCT,
                                "unit cost is not negative",
                                "coalesce(unit_cost_amount, 0) >= 0",
                                false)))
                .transform((in, run) -> {
                    if (of(Subject.PRODUCT).isEmpty()) {
                        return List.of(Write.of(CoreTables.PRODUCT, none(CoreTables.PRODUCT)));
                    }
                    Dataset<Row> all = allRows(Subject.PRODUCT, in);
                    Dataset<Row> concerned = in.exists(CoreTables.PRODUCT)
                            ? all.join(
                                    newRows(Subject.PRODUCT, in)
                                            .select("product_id")
                                            .distinct(),
                                    asScala(List.of("product_id")).toSeq(),
                                    "left_semi")
                            : all;
                    return List.of(Write.of(CoreTables.PRODUCT, Products.history(concerned)));
                });
    }

    private Job customerRecord() {
        return Job.named("customer_record")
                .readsChanges(raws(Subject.CUSTOMER))
                .writes(CoreTables.CUSTOMER_RECORD)
                .config(phoneRegion)
                .checks(List.of(Checks.uniqueKey(CoreTables.CUSTOMER_RECORD)))
                .transform((in, run) -> List.of(Write.of(
                        CoreTables.CUSTOMER_RECORD,
                        of(Subject.CUSTOMER).isEmpty()
                                ? none(CoreTables.CUSTOMER_RECORD)
                                : CustomerRecords.clean(newRows(Subject.CUSTOMER, in), phoneRegion))));
    }

    private Job identity() {
        return Job.named("identity")
                .readsChanges(CoreTables.CUSTOMER_RECORD)
                .writes(
                        CoreTables.IDENTITY,
                        IdentityTables.CUSTOMER_REDIRECT,
                        IdentityTables.MATCH_PAIR,
                        IdentityTables.MATCH_MODEL,
                        IdentityTables.WEAK_IDENTIFIER)
                .config(List.of(
                        Names.VERSION, matching.config(), matching.decisions().all()))
                .checks(List.of(
                        Checks.uniqueKey(CoreTables.IDENTITY),
                        Checks.uniqueKey(IdentityTables.CUSTOMER_REDIRECT),
                        Checks.uniqueKey(IdentityTables.MATCH_PAIR),
                        Checks.history(CoreTables.IDENTITY, List.of("record_key"))))
                .transform((in, run) -> {
                    Identities.Resolution resolution = Identities.resolution(
                            in.table(CoreTables.CUSTOMER_RECORD),
                            in.table(CoreTables.IDENTITY),
                            matching.config(),
                            matching.decisions());
                    return List.of(
                            Write.of(CoreTables.IDENTITY, resolution.identity()),
                            Write.of(
                                    IdentityTables.CUSTOMER_REDIRECT,
                                    Identities.redirected(
                                            resolution.redirects(),
                                            in.table(IdentityTables.CUSTOMER_REDIRECT),
                                            run.runId())),
                            Write.of(IdentityTables.MATCH_PAIR, resolution.pairs()),
                            Write.of(IdentityTables.MATCH_MODEL, resolution.model()),
                            Write.of(IdentityTables.WEAK_IDENTIFIER, resolution.weakIdentifiers()));
                });
    }

    private Job customer() {
        return Job.named("customer")
                .readsChanges(CoreTables.CUSTOMER_RECORD, CoreTables.IDENTITY)
                .writes(CoreTables.CUSTOMER)
                .config(survivorship)
                .checks(List.of(
                        Checks.uniqueKey(CoreTables.CUSTOMER),
                        Checks.history(CoreTables.CUSTOMER, List.of("customer_id")),
                        ofCustomers(CoreTables.CUSTOMER),
                        Checks.each(
                                CoreTables.CUSTOMER,
                                "phone is E.164",
                                "phone IS NULL OR phone RLIKE '^[+][0-9]{4,15}$'",
                                false)))
                .transform((in, run) -> {
                    Dataset<Row> records = in.table(CoreTables.CUSTOMER_RECORD);
                    Dataset<Row> identity = in.table(CoreTables.IDENTITY);
                    if (!in.exists(CoreTables.CUSTOMER) || in.isReconfigured()) {
                        Dataset<Row> all = Customers.history(records, identity, null, survivorship);
                        return List.of(Write.of(
                                CoreTables.CUSTOMER,
                                in.exists(CoreTables.CUSTOMER)
                                        ? all.unionByName(Customers.closed(in.table(CoreTables.CUSTOMER), identity))
                                        : all));
                    }
                    Dataset<Row> ofRecords = identity.join(
                                    Reuse.known(in.changes(CoreTables.CUSTOMER_RECORD)
                                            .select("source", "source_customer_key")
                                            .distinct()),
                                    asScala(List.of("source", "source_customer_key"))
                                            .toSeq(),
                                    "left_semi")
                            .select("customer_id");
                    Dataset<Row> touched = Reuse.known(ofRecords
                            .union(in.changes(CoreTables.IDENTITY).select("customer_id"))
                            .distinct());
                    Dataset<Row> made = Customers.history(records, identity, touched, survivorship);
                    Dataset<Row> closed = Customers.closed(
                            in.table(CoreTables.CUSTOMER),
                            identity.join(
                                    touched, asScala(List.of("customer_id")).toSeq(), "left_semi"));
                    return List.of(Write.of(CoreTables.CUSTOMER, made.unionByName(closed)));
                });
    }

    private Job saleLine() {
        return Job.named("sale_line")
                .readsChanges(raws(Subject.SALE_LINE))
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
                    if (isAnyChanged(Subject.SALE_LINE, in)) {
                        parts.add(CustomerFacts.saleLines(
                                newRows(Subject.SALE_LINE, in), identity, in.table(CoreTables.PRODUCT)));
                    }
                    Dataset<Row> moved = in.exists(CoreTables.SALE_LINE) && in.isChanged(CoreTables.IDENTITY)
                            ? CustomerFacts.redirected(in.table(CoreTables.SALE_LINE), moved(in))
                            : null;
                    // Mostly new customers without earlier lines: to ask reads three columns, to take all of them.
                    if (moved != null && !moved.isEmpty()) {
                        parts.add(
                                parts.isEmpty()
                                        ? moved
                                        : moved.join(
                                                parts.get(0)
                                                        .where(col("is_correction"))
                                                        .select("source", "sale_id", "line_number"),
                                                asScala(CoreTables.SALE_LINE.key())
                                                        .toSeq(),
                                                "left_anti"));
                    }
                    return parts.isEmpty()
                            ? List.of(Write.of(CoreTables.SALE_LINE, none(CoreTables.SALE_LINE)))
                            : List.of(Write.mostlyNew(CoreTables.SALE_LINE, union(parts), "is_correction"));
                });
    }

    private static Dataset<Row> moved(JobInputs in) {
        return Reuse.known(in.changes(CoreTables.IDENTITY)
                .where(col("is_current").and(col("_change_type").isInCollection(List.of("insert", "update_postimage"))))
                .select("source", "source_customer_key", "customer_id"));
    }

    /** New rows of a fact, and the old ones whose customer is another one now. */
    private Job fact(Subject subject, TableRef table, BinaryOperator<Dataset<Row>> attach) {
        return Job.named(table.name())
                .readsChanges(raws(subject))
                .readsChanges(CoreTables.IDENTITY)
                .writes(table)
                .checks(List.of(
                        Checks.uniqueKey(table), ofCustomers(table), Checks.mostlyKnown(table, "customer_id", 0.5)))
                .transform((in, run) -> List.of(
                        Write.of(table, attach.apply(concerned(subject, table, in), in.table(CoreTables.IDENTITY)))));
    }

    private Dataset<Row> concerned(Subject subject, TableRef table, JobInputs in) {
        Dataset<Row> all = allRows(subject, in);
        if (!in.exists(table)) {
            return lastOfKey(all, table);
        }
        List<Dataset<Row>> parts = new ArrayList<>();
        if (isAnyChanged(subject, in)) {
            parts.add(newRows(subject, in));
        }
        if (in.isChanged(CoreTables.IDENTITY)) {
            Dataset<Row> moved = moved(in)
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
        return parts.isEmpty() ? all.limit(0) : lastOfKey(union(parts), table);
    }

    /** Of several deliveries of a key the last counts. */
    private static Dataset<Row> lastOfKey(Dataset<Row> rows, TableRef table) {
        List<org.apache.spark.sql.Column> columns = new ArrayList<>();
        for (String column : rows.columns()) {
            columns.add(col(column));
        }
        return rows.groupBy(
                        table.key().stream().map(k -> col(k).as("_" + k)).toArray(org.apache.spark.sql.Column[]::new))
                .agg(org.apache
                        .spark
                        .sql
                        .functions
                        .max_by(
                                org.apache.spark.sql.functions.struct(
                                        columns.toArray(org.apache.spark.sql.Column[]::new)),
                                org.apache.spark.sql.functions.struct(
                                        col("is_correction"), col("source_file"), col("source_row")))
                        .as("last"))
                .select("last.*");
    }

    private Job payment() {
        return Job.named("payment")
                .readsChanges(raws(Subject.PAYMENT))
                .readsChanges(CoreTables.IDENTITY)
                .reads(of(Subject.INVOICE).isEmpty() ? List.of() : List.of(CoreTables.INVOICE))
                .writes(CoreTables.PAYMENT)
                .checks(paymentChecks())
                .transform((in, run) -> List.of(Write.of(
                        CoreTables.PAYMENT,
                        CustomerFacts.payments(
                                concerned(Subject.PAYMENT, CoreTables.PAYMENT, in),
                                in.table(CoreTables.IDENTITY),
                                of(Subject.INVOICE).isEmpty()
                                        ? none(CoreTables.INVOICE)
                                        : in.table(CoreTables.INVOICE)))));
    }

    private List<TableCheck> paymentChecks() {
        List<TableCheck> checks =
                new ArrayList<>(List.of(Checks.uniqueKey(CoreTables.PAYMENT), ofCustomers(CoreTables.PAYMENT)));
        if (!of(Subject.INVOICE).isEmpty()) {
            checks.add(Checks.references(CoreTables.PAYMENT, "invoice_id", CoreTables.INVOICE, "invoice_id", false));
        }
        return checks;
    }

    /** Whoever is named is a customer; a failure is a fault of this program, never of the data. */
    private static TableCheck ofCustomers(TableRef table) {
        return Checks.references(table, "customer_id", CoreTables.IDENTITY, "customer_id", true);
    }

    private Job consent() {
        return Job.named("consent")
                .reads(raws(Subject.CONSENT))
                .reads(CoreTables.IDENTITY)
                .writes(CoreTables.CONSENT)
                .checks(List.of(
                        Checks.uniqueKey(CoreTables.CONSENT),
                        Checks.history(CoreTables.CONSENT, List.of("customer_id", "purpose", "channel")),
                        ofCustomers(CoreTables.CONSENT)))
                .transform((in, run) -> List.of(Write.of(
                        CoreTables.CONSENT,
                        CustomerFacts.consents(allRows(Subject.CONSENT, in), in.table(CoreTables.IDENTITY)))));
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
