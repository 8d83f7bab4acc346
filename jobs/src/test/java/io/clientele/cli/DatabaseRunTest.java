package io.clientele.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.clientele.testing.FewRows;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sample's billing, which ships as files, through the whole program from a real PostgreSQL. */
@FewRows
class DatabaseRunTest {
    private static final Path SAMPLE = Path.of("..").toAbsolutePath().normalize();
    private static final String JOBS = "load_crm_customers,load_billing_invoices,load_billing_payments,customer_record,"
            + "identity,invoice,payment";

    @TempDir
    Path folder;

    private EmbeddedPostgres postgres;
    private Program program;

    @BeforeEach
    void start() throws Exception {
        try {
            postgres = EmbeddedPostgres.start();
        } catch (IOException | RuntimeException e) {
            if ("true".equals(System.getenv("CI"))) {
                throw e;
            }
            abort("PostgreSQL does not start here: " + e.getMessage());
        }
        program = new Program(folder);
        for (String source : List.of("crm-customers", "billing-invoices", "billing-payments")) {
            program.file(
                    "conf/sources/" + source + ".yml",
                    Files.readString(SAMPLE.resolve("conf/sources/" + source + ".yml")));
        }
        Files.createDirectories(folder.resolve("crm"));
        Files.copy(
                SAMPLE.resolve("data-samples/crm/customers-2023-01-01.csv"),
                folder.resolve("crm/customers-2023-01-01.csv"));
    }

    @AfterEach
    void stop() throws IOException {
        if (postgres != null) {
            postgres.close();
        }
    }

    /** The mapping of the file, its place and its new column changed: rules, keys and subjects are the same. */
    private void toDatabase(String source) throws IOException {
        Path file = folder.resolve("conf/sources/billing-" + source + ".yml");
        Files.writeString(
                file,
                Files.readString(file)
                        .replaceFirst(
                                "location: .*\nformat: csv\n",
                                "location: jdbc:postgresql://localhost:" + postgres.getPort()
                                        + "/postgres?user=postgres\nformat: jdbc\noptions: { table: billing." + source
                                        + ", watermark: changed_at }\n")
                        .replace("  currency: STRING\n", "  currency: STRING\n  changed_at: TIMESTAMP\n"));
    }

