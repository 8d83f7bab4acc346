package io.clientele.cli;

import io.clientele.engine.PublishedTables;
import io.clientele.engine.error.ClienteleException;
import io.clientele.serving.RowsText;
import io.clientele.warehouse.OpsTables;
import java.util.concurrent.Callable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Refused records. */
@Command(
        name = "quarantine",
        description = "List refused records by reason, show one, judge them again or dismiss them.",
        mixinStandardHelpOptions = true,
        subcommands = {
            QuarantineCommand.Listing.class,
            QuarantineCommand.Show.class,
            ReplayCommand.class,
            DismissCommand.class
        })
final class QuarantineCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "Give 'list', 'show ID', 'replay' or 'dismiss'.");
    }

    /** Refused records by source and reason, with the id of one of each. */
    @Command(
            name = "list",
            description = "Count refused records by source and reason.",
            mixinStandardHelpOptions = true)
    static final class Listing implements Callable<Integer> {
        @Mixin
        private WarehouseOptions options;

        @Override
        public Integer call() {
            PublishedTables published = options.published();
            if (!published.exists(OpsTables.QUARANTINE)) {
                System.out.println("Nothing was ever refused.");
                return 0;
            }
            RowsText.print(published.sql("""
                            SELECT source, reason.rule AS rule, reason.column AS column, status, count(*) AS records,
                                   min(quarantine_id) AS example_id, reason.message AS message
                            FROM ops.quarantine LATERAL VIEW explode(reasons) r AS reason
                            GROUP BY source, reason.rule, reason.column, reason.message, status
                            ORDER BY records DESC, source, rule, column"""), RowsText.Format.TABLE, 500, System.out);
            return 0;
        }
    }

    /** One refused record, payload and all: the person who repairs it needs to see it. */
    @Command(
            name = "show",
            description = "Show one refused record with its reasons and payload.",
            mixinStandardHelpOptions = true)
    static final class Show implements Callable<Integer> {
        @Mixin
        private WarehouseOptions options;

        @Parameters(paramLabel = "ID", description = "quarantine_id, from 'quarantine list'.")
        private String id;

        @Override
        public Integer call() {
            Dataset<Row> found = options.published()
                    .read(OpsTables.QUARANTINE)
                    .where(functions.col("quarantine_id").equalTo(id));
            if (found.isEmpty()) {
                throw ClienteleException.configuration(
                        "There is no refused record '%s': 'clientele quarantine list' names one of each kind.", id);
            }
            RowsText.print(found, RowsText.Format.JSON, 1, System.out);
            return 0;
        }
    }
}
