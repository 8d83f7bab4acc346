package io.clientele.identity;

import static io.clientele.integrate.Given.record;
import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.integrate.Given;
import io.clientele.testing.FewRows;
import io.clientele.testing.SharedSpark;
import io.clientele.warehouse.CoreTables;
import io.clientele.warehouse.IdentityTables;
import java.util.ArrayList;
import java.util.Collections;
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
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/** Ids outlive rebuilds, other orders of delivery and other rules. */
@FewRows
class LastingIdsTest {
    private final MatchConfig rules = MatchConfig.defaults();
    private final MatchConfig stricter = new MatchConfig(0.5, 0.1, -3, 60, 15, 3, 2, 200);

    @Test
    void rebuildsOrdersAndRulesKeepIds() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<Map<String, Object>> rows = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            rows.add(record(
                    "s%d|%02d".formatted(i % 3, i),
                    1 + i / 4,
                    "loyalty_card",
                    "L" + random.nextInt(30),
                    "family_name",
                    "Name" + random.nextInt(6)));
        }
        Dataset<Row> identity = kept(Identities.resolve(Given.records(rows), none(), rules, Decisions.none()));
        Map<String, String> before = ids(identity);

        List<Map<String, Object>> shuffled = new ArrayList<>(rows);
        Collections.shuffle(shuffled, random);
        assertThat(Identities.resolve(Given.records(shuffled).repartition(5), identity, rules, Decisions.none())
                        .collectAsList())
                .as("a rebuild in another order, seed %d", seed)
                .isEmpty();

        Identities.Resolution changed =
                Identities.resolution(Given.records(rows), identity, stricter, Decisions.none());
        Dataset<Row> after = replaced(identity, kept(changed.identity()));
        Map<String, Set<String>> formerMembers = members(before);
        Map<String, Set<String>> newMembers = members(ids(after));
        newMembers.forEach((id, members) -> {
            Set<String> same = new HashSet<>(members);
            same.retainAll(formerMembers.getOrDefault(id, Set.of()));
            boolean isNew = !formerMembers.containsKey(id);
            for (String former : formerMembers.keySet()) {
                Set<String> overlap = new HashSet<>(formerMembers.get(former));
                overlap.retainAll(members);
                if (overlap.equals(members)
                        && overlap.size() * 2 > formerMembers.get(former).size()) {
                    assertThat(id).as("seed %d", seed).isEqualTo(former);
                }
            }
            assertThat(isNew || !same.isEmpty())
                    .as("no id passes to strangers, seed %d", seed)
                    .isTrue();
        });
        assertThat(changed.redirects().collectAsList())
                .as("customers only fell apart, seed %d", seed)
                .isEmpty();

        // Back to the first rules: the parts come together again, under ids that were there, and the others lead to
        // them.
        Identities.Resolution back = Identities.resolution(Given.records(rows), after, rules, Decisions.none());
        Map<String, String> restored = ids(replaced(after, kept(back.identity())));
        assertThat(new HashSet<>(members(restored).values()))
                .as("seed %d", seed)
                .isEqualTo(new HashSet<>(formerMembers.values()));
        Set<String> gone = new TreeSet<>(newMembers.keySet());
        gone.removeAll(restored.values());
        Map<String, String> redirects = new TreeMap<>();
        back.redirects().collectAsList().forEach(r -> redirects.put(r.getString(0), r.getString(1)));
        assertThat(redirects.keySet()).as("seed %d", seed).isEqualTo(gone);
        assertThat(restored.values()).as("seed %d", seed).containsAll(redirects.values());
    }

    @Test
    void redirectsLeadToWhoLivesNow() {
        StructType fresh =
                StructType.fromDDL("customer_id STRING, redirected_to STRING, redirected_at TIMESTAMP, reason STRING");
        Dataset<Row> redirects = Given.of(
                fresh,
                List.of(Given.row(
                        "customer_id", "B", "redirected_to", "C", "redirected_at", Given.at(2), "reason", "phone")));
        Dataset<Row> earlier = Given.of(
                IdentityTables.CUSTOMER_REDIRECT.schema(),
                List.of(Given.row(
                        "customer_id",
                        "A",
                        "redirected_to",
                        "B",
                        "redirected_at",
                        Given.at(1),
                        "run_id",
                        "r1",
                        "reason",
                        "email")));
        assertThat(Given.sorted(Identities.redirected(redirects, earlier, "r2")
                        .select("customer_id", "redirected_to", "run_id", "reason")))
                .containsExactly("[A,C,r2,phone]", "[B,C,r2,phone]");
    }

    private static Dataset<Row> none() {
        return Given.of(CoreTables.IDENTITY.schema(), List.of());
    }

    private static Dataset<Row> kept(Dataset<Row> rows) {
        return SharedSpark.session().createDataFrame(rows.collectAsList(), CoreTables.IDENTITY.schema());
    }

    private static Dataset<Row> replaced(Dataset<Row> identity, Dataset<Row> written) {
        return kept(identity.join(written.select("record_key").distinct(), new String[] {"record_key"}, "left_anti")
                .select(Identities.columns(CoreTables.IDENTITY))
                .unionByName(written));
    }

    private static Map<String, String> ids(Dataset<Row> identity) {
        Map<String, String> ids = new TreeMap<>();
        identity.where(col("is_current"))
                .collectAsList()
                .forEach(r -> ids.put(r.getAs("record_key"), r.getAs("customer_id")));
        return ids;
    }

    private static Map<String, Set<String>> members(Map<String, String> ids) {
        Map<String, Set<String>> members = new HashMap<>();
        ids.forEach(
                (key, id) -> members.computeIfAbsent(id, i -> new TreeSet<>()).add(key));
        return members;
    }
}
