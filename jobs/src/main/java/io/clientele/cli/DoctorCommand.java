package io.clientele.cli;

import io.clientele.engine.error.Responsible;
import io.clientele.engine.store.WarehouseDoctor;
import io.clientele.engine.store.WarehouseDoctor.Finding;
import io.clientele.engine.store.WarehouseFolder;
import io.clientele.engine.store.WarehouseLock;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The warehouse checked for damage, and repaired where it can be. */
@Command(
        name = "doctor",
        description = "Check the warehouse for damage; with --repair, repair what can be repaired.",
        mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
    @Mixin
    private WarehouseOptions options;

    @Option(
            names = "--repair",
            description = "Repair what can be repaired; damaged files are moved aside, never deleted.")
    private boolean isRepairing;

    @Override
    public Integer call() throws Exception {
        Path root = WarehouseFolder.existing(options.warehouse).root();
        List<Finding> findings = new ArrayList<>();
        try (WarehouseLock lock = WarehouseLock.acquire(root, "doctor", Instant.now())) {
            WarehouseDoctor doctor = new WarehouseDoctor(root, isRepairing);
            findings.addAll(doctor.examineLedger());
            if (findings.stream().allMatch(Finding::isRepaired)) {
                Map<String, Long> published = options.published().versions();
                List<Finding> ofLogs = doctor.examineLogs(published);
                findings.addAll(ofLogs);
                if (ofLogs.stream().allMatch(Finding::isRepaired)) {
                    findings.addAll(doctor.examinePublished(published));
                }
            }
            if (lock.abandonedRunId() != null) {
                System.out.printf(
                        "Run %s ended without a word; what it staged is not visible and the next run takes it back.%n",
                        lock.abandonedRunId());
            }
        }
        for (Finding finding : findings) {
            System.out.printf("%s: %s; %s%n", finding.table(), finding.damage(), finding.remedy());
        }
        long open = findings.stream().filter(f -> !f.isRepaired()).count();
        System.out.printf("%s: %d damaged, %d repaired.%n", root, findings.size(), findings.size() - open);
        return open == 0 ? 0 : Responsible.ENVIRONMENT.exitCode();
    }
}
