package io.clientele.cli;

import io.clientele.engine.Job;
import io.clientele.engine.JobGraph;
import io.clientele.engine.JobRunner;
import io.clientele.engine.Progress;
import io.clientele.engine.PublishedTables;
import io.clientele.engine.store.SmallTables;
import io.clientele.engine.store.TableStore;
import io.clientele.engine.store.WarehouseFolder;
import io.clientele.engine.store.WarehouseLock;
import io.clientele.ingest.mapping.MappingCheck;
import io.clientele.jobs.WarehouseJobs;
import io.clientele.serving.Report;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.SparkSession;

/** One run of jobs under the warehouse's lock, told line by line, and the report after it. */
final class WarehouseRun {
    private final WarehouseOptions options;
    private final WarehouseFolder folder;
    private final Clock clock;
    private final Instant begin;
    private final PrintStream out;

    WarehouseRun(WarehouseOptions options, WarehouseFolder folder, Clock clock, Instant begin, PrintStream out) {
        this.options = options;
        this.folder = folder;
        this.clock = clock;
        this.begin = begin;
        this.out = out;
    }

    /** Where the report lies. */
    Path report() {
        return folder.root().resolve("report.html");
    }

    /** Runs the selected jobs of a graph; {@code asOf} null: the last day with a sale. */
    JobRunner.Outcome run(WarehouseJobs jobs, JobGraph graph, List<Job> selected, LocalDate asOf, boolean isForced) {
        String runId = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'-", Locale.ROOT)
                        .withZone(ZoneOffset.UTC)
                        .format(begin)
                + Long.toHexString(ProcessHandle.current().pid() & 0xffff);
        try (WarehouseLock lock = WarehouseLock.acquire(folder.root(), runId, begin)) {
            out.printf("Run %s on %s%n", runId, folder.root());
            SparkSession session = options.session();
            MappingCheck.check(session, jobs.mappings());
            try (SmallTables small = new SmallTables(session)) {
                TableStore store = new TableStore(session, folder.root().toString(), small);
                JobRunner.Outcome outcome = new JobRunner(
                                session,
                                store,
                                graph,
                                new Console(out),
                                clock,
                                jobs.settings().parallelJobs())
                        .run(lock, runId, selected, jobs.asOf(asOf), isForced);
                if (outcome.asOf() != null && (!outcome.ran().isEmpty() || !Files.exists(report()))) {
                    Report.write(
                            new PublishedTables(session, store),
                            jobs.settings().companyName(),
                            jobs.settings().reportingCurrency(),
                            outcome.asOf(),
                            runId,
                            report());
                }
                return outcome;
            }
        }
    }

    /** Progress as lines that a person can follow. */
    private record Console(PrintStream out) implements Progress {
        @Override
        public void done(int number, int total, Job job, long rowsWritten, double seconds) {
            out.printf(
                    Locale.ROOT,
                    "[%2d/%d] %-9s %-26s %,12d rows  %6.1f s%n",
                    number,
                    total,
                    job.stage(),
                    job.name(),
                    rowsWritten,
                    seconds);
        }

        @Override
        public void upToDate(int number, int total, Job job) {
            out.printf("[%2d/%d] %-9s %-26s   up to date%n", number, total, job.stage(), job.name());
        }

        @Override
        public void notice(String text) {
            out.println("        note: " + text);
        }
    }
}
