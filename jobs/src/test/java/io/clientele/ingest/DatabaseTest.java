package io.clientele.ingest;

import static io.clientele.ingest.Shop.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.clientele.engine.error.Responsible;
import io.clientele.ingest.infer.SourceInfer;
import io.clientele.ingest.read.RecordReader;
import io.clientele.ingest.rule.Earlier;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTest {
    private static EmbeddedPostgres postgres;

    @TempDir
    Path root;

    @BeforeAll
    static void start() throws IOException, SQLException {
        try {
            postgres = EmbeddedPostgres.start();
        } catch (IOException | RuntimeException e) {
            if ("true".equals(System.getenv("CI"))) {
                throw e;
            }
            abort("PostgreSQL does not start here, for example because it refuses to run as root: " + e.getMessage());
        }
        try (Connection connection = postgres.getPostgresDatabase().getConnection()) {
            connection
                    .createStatement()
                    .execute(
                            "CREATE SCHEMA billing; CREATE TABLE billing.invoices"
                                    + " (id int, due date, amount numeric(12,2), updated_at timestamptz);"
                                    + "INSERT INTO billing.invoices VALUES (1, '2026-01-01', 1.50, '2026-01-01 10:00+00'),"
                                    + "(9, '2026-02-01', 2.50, '2026-01-02 10:00+00'), (9, '2026-02-01', 2.50, '2026-01-02 10:00+00')");
        }
    }

    @AfterAll
    static void stop() throws IOException {
        if (postgres != null) {
            postgres.close();
        }
    }

    private Shop shop(String table, String user, String more) {
        return new Shop(root).mapping("""
            channel: billing
            location: %s
            format: jdbc
            options: { table: %s, watermark: updated_at%s }
            schema: { id: STRING, due: DATE, amount: "DECIMAL(18,4)", updated_at: TIMESTAMP }
            currency: EUR
            key: [id]
            amount: amount
            subjects: { invoice: { columns: { invoice_id: id, due_date: due, amount: amount } } }
            """.formatted(
                        "jdbc:postgresql://localhost:" + postgres.getPort() + "/postgres?user=" + user, table, more));
    }

    @Test
    void readsATableOnceAndThenOnlyWhatIsNewer() {
        Shop shop = shop("billing.invoices", "postgres", "");
        Dataset<Row> judged = shop.judged();
        Dataset<Row> raw =
                RawTables.rows(judged, shop.source(), "b", Instant.EPOCH).localCheckpoint();
        assertThat(raw.selectExpr("id || ' ' || amount || ' ' || outcome AS text")
                        .orderBy("text")
                        .collectAsList()
                        .toString())
                .isEqualTo("[[1 1.5000 accepted], [9 2.5000 accepted], [9 2.5000 duplicate]]");
        assertThat(judged.select("source_file", "source_row")
                        .distinct()
                        .collectAsList()
                        .toString())
                .isEqualTo("[[jdbc:billing.invoices,null]]");
        assertThat(RecordReader.watermark(raw, shop.source())).isEqualTo("2026-01-02 10:00:00");
        assertThat(read(shop, "2026-01-01 10:00:00").count()).isEqualTo(3);
        assertThat(read(shop, "2026-01-02 10:00:00").count())
                .as("rows that tie the highest value are read again, and are duplicates then")
                .isEqualTo(2);
        assertThat(read(shop, "2026-01-02 10:00:01").count()).isZero();
    }

    @Test
    void aRefusedRowIsRefusedOnce() throws SQLException {
        Shop shop = shop("billing.refused", "postgres", "");
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "CREATE TABLE billing.refused (id text, due date, amount decimal(18,4), updated_at timestamp)");
            statement.execute("INSERT INTO billing.refused VALUES (NULL, '2026-01-01', 1, '2026-01-02 10:00'),"
                    + " (NULL, '2026-01-01', 1, '2026-01-02 10:00'), (NULL, '2026-01-01', 2, '2026-01-02 10:00'),"
                    + " ('5', '2026-01-01', 3, '2026-01-02 10:00')");
        }
        Dataset<Row> first = RawTables.rows(shop.judged(), shop.source(), "b1", Instant.EPOCH)
                .localCheckpoint();
        assertThat(outcomes(first))
                .isEqualTo("[[1.0000 duplicate], [1.0000 quarantined], [2.0000 quarantined], [3.0000 accepted]]");
        Dataset<Row> again = RawTables.rows(
                shop.judgedAfter(null, Earlier.of(first)), shop.source(), "b2", Instant.ofEpochSecond(1));
        assertThat(outcomes(again))
                .isEqualTo("[[1.0000 duplicate], [1.0000 duplicate], [2.0000 duplicate], [3.0000 duplicate]]");
    }

    private static String outcomes(Dataset<Row> raw) {
        return raw.selectExpr("amount || ' ' || outcome AS text")
                .orderBy("text")
                .collectAsList()
                .toString();
    }

    @Test
    void readsInParts() {
        Shop shop = shop("billing.invoices", "postgres", ", partition-column: id, partitions: 2");
        assertThat(read(shop, null).javaRDD().getNumPartitions()).isEqualTo(2);
        assertThat(read(shop, null).count()).isEqualTo(3);
    }

    @Test
    void aFirstMappingOfATableHasItsTypesAndLoadsIt() {
        String url = "jdbc:postgresql://localhost:" + postgres.getPort() + "/postgres?user=postgres";
        Shop shop = new Shop(root);
        String yaml = SourceInfer.ofTable(shop.session, url, "billing.invoices", null, null);
        assertThat(yaml)
                .contains(
                        "format: jdbc",
                        "table: \"billing.invoices\"",
                        "id: INT",
                        "due: DATE",
                        "amount: \"DECIMAL(12,2)\"",
                        "  invoice:\n",
                        "due_date: due");
        assertThat(SourceCheck.report(shop.session, shop.mapping(yaml).source(), root.toString(), shop.rates, null)
                        .text())
                .contains("accepted                2 records")
                .contains("duplicate               1 records");
    }

    @Test
    void saysWhoMustAct() {
        var unknown = failure(() -> read(shop("billing.invoicez", "postgres", ""), null));
        assertThat(unknown.responsible()).isEqualTo(Responsible.CONFIGURATION);
        assertThat(unknown)
                .hasMessage(
                        "The database does not know the table or column: ERROR: relation \"billing.invoicez\" does not exist");
        var user = failure(() -> read(shop("billing.invoices", "nobody_here", ""), null));
        assertThat(user)
                .hasMessageStartingWith("The database refuses the user: FATAL: role \"nobody_here\" does not exist");
        var variable =
                failure(() -> read(shop("billing.invoices", "postgres", ", password-env: NO_SUCH_VARIABLE"), null));
        assertThat(variable)
                .hasMessageEndingWith(
                        "options.password-env: expected the environment variable NO_SUCH_VARIABLE to be set, found none");
        Shop away = shop("t", "postgres", "");
        away.mapping("""
        channel: billing
        location: jdbc:postgresql://localhost:1/postgres
        format: jdbc
        options: { table: t }
        schema: { id: STRING }
        key: [id]
        subjects: { life_event: { columns: { event_id: id, source_customer_key: id, kind: id, occurred_on: current_date() } } }
        """);
        var unreachable = failure(() -> read(away, null));
        assertThat(unreachable.responsible()).isEqualTo(Responsible.ENVIRONMENT);
        assertThat(unreachable)
                .hasMessageStartingWith("The database cannot be reached: Connection to localhost:1 refused.");
    }

    private static Dataset<Row> read(Shop shop, String watermark) {
        return RecordReader.read(shop.session, shop.source(), shop.delivery(), watermark)
                .rows();
    }
}
