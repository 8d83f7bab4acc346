package io.clientele.cli;

import io.clientele.engine.PublishedTables;
import io.clientele.engine.error.Responsible;
import io.clientele.engine.store.WarehouseDoctor;
import io.clientele.engine.store.WarehouseDoctor.Finding;
import io.clientele.engine.store.WarehouseFolder;
import io.clientele.engine.store.WarehouseLock;
import io.clientele.ingest.rule.BooksAudit;
import io.clientele.warehouse.OpsTables;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.sql.Dataset;
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
                if (findings.stream().allMatch(Finding::isRepaired)) {
                    findings.addAll(books(options.published()));
                }
            }
            if (lock.abandonedRunId() != null) {
                System.out.printf(
                        "Run %s ended without a word; what it staged is not visible and the next run takes it back.%n",
                        lock.abandonedRunId());
            }
        }
        tell(root, findings);
        long open = findings.stream().filter(f -> !f.isRepaired()).count();
        return open == 0 ? 0 : Responsible.ENVIRONMENT.exitCode();
    }

    /** Whether the raw tables hold what the books say; records and books are published together. */
    private static List<Finding> books(PublishedTables published) {
        String columns = "source, batch_id, source_file, source_row, record_hash, outcome";
        return published.versions().keySet().stream()
                .filter(table -> table.startsWith("raw."))
                .map(table -> published.sql("SELECT " + columns + " FROM " + table))
                .reduce(Dataset::union)
                .map(raw -> BooksAudit.of(
                        raw, published.read(OpsTables.BATCH_BALANCE), published.read(OpsTables.QUARANTINE)))
                .orElse(List.of())
                .stream()
                .map(found -> new Finding(
                        found.source(), found.text(), "restore the warehouse from a backup, or load it anew", false))
                .toList();
    }

    private static void tell(Path root, List<Finding> findings) {
        for (Finding finding : findings) {
            System.out.printf("%s: %s; %s%n", finding.table(), finding.damage(), finding.remedy());
        }
        long open = findings.stream().filter(f -> !f.isRepaired()).count();
        System.out.printf("%s: %d damaged, %d repaired.%n", root, findings.size(), findings.size() - open);
    }
}
