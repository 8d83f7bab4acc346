package io.clientele.engine;

import io.clientele.engine.error.ClienteleException;
import io.clientele.engine.ledger.RunLedger;
import io.clientele.engine.ledger.RunLedger.CheckRow;
import io.clientele.engine.ledger.RunLedger.JobRow;
import io.clientele.engine.store.TableStore;
import io.clientele.engine.store.WarehouseLock;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.spark.sql.SparkSession;

/**
 * Runs jobs in the order of their dependencies: write, audit, publish. Tables are staged version by version and become
 * visible together, by one row, when every job and every blocking check of the run has passed. A run that fails or dies
 * leaves the published tables as they were, and the next run takes back what it had staged.
 */
public final class JobRunner {
    private final SparkSession session;
    private final TableStore store;
    private final JobGraph graph;
    private final Progress progress;
    private final Clock clock;
    private final int parallelism;

    /**
     * @param parallelism how many jobs may compute and write at once, beside those whose tables are audited; small jobs wait for
     *     commits more than for processors
     */
    public JobRunner(
            SparkSession session, TableStore store, JobGraph graph, Progress progress, Clock clock, int parallelism) {
        this.session = session;
        this.store = store;
        this.graph = graph;
        this.progress = progress;
        this.clock = clock;
        this.parallelism = parallelism;
    }

    /** What a run did. {@code asOf} is null when no dated job was due. */
    public record Outcome(String runId, LocalDate asOf, Set<String> ran, Set<String> upToDate) {}

    /**
     * Runs the selected jobs that are out of date and publishes their tables.
     *
     * @param lock held by the caller; its abandoned run is recorded as killed
     * @param force whether jobs run even if nothing changed
     * @throws ClienteleException after recording the failed job; published tables are as before
     */
    public Outcome run(WarehouseLock lock, String runId, List<Job> jobs, AsOf asOf, boolean force) {
        RunLedger ledger = RunLedger.read(session, store);
        StagedTables staged = new StagedTables(store, graph, ledger);
        rollback(staged, jobs.stream().flatMap(j -> j.writes().stream()).toList());
        Execution execution = new Execution(staged, runId, asOf, force);
        JobMetrics metrics = execution.metrics;
        session.sparkContext().addSparkListener(metrics);
        if (lock.abandonedRunId() != null) {
            execution.rows.add(killed(lock.abandonedRunId()));
        }
        try {
            execution.all(jobs);
        } catch (RuntimeException failure) {
            ledger.publish(runId, clock.instant(), execution.rows, execution.checks, ledger.published());
            throw failure;
        } finally {
            session.sparkContext().removeSparkListener(metrics);
        }
        if (!execution.rows.isEmpty()) {
            ledger.publish(runId, clock.instant(), execution.rows, execution.checks, staged.versions());
        }
        return new Outcome(runId, execution.date, execution.ran, execution.upToDate);
    }

