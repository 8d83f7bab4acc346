package io.clientele.engine;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clientele.engine.check.Checks;
import io.clientele.engine.check.TableCheck;
import io.clientele.engine.error.ClienteleException;
import io.clientele.engine.ledger.LedgerTables;
import io.clientele.engine.ledger.RunLedger;
import io.clientele.engine.store.TableStore;
import io.clientele.engine.store.WarehouseLock;
import io.clientele.testing.FewRows;
import io.clientele.testing.SharedSpark;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves the promises of a run on real Delta tables: staged, audited, published together, taken back after a failure. */
@FewRows
class JobRunnerTest {
    private static final SparkSession SPARK = SharedSpark.session();
    private static final TableRef LINES =
            TableRef.log(Database.RAW, "lines", "one line", "id BIGINT NOT NULL, day DATE, amount BIGINT", "id");
    private static final TableRef LATEST =
            TableRef.upsert(Database.CORE, "latest", "one line", "id BIGINT NOT NULL, day DATE, amount BIGINT", "id");
    private static final TableRef DAYS =
            TableRef.sliced(Database.CORE, "days", "one day", "day DATE NOT NULL, amount BIGINT", "day", "day");
    private static final TableRef TOTAL = TableRef.snapshot("total", "a date", "amount BIGINT");

    @TempDir
    Path folder;

    private final List<Row> delivered = new ArrayList<>();
    private Supplier<RuntimeException> failure = () -> null;
    private boolean checkPasses = true;
    private TableStore store;

    @BeforeEach
    void emptyWarehouse() {
        store = new TableStore(SPARK, folder.toString());
    }

    private JobGraph graph() {
        List<Row> now = List.copyOf(delivered);
        Job load = Job.named("load")
                .writes(LINES)
                .dueWhen(in -> !now.isEmpty())
                .transform((in, run) -> List.of(Write.of(LINES, SPARK.createDataFrame(now, LINES.schema()))));
        Job latest = Job.named("latest")
                .readsChanges(LINES)
                .writes(LATEST)
                .transform((in, run) -> List.of(Write.of(LATEST, in.changes(LINES))));
        Job days = Job.named("days")
                .reads(LATEST)
                .writes(DAYS)
                .checks(List.of(new TableCheck(
                        DAYS,
                        "drawn",
                        "true",
                        true,
                        rows -> rows.agg(org.apache
                                        .spark
                                        .sql
                                        .functions
                                        .count(lit(1))
                                        .cast("string")
                                        .as("observed"))
                                .withColumn("is_passed", lit(checkPasses)))))
                .transform((in, run) -> List.of(Write.of(
                        DAYS,
                        in.table(LATEST).groupBy("day").sum("amount").withColumnRenamed("sum(amount)", "amount"))));
        Job total = Job.named("total").reads(DAYS).writes(TOTAL).dated().transform((in, run) -> {
            if (failure.get() != null) {
                throw failure.get();
            }
            Dataset<Row> upTo = in.table(DAYS)
                    .where(col("day").leq(lit(run.asOf().toString()).cast("date")));
            return List.of(Write.of(
                    TOTAL,
                    upTo.groupBy()
                            .sum("amount")
                            .select(
                                    lit(run.asOf().toString()).cast("date").as("as_of_date"),
                                    col("sum(amount)").as("amount"))));
        });
        return JobGraph.of(List.of(load, latest, days, total));
    }

    private JobRunner.Outcome run(LocalDate asOf, Row... rows) {
        delivered.clear();
        delivered.addAll(List.of(rows));
        JobGraph graph = graph();
        Clock clock = Clock.fixed(Instant.parse("2025-01-01T00:00:00Z"), ZoneOffset.UTC);
        String runId = "run-" + (RunLedger.read(SPARK, store).published().size() + System.nanoTime());
        try (WarehouseLock lock = WarehouseLock.acquire(folder, runId, clock.instant())) {
            return new JobRunner(SPARK, store, graph, Progress.SILENT, clock, 2)
                    .run(lock, runId, graph.jobs(), new AsOf(asOf, DAYS, "day"), false);
        }
    }

    private static Row line(long id, String day, long amount) {
        return RowFactory.create(id, java.sql.Date.valueOf(day), amount);
    }

    private List<String> published(TableRef table, String order) {
        return store.read(table, RunLedger.read(SPARK, store).publishedVersion(table))
                .orderBy(order)
                .toJSON()
                .collectAsList();
    }

    @Test
    void publishesAllTablesAndRunsOnlyWhatIsOutOfDate() {
        assertThat(run(null, line(1, "2024-01-01", 10), line(2, "2024-01-02", 5))
                        .ran())
                .containsExactlyInAnyOrder("load", "latest", "days", "total");
        assertThat(published(TOTAL, "as_of_date")).containsExactly("{\"as_of_date\":\"2024-01-02\",\"amount\":15}");

        JobRunner.Outcome again = run(null);
        assertThat(again.ran()).isEmpty();
        assertThat(again.upToDate()).containsExactlyInAnyOrder("load", "latest", "days", "total");
    }