    /** What a database can hold of a file: lines with as many fields as columns, in valid UTF-8. */
    private int copy(Connection connection, String source, Map<Integer, String> faults) throws Exception {
        List<String> lines = new String(
                        Files.readAllBytes(SAMPLE.resolve("data-samples/billing/" + source + ".csv")),
                        StandardCharsets.UTF_8)
                .lines()
                .toList();
        String[] columns = lines.get(0).split(",");
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA IF NOT EXISTS billing");
            statement.execute("CREATE TABLE billing." + source + " (" + String.join(" text, ", columns)
                    + " text, changed_at timestamptz NOT NULL DEFAULT '2026-01-01 00:00+00')");
        }
        int rows = 0;
        Set<String> refused = new HashSet<>();
        String places = String.join(", ", java.util.Collections.nCopies(columns.length, "nullif(?, '')"));
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO billing." + source + " (" + lines.get(0) + ") VALUES (" + places + ")")) {
            for (int i = 1; i < lines.size(); i++) {
                String fault = faults.getOrDefault(i + 1, "");
                if (fault.equals("broken-line") || fault.equals("invalid-utf8")) {
                    faults.remove(i + 1);
                    continue;
                }
                if (faults.containsKey(i + 1) && !refused.add(lines.get(i))) {
                    // A row of a database that is refused with the same content again is a duplicate.
                    faults.put(i + 1, "duplicate-record");
                }
                String[] fields = lines.get(i).split(",", -1);
                for (int f = 0; f < columns.length; f++) {
                    insert.setString(f + 1, fields[f]);
                }
                insert.addBatch();
                rows++;
            }
            insert.executeBatch();
        }
        return rows;
    }

    /** The planted faults of a file by line. */
    private static Map<Integer, String> faults(String file) throws IOException {
        Map<Integer, String> faults = new HashMap<>();
        for (String line : Files.readAllLines(SAMPLE.resolve("data-samples/truth/faults.csv"))) {
            String[] fields = line.split(",");
            if (fields[0].equals(file)) {
                faults.put(Integer.parseInt(fields[1]), fields[2]);
            }
        }
        return faults;
    }

    @Test
    void billingComesFromPostgresOnceWithItsFaultsToldAndThenOnlyWhatIsNew() throws Exception {
        Map<Integer, String> ofInvoices = faults("billing/invoices.csv");
        Map<Integer, String> ofPayments = faults("billing/payments.csv");
        int invoices;
        int payments;
        try (Connection connection = postgres.getPostgresDatabase().getConnection()) {
            invoices = copy(connection, "invoices", ofInvoices);
            payments = copy(connection, "payments", ofPayments);
        }
        toDatabase("invoices");
        toDatabase("payments");

        Program.Answer first = program.run(JOBS);

        assertThat(first.err()).isEmpty();
        assertThat(first.exitCode()).isZero();
        assertThat(
                        program.rows(
                                "SELECT source, sum(rows_read), sum(rows_accepted), sum(rows_duplicate),"
                                        + " sum(rows_quarantined) FROM ops.batch_balance WHERE source LIKE 'billing%' GROUP BY 1 ORDER BY 1"))
                .containsExactly(
                        balance("billing-invoices", invoices, ofInvoices),
                        balance("billing-payments", payments, ofPayments));
        long accepted = (long) invoices - ofInvoices.size();
        assertThat(program.rows("SELECT count(*), count(customer_id) > 0 FROM core.invoice"))
                .containsExactly("[" + accepted + ",true]");
        assertThat(program.rows("SELECT DISTINCT source_file FROM ops.quarantine WHERE source = 'billing-invoices'"))
                .containsExactly("[jdbc:billing.invoices]");

        try (Statement statement =
                postgres.getPostgresDatabase().getConnection().createStatement()) {
            statement.execute("INSERT INTO billing.invoices VALUES"
                    + " ('I-NEW', 'C100046', '2026-02-01', '2026-02-15', '12.34', 'EUR', '2026-02-01 08:00+00')");
        }
        Program.Answer second = program.run(JOBS);

        assertThat(second.err()).isEmpty();
        assertThat(program.rows("SELECT count(*), sum(IF(invoice_id = 'I-NEW', amount, 0)) FROM core.invoice"))
                .containsExactly("[" + (accepted + 1) + ",12.3400]");

        program.file("conf/clientele.yml", "exchange-rates:\n  - { currency: XXX, from: 2023-01-01, rate: 0.5 }\n");
        Program.Answer replay = program.command("quarantine", "replay", "--rule", "unknown-currency");
        assertThat(replay.err()).isEmpty();
        assertThat(replay.out()).contains("value_segment waits: core.customer_day has no rows yet");
        long withoutRate =
                ofInvoices.values().stream().filter("unknown-currency"::equals).count();
        assertThat(replay.out())
                .as(
                        "the sample gives them one number; read twice, since all rows tie the watermark, each was refused once")
                .contains("billing-invoices: 1 accepted, " + (withoutRate - 1) + " duplicate, 0 refused");
        assertThat(program.rows("SELECT count(*), max(IF(invoice_id = 'I92', 1, 0)) FROM core.invoice"))
                .containsExactly("[" + (accepted + 2) + ",1]");

        postgres.close();
        Program.Answer away = program.run(JOBS);
        assertThat(away.exitCode()).isEqualTo(4);
        assertThat(away.err()).contains("The database cannot be reached");
        assertThat(program.rows("SELECT count(*) FROM core.invoice")).containsExactly("[" + (accepted + 2) + "]");
    }

    private static String balance(String source, int rows, Map<Integer, String> faults) {
        long duplicates =
                faults.values().stream().filter("duplicate-record"::equals).count();
        long refused = faults.size() - duplicates;
        return "[%s,%d,%d,%d,%d]".formatted(source, rows, rows - faults.size(), duplicates, refused);
    }
}
