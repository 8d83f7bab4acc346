package io.clientele.cli;

import io.clientele.engine.JobGraph;
import io.clientele.engine.error.ClienteleException;
import io.clientele.engine.store.WarehouseFolder;
import io.clientele.jobs.WarehouseJobs;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Open refused records that nobody will repair. */
@Command(
        name = "dismiss",
        description = "Close open refused records for good, with the reason; they stay counted as refused.",
        mixinStandardHelpOptions = true)
final class DismissCommand implements Callable<Integer> {
    @Mixin
    private WarehouseOptions options;

    @Mixin
    private QuarantineSelectionOptions selection;

    @Option(names = "--why", paramLabel = "TEXT", required = true, description = "Why; kept beside the record.")
    private String why;

    @Override
    public Integer call() {
        if (selection.isEmpty()) {
            throw ClienteleException.configuration(
                    "Say which records to dismiss: --source, --rule, --id, or several of them.");
        }
        if (why.isBlank()) {
            throw ClienteleException.configuration("--why is blank: say why the records are dismissed.");
        }
        WarehouseJobs jobs = WarehouseJobs.read(options.conf);
        WarehouseFolder.existing(options.warehouse);
        long open = selection.countOpen(options.published());
        if (open == 0) {
            return 0;
        }
        Clock clock = Clock.systemUTC();
        Instant begin = clock.instant();
        JobGraph graph = WarehouseJobs.dismissGraph(selection.selection(), why.strip());
        new WarehouseRun(options, WarehouseFolder.forWriting(options.warehouse), clock, begin, System.out)
                .run(jobs, graph, graph.jobs(), null, false);
        System.out.printf("%d refused records are dismissed.%n", open);
        return 0;
    }
}