    @Test
    void aDatedJobWaitsForTheTableThatSaysTheDateEvenIfItDoesNotReadIt() {
        TableRef first = TableRef.snapshot("first", "a date", "amount BIGINT");
        Job early = Job.named("early")
                .reads(LINES)
                .writes(first)
                .dated()
                .transform((in, run) -> List.of(Write.of(
                        first,
                        in.table(LINES)
                                .groupBy()
                                .sum("amount")
                                .select(
                                        lit(run.asOf().toString()).cast("date").as("as_of_date"),
                                        col("sum(amount)").as("amount")))));
        List<Row> rows = List.of(line(1, "2024-01-01", 10), line(2, "2024-01-02", 5));
        Job load = Job.named("load")
                .writes(LINES)
                .transform((in, run) -> List.of(Write.of(LINES, SPARK.createDataFrame(rows, LINES.schema()))));
        Job days = Job.named("days")
                .reads(LINES)
                .writes(DAYS)
                .transform((in, run) -> List.of(Write.of(
                        DAYS,
                        in.table(LINES).groupBy("day").sum("amount").withColumnRenamed("sum(amount)", "amount"))));
        JobGraph graph = JobGraph.of(List.of(load, early, days));
        Clock clock = Clock.fixed(Instant.parse("2025-01-01T00:00:00Z"), ZoneOffset.UTC);

        try (WarehouseLock lock = WarehouseLock.acquire(folder, "run-1", clock.instant())) {
            new JobRunner(SPARK, store, graph, Progress.SILENT, clock, 1)
                    .run(lock, "run-1", graph.jobs(), new AsOf(null, DAYS, "day"), false);
        }

        assertThat(published(first, "as_of_date")).containsExactly("{\"as_of_date\":\"2024-01-02\",\"amount\":15}");
    }

    /** Three keys are broken; the proof by hashes sees two, as all keys with a null are one to it. */
    @Test
    void whatCannotBeProvenForLittleIsCountedAtLength() {
        TableRef keyed = TableRef.log(Database.CORE, "keyed", "one line", "id BIGINT, day DATE", "id", "day");
        List<Row> rows = new ArrayList<>();
        for (String day : List.of("2024-01-01", "2024-01-01", "2024-01-02", "2024-01-03")) {
            rows.add(RowFactory.create(1L, java.sql.Date.valueOf(day)));
        }
        rows.add(RowFactory.create(null, java.sql.Date.valueOf("2024-01-01")));
        rows.add(RowFactory.create(null, java.sql.Date.valueOf("2024-01-02")));
        Job load = Job.named("load")
                .writes(keyed)
                .checks(List.of(Checks.uniqueKey(keyed)))
                .transform((in, run) -> List.of(Write.of(keyed, SPARK.createDataFrame(rows, keyed.schema()))));
        JobGraph graph = JobGraph.of(List.of(load));
        Clock clock = Clock.fixed(Instant.parse("2025-01-01T00:00:00Z"), ZoneOffset.UTC);

        try (WarehouseLock lock = WarehouseLock.acquire(folder, "run-1", clock.instant())) {
            assertThatThrownBy(() -> new JobRunner(SPARK, store, graph, Progress.SILENT, clock, 1)
                            .run(lock, "run-1", graph.jobs(), new AsOf(null, DAYS, "day"), false))
                    .hasMessageContaining(
                            "the check 'unique key (id, day)' of core.keyed expected no such row but observed 3 rows");
        }
    }

    @Test
    void correctionsReplaceAndABackfillLeavesNewerDatesAlone() {
        run(null, line(1, "2024-01-01", 10), line(2, "2024-01-03", 5));
        run(null, line(1, "2024-01-01", 11));
        JobRunner.Outcome backfill = run(LocalDate.parse("2024-01-02"));
        assertThat(backfill.ran()).containsExactly("total");
        assertThat(published(TOTAL, "as_of_date"))
                .containsExactly(
                        "{\"as_of_date\":\"2024-01-02\",\"amount\":11}",
                        "{\"as_of_date\":\"2024-01-03\",\"amount\":16}");
    }