    /** Takes back what an earlier run staged, several tables at once: each waits for small queries and one commit. */
    private void rollback(StagedTables staged, List<TableRef> tables) {
        ExecutorService threads = Executors.newFixedThreadPool(2 * parallelism);
        try {
            List<Future<?>> rollbacks = new ArrayList<>();
            tables.forEach(table -> rollbacks.add(threads.submit(() -> staged.rollback(table))));
            for (Future<?> rollback : rollbacks) {
                rollback.get();
            }
        } catch (ExecutionException e) {
            throw FailureTranslation.translate(e.getCause(), null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ClienteleException.environment("The run was interrupted: run it again.")
                    .causedBy(e);
        } finally {
            threads.shutdown();
        }
    }

    private JobRow killed(String abandonedRunId) {
        Instant now = clock.instant();
        return new JobRow(
                abandonedRunId,
                "(run)",
                null,
                "killed",
                now,
                now,
                0,
                0,
                Map.of(),
                Map.of(),
                "",
                "ended without a word");
    }

    /** The state of one run. */
    private final class Execution {
        private final StagedTables staged;
        private final String runId;
        private final AsOf asOf;
        private final boolean force;
        private final Instant startedAt = clock.instant();
        private final JobMetrics metrics = new JobMetrics();
        private final List<JobRow> rows = Collections.synchronizedList(new ArrayList<>());
        private final List<CheckRow> checks = Collections.synchronizedList(new ArrayList<>());
        private final Set<String> ran = Collections.synchronizedSet(new HashSet<>());
        private final Set<String> upToDate = Collections.synchronizedSet(new HashSet<>());
        private LocalDate date;

        Execution(StagedTables staged, String runId, AsOf asOf, boolean force) {
            this.staged = staged;
            this.runId = runId;
            this.asOf = asOf;
            this.force = force;
        }

        void all(List<Job> jobs) {
            Schedule.run(jobs, this::needs, parallelism, (job, whenWritten) -> one(job, jobs.size(), whenWritten));
        }

        /** The jobs to wait for; a dated job waits for the table that says for which date to compute, whether it reads it or not. */
        private Set<String> needs(Job job) {
            Set<String> names = new HashSet<>(graph.upstream(job));
            Job dates = graph.writer(asOf.table());
            if (job.isDated() && dates != null && !dates.equals(job)) {
                names.add(dates.name());
            }
            return names;
        }

        private void one(Job job, int total, Runnable whenWritten) {
            Instant begin = clock.instant();
            session.sparkContext().setLocalProperty(JobMetrics.PROPERTY, job.name());
            session.sparkContext().setJobDescription(job.name());
            LocalDate jobDate = null;
            String hash = ConfigurationHash.of(job);
            StagedTables.Inputs inputs = null;
            try {
                jobDate = job.isDated() ? date() : null;
                if (job.isDated() && jobDate == null) {
                    upToDate.add(job.name());
                    progress.notice("%s waits: %s has no rows yet, so there is no date to compute for"
                            .formatted(job.name(), asOf.table()));
                    return;
                }
                inputs = staged.inputs(job, jobDate);
                if (!force && !inputs.isDue(hash)) {
                    upToDate.add(job.name());
                    progress.upToDate(place(), total, job);
                    return;
                }
                inputs.readAhead();
                List<Write> writes = job.transform().apply(inputs, new RunContext(runId, startedAt, jobDate));
                long written = staged.write(job, writes, jobDate);
                whenWritten.run();
                audit(job, jobDate);
                ran.add(job.name());
                Instant end = clock.instant();
                rows.add(row(job, jobDate, "succeeded", begin, end, written, inputs, hash, null));
                progress.done(place(), total, job, written, (end.toEpochMilli() - begin.toEpochMilli()) / 1000.0);
            } catch (Exception | Error failure) {
                // Spark throws checked exceptions that it does not declare.
                RuntimeException translated = FailureTranslation.translate(failure, job);
                rows.add(row(job, jobDate, "failed", begin, clock.instant(), 0, inputs, hash, translated.getMessage()));
                throw translated;
            } finally {
                Reuse.release();
            }
        }

        private int place() {
            return ran.size() + upToDate.size();
        }

        private synchronized LocalDate date() {
            if (date == null) {
                date = asOf.resolve(staged.read(asOf.table()));
            }
            return date;
        }

        private void audit(Job job, LocalDate jobDate) {
            List<CheckRow> results = staged.audit(job, runId, jobDate);
            checks.addAll(results);
            List<CheckRow> broken = results.stream()
                    .filter(r -> r.isBlocking() && !r.isPassed())
                    .toList();
            if (!broken.isEmpty()) {
                CheckRow first = broken.get(0);
                throw ClienteleException.data(
                        "Job %s: the check '%s' of %s expected %s but observed %s%s; nothing was published."
                                + " See ops.check_result of run %s.",
                        job.name(),
                        first.check(),
                        first.table(),
                        first.expected(),
                        first.observed(),
                        broken.size() > 1 ? " (and " + (broken.size() - 1) + " more)" : "",
                        runId);
            }
        }

        private JobRow row(
                Job job,
                LocalDate jobDate,
                String status,
                Instant begin,
                Instant end,
                long written,
                StagedTables.Inputs inputs,
                String hash,
                String error) {
            return new JobRow(
                    runId,
                    job.name(),
                    jobDate,
                    status,
                    begin,
                    end,
                    metrics.recordsRead(job.name()),
                    written,
                    inputs == null ? Map.of() : new TreeMap<>(inputs.signature()),
                    staged.versionsOf(job.writes()),
                    hash,
                    error);
        }
    }
}
