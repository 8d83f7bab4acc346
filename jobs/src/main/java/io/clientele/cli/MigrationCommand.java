package io.clientele.cli;

import io.clientele.engine.PublishedTables;
import io.clientele.serving.Migration;
import io.clientele.serving.RowsText;
import java.time.LocalDate;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How customers moved between classes from one snapshot to another, and why. */
@Command(
        name = "migration",
        description = "How customers moved between classes from one snapshot to another, and why.",
        mixinStandardHelpOptions = true)
final class MigrationCommand implements Callable<Integer> {
    /** What customers are classed by. */
    enum Dimension {
        VALUE_CLASS,
        PYRAMID_LEVEL,
        ABC_CLASS
    }

    @Mixin
    private WarehouseOptions options;

    @Option(
            names = "--from",
            paramLabel = "DATE",
            description = "The earlier snapshot, yyyy-MM-dd (default: the one before --to).")
    private LocalDate from;

    @Option(names = "--to", paramLabel = "DATE", description = "The later snapshot (default: the latest).")
    private LocalDate to;

    @Option(
            names = "--by",
            defaultValue = "VALUE_CLASS",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Dimension dimension;

    @Option(
            names = "--format",
            defaultValue = "TABLE",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}); csv and json give the rows alone.")
    private RowsText.Format format;

    @Override
    public Integer call() {
        PublishedTables published = options.published();
        Migration migration = new Migration(published::read, from, to);
        String by = dimension.name().toLowerCase(Locale.ROOT);
        if (format == RowsText.Format.TABLE) {
            migration.print(by, System.out);
        } else {
            RowsText.print(migration.rows(by), format, Integer.MAX_VALUE, System.out);
        }
        return 0;
    }
}
