package io.clientele.jobs;

import static scala.jdk.javaapi.CollectionConverters.asScala;

import io.clientele.engine.Job;
import io.clientele.engine.JobInputs;
import io.clientele.engine.Reuse;
import io.clientele.engine.Write;
import io.clientele.engine.check.Checks;
import io.clientele.identity.Identities;
import io.clientele.identity.IdentityIncrement;
import io.clientele.integrate.CustomerRecords;
import io.clientele.integrate.Customers;
import io.clientele.integrate.Products;
import io.clientele.integrate.Survivorship;
import io.clientele.warehouse.CoreTables;
import io.clientele.warehouse.IdentityTables;
import io.clientele.warehouse.Subject;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The jobs from raw records to products and customers. Each reads what is new since its last run. */
final class IntegrateJobs {
    private final Subjects subjects;
    private final String phoneRegion;
    private final Matching matching;
    private final Survivorship survivorship;

    /**
     * @param subjects what speaks of each; subjects without a source get empty tables where others need them
     */
    IntegrateJobs(Subjects subjects, String phoneRegion, Matching matching, Survivorship survivorship) {
        this.subjects = subjects;
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
        return jobs;
    }

    private Job product() {
        return Job.named("product")
                .readsChanges(subjects.raws(Subject.PRODUCT))
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
                    if (subjects.of(Subject.PRODUCT).isEmpty()) {
                        return List.of(Write.of(CoreTables.PRODUCT, Subjects.none(CoreTables.PRODUCT)));
                    }
                    Dataset<Row> all = subjects.allRows(Subject.PRODUCT, in);
                    Dataset<Row> concerned = in.exists(CoreTables.PRODUCT)
                            ? all.join(
                                    subjects.newRows(Subject.PRODUCT, in)
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
                .readsChanges(subjects.raws(Subject.CUSTOMER))
                .writes(CoreTables.CUSTOMER_RECORD)
                .config(phoneRegion)
                .checks(List.of(Checks.uniqueKey(CoreTables.CUSTOMER_RECORD)))
                .transform((in, run) -> List.of(Write.of(
                        CoreTables.CUSTOMER_RECORD,
                        subjects.of(Subject.CUSTOMER).isEmpty()
                                ? Subjects.none(CoreTables.CUSTOMER_RECORD)
                                : CustomerRecords.clean(subjects.newRows(Subject.CUSTOMER, in), phoneRegion))));
    }

    private Job identity() {
        return Job.named("identity")
                .readsChanges(CoreTables.CUSTOMER_RECORD)
                .writes(
                        CoreTables.IDENTITY,
                        IdentityTables.CUSTOMER_REDIRECT,
                        IdentityTables.MATCH_PAIR,
                        IdentityTables.MATCH_MODEL,
                        IdentityTables.MATCH_FREQUENCY,
                        IdentityTables.MATCH_RECORD,
                        IdentityTables.MATCH_COMPONENT,
                        IdentityTables.WEAK_IDENTIFIER,
                        IdentityTables.REFUSED_BLOCK)
                .config(List.of(
                        Identities.RULES_VERSION,
                        matching.config(),
                        matching.decisions().all()))
                .checks(List.of(
                        Checks.uniqueKey(CoreTables.IDENTITY),
                        Checks.uniqueKey(IdentityTables.CUSTOMER_REDIRECT),
                        Checks.uniqueKey(IdentityTables.MATCH_PAIR),
                        Checks.uniqueKey(IdentityTables.MATCH_RECORD),
                        Checks.uniqueKey(IdentityTables.MATCH_COMPONENT),
                        Checks.history(CoreTables.IDENTITY, List.of("record_key"))))
                .transform((in, run) -> {
                    Identities.Resolution resolution = resolution(in);
                    List<Write> writes = new ArrayList<>(List.of(
                            Write.of(CoreTables.IDENTITY, resolution.identity()),
                            Write.of(
                                    IdentityTables.CUSTOMER_REDIRECT,
                                    Identities.redirected(
                                            resolution.redirects(),
                                            in.table(IdentityTables.CUSTOMER_REDIRECT),
                                            run.runId())),
                            Write.of(IdentityTables.MATCH_PAIR, resolution.pairs()),
                            Write.of(IdentityTables.MATCH_RECORD, resolution.records()),
                            Write.of(IdentityTables.MATCH_COMPONENT, resolution.components()),
                            Write.of(IdentityTables.WEAK_IDENTIFIER, resolution.weakIdentifiers()),
                            Write.of(IdentityTables.REFUSED_BLOCK, resolution.refusedBlocks())));
                    if (resolution.model() != null) {
                        writes.add(Write.of(IdentityTables.MATCH_MODEL, resolution.model()));
                        writes.add(Write.of(IdentityTables.MATCH_FREQUENCY, resolution.frequencies()));
                    }
                    return writes;
                });
    }

    /** Of what changed alone where that is possible, else of all records, from which weights are learned again. */
    private Identities.Resolution resolution(JobInputs in) {
        if (in.exists(IdentityTables.MATCH_COMPONENT) && !in.isReconfigured()) {
            Identities.Resolution increment = IdentityIncrement.resolution(
                    in.table(CoreTables.CUSTOMER_RECORD),
                    in.changes(CoreTables.CUSTOMER_RECORD),
                    in.table(CoreTables.IDENTITY),
                    new IdentityIncrement.Kept(
                            in.table(IdentityTables.MATCH_RECORD),
                            in.table(IdentityTables.MATCH_COMPONENT),
                            in.table(IdentityTables.MATCH_PAIR),
                            in.table(IdentityTables.WEAK_IDENTIFIER),
                            in.table(IdentityTables.REFUSED_BLOCK),
                            in.table(IdentityTables.MATCH_MODEL),
                            in.table(IdentityTables.MATCH_FREQUENCY)),
                    matching.config(),
                    matching.decisions());
            if (increment != null) {
                return increment;
            }
        }
        return Identities.resolution(
                in.table(CoreTables.CUSTOMER_RECORD),
                in.table(CoreTables.IDENTITY),
                matching.config(),
                matching.decisions());
    }

    private Job customer() {
        return Job.named("customer")
                .readsChanges(CoreTables.CUSTOMER_RECORD, CoreTables.IDENTITY)
                .writes(CoreTables.CUSTOMER)
                .config(survivorship)
                .checks(List.of(
                        Checks.uniqueKey(CoreTables.CUSTOMER),
                        Checks.history(CoreTables.CUSTOMER, List.of("customer_id")),
                        FactJobs.ofCustomers(CoreTables.CUSTOMER),
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
                                    Reuse.settled(in.changes(CoreTables.CUSTOMER_RECORD)
                                            .select("source", "source_customer_key")
                                            .distinct()),
                                    asScala(List.of("source", "source_customer_key"))
                                            .toSeq(),
                                    "left_semi")
                            .select("customer_id");
                    Dataset<Row> touched = Reuse.settled(ofRecords
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
}