    @Test
    void aFailedRunPublishesNothingAndTheNextOneTakesItsRowsBack() {
        run(null, line(1, "2024-01-01", 10));
        failure = () -> ClienteleException.data("planted");
        assertThatThrownBy(() -> run(null, line(2, "2024-01-02", 5))).hasMessage("planted");
        assertThat(published(LINES, "id")).hasSize(1);
        assertThat(store.read(LINES, store.latestVersion(LINES)).count()).isEqualTo(2);
        assertThat(store.read(LedgerTables.RUN, store.latestVersion(LedgerTables.RUN))
                        .where("status = 'failed'")
                        .select("job", "error")
                        .first())
                .isEqualTo(RowFactory.create("total", "planted"));

        failure = () -> null;
        run(null, line(3, "2024-01-03", 7));
        assertThat(published(LATEST, "id"))
                .containsExactly(
                        "{\"id\":1,\"day\":\"2024-01-01\",\"amount\":10}",
                        "{\"id\":3,\"day\":\"2024-01-03\",\"amount\":7}");
        run(null, line(2, "2024-01-02", 5));
        assertThat(published(TOTAL, "as_of_date")).last().isEqualTo("{\"as_of_date\":\"2024-01-03\",\"amount\":22}");
    }

    @Test
    void aFailedBlockingCheckStopsThePublication() {
        checkPasses = false;
        assertThatThrownBy(() -> run(null, line(1, "2024-01-01", 10)))
                .hasMessageContaining(
                        "the check 'drawn' of core.days expected true but observed 1; nothing was published");
        assertThat(RunLedger.read(SPARK, store).publishedVersion(LINES)).isEqualTo(TableStore.NONE);
    }

