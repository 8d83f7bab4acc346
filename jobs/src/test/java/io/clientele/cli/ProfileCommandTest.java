package io.clientele.cli;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.engine.AsOf;
import io.clientele.engine.Job;
import io.clientele.engine.JobGraph;
import io.clientele.engine.JobRunner;
import io.clientele.engine.Keeping;
import io.clientele.engine.Progress;
import io.clientele.engine.TableRef;
import io.clientele.engine.Write;
import io.clientele.engine.store.TableStore;
import io.clientele.engine.store.WarehouseFolder;
import io.clientele.engine.store.WarehouseLock;
import io.clientele.testing.GivenTables;
import io.clientele.testing.SharedSpark;
import io.clientele.warehouse.CoreTables;
import io.clientele.warehouse.CustomerTables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves what a clerk reads of one customer, and what they read where none, another or several are meant. */
class ProfileCommandTest {
    @TempDir
    private static Path root;

    @BeforeAll
    static void publish() throws IOException {
        Files.createDirectories(root.resolve("conf"));
        Files.writeString(root.resolve("conf/clientele.yml"), "reporting-currency: EUR\nphone-region: AT\n");
        Files.createDirectories(root.resolve("conf/sources"));
        Files.writeString(
                root.resolve("conf/sources/crm.yml"),
                "channel: crm\nlocation: crm/*.csv\nformat: csv\nschema: { number: STRING, at: STRING }\ntime-zone: UTC\n"
                        + "currency: EUR\nkey: [number]\nsubjects: { customer: { columns: { source_customer_key: number, recorded_at: to_timestamp(at) } } }\n");
        GivenTables given = new GivenTables()
                .with(
                        CoreTables.CUSTOMER_RECORD,
                        "SELECT *, TIMESTAMP'2024-01-01' recorded_at, DATE'1990-01-01' birth_date FROM VALUES ('crm', '1', 'ada@x.org', '+43123456'),"
                                + " ('web', 'a', 'old.ada@x.org', NULL), ('crm', '2', 'bo@x.org', '+43999999'), ('crm', '3', NULL, '+43999999')"
                                + " AS t(source, source_customer_key, email, phone)")
                .with(
                        CoreTables.IDENTITY,
                        "SELECT *, valid_to IS NULL is_current, concat(source, '|', source_customer_key) record_key FROM VALUES"
                                + " ('crm', '1', 'C-ada', TIMESTAMP'2024-01-01', NULL), ('web', 'a', 'C-web', TIMESTAMP'2024-01-01', TIMESTAMP'2024-06-01'),"
                                + " ('web', 'a', 'C-ada', TIMESTAMP'2024-06-01', NULL), ('crm', '2', 'C-bo', TIMESTAMP'2024-01-01', NULL),"
                                + " ('crm', '3', 'C-cy', TIMESTAMP'2024-01-01', NULL), ('crm', '2', 'C-both', TIMESTAMP'2023-01-01', TIMESTAMP'2024-01-01'),"
                                + " ('crm', '3', 'C-both', TIMESTAMP'2023-01-01', TIMESTAMP'2024-01-01')"
                                + " AS t(source, source_customer_key, customer_id, valid_from, valid_to)")
                .with(
                        CustomerTables.CUSTOMER_360,
                        "SELECT DATE'2024-12-31' as_of_date, 'C-ada' customer_id, 'Ada Lind' full_name, 'ada@x.org' email, '+43123456' phone,"
                                + " 'Ring 1' street, '8010' postcode, 'Graz' city, 'AT' country, TIMESTAMP'2023-05-01' customer_since, 3 count_sales,"
                                + " 2 count_purchase_days, DATE'2024-02-01' first_purchase_date, DATE'2024-11-01' last_purchase_date,"
                                + " 1150.50 sales_amount, -25.25 return_amount, 1 count_return_days, 1125.25 net_amount, 21.4D typical_gap_days,"
                                + " 60 gap_days, 'web' preferred_channel, 'Graz' preferred_store, 'gold' value_class, 'A' abc_class,"
                                + " 'top' pyramid_level, true is_core, 480.10 current_value_amount, 'cooling' churn_state, 0.4D churn_probability,"
                                + " array('60 days since the last purchase') churn_reasons, 1 count_open_cases, 2 count_complaints,"
                                + " TIMESTAMP'2024-12-20' last_case_at, array(struct(TIMESTAMP'2024-12-20', 'complaint', 'late_delivery', 'phone',"
                                + " 'calls', 'k7')) open_cases, 120.00 arrears_amount, 2 count_overdue_invoices, DATE'2024-10-01' oldest_due_date,"
                                + " array(struct('marketing', 'email', false, TIMESTAMP'2024-03-01')) consents, 4.25D satisfaction_level,"
                                + " 'care' least_satisfied_topic, array(struct('books', 2L, 20.00)) favourite_categories,"
                                + " array(struct(1, 'p1', 'Globe', 'bought together'), struct(2, 'p9', CAST(NULL AS STRING), 'popular')) offers");
        Map<TableRef, Dataset<Row>> tables = given.and(List.of());
        List<Job> jobs = List.of(
                write(CoreTables.CUSTOMER_RECORD, tables),
                write(CoreTables.IDENTITY, tables),
                write(CustomerTables.CUSTOMER_360, tables));
        Path warehouse = WarehouseFolder.forWriting(root.resolve("warehouse")).root();
        Clock clock = Clock.fixed(Instant.parse("2025-01-01T00:00:00Z"), ZoneOffset.UTC);
        JobGraph graph = JobGraph.of(jobs);
        try (WarehouseLock lock = WarehouseLock.acquire(warehouse, "run-1", clock.instant())) {
            new JobRunner(
                            SharedSpark.session(),
                            new TableStore(SharedSpark.session(), warehouse.toString()),
                            graph,
                            Progress.SILENT,
                            clock,
                            2)
                    .run(
                            lock,
                            "run-1",
                            graph.jobs(),
                            new AsOf(LocalDate.of(2024, 12, 31), CoreTables.CUSTOMER_RECORD, "birth_date"),
                            false);
        }
    }

