package io.clientele.cli;

import io.clientele.engine.Job;
import io.clientele.engine.JobGraph;
import io.clientele.engine.JobRunner;
import io.clientele.engine.error.ClienteleException;
import io.clientele.engine.store.WarehouseFolder;
import io.clientele.jobs.WarehouseJobs;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Loads what is new, integrates it and computes the answers: every job that is out of date, in order. */
@Command(
        name = "run",
        description = "Run the jobs that are out of date, publish their tables and write the report.",
        mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
    @Mixin
    private WarehouseOptions options;

    @Option(
            names = "--input",
            paramLabel = "DIR",
            defaultValue = "data-samples",
            description = "Where the sources' relative paths start (default: ${DEFAULT-VALUE}).")
    private Path input;

    @Option(
            names = "--as-of",
            paramLabel = "DATE",
            description = "Compute the answers as of this date, yyyy-MM-dd (default: the last day with a sale).")
    private LocalDate asOf;

    @Option(
            names = "--jobs",
            paramLabel = "JOB",
            split = ",",
            description = "Only these jobs, +JOB with all that it needs; 'clientele describe' lists them.")
    private List<String> names;

    @Option(names = "--force", description = "Run jobs even if nothing changed.")
    private boolean isForced;

    @Spec
    private CommandSpec spec;

    private final PrintStream out = System.out;

    @Override
    public Integer call() {
        // Everything that can be known to be wrong is said before a session starts.
        if (spec.commandLine().getParseResult().hasMatchedOption("--input") && !Files.isDirectory(input)) {
            throw ClienteleException.configuration(
                    "--input %s: expected the folder where the sources' relative paths start, found %s; check the path.",
                    input, Files.exists(input) ? "a file" : "nothing there");
        }
        WarehouseJobs jobs = WarehouseJobs.read(options.conf);
        Clock clock = Clock.systemUTC();
        Instant begin = clock.instant();
        JobGraph graph = jobs.graph(input, begin, text -> out.println("        note: " + text));
        List<Job> selected = names == null ? graph.jobs() : graph.select(names);
        WarehouseFolder folder = WarehouseFolder.forWriting(options.warehouse);
        WarehouseRun run = new WarehouseRun(options, folder, clock, begin, out);
        JobRunner.Outcome outcome = run.run(jobs, graph, selected, asOf, isForced);
        sayWhereToLook(outcome, folder, run.report(), (clock.millis() - begin.toEpochMilli()) / 1000.0);
        return 0;
    }

    private void sayWhereToLook(JobRunner.Outcome outcome, WarehouseFolder folder, Path report, double seconds) {
        out.printf(
                Locale.ROOT,
                "%n%s in %.0f s%s.%n",
                outcome.ran().isEmpty()
                        ? "Nothing was out of date"
                        : outcome.ran().size() + " jobs ran",
                seconds,
                outcome.asOf() == null ? "" : ", as of " + outcome.asOf());
        out.printf("Warehouse: %s%n", folder.root());
        if (!Files.exists(report)) {
            out.printf("Report:    none yet: it is written when answers are computed.%n");
            return;
        }
        out.printf("Report:    %s%n", report);
        boolean isDefault = Path.of("warehouse").toAbsolutePath().normalize().equals(folder.root());
        String at = isDefault ? "" : " --warehouse " + options.warehouse;
        out.printf("""

        Three questions to try:
          scripts/clientele sql%1$s "SELECT value_class, count(*) AS customers, sum(current_value_amount) AS value FROM mart.value_segment GROUP BY value_class ORDER BY value DESC"
          scripts/clientele sql%1$s "SELECT customer_id, state, churn_probability, reasons FROM mart.churn_flag WHERE state IN ('cooling', 'lost') ORDER BY churn_probability DESC LIMIT 10"
          scripts/clientele sql%1$s "SELECT antecedent, consequent, lift, confidence, count_baskets FROM mart.cross_sell_rule ORDER BY lift DESC LIMIT 10"
        """, at);
    }
}
