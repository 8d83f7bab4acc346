package io.clientele.cli;

import io.clientele.engine.PublishedTables;
import io.clientele.engine.Suggestions;
import io.clientele.engine.TableRef;
import io.clientele.engine.error.ClienteleException;
import io.clientele.jobs.WarehouseJobs;
import io.clientele.serving.Explanation;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** From a figure to the rows and rules behind it. */
@Command(
        name = "explain",
        description = "Show the rows and rules behind a customer or a row of a table.",
        mixinStandardHelpOptions = true)
final class ExplainCommand implements Callable<Integer> {
    @Mixin
    private WarehouseOptions options;

    @Parameters(
            index = "0",
            paramLabel = "TABLE",
            description = "'customer', or a table with or without its database: value_segment, core.sale_line.")
    private String name;

    @Parameters(
            index = "1",
            paramLabel = "KEY",
            description = "A customer_id, or the values of the table's key joined by /; the first of them are enough.")
    private String key;

    @Option(
            names = "--as-of",
            paramLabel = "DATE",
            description = "The date of the snapshot, yyyy-MM-dd (default: the latest).")
    private LocalDate asOf;

    @Override
    public Integer call() {
        TableRef table = name.equals("customer") ? null : table();
        PublishedTables published = options.published();
        Explanation explanation = new Explanation(published::read, System.out);
        if (table == null) {
            explanation.customer(key);
        } else {
            explanation.row(table, key, asOf);
        }
        return 0;
    }

    private TableRef table() {
        List<TableRef> tables =
                WarehouseJobs.read(options.conf).graph(Path.of("."), Instant.EPOCH, text -> {}).jobs().stream()
                        .flatMap(job -> job.writes().stream())
                        .toList();
        return tables.stream()
                .filter(t -> t.name().equals(name) || t.sqlName().equals(name))
                .findFirst()
                .orElseThrow(() -> {
                    TreeSet<String> known = new TreeSet<>();
                    tables.forEach(t -> known.add(name.contains(".") ? t.sqlName() : t.name()));
                    return ClienteleException.configuration(
                            "There is no table '%s'; %s", name, Suggestions.didYouMean(name, known));
                });
    }
}
