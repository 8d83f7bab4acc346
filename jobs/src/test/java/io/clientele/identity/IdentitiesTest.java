package io.clientele.identity;

import static io.clientele.integrate.Given.record;
import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.integrate.Given;
import io.clientele.testing.FewRows;
import io.clientele.testing.SharedSpark;
import io.clientele.warehouse.CoreTables;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

@FewRows
class IdentitiesTest {
    private static final Dataset<Row> NONE = Given.of(CoreTables.IDENTITY.schema(), List.of());

    @Test
    void anIssuedNumberAloneJoinsSources() {
        assertThat(groups(
                        record("crm|1", 1, "loyalty_card", "L1"),
                        record("web|9", 2, "loyalty_card", "L1"),
                        record("web|8", 2)))
                .containsExactlyInAnyOrder(Set.of("crm|1", "web|9"), Set.of("web|8"));
    }

    @Test
    void emailNeedsCorroboration() {
        assertThat(groups(
                        record("crm|1", 1, "email", "a@x.org", "family_name", "Müller"),
                        record("web|2", 1, "email", "a@x.org", "full_name", "Anna MULLER"),
                        record("web|3", 1, "email", "a@x.org"),
                        record("web|4", 1, "email", "a@x.org", "postcode", "1010")))
                .containsExactlyInAnyOrder(Set.of("crm|1", "web|2"), Set.of("web|3"), Set.of("web|4"));
    }

    @Test
    void householdsStayApart() {
        Map<String, Object> anna = record(
                "crm|1", 1, "phone", "+4312345678", "family_name", "Meier", "given_name", "Anna", "postcode", "1010");
        Map<String, Object> bernd = record(
                "web|2", 1, "phone", "+4312345678", "family_name", "Meier", "given_name", "Bernd", "postcode", "1010");
        Map<String, Object> annaAgain = record(
                "web|3",
                1,
                "phone",
                "+4312345678",
                "family_name",
                "Meier",
                "given_name",
                "Anna Maria",
                "postcode",
                "1010");
        Map<String, Object> berndAgain = record(
                "pos|4", 1, "phone", "+4312345678", "family_name", "Meier", "given_name", "B.", "postcode", "1010");
        assertThat(groups(anna, bernd, annaAgain, berndAgain))
                .containsExactlyInAnyOrder(Set.of("crm|1", "web|3"), Set.of("web|2", "pos|4"));
    }

    @Test
    void aChainThroughAnUnnamedRecordDoesNotJoinAHousehold() {
        assertThat(groups(
                        record("crm|1", 1, "email", "m@x.org", "family_name", "Meier", "given_name", "Anna"),
                        record("web|2", 1, "email", "m@x.org", "family_name", "Meier", "given_name", "Bernd"),
                        record("web|3", 1, "email", "m@x.org", "family_name", "Meier")))
                .containsExactlyInAnyOrder(Set.of("crm|1"), Set.of("web|2"), Set.of("web|3"));
    }

    @Test
    void differingNumbersVetoAWeakLinkButNotAnIssuedOne() {
        assertThat(groups(
                        record("crm|1", 1, "email", "a@x.org", "family_name", "Meier", "customer_number", "1"),
                        record("crm|2", 1, "email", "a@x.org", "family_name", "Meier", "customer_number", "2"),
                        record("crm|3", 1, "email", "b@x.org", "family_name", "Weiss", "tax_number", "T1"),
                        record("web|4", 1, "email", "b@x.org", "family_name", "Weiss", "tax_number", "T2"),
                        record("crm|5", 1, "loyalty_card", "L", "customer_number", "5"),
                        record("crm|6", 1, "loyalty_card", "L", "customer_number", "6")))
                .containsExactlyInAnyOrder(
                        Set.of("crm|1"), Set.of("crm|2"), Set.of("crm|3"), Set.of("web|4"), Set.of("crm|5", "crm|6"));
    }

    @Test
    void anIdentifierOfMoreThanTwentyIsNoEvidence() {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (int i = 0; i <= MatchConfig.defaults().mostHolders(); i++) {
            // Two and two share a postcode, which would corroborate.
            rows.add(record("web|" + i, 1, "email", "till@shop.org", "postcode", "10" + i / 2));
        }
        assertThat(ids(resolve(rows, NONE)).values()).doesNotHaveDuplicates();
        rows.remove(0);
        assertThat(Set.copyOf(ids(resolve(rows, NONE)).values())).hasSize(11);
    }

    @Test
    void resolvingAgainChangesNothing() {
        List<Map<String, Object>> rows = List.of(
                record("crm|1", 1, "loyalty_card", "L1"), record("web|9", 2, "loyalty_card", "L1"), record("web|8", 2));
        Dataset<Row> first = resolve(rows, NONE);
        assertThat(resolve(rows, first).collectAsList()).isEmpty();
        Row crm = first.where("record_key = 'crm|1'").first();
        assertThat(crm.<String>getAs("match_rule")).isEqualTo("new");
        assertThat(crm.<String>getAs("customer_id")).matches("C-[0-9a-f]{16}");
        Row web = first.where("record_key = 'web|9'").first();
        assertThat(web.<String>getAs("match_rule")).isEqualTo("loyalty_card");
        assertThat(web.<Object>getAs("valid_from")).isEqualTo(Given.at(2));
    }

