package io.clientele.cli;

import io.clientele.engine.Job;
import io.clientele.engine.JobGraph;
import io.clientele.engine.error.ClienteleException;
import io.clientele.engine.store.WarehouseFolder;
import io.clientele.jobs.WarehouseJobs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Open refused records judged again under the present mapping; what passes goes on to the answers. */
@Command(
        name = "replay",
        description =
                "Judge open refused records again, under the mapping as it is now; those that pass are loaded as if"
                        + " they had come right the first time, the others stay open.",
        mixinStandardHelpOptions = true)
final class ReplayCommand implements Callable<Integer> {
    @Mixin
    private WarehouseOptions options;

    @Mixin
    private QuarantineSelectionOptions selection;

    @Option(
            names = "--payload",
            paramLabel = "FILE",
            description =
                    "With --id: the repaired record, in a file as the source delivers it (CSV with its header; for"
                            + " Parquet the row as a line of JSON).")
    private Path payload;

    @Option(
            names = "--as-of",
            paramLabel = "DATE",
            description = "Compute the answers as of this date, yyyy-MM-dd (default: the last day with a sale).")
    private LocalDate asOf;

    @Option(
            names = "--jobs",
            paramLabel = "JOB",
            split = ",",
            description =
                    "Besides loading, only these jobs, +JOB with all that it needs; the next run does the others. 'clientele describe' lists them.")
    private List<String> names;

    @Override
    public Integer call() {
        if (payload != null && selection.id == null) {
            throw ClienteleException.configuration("--payload repairs one record: name it with --id.");
        }
        if (payload != null && !Files.isRegularFile(payload)) {
            throw ClienteleException.configuration("--payload %s: there is no such file.", payload);
        }
        WarehouseJobs jobs = WarehouseJobs.read(options.conf);
        WarehouseFolder.existing(options.warehouse);
        if (selection.countOpen(options.published()) == 0) {
            return 0;
        }
        Clock clock = Clock.systemUTC();
        Instant begin = clock.instant();
        JobGraph graph =
                jobs.replayGraph(selection.selection(), payload, text -> System.out.println("        note: " + text));
        new WarehouseRun(options, WarehouseFolder.forWriting(options.warehouse), clock, begin, System.out)
                .run(jobs, graph, selected(graph), asOf, false);
        System.out.printf(
                "%d refused records are still open.%n",
                selection
                        .selection()
                        .open(options.published().read(io.clientele.warehouse.OpsTables.QUARANTINE))
                        .count());
        return 0;
    }

    private List<Job> selected(JobGraph graph) {
        if (names == null) {
            return graph.jobs();
        }
        Set<String> chosen = new HashSet<>(names);
        graph.jobs().stream()
                .filter(j -> j.stage().equals("load"))
                .map(Job::name)
                .forEach(chosen::add);
        return graph.select(chosen);
    }
}
