package io.clientele.identity;

import static io.clientele.integrate.Given.record;
import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.engine.TableRef;
import io.clientele.integrate.Given;
import io.clientele.testing.FewRows;
import io.clientele.testing.SharedSpark;
import io.clientele.warehouse.CoreTables;
import io.clientele.warehouse.IdentityTables;
import java.util.ArrayList;
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

/** Deliveries one after the other leave the tables that a run over all records under the same weights writes. */
@FewRows
class IdentityIncrementTest {
    /** Limits so small that few records reach them. */
    private static final MatchConfig CONFIG = new MatchConfig(0.5, 0.1, -3, 6, 15, 4, 3, 50);

    private static final Decisions DECISIONS = Decisions.of(
            "decisions",
            List.of(
                    new Decisions.Decision(2, true, "crm|0", "web|1", ""),
                    new Decisions.Decision(3, false, "crm|3", "web|4", "")));

    /** The tables as one run left them. */
    private record State(Dataset<Row> identity, IdentityIncrement.Kept kept) {
        static State of(Dataset<Row> identity, Identities.Resolution resolution, IdentityIncrement.Kept before) {
            return new State(
                    upserted(identity, resolution.identity(), CoreTables.IDENTITY),
                    new IdentityIncrement.Kept(
                            before == null
                                    ? local(resolution.records(), IdentityTables.MATCH_RECORD.schema())
                                    : upserted(before.records(), resolution.records(), IdentityTables.MATCH_RECORD),
                            local(resolution.components(), IdentityTables.MATCH_COMPONENT.schema()),
                            local(resolution.pairs(), IdentityTables.MATCH_PAIR.schema()),
                            local(resolution.weakIdentifiers(), IdentityTables.WEAK_IDENTIFIER.schema()),
                            local(resolution.refusedBlocks(), IdentityTables.REFUSED_BLOCK.schema()),
                            resolution.model() == null
                                    ? before.model()
                                    : local(resolution.model(), IdentityTables.MATCH_MODEL.schema()),
                            resolution.frequencies() == null
                                    ? before.frequencies()
                                    : local(resolution.frequencies(), IdentityTables.MATCH_FREQUENCY.schema())));
        }

        MatchTraining training() {
            return MatchTraining.read(kept.model(), kept.frequencies());
        }
    }

    @Test
    void deliveriesInPartsLeaveWhatARebuildWrites() {
        long seed = System.nanoTime();
        System.out.println("IdentityIncrementTest seed " + seed);
        RandomPeople people = new RandomPeople(new Random(seed));
        List<Map<String, Object>> rows = people.first(170);
        State state = State.of(
                Given.of(CoreTables.IDENTITY.schema(), List.of()),
                Identities.resolution(
                        Given.records(rows), Given.of(CoreTables.IDENTITY.schema(), List.of()), CONFIG, DECISIONS),
                null);
        for (int delivery = 1; delivery <= 2; delivery++) {
            List<Map<String, Object>> delivered = new ArrayList<>(people.delivery(2 * delivery - 1));
            delivered.addAll(people.delivery(2 * delivery));
            rows.addAll(delivered);
            Identities.Resolution increment = increment(rows, delivered, state);
            Dataset<Row> all = MatchRecords.of(Given.records(rows)).localCheckpoint();
            Identities.Resolution rebuild = Identities.resolution(
                    all, Similarity.of(state.training(), all, CONFIG), state.identity(), CONFIG, DECISIONS);
            State parts = State.of(state.identity(), increment, state.kept());
            State whole = State.of(state.identity(), rebuild, state.kept());
            String when = "delivery %d, seed %d".formatted(delivery, seed);
            assertThat(increment.model()).as("weights hold, %s", when).isNull();
            assertSame(
                    "core.match_record",
                    when,
                    parts.kept().records(),
                    whole.kept().records());
            assertSame(
                    "core.match_component",
                    when,
                    parts.kept().components(),
                    whole.kept().components());
            assertSame(
                    "core.refused_block",
                    when,
                    parts.kept().refusedBlocks(),
                    whole.kept().refusedBlocks());
            assertSame(
                    "core.weak_identifier",
                    when,
                    parts.kept().weakIdentifiers(),
                    whole.kept().weakIdentifiers());
            assertSame(
                    "core.match_pair", when, parts.kept().pairs(), whole.kept().pairs());
            assertSame("core.identity", when, parts.identity(), whole.identity());
            assertSame("redirects", when, increment.redirects(), rebuild.redirects());
            untouchedKeepTheirIds(when, state, parts, delivered);
            if (delivery == 1) {
                assertThat(parts.kept()
                                .weakIdentifiers()
                                .where("identifier = 'phone'")
                                .select("value")
                                .collectAsList())
                        .as("a phone that five records hold, %s", when)
                        .extracting(r -> r.getString(0))
                        .contains("+43660100000");
                assertThat(all.where("family_name = 'meier' AND postcode = '1010'")
                                .count())
                        .as("records in a block of at most six, %s", when)
                        .isGreaterThan(6);
            }
            state = parts;
        }
        assertThat(people.events())
                .as("what the deliveries held, seed %d", seed)
                .hasSize(8);
    }