    private static Job write(TableRef table, Map<TableRef, Dataset<Row>> tables) {
        Job.Builder job = Job.named(table.name()).writes(table);
        return table.keeping() == Keeping.SNAPSHOT
                ? job.dated()
                        .transform((in, run) -> List.of(Write.of(
                                table, tables.get(table).where(col("as_of_date").equalTo(lit(run.asOf()))))))
                : job.transform((in, run) -> List.of(Write.of(table, tables.get(table))));
    }

    private static Program.Answer profile(String... arguments) {
        String[] all = new String[arguments.length + 5];
        System.arraycopy(arguments, 0, all, 5, arguments.length);
        all[0] = "profile";
        all[1] = "--conf";
        all[2] = root.resolve("conf").toString();
        all[3] = "--warehouse";
        all[4] = root.resolve("warehouse").toString();
        return Program.execute(all);
    }

    @Test
    void aClerkReadsOnePage() {
        Program.Answer answer = profile("C-ada");

        assertThat(answer.err()).isEmpty();
        assertThat(answer.exitCode()).isZero();
        assertThat(answer.out()).isEqualTo("""
                Ada Lind  ·  C-ada  ·  as of 2024-12-31
                Customer      known since 2023-05-01
                E-mail        ada@x.org
                Phone         +43123456
                Address       Ring 1, 8010 Graz, AT
                Consent       marketing by email REFUSED since 2024-03-01

                Purchases     3 sales on 2 days from 2024-02-01 to 2024-11-01, 1,150.50 EUR
                Returns       25.25 EUR on 1 day
                Rhythm        buys every 21 days or so; last 60 days ago
                Likes         books (2 sales); mostly by web; in Graz
                Value         gold, class A, top level, core customer, contribution 480.10 EUR in the value window
                State         cooling, risk 40.0 %
                              60 days since the last purchase
                Cases         1 case OPEN; 2 complaints in the service window; last contact 2024-12-20
                              open since 2024-12-20, complaint, late delivery, by phone, case k7
                Satisfaction  4.3 of 5, least with care
                Arrears       120.00 EUR on 2 invoices, the oldest due 2024-10-01 (91 days ago)

                To offer next
                  1. Globe (p1): bought together
                  2. p9: popular
                """);
    }

    @Test
    void anEmailOrPhoneIsUnderstoodAsInMatching() {
        for (String asked : List.of(" OLD.Ada@X.org", "01 234 56", "+43 (1) 234-56")) {
            Program.Answer answer = profile(asked);
            assertThat(answer.err()).as(asked).isEmpty();
            assertThat(answer.out()).as(asked).contains("Ada Lind");
        }
    }

    @Test
    void aScriptReadsJson() {
        Program.Answer answer = profile("--format", "json", "--as-of", "2024-12-31", "C-ada");

        assertThat(answer.out().lines()).hasSize(1);
        assertThat(answer.out())
                .startsWith("{\"as_of_date\":\"2024-12-31\",\"customer_id\":\"C-ada\"")
                .contains("\"count_sales\":3", "\"offers\":[{\"rank\":1,\"product_id\":\"p1\"");
    }

    @Test
    void aRedirectedIdLeadsToWhoItIsNow() {
        Program.Answer answer = profile("C-web");

        assertThat(answer.exitCode()).isZero();
        assertThat(answer.err())
                .isEqualTo(
                        "Customer 'C-web' is 'C-ada' since 2024-06-01; 'clientele explain customer C-web' says why.\n");
        assertThat(answer.out()).contains("Ada Lind");
    }

    @Test
    void whoIsNotOneCustomerGetsASentence() {
        refused(
                "C-nobody",
                "There is no customer 'C-nobody': expected a customer_id of core.identity, an e-mail or a phone number.");
        refused("nobody@x.org", "No customer has this e-mail: check it, or ask by the customer's id.");
        refused("0999999", "2 customers have this phone number (C-bo, C-cy): ask for one of them by id.");
        refused("C-both", "Customer 'C-both' was split; its records belong to C-bo, C-cy now: ask for one of them.");
        refused(
                "info@x.org",
                "This is no e-mail by which a customer could be found: expected one that is possible and not shared by design"
                        + " (such as info@), in the region AT where it has no country code.");
        refused(
                "C-bo",
                "mart.customer_360 has no row of customer 'C-bo' as of 2024-12-31: it was not known then, or that date was not"
                        + " computed ('clientele run --as-of 2024-12-31').");
    }

    private static void refused(String asked, String sentence) {
        Program.Answer answer = profile(asked);
        assertThat(answer.err()).isEqualTo("clientele: " + sentence + "\n");
        assertThat(answer.exitCode()).isEqualTo(2);
        assertThat(answer.out()).isEmpty();
    }

    @Test
    void aWarehouseWithoutTheMartSaysWhatToDo() throws IOException {
        Path other = WarehouseFolder.forWriting(root.resolve("other")).root();
        Program.Answer answer = Program.execute(
                "profile", "--conf", root.resolve("conf").toString(), "--warehouse", other.toString(), "C-ada");
        assertThat(answer.err())
                .isEqualTo(
                        "clientele: mart.customer_360 was never computed in this warehouse: run 'clientele run' first.\n");
        assertThat(answer.exitCode()).isEqualTo(2);
    }
}