    @Test
    void jobsGoOnWhileTablesAreAuditedAndABrokenTableIsNamedEvenWhereItsReaderFailedFirst() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        Job load = Job.named("load")
                .writes(LINES)
                .checks(List.of(new TableCheck(LINES, "read meanwhile", "true", true, rows -> {
                    // Ends only when the next job has begun; it would wait for ever if that one waited for it.
                    assertThatCode(() -> assertThat(reading.await(60, TimeUnit.SECONDS))
                                    .isTrue())
                            .doesNotThrowAnyException();
                    return rows.agg(count(lit(1)).cast("string").as("observed")).withColumn("is_passed", lit(false));
                })))
                .transform((in, run) -> List.of(
                        Write.of(LINES, SPARK.createDataFrame(List.of(line(1, "2024-01-01", 10)), LINES.schema()))));
        Job latest = Job.named("latest").readsChanges(LINES).writes(LATEST).transform((in, run) -> {
            reading.countDown();
            throw new IllegalStateException("cannot read what is broken");
        });
        JobGraph graph = JobGraph.of(List.of(load, latest));
        Clock clock = Clock.fixed(Instant.parse("2025-01-01T00:00:00Z"), ZoneOffset.UTC);
        try (WarehouseLock lock = WarehouseLock.acquire(folder, "run-1", clock.instant())) {
            assertThatThrownBy(() -> new JobRunner(SPARK, store, graph, Progress.SILENT, clock, 1)
                            .run(lock, "run-1", graph.jobs(), new AsOf(null, DAYS, "day"), false))
                    .hasMessageContaining("the check 'read meanwhile' of raw.lines expected true but observed 1");
        }
        assertThat(RunLedger.read(SPARK, store).publishedVersion(LINES)).isEqualTo(TableStore.NONE);
    }

    @Test
    void anAsOfDateBeforeAnyDataIsRefused() {
        assertThatThrownBy(() -> run(LocalDate.parse("2020-01-01"), line(1, "2024-01-01", 10)))
                .hasMessage(
                        "--as-of 2020-01-01 lies before any data: the first date in core.days is 2024-01-01 and the last 2024-01-01;"
                                + " give a date from 2024-01-01 on.");
    }

    @Test
    void withoutAnyDayDatedJobsWaitAndTheRestIsPublished() {
        var outcome = run(null);
        assertThat(outcome.asOf()).isNull();
        assertThat(outcome.ran()).contains("latest", "days").doesNotContain("total");
        RunLedger ledger = RunLedger.read(SPARK, store);
        assertThat(ledger.publishedVersion(DAYS)).isNotEqualTo(TableStore.NONE);
        assertThat(ledger.publishedVersion(TOTAL)).isEqualTo(TableStore.NONE);
        assertThatThrownBy(() -> run(LocalDate.parse("2024-01-01")))
                .hasMessage(
                        "core.days has no rows, so there is nothing to compute as of 2024-01-01: check what was loaded"
                                + " with 'clientele status'.");
    }

    @Test
    void aSecondWriterIsRefusedWithWhoHoldsTheLock() {
        Instant since = Instant.parse("2025-01-01T00:00:00Z");
        try (WarehouseLock held = WarehouseLock.acquire(folder, "first", since)) {
            assertThatThrownBy(() -> WarehouseLock.acquire(folder, "second", since))
                    .hasMessageContaining("is being written by run first (process "
                            + ProcessHandle.current().pid())
                    .hasMessageContaining("since 2025-01-01T00:00:00Z");
        }
        try (WarehouseLock next = WarehouseLock.acquire(folder, "third", since)) {
            assertThat(next.abandonedRunId()).isNull();
        }
    }

    @Test
    void theGraphNamesEveryFaultAtOnce() {
        Job a = Job.named("a").reads(TOTAL).writes(LINES).transform((in, run) -> List.of());
        Job b = Job.named("b").writes(LINES).transform((in, run) -> List.of());
        assertThatThrownBy(() -> JobGraph.of(List.of(a, b)))
                .hasMessage("The jobs do not fit together: raw.lines is written by both 'a' and 'b';"
                        + " job 'a' reads mart.total, which no job writes.");
        assertThatThrownBy(() -> JobGraph.of(List.of(b)).select(List.of("c")))
                .hasMessage("There is no job 'c'; did you mean 'b'?");
    }

    @Test
    void aCompanionRunsWheneverAJobRunsWhoseTablesItReads() {
        Job load = Job.named("load").writes(LINES).transform((in, run) -> List.of());
        Job books = Job.named("books").reads(LINES).writes(LATEST).companion().transform((in, run) -> List.of());
        Job other = Job.named("other").reads(LINES).writes(DAYS).transform((in, run) -> List.of());
        JobGraph graph = JobGraph.of(List.of(load, books, other));
        assertThat(graph.select(List.of("load"))).containsExactly(load, books);
        assertThat(graph.select(List.of("other"))).containsExactly(other);
    }

    @Test
    void aNameAfterAPlusBringsAllThatItNeeds() {
        Job load = Job.named("load").writes(LINES).transform((in, run) -> List.of());
        Job days = Job.named("days").reads(LINES).writes(DAYS).transform((in, run) -> List.of());
        Job total = Job.named("total").reads(DAYS).writes(TOTAL).transform((in, run) -> List.of());
        Job latest = Job.named("latest").reads(LINES).writes(LATEST).transform((in, run) -> List.of());
        JobGraph graph = JobGraph.of(List.of(total, latest, days, load));
        assertThat(graph.select(List.of("+total"))).containsExactly(load, days, total);
        assertThat(graph.select(List.of("+days", "latest"))).containsExactly(load, latest, days);
        assertThat(graph.select(List.of("total"))).containsExactly(total);
        assertThatThrownBy(() -> graph.select(List.of("+totl")))
                .hasMessage("There is no job 'totl'; did you mean 'total'?");
    }

    @Test
    void aHistoryIsJudgedAsAWholeAlsoWhenOnlyItsEndsChanged() {
        TableRef history = TableRef.sliced(
                Database.CORE,
                "history",
                "one interval",
                "id BIGINT NOT NULL, valid_from TIMESTAMP NOT NULL, valid_to TIMESTAMP, is_current BOOLEAN NOT NULL, name STRING",
                "id",
                "id",
                "valid_from");
        List<String> versions = new ArrayList<>(List.of("a", "b", "c"));
        Supplier<Job> job = () -> Job.named("history")
                .writes(history)
                .dueWhen(in -> true)
                .checks(List.of(Checks.uniqueKey(history), Checks.history(history, List.of("id"))))
                .transform((in, run) -> List.of(Write.of(
                        history,
                        SPARK.sql(
                                "SELECT 1L id, TIMESTAMP'2024-01-01' valid_from, TIMESTAMP'2024-01-02' valid_to, false is_current, '"
                                        + versions.get(0)
                                        + "' name UNION ALL SELECT 1L, TIMESTAMP'2024-01-02', TIMESTAMP'2024-01-03', false, '"
                                        + versions.get(1)
                                        + "' UNION ALL SELECT 1L, TIMESTAMP'2024-01-03', null, true, '"
                                        + versions.get(2) + "'"))));
        runAlone(job.get());
        versions.set(0, "A");
        versions.set(2, "C");
        runAlone(job.get());
        assertThat(store.read(history, RunLedger.read(SPARK, store).publishedVersion(history))
                        .orderBy("valid_from")
                        .select("name")
                        .as(org.apache.spark.sql.Encoders.STRING())
                        .collectAsList())
                .containsExactly("A", "b", "C");
    }

    private void runAlone(Job job) {
        JobGraph graph = JobGraph.of(List.of(job));
        Clock clock = Clock.fixed(Instant.parse("2025-01-01T00:00:00Z"), ZoneOffset.UTC);
        String runId = "run-" + System.nanoTime();
        try (WarehouseLock lock = WarehouseLock.acquire(folder, runId, clock.instant())) {
            new JobRunner(SPARK, store, graph, Progress.SILENT, clock, 1)
                    .run(lock, runId, graph.jobs(), new AsOf(null, DAYS, "day"), false);
        }
    }
}