    private static void untouchedKeepTheirIds(
            String when, State before, State after, List<Map<String, Object>> delivered) {
        Set<String> changed = new HashSet<>();
        delivered.forEach(row -> changed.add(row.get("source") + "|" + row.get("source_customer_key")));
        Map<String, Set<String>> groupsAfter = groups(after);
        groups(before).forEach((id, members) -> {
            for (Map.Entry<String, Set<String>> group : groupsAfter.entrySet()) {
                if (group.getValue().equals(members) && members.stream().noneMatch(changed::contains)) {
                    assertThat(group.getKey()).as("%s of %s", when, members).isEqualTo(id);
                }
            }
        });
    }

    private static Map<String, Set<String>> groups(State state) {
        Map<String, Set<String>> groups = new TreeMap<>();
        state.identity()
                .where(col("is_current"))
                .select("customer_id", "record_key")
                .collectAsList()
                .forEach(r -> groups.computeIfAbsent(r.getString(0), k -> new TreeSet<>())
                        .add(r.getString(1)));
        return groups;
    }

    @Test
    void weightsAreReadBackAsTheyWereLearned() {
        Dataset<Row> records = MatchRecords.of(Given.records(new RandomPeople(new Random(7)).first(120)))
                .localCheckpoint();
        Similarity learned = Similarity.learn(records, CONFIG);
        MatchTraining read = MatchTraining.read(
                local(Evidence.model(SharedSpark.session(), learned), IdentityTables.MATCH_MODEL.schema()),
                learned.training().frequencies());
        assertThat(read.model().prior()).isEqualTo(learned.model().prior());
        assertThat(read.model().m()).isDeepEqualTo(learned.model().m());
        assertThat(read.model().u()).isDeepEqualTo(learned.model().u());
        assertThat(read.model().expected()).isDeepEqualTo(learned.model().expected());
        assertThat(read.rules()).isEqualTo(learned.rules());
        assertThat(read.countRecords()).isEqualTo(120);
        assertThat(read.used()).isNotEmpty();
        assertThat(Given.sorted(Similarity.of(read, records, CONFIG).candidates()))
                .isEqualTo(Given.sorted(learned.candidates()));
    }

    @Test
    void growthNothingLearnedAndNothingChangedAskForAllRecords() {
        RandomPeople people = new RandomPeople(new Random(11));
        List<Map<String, Object>> rows = people.first(60);
        Dataset<Row> none = Given.of(CoreTables.IDENTITY.schema(), List.of());
        State state = State.of(none, Identities.resolution(Given.records(rows), none, CONFIG, Decisions.none()), null);
        assertThat(increment(rows, List.of(), state)).as("forced").isNull();
        List<Map<String, Object>> grown = new ArrayList<>(rows);
        for (int i = 0; i < 7; i++) {
            grown.add(record("late|" + i, 20, "email", "late" + i + "@x.org"));
        }
        assertThat(increment(grown, grown.subList(60, 67), state))
                .as("67 records of 60")
                .isNull();
        State unlearned = new State(
                none,
                new IdentityIncrement.Kept(
                        state.kept().records(),
                        state.kept().components(),
                        state.kept().pairs(),
                        state.kept().weakIdentifiers(),
                        state.kept().refusedBlocks(),
                        Evidence.model(SharedSpark.session(), null),
                        Given.of(IdentityTables.MATCH_FREQUENCY.schema(), List.of())));
        assertThat(unlearned.training()).isNull();
        assertThat(increment(grown, grown.subList(60, 61), unlearned))
                .as("nothing learned")
                .isNull();
    }

    private static Identities.Resolution increment(
            List<Map<String, Object>> rows, List<Map<String, Object>> delivered, State state) {
        return IdentityIncrement.resolution(
                Given.records(rows), Given.records(delivered), state.identity(), state.kept(), CONFIG, DECISIONS);
    }

    private static void assertSame(String table, String when, Dataset<Row> parts, Dataset<Row> whole) {
        assertThat(Given.sorted(parts)).as("%s after %s", table, when).isEqualTo(Given.sorted(whole));
    }

    private static Dataset<Row> local(Dataset<Row> rows, StructType schema) {
        return SharedSpark.session()
                .createDataFrame(rows.select(columns(schema)).collectAsList(), schema);
    }

    private static org.apache.spark.sql.Column[] columns(StructType schema) {
        return java.util.Arrays.stream(schema.fieldNames())
                .map(c -> col(c))
                .toArray(org.apache.spark.sql.Column[]::new);
    }

    private static Dataset<Row> upserted(Dataset<Row> stored, Dataset<Row> written, TableRef table) {
        Dataset<Row> rows = written.localCheckpoint();
        return local(
                stored.join(rows.select("record_key").distinct(), new String[] {"record_key"}, "left_anti")
                        .select(Identities.columns(table))
                        .unionByName(rows),
                table.schema());
    }
}