    @Test
    void aMergeKeepsTheIdOfMostAndClosesTheOther() {
        List<Map<String, Object>> rows = new ArrayList<>(List.of(
                record("crm|1", 1, "loyalty_card", "A"),
                record("web|2", 2, "loyalty_card", "B"),
                record("pos|3", 3, "loyalty_card", "B")));
        Dataset<Row> before = resolve(rows, NONE);
        rows.add(record("crm|1", 9, "customer_number", "7"));
        rows.add(record("web|2", 5, "customer_number", "7"));
        Dataset<Row> changed = resolve(rows, before);
        assertThat(Given.sorted(changed.select("record_key", "customer_id", "valid_from", "valid_to", "match_rule")))
                .containsExactlyInAnyOrder(
                        "[crm|1,%s,%s,%s,new]".formatted(ids(before).get("crm|1"), Given.at(1), Given.at(9)),
                        "[crm|1,%s,%s,null,customer_number]"
                                .formatted(ids(before).get("web|2"), Given.at(9)));
        assertThat(resolve(rows, upserted(before, changed)).collectAsList()).isEmpty();
    }

    @Test
    void aSplitMintsAnIdThatNobodyEverHad() {
        List<Map<String, Object>> together = List.of(
                record("crm|1", 1, "loyalty_card", "A"),
                record("web|2", 2, "loyalty_card", "A"),
                record("web|3", 3, "loyalty_card", "A"));
        Dataset<Row> identity = resolve(together, NONE);
        Set<String> ever = new TreeSet<>(ids(identity).values());
        List<Map<String, Object>> apart = new ArrayList<>(together);
        // The record from which the id was minted leaves, comes back, and leaves again.
        for (int day = 4; day < 7; day++) {
            apart.add(record("crm|1", day, "loyalty_card", day == 5 ? "A" : "Z" + day));
            identity = upserted(identity, resolve(apart, identity));
            String id = ids(identity).get("crm|1");
            if (day == 5) {
                assertThat(id).isEqualTo(ids(identity).get("web|2"));
            } else {
                assertThat(ever).doesNotContain(id);
            }
            ever.add(id);
        }
        assertThat(ids(identity).get("web|2"))
                .isEqualTo(ids(resolve(together, NONE)).get("web|2"));
        assertThat(identity.where("is_current")
                        .groupBy("record_key")
                        .count()
                        .where("count > 1")
                        .collectAsList())
                .isEmpty();
        assertThat(identity.where("valid_to <= valid_from").collectAsList()).isEmpty();
    }

    @Test
    void orderPartitionsAndBatchesDoNotMatter() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int nodes = 40;
        List<Map<String, Object>> rows = new ArrayList<>();
        Map<String, Integer> firstHolder = new HashMap<>();
        List<int[]> edges = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
            String card = "L" + random.nextInt(25);
            String tax = "T" + i / 4 * 4 + random.nextInt(2);
            rows.add(record("s%d|%02d".formatted(i % 3, i), 1 + i / 4, "loyalty_card", card, "tax_number", tax));
            for (String held : List.of(card, tax)) {
                Integer first = firstHolder.putIfAbsent(held, i);
                if (first != null) {
                    edges.add(new int[] {first, i});
                }
            }
        }
        UnionFind oracle = UnionFind.of(nodes, edges);
        Set<Set<String>> expected = partition(i -> oracle.root(number(i)), rows);
        Dataset<Row> all = resolve(rows, NONE);
        assertThat(partition(ids(all)::get, rows)).as("seed %d", seed).isEqualTo(expected);

        List<Map<String, Object>> shuffled = new ArrayList<>(rows);
        Collections.shuffle(shuffled, random);
        Dataset<Row> again = Identities.resolve(
                Given.records(shuffled).repartition(5), NONE, MatchConfig.defaults(), Decisions.none());
        assertThat(Given.sorted(again)).as("seed %d", seed).isEqualTo(Given.sorted(all));

        Dataset<Row> grown = NONE;
        for (int size : List.of(13, 26, nodes)) {
            grown = upserted(grown, resolve(shuffled.subList(0, size), grown));
        }
        assertThat(partition(ids(grown)::get, rows))
                .as("seed %d in batches", seed)
                .isEqualTo(expected);
    }

    private static int number(String recordKey) {
        return Integer.parseInt(recordKey.substring(recordKey.indexOf('|') + 1));
    }

    private static String recordKey(Map<String, Object> row) {
        return row.get("source") + "|" + row.get("source_customer_key");
    }

    private static Set<Set<String>> partition(
            java.util.function.Function<String, Object> group, List<Map<String, Object>> rows) {
        Map<Object, Set<String>> members = new HashMap<>();
        for (Map<String, Object> row : rows) {
            members.computeIfAbsent(group.apply(recordKey(row)), g -> new TreeSet<>())
                    .add(recordKey(row));
        }
        return Set.copyOf(members.values());
    }

    @SafeVarargs
    private static Set<Set<String>> groups(Map<String, Object>... rows) {
        return partition(ids(resolve(List.of(rows), NONE))::get, List.of(rows));
    }

    private static Dataset<Row> resolve(List<Map<String, Object>> rows, Dataset<Row> identity) {
        Dataset<Row> resolved =
                Identities.resolve(Given.records(rows), identity, MatchConfig.defaults(), Decisions.none());
        return SharedSpark.session().createDataFrame(resolved.collectAsList(), resolved.schema());
    }

    /** What the table holds after a write: all rows of a record key are replaced. */
    private static Dataset<Row> upserted(Dataset<Row> identity, Dataset<Row> written) {
        Dataset<Row> rows = identity.join(
                        written.select("record_key").distinct(), new String[] {"record_key"}, "left_anti")
                .select(Identities.columns(CoreTables.IDENTITY))
                .unionByName(written);
        return SharedSpark.session().createDataFrame(rows.collectAsList(), CoreTables.IDENTITY.schema());
    }

    private static Map<String, String> ids(Dataset<Row> identity) {
        Map<String, String> ids = new TreeMap<>();
        identity.where(col("is_current"))
                .collectAsList()
                .forEach(r -> ids.put(r.getAs("record_key"), r.getAs("customer_id")));
        return ids;
    }
}
