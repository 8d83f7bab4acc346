package io.clientele.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clientele.engine.error.ClienteleException;
import io.clientele.testing.SharedSpark;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompanyGeneratorTest {
    private static final GeneratorOptions OPTIONS =
            GeneratorOptions.sample().withCustomers(600).withYears(2);
    private static final Pattern ACCOUNT = Pattern.compile("\"account\":\\{\"id\":\"([^\"]*)\"");
    private static final Pattern ORDERED_AT = Pattern.compile("\"ordered_at\":\"(\\d{4}-\\d{2}-\\d{2})");
    private static final DateTimeFormatter GERMAN = DateTimeFormatter.ofPattern("dd.MM.yyyy", Locale.ROOT);

    @TempDir
    private static Path directory;

    private static Folder faulty;
    private static Folder clean;

    @BeforeAll
    static void generate() {
        faulty = new Folder(directory.resolve("faulty"));
        clean = new Folder(directory.resolve("clean"));
        CompanyGenerator.write(OPTIONS, faulty.root());
        CompanyGenerator.write(OPTIONS.withoutFaults(), clean.root());
    }

    @Test
    void sameSeedGivesTheSameBytes() throws IOException {
        Folder again = new Folder(directory.resolve("again"));
        CompanyGenerator.write(OPTIONS, again.root());
        assertThat(again.contents()).isEqualTo(faulty.contents());
    }

    /** Also across JVMs: the sample was written by another one. If the generator is changed on purpose, write it anew. */
    @Test
    void theSampleIsWhatTheGeneratorWrites() throws IOException {
        Folder sample = new Folder(directory.resolve("sample"));
        CompanyGenerator.write(GeneratorOptions.sample(), sample.root());
        Map<String, String> expected = new Folder(Path.of("..", "data-samples")).contents();
        Map<String, String> written = sample.contents();
        assertThat(written.keySet()).isEqualTo(expected.keySet());
        written.forEach((file, content) ->
                assertThat(content.equals(expected.get(file))).as(file).isTrue());
    }

    @Test
    void otherSeedGivesAnotherCompany() throws IOException {
        Folder other = new Folder(directory.resolve("other"));
        CompanyGenerator.write(OPTIONS.withSeed(OPTIONS.seed() + 1), other.root());
        Map<String, String> contents = other.contents();
        assertThat(contents.keySet()).isEqualTo(faulty.contents().keySet());
        for (String file : List.of("crm/customers-2024-01-01.csv", "web/orders-2025-01.jsonl", "truth/leavers.csv")) {
            assertThat(contents.get(file)).isNotEqualTo(faulty.contents().get(file));
        }
    }

    @Test
    void withoutItsFaultyRowsAFileIsTheCleanOne() {
        for (Map.Entry<String, Map<Integer, String>> entry : faults(faulty).entrySet()) {
            String file = entry.getKey();
            if (!file.endsWith(".parquet")) {
                List<String> lines = faulty.lines(file);
                List<String> good = new ArrayList<>();
                for (int row = 1; row <= lines.size(); row++) {
                    if (!entry.getValue().containsKey(row)) {
                        good.add(lines.get(row - 1));
                    }
                }
                assertThat(good).as(file).isEqualTo(clean.lines(file));
            }
        }
    }

    @Test
    void withoutFaultsNoneAreListed() {
        assertThat(clean.rows("truth/faults.csv")).isEmpty();
        assertThat(clean.lines("README.md")).anyMatch(line -> line.equals("| none | |"));
    }

    @Test
    void eachFaultIsWhatItsKindSays() {
        faults(faulty)
                .forEach((file, rows) -> rows.forEach((row, kind) -> {
                    if (file.endsWith(".parquet")) {
                        return;
                    }
                    List<String> lines = faulty.lines(file);
                    String line = lines.get(row - 1);
                    String where = file + ":" + row + " " + kind;
                    switch (kind) {
                        case "duplicate-record", "duplicate-document" ->
                            assertThat(lines.subList(0, row - 1)).as(where).contains(line);
                        case "invalid-utf8" ->
                            assertThat(isUtf8(line)).as(where).isFalse();
                        case "impossible-date", "impossible-birth-date" ->
                            assertThat(line).as(where).containsAnyOf("-02-31", "31.02.");
                        case "future-date" -> assertThat(line).as(where).contains("2099");
                        case "unknown-product" -> assertThat(line).as(where).contains("XX-9999");
                        case "unknown-currency" -> assertThat(line).as(where).contains("XXX");
                        case "broken-line" ->
                            assertThat(file.endsWith(".jsonl") ? !line.endsWith("}") : isShort(line, lines.get(0)))
                                    .as(where)
                                    .isTrue();
                        case "missing-key" ->
                            assertThat(line).as(where).containsPattern("^,|;;|_id\":null|^S\\d{4}H\\d,,");
                        case "negative-price", "negative-amount" ->
                            assertThat(line).as(where).containsPattern("[;,:]-\\d");
                        case "return-without-sale" ->
                            assertThat(line).as(where).containsPattern("\"original_order_id\":null|;-1;.*;-4,90;$");
                        case "score-out-of-range" -> assertThat(line).as(where).contains(",17,");
                        default -> throw new AssertionError("Unknown kind: " + where);
                    }
                }));
    }

    @Test
    void everySourceHasFaultsButFewerThanThreeInAHundred() {
        Map<String, long[]> counts = new TreeMap<>();
        Map<String, Map<Integer, String>> faults = faults(faulty);
        for (String file :
                List.of("web/orders-", "store/receipts-", "crm/customers-", "call-centre/", "survey/", "billing/inv")) {
            faults.forEach((name, rows) -> {
                if (name.startsWith(file)) {
                    counts.computeIfAbsent(file, f -> new long[2])[0] += rows.size();
                    counts.get(file)[1] += faulty.lines(name).size();
                }
            });
            assertThat(counts).containsKey(file);
            assertThat((double) counts.get(file)[0] / counts.get(file)[1])
                    .as(file)
                    .isLessThan(0.03);
        }
    }

    @Test
    void theReadmeCountsTheFaults() {
        long listed = faulty.lines("README.md").stream()
                .filter(line -> line.matches("\\| [a-z-]+/.*\\|"))
                .flatMap(line -> Pattern.compile("[a-z8] (\\d+)").matcher(line).results())
                .mapToLong(result -> Long.parseLong(result.group(1)))
                .sum();
        assertThat(listed).isEqualTo(faulty.rows("truth/faults.csv").size());
    }

    @Test
    void everyKeyOfTheTruthIsInItsSourceAndEveryOtherWayRound() {
        Map<String, Set<String>> truth = new HashMap<>();
        for (Map<String, String> row : clean.rows("truth/same-person.csv")) {
            truth.computeIfAbsent(row.get("source"), s -> new HashSet<>()).add(row.get("source_customer_key"));
        }
        assertThat(truth.keySet())
                .containsExactlyInAnyOrder(
                        "crm-customers",
                        "web-orders",
                        "store-receipts",
                        "call-centre-cases",
                        "survey-answers",
                        "campaign-contacts",
                        "campaign-consents");
        assertThat(truth.get("web-orders")).isEqualTo(accounts().keySet());
        assertThat(truth.get("store-receipts")).isEqualTo(cards().keySet());
        Set<String> numbers = new HashSet<>();
        clean.root()
                .resolve("crm")
                .toFile()
                .list((folder, name) -> name.startsWith("customers-") && numbers.addAll(column("crm/" + name, 0)));
        assertThat(truth.get("crm-customers")).isEqualTo(numbers);
        Dataset<Row> contacts = SharedSpark.session()
                .read()
                .parquet(clean.root().resolve("campaign/contacts.parquet").toString());
        assertThat(truth.get("campaign-contacts"))
                .hasSameElementsAs(
                        contacts.selectExpr("coalesce(customer_number, email)").distinct().collectAsList().stream()
                                .map(row -> row.getString(0))
                                .toList());
    }

    @Test
    void aKeyBelongsToOnePersonAndEveryPersonIsKnownSomewhere() {
        Map<String, String> owners = new HashMap<>();
        Set<String> people = new HashSet<>();
        for (Map<String, String> row : clean.rows("truth/same-person.csv")) {
            String key = row.get("source") + " " + row.get("source_customer_key");
            assertThat(owners.put(key, row.get("true_id"))).as(key).isNull();
            people.add(row.get("true_id"));
        }
        // A few joined without having bought or been written to yet.
        assertThat(people).hasSizeBetween(OPTIONS.customers() * 97 / 100, OPTIONS.customers());
    }

    @Test
    void leaversBoughtBeforeTheyLeftAndNeverAfter() {
        Map<String, LocalDate> last = new HashMap<>();
        Map<String, Map<String, LocalDate>> bySource = Map.of("web-orders", accounts(), "store-receipts", cards());
        for (Map<String, String> row : clean.rows("truth/same-person.csv")) {
            LocalDate on = bySource.getOrDefault(row.get("source"), Map.of()).get(row.get("source_customer_key"));
            if (on != null) {
                last.merge(row.get("true_id"), on, (a, b) -> a.isAfter(b) ? a : b);
            }
        }
        List<Map<String, String>> leavers = clean.rows("truth/leavers.csv");
        assertThat(leavers).hasSizeGreaterThan(20);
        assertThat(leavers)
                .extracting(row -> row.get("cause"))
                .contains("neglect", "competitive", "natural", "intentional");
        for (Map<String, String> leaver : leavers) {
            // What was bought before may be taken back after.
            assertThat(last.get(leaver.get("true_id")))
                    .as(leaver.toString())
                    .isNotNull()
                    .isBefore(LocalDate.parse(leaver.get("left_on")));
        }
    }

    @Test
    void plantedRulesStandOut() {
        Map<String, Set<String>> baskets = new HashMap<>();
        for (String file : clean.root().resolve("store").toFile().list()) {
            for (String line : clean.lines("store/" + file)) {
                String[] fields = line.split(";", -1);
                baskets.computeIfAbsent(fields[1], b -> new HashSet<>()).add(fields[5]);
            }
        }
        for (Map<String, String> rule : clean.rows("truth/planted-rules.csv")) {
            double antecedent = count(baskets, rule.get("antecedent"));
            double consequent = count(baskets, rule.get("consequent"));
            double both = baskets.values().stream()
                    .filter(b -> b.contains(rule.get("antecedent")) && b.contains(rule.get("consequent")))
                    .count();
            assertThat(both * baskets.size() / antecedent / consequent)
                    .as(rule.toString())
                    .isGreaterThan(5);
        }
    }

    private static double count(Map<String, Set<String>> baskets, String product) {
        return baskets.values().stream()
                .filter(basket -> basket.contains(product))
                .count();
    }

    @Test
    void optionsOutOfBoundsAreRefused() {
        assertThatThrownBy(() -> OPTIONS.withCustomers(9))
                .isInstanceOf(ClienteleException.class)
                .hasMessage("customers: expected 10 to 20000000, found 9.");
        assertThatThrownBy(() -> OPTIONS.withYears(0)).hasMessage("years: expected 1 to 20, found 0.");
        assertThatThrownBy(() -> OPTIONS.withLines(0)).hasMessage("lines: expected at least 1, found 0.");
    }

    /** Kind by row, by file. */
    private static Map<String, Map<Integer, String>> faults(Folder folder) {
        Map<String, Map<Integer, String>> faults = new TreeMap<>();
        folder.rows("truth/faults.csv")
                .forEach(row -> faults.computeIfAbsent(row.get("file"), f -> new TreeMap<>())
                        .put(Integer.parseInt(row.get("row")), row.get("kind")));
        return faults;
    }

    /** Of each web account the day of its last order; returns are left out. */
    private static Map<String, LocalDate> accounts() {
        Map<String, LocalDate> last = new HashMap<>();
        for (String file : clean.root().resolve("web").toFile().list()) {
            for (String line : clean.lines("web/" + file)) {
                LocalDate on = line.contains("\"returns\"") ? LocalDate.MIN : LocalDate.parse(group(ORDERED_AT, line));
                last.merge(group(ACCOUNT, line), on, (a, b) -> a.isAfter(b) ? a : b);
            }
        }
        return last;
    }

    /** Of each loyalty card the day of its last receipt; returns are left out. */
    private static Map<String, LocalDate> cards() {
        Map<String, LocalDate> last = new HashMap<>();
        for (String file : clean.root().resolve("store").toFile().list()) {
            List<String> lines = clean.lines("store/" + file, Charset.forName("windows-1252"));
            for (String line : lines.subList(1, lines.size())) {
                String[] fields = line.split(";", -1);
                LocalDate on =
                        fields[6].startsWith("-") ? LocalDate.MIN : LocalDate.parse(fields[3].substring(0, 10), GERMAN);
                if (!fields[4].isEmpty()) {
                    last.merge(fields[4], on, (a, b) -> a.isAfter(b) ? a : b);
                }
            }
        }
        return last;
    }

    private static Set<String> column(String file, int column) {
        Set<String> values = new HashSet<>();
        List<String> lines = clean.lines(file);
        lines.subList(1, lines.size()).forEach(line -> values.add(line.split(",", -1)[column]));
        return values;
    }

    private static String group(Pattern pattern, String line) {
        Matcher matcher = pattern.matcher(line);
        assertThat(matcher.find()).as(line).isTrue();
        return matcher.group(1);
    }

    private static boolean isShort(String line, String header) {
        char delimiter = header.indexOf(';') >= 0 ? ';' : ',';
        return line.chars().filter(c -> c == delimiter).count()
                < header.chars().filter(c -> c == delimiter).count();
    }

    private static boolean isUtf8(String latin) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(latin.getBytes(StandardCharsets.ISO_8859_1)));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
