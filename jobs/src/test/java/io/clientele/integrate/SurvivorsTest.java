package io.clientele.integrate;

import static io.clientele.integrate.Given.at;
import static io.clientele.integrate.Given.record;
import static io.clientele.integrate.Given.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clientele.integrate.Survivorship.Criterion;
import io.clientele.integrate.Survivorship.Rule;
import io.clientele.testing.FewRows;
import io.clientele.warehouse.CoreTables;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** Proves which statement of a field survives, from when on, and that its source is kept. */
@FewRows
class SurvivorsTest {
    private static final List<String> TRUST = List.of("crm", "web");

    @Test
    void theMostTrustedSourceSurvivesAndItsOriginIsKept() {
        Dataset<Row> history = history(
                rules(Rule.of(Criterion.SOURCE), Rule.of(Criterion.RECENCY)),
                record("shop|1", 1, "email", "shop@x.org", "city", "Graz"),
                record("crm|1", 2, "email", "crm@x.org"),
                record("web|1", 3, "email", "web@x.org", "city", "Wien"),
                record("crm|1", 4, "email", "new@x.org"));

        assertThat(Given.sorted(history.selectExpr(
                        "email",
                        "origin.email.source",
                        "city",
                        "origin.address.source",
                        "origin.address.stated_at",
                        "origin.phone",
                        "valid_from")))
                .containsExactly(
                        "[crm@x.org,crm,Graz,shop,%s,null,%s]".formatted(at(1), at(2)),
                        "[crm@x.org,crm,Wien,web,%s,null,%s]".formatted(at(3), at(3)),
                        "[new@x.org,crm,Wien,web,%s,null,%s]".formatted(at(3), at(4)),
                        "[shop@x.org,shop,Graz,shop,%s,null,%s]".formatted(at(1), at(1)));
    }

    @Test
    void anAddressSurvivesAsAWholeAndTheMostCompleteOne() {
        Dataset<Row> history = history(
                rules(Rule.of(Criterion.RECENCY), Rule.of(Criterion.COMPLETENESS)),
                record("shop|1", 1, "street", "Ring 1", "postcode", "8010", "city", "Graz"),
                record("web|1", 2, "city", "Wien", "country", "AT"),
                record("web|1", 3, "street", "Gasse 2"),
                record("web|1", 4, "postcode", "1010"));

        assertThat(Given.sorted(history.select("street", "postcode", "city", "country", "valid_from")))
                .as("parts of two sources never mix; what a record said before counts with what it says now")
                .containsExactly(
                        "[Gasse 2,1010,Wien,AT,%s]".formatted(at(4)),
                        "[Gasse 2,null,Wien,AT,%s]".formatted(at(3)),
                        "[Ring 1,8010,Graz,null,%s]".formatted(at(1)));
    }

    @Test
    void theValueThatMostRecordsStatedSurvives() {
        Dataset<Row> history = history(
                rules(Rule.of(Criterion.FREQUENCY, Criterion.RECENCY), Rule.of(Criterion.RECENCY)),
                record("shop|1", 1, "email", "a@x.org"),
                record("web|1", 2, "email", "a@x.org"),
                record("crm|1", 3, "email", "b@x.org"),
                record("crm|1", 4, "email", "b@x.org"),
                record("shop|1", 5, "email", "b@x.org"));

        assertThat(Given.sorted(history.select("email", "valid_from")))
                .as("one record that repeats itself does not outvote two")
                .containsExactly("[a@x.org,%s]".formatted(at(1)), "[b@x.org,%s]".formatted(at(5)));
    }

