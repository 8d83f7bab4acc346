package io.clientele.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.cli.Program.Answer;
import io.clientele.engine.PublishedTables;
import io.clientele.testing.SharedSpark;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Bad input through the whole program, on a warehouse that holds a good run: the exit code, one sentence with place, expected,
 * found and what to do, nobody's name in it, the published tables as they were; and after all of it a good delivery lands.
 */
@TestInstance(Lifecycle.PER_CLASS)
class BadInputTest {
    private static final SparkSession SPARK = SharedSpark.session();
    private static final String HEADER = "receipt,sold_at,customer,name,product,quantity,net\n";
    private static final String CSV = """
            channel: store
            location: sales/*
            format: csv
            schema: { receipt: STRING, sold_at: STRING, customer: STRING, name: STRING, product: STRING, quantity: STRING, net: STRING }
            time-zone: Europe/Berlin
            currency: EUR
            parse:
              sold: to_timestamp(sold_at, 'yyyy-MM-dd HH:mm')
              money: CAST(net AS DECIMAL(18,4))
            key: [receipt, product]
            amount: money
            rules:
              - { name: date-valid, column: sold_at, check: sold IS NOT NULL, message: the date of sale is no date }
              - { name: net-valid, column: net, check: money IS NOT NULL, message: the amount is no number }
            subjects:
              sale_line:
                columns:
                  sale_id: receipt
                  line_number: "1"
                  source_customer_key: customer
                  product_id: product
                  sold_at: sold
                  quantity: CAST(quantity AS DECIMAL(18,3))
                  net_amount: money
            """;
    private static final String JSON = CSV.replace("channel: store", "channel: web")
            .replace("sales/*", "web/*")
            .replace("format: csv", "format: json");

    private Path root;
    private Path conf;
    private Path input;
    private Path warehouse;
    private Map<String, Long> published;

    /** What is wrong, and what the person reads. */
    private record Fault(String what, Act act, int exitCode, List<String> says, String... arguments) {
        @Override
        public String toString() {
            return what;
        }
    }

    private interface Act {
        void on(BadInputTest test) throws IOException;
    }

    @BeforeAll
    void loadWhatIsGood() throws IOException {
        root = Files.createTempDirectory("clientele-bad-input");
        warehouse = root.resolve("warehouse");
        freshDelivery();
        write("sales/a.csv", HEADER + lines(0, 30));
        write("web/a.json", documents(0, 30));
        Answer first = run();
        assertThat(first.err()).isEmpty();
        assertThat(first.exitCode()).isZero();
        published = versions();
        assertThat(published).containsKeys("raw.sales", "raw.web", "ops.batch_balance");
    }

    @AfterAll
    void cleanUp() throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        }
    }

    @BeforeEach
    void freshDelivery() throws IOException {
        Path delivery = Files.createTempDirectory(root, "delivery");
        conf = Files.createDirectories(delivery.resolve("conf"));
        input = Files.createDirectories(delivery.resolve("input"));
        write("conf/clientele.yml", "company-name: Test\n");
        write("conf/sources/sales.yml", CSV);
        write("conf/sources/web.yml", JSON);
    }

    private void write(String name, String text) throws IOException {
        write(name, text.getBytes(StandardCharsets.UTF_8));
    }

    private void write(String name, byte[] bytes) throws IOException {
        Path file = name.startsWith("conf/") ? conf.resolve(name.substring(5)) : input.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
    }

    private static String lines(int from, int to) {
        StringBuilder text = new StringBuilder();
        for (int i = from; i < to; i++) {
            text.append(
                    "r%d,2026-01-%02d 10:00,c%d,Zoë Müller,p%d,1,%d.50\n".formatted(i, 1 + i % 28, i % 9, i % 5, i));
        }
        return text.toString();
    }

    private static String documents(int from, int to) {
        StringBuilder text = new StringBuilder();
        for (int i = from; i < to; i++) {
            text.append(
                    ("{\"receipt\":\"w%d\",\"sold_at\":\"2026-01-%02d 10:00\",\"customer\":\"c%d\",\"name\":\"Zoë Müller\","
                                    + "\"product\":\"p%d\",\"quantity\":\"1\",\"net\":\"%d.50\"}\n")
                            .formatted(i, 1 + i % 28, i % 9, i % 5, i));
        }
        return text.toString();
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream zipped = new GZIPOutputStream(bytes)) {
            zipped.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    private static byte[] damaged(byte[] bytes) {
        for (int i = bytes.length / 2; i < bytes.length / 2 + 200; i++) {
            bytes[i] ^= 0x5a;
        }
        return bytes;
    }

    private Map<String, Long> versions() {
        Map<String, Long> versions = new TreeMap<>(new PublishedTables(SPARK, warehouse.toString()).versions());
        // The log of runs tells of failed ones too.
        versions.keySet().removeAll(List.of("ops.run", "ops.check_result"));
        return versions;
    }

    private Answer run(String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "run", "--conf", conf.toString(), "--input", input.toString(), "--warehouse", warehouse.toString()));
        if (!Arrays.asList(more).contains("--jobs")) {
            arguments.addAll(List.of("--jobs", "load_sales,load_web"));
        }
        arguments.addAll(List.of(more));
        return Program.execute(arguments.toArray(String[]::new));
    }

    static Stream<Fault> faults() {
        return Stream.of(
                new Fault("no input folder", t -> Files.delete(t.input), 2, List.of("--input", "nothing there")),
                new Fault(
                        "no file of a new source",
                        t -> t.write("conf/sources/other.yml", CSV.replace("sales/*", "other/*")),
                        3,
                        List.of("other", "other/*"),
                        "--jobs",
                        "load_other"),
                new Fault(
                        "a column is missing",
                        t -> t.write("sales/b.csv", HEADER.replace(",net", ",netto") + lines(40, 60)),
                        3,
                        List.of("sales/b.csv", "lacks [net]", "netto")),
                new Fault(
                        "no header at all",
                        t -> t.write("sales/b.csv", lines(40, 60)),
                        3,
                        List.of("sales/b.csv", "names none of the expected columns", "7 fields", "options.header")),
                new Fault(
                        "no amount is a number",
                        t -> t.write("sales/c.csv", HEADER + lines(70, 90).replace(".50\n", "EUR\n")),
                        3,
                        List.of("net-valid", "sales/c.csv:2", "20 of 20")),
                new Fault(
                        "another encoding",
                        t -> t.write(
                                "sales/d.csv", (HEADER + lines(100, 120)).getBytes(Charset.forName("windows-1252"))),
                        3,
                        List.of("not valid in UTF-8", "sales/d.csv:2")),
                new Fault(
                        "UTF-16",
                        t -> t.write("sales/d.csv", (HEADER + lines(100, 120)).getBytes(StandardCharsets.UTF_16)),
                        3,
                        List.of("sales/d.csv")),
                new Fault(
                        "truncated gzip",
                        t -> {
                            byte[] whole = gzip(HEADER + lines(200, 4000));
                            t.write("sales/f.csv.gz", Arrays.copyOf(whole, whole.length * 2 / 3));
                        },
                        3,
                        List.of("sales/f.csv.gz", "truncated or damaged", "delivered again")),
                new Fault(
                        "damaged gzip",
                        t -> t.write("web/f.json.gz", damaged(gzip(documents(200, 4000)))),
                        3,
                        List.of("web/f.json.gz", "truncated or damaged")),
                new Fault(
                        "gzip by name only",
                        t -> t.write("sales/f.csv.gz", HEADER + lines(200, 250)),
                        3,
                        List.of("sales/f.csv.gz", "truncated or damaged")),
                new Fault(
                        "a file of one endless line",
                        t -> t.write("sales/i.csv", "x".repeat(50_000_000)),
                        3,
                        List.of("sales/i.csv")),
                new Fault(
                        "unknown function",
                        t -> t.write("conf/sources/sales.yml", CSV.replace("to_timestamp(", "to_timestmp(")),
                        2,
                        List.of("sales.yml", "to_timestmp")),
                new Fault(
                        "unknown column",
                        t -> t.write("conf/sources/sales.yml", CSV.replace("CAST(net AS", "CAST(nett AS")),
                        2,
                        List.of("sales.yml", "nett")),
                new Fault(
                        "unknown key",
                        t -> t.write("conf/sources/sales.yml", CSV.replace("time-zone:", "timezone:")),
                        2,
                        List.of("sales.yml", "timezone", "time-zone")),
                new Fault(
                        "unknown setting",
                        t -> t.write("conf/clientele.yml", "company: X\n"),
                        2,
                        List.of("clientele.yml", "company-name")),
                new Fault(
                        "no currency",
                        t -> t.write("conf/sources/sales.yml", CSV.replace("currency: EUR\n", "")),
                        2,
                        List.of("sales.yml", "currency")),
                new Fault(
                        "YAML that does not parse",
                        t -> t.write("conf/sources/sales.yml", CSV.replace("schema: {", "schema: [")),
                        2,
                        List.of("sales.yml")),
                new Fault("unknown job", t -> {}, 2, List.of("load_sale", "load_sales"), "--jobs", "load_sale"),
                new Fault("a date that is none", t -> {}, 2, List.of("--as-of", "31.12.2025"), "--as-of", "31.12.2025"),
                new Fault(
                        "no database",
                        t -> t.write("conf/sources/db.yml", database("localhost:1")),
                        4,
                        List.of("cannot be reached"),
                        "--jobs",
                        "load_db"));
    }

    private static String database(String host) {
        return "channel: billing\nlocation: jdbc:postgresql://" + host + "/db\nformat: jdbc\noptions: { table: t }\n"
                + "schema: { id: STRING }\nkey: [id]\nsubjects: { life_event: { columns: { event_id: id, source_customer_key: id,"
                + " kind: id, occurred_on: DATE'2026-01-01' } } }\n";
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void saysWhatIsWrongAndLeavesTheWarehouseAsItWas(Fault fault) throws IOException {
        fault.act().on(this);

        Answer answer = run(fault.arguments());

        assertThat(answer.err()).as(fault.what()).contains(fault.says()).doesNotContain("Müller", "\tat ");
        assertThat(answer.exitCode()).as(answer.err()).isEqualTo(fault.exitCode());
        assertThat(versions()).isEqualTo(published);
    }

    @Test
    void aWarehouseOfAnotherVersionIsLeftAlone() throws IOException {
        Path other = root.resolve("other");
        Files.createDirectories(other.resolve("_clientele"));
        Files.writeString(other.resolve("_clientele/format.json"), "{\"format\": 9}");

        Answer answer = Program.execute(
                "run", "--conf", conf.toString(), "--input", input.toString(), "--warehouse", other.toString());

        assertThat(answer.err()).contains("other", "9");
        assertThat(answer.exitCode()).isEqualTo(2);
        assertThat(other.resolve("raw")).doesNotExist();
    }

    @Test
    void queriesDoNotWrite() {
        for (String statement : List.of(
                "DELETE FROM delta.`" + warehouse + "/raw/sales`",
                "INSERT INTO delta.`" + warehouse + "/raw/sales` SELECT * FROM raw.sales",
                "DROP VIEW raw.sales")) {
            Answer answer = Program.execute("sql", "--warehouse", warehouse.toString(), statement);
            assertThat(answer.err()).as(statement).contains("expected SELECT");
            assertThat(answer.exitCode()).as(statement).isEqualTo(2);
        }
        Answer wrong = Program.execute("sql", "--warehouse", warehouse.toString(), "SELECT nett FROM raw.sales");
        assertThat(wrong.err()).contains("nett");
        assertThat(wrong.exitCode()).isEqualTo(2);
        Answer failing =
                Program.execute("sql", "--warehouse", warehouse.toString(), "SELECT raise_error('on purpose')");
        assertThat(failing.err()).contains("on purpose");
        assertThat(failing.exitCode()).isEqualTo(2);
    }

    @Test
    void losesNothingOfAGoodDeliveryWithOddParts() throws IOException {
        freshDelivery();
        write("sales/x1.csv", "\uFEFF" + HEADER + lines(1000, 1010));
        write("sales/x2.csv", "");
        write("sales/x3.csv", HEADER);
        write(
                "sales/x4.csv",
                HEADER + lines(1010, 1120) + lines(1010, 1012) + "r9,2026-02-30 10:00,c1,Zoë Müller,p1,1,1.50\n");
        write("web/x5.json", documents(1000, 1100) + "{\"receipt\":\"w\", \n");
        Path own = root.resolve("own");

        Answer answer = Program.execute(
                "run",
                "--conf",
                conf.toString(),
                "--input",
                input.toString(),
                "--warehouse",
                own.toString(),
                "--jobs",
                "load_sales,load_web");

        assertThat(answer.err()).isEmpty();
        assertThat(answer.exitCode()).isZero();
        assertThat(new PublishedTables(SPARK, own.toString())
                        .sql(
                                "SELECT source, rows_read, rows_accepted, rows_duplicate, rows_quarantined FROM ops.batch_balance"
                                        + " ORDER BY source")
                        .collectAsList()
                        .toString())
                .isEqualTo("[[sales,123,120,2,1], [web,101,100,0,1]]");
    }
}