    @Test
    void agreesWithAnOracleWhateverTheRulesTheOrderAndReplays() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 3; round++) {
            Survivorship rules = rules(rule(random), rule(random));
            List<Map<String, Object>> rows = new ArrayList<>();
            Set<String> taken = new HashSet<>();
            for (int i = 0; i < 60; i++) {
                String key = List.of("crm", "web", "shop").get(random.nextInt(3)) + "|" + (1 + random.nextInt(4));
                int day = 1 + random.nextInt(12);
                if (taken.add(key + day)) {
                    rows.add(record(
                            key,
                            day,
                            "email",
                            pick(random, "e"),
                            "street",
                            pick(random, "s"),
                            "city",
                            pick(random, "c")));
                }
            }
            List<String> expected = oracle(rows, rules);
            Collections.shuffle(rows, random);
            rows.addAll(List.copyOf(rows.subList(0, 10)));

            assertThat(shown(Survivors.states(
                            Given.of(
                                            CoreTables.CUSTOMER_RECORD
                                                    .schema()
                                                    .add(
                                                            "customer_id",
                                                            org.apache.spark.sql.types.DataTypes.StringType),
                                            withCustomer(rows))
                                    .repartition(3),
                            rules)))
                    .as("seed %d, round %d, rules %s", seed, round, rules)
                    .isEqualTo(expected);
        }
    }

    @Test
    void rulesThatCannotHoldAreRefused() {
        assertThatThrownBy(() -> new Rule(List.of(), List.of()))
                .hasMessage("by: expected at least one of source, recency, frequency, completeness, found none");
        assertThatThrownBy(() -> new Rule(List.of(Criterion.RECENCY, Criterion.RECENCY), List.of()))
                .hasMessage("by: expected each criterion once, found [RECENCY, RECENCY]");
        assertThatThrownBy(() -> rules(List.of(), Rule.of(Criterion.SOURCE), Rule.of(Criterion.RECENCY)))
                .hasMessage(
                        "email: expected a list of sources for the criterion source, here or for all fields, found none");
    }

    private static String pick(Random random, String prefix) {
        int value = random.nextInt(4);
        return value == 0 ? null : prefix + value;
    }

    private static Rule rule(Random random) {
        List<Criterion> all = new ArrayList<>(List.of(Criterion.values()));
        Collections.shuffle(all, random);
        return new Rule(all.subList(0, 1 + random.nextInt(all.size())), List.of());
    }

    private static Survivorship rules(Rule email, Rule address) {
        return rules(TRUST, email, address);
    }

    private static Survivorship rules(List<String> trust, Rule email, Rule address) {
        Rule last = Rule.of(Criterion.RECENCY);
        return new Survivorship(trust, last, last, email, last, last, address, last);
    }

    /** The history of one customer who has all records. */
    @SafeVarargs
    private static Dataset<Row> history(Survivorship rules, Map<String, Object>... records) {
        List<Map<String, Object>> identity = new ArrayList<>();
        new TreeSet<>(java.util.Arrays.stream(records)
                        .map(r -> r.get("source") + "|" + r.get("source_customer_key"))
                        .toList())
                .forEach(key -> identity.add(row(
                        "source",
                        key.substring(0, key.indexOf('|')),
                        "source_customer_key",
                        key.substring(key.indexOf('|') + 1),
                        "customer_id",
                        "C",
                        "valid_from",
                        at(1),
                        "is_current",
                        true,
                        "record_key",
                        key)));
        return Customers.history(
                Given.records(List.of(records)), Given.of(CoreTables.IDENTITY.schema(), identity), null, rules);
    }

    /** Keys 1 and 2 belong to one customer, the others to another. */
    private static String customer(Map<String, Object> row) {
        return ((String) row.get("source_customer_key")).compareTo("3") < 0 ? "C-a" : "C-b";
    }

    private static List<Map<String, Object>> withCustomer(List<Map<String, Object>> rows) {
        return rows.stream()
                .map(r -> {
                    Map<String, Object> row = new HashMap<>(r);
                    row.put("customer_id", customer(r));
                    return row;
                })
                .toList();
    }

    private static List<String> shown(Dataset<Row> states) {
        return Given.sorted(states.selectExpr(
                "customer_id", "recorded_at", "email", "origin.email.source_customer_key", "street", "city"));
    }

    /** One statement. */
    private record Statement(Timestamp at, String source, String key, List<String> value) {}

    /** At each instant every statement so far is weighed, one by one. */
    private static List<String> oracle(List<Map<String, Object>> rows, Survivorship rules) {
        List<String> states = new ArrayList<>();
        for (String customer : List.of("C-a", "C-b")) {
            List<Map<String, Object>> own = rows.stream()
                    .filter(r -> customer(r).equals(customer))
                    .sorted(Comparator.comparing(r -> (Timestamp) r.get("recorded_at")))
                    .toList();
            TreeSet<Timestamp> instants = new TreeSet<>(
                    own.stream().map(r -> (Timestamp) r.get("recorded_at")).toList());
            for (Timestamp instant : instants) {
                Statement email = best(statements(own, instant, "email"), rules.email());
                Statement address = best(statements(own, instant, "street", "city"), rules.address());
                states.add("[%s,%s,%s,%s,%s,%s]"
                        .formatted(
                                customer,
                                instant,
                                email == null ? null : email.value().get(0),
                                email == null ? null : email.key(),
                                address == null ? null : address.value().get(0),
                                address == null ? null : address.value().get(1)));
            }
        }
        return states.stream().sorted().toList();
    }

    private static List<Statement> statements(List<Map<String, Object>> own, Timestamp until, String... parts) {
        Map<String, List<String>> known = new TreeMap<>();
        List<Statement> statements = new ArrayList<>();
        for (Map<String, Object> row : own) {
            Timestamp at = (Timestamp) row.get("recorded_at");
            String record = row.get("source") + "|" + row.get("source_customer_key");
            List<String> value = new ArrayList<>(known.getOrDefault(record, Collections.nCopies(parts.length, null)));
            boolean isStated = false;
            for (int i = 0; i < parts.length; i++) {
                if (row.get(parts[i]) != null) {
                    value.set(i, (String) row.get(parts[i]));
                    isStated = true;
                }
            }
            known.put(record, value);
            if (isStated && !at.after(until)) {
                statements.add(
                        new Statement(at, (String) row.get("source"), (String) row.get("source_customer_key"), value));
            }
        }
        return statements;
    }

    private static Statement best(List<Statement> statements, Rule rule) {
        Comparator<Statement> order = Comparator.comparing(s -> 0);
        for (Criterion criterion : rule.by()) {
            order = order.thenComparing(
                    switch (criterion) {
                        case SOURCE ->
                            Comparator.comparing(
                                    (Statement s) -> TRUST.contains(s.source()) ? -TRUST.indexOf(s.source()) : -9);
                        case RECENCY -> Comparator.comparing(Statement::at);
                        // A statement counts as often as its value had been stated when it was made.
                        case FREQUENCY ->
                            Comparator.comparing(s -> statements.stream()
                                    .filter(o -> o.value().equals(s.value()) && !o.at().after(s.at()))
                                    .map(o -> o.source() + "|" + o.key())
                                    .distinct()
                                    .count());
                        case COMPLETENESS ->
                            Comparator.comparing(s ->
                                    s.value().stream().filter(v -> v != null).count());
                    });
        }
        return statements.stream()
                .max(order.thenComparing(Statement::at)
                        .thenComparing(Statement::source)
                        .thenComparing(Statement::key))
                .orElse(null);
    }
}
