package io.clientele.cli;

import io.clientele.engine.PublishedTables;
import io.clientele.engine.error.Responsible;
import io.clientele.engine.store.WarehouseFolder;
import io.clientele.ingest.SourceCheck;
import io.clientele.ingest.infer.SourceInfer;
import io.clientele.ingest.mapping.SourceMapping;
import io.clientele.ingest.mapping.SourceMappings;
import io.clientele.jobs.WarehouseJobs;
import io.clientele.warehouse.CoreTables;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Mappings, before anything is loaded. */
@Command(
        name = "source",
        description = "Check a mapping against its data, or infer a first one from data.",
        mixinStandardHelpOptions = true,
        subcommands = {SourceCommand.Check.class, SourceCommand.Infer.class})
final class SourceCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "Give 'check' or 'infer'.");
    }

    /** What would be accepted, refused and why; exit code 3 when the load would stop. */
    @Command(
            name = "check",
            description = "Say what would be accepted, refused and why, without loading anything.",
            mixinStandardHelpOptions = true)
    static final class Check implements Callable<Integer> {
        @Mixin
        private WarehouseOptions options;

        @Parameters(paramLabel = "FILE", description = "The mapping, for example conf/sources/web-orders.yml")
        private Path file;

        @Option(
                names = "--input",
                paramLabel = "DIR",
                defaultValue = "data-samples",
                description = "Where the source's relative path starts (default: ${DEFAULT-VALUE}).")
        private Path input;

        @Override
        public Integer call() {
            SourceMapping mapping = SourceMappings.readOne(file);
            SourceCheck.Report report = SourceCheck.report(
                    options.session(),
                    mapping,
                    input.toAbsolutePath().normalize().toString(),
                    WarehouseJobs.read(options.conf).rates(),
                    products());
            System.out.print(report.text());
            return report.wouldLoad() ? 0 : Responsible.DATA.exitCode();
        }

        /** References are checked against the warehouse's products, where there is a warehouse. */
        private Dataset<Row> products() {
            if (!Files.exists(options.warehouse.resolve("_clientele"))) {
                return null;
            }
            String root = WarehouseFolder.existing(options.warehouse).root().toString();
            PublishedTables published = new PublishedTables(options.session(), root);
            return published.exists(CoreTables.PRODUCT)
                    ? published.read(CoreTables.PRODUCT).select("product_id").distinct()
                    : null;
        }
    }

    /** A first mapping from a sample. */
    @Command(
            name = "infer",
            description = "Print a first mapping made from a sample of the data.",
            mixinStandardHelpOptions = true)
    static final class Infer implements Callable<Integer> {
        @Mixin
        private WarehouseOptions options;

        @Parameters(
                paramLabel = "DATA",
                description = "A delivered file (CSV, JSON lines or Parquet), or the jdbc: URL of a database.")
        private String data;

        @Option(names = "--table", paramLabel = "TABLE", description = "The table of a database.")
        private String table;

        @Option(
                names = "--user-env",
                paramLabel = "NAME",
                description = "The environment variable with the user of a database.")
        private String userEnv;

        @Option(
                names = "--password-env",
                paramLabel = "NAME",
                description = "The environment variable with the password of a database.")
        private String passwordEnv;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() {
            boolean isDatabase = data.startsWith("jdbc:");
            if (isDatabase != (table != null)) {
                throw new CommandLine.ParameterException(
                        spec.commandLine(),
                        isDatabase
                                ? "Name the table of the database with --table."
                                : "--table is for jdbc: URLs only.");
            }
            System.out.print(
                    isDatabase
                            ? SourceInfer.ofTable(options.session(), data, table, userEnv, passwordEnv)
                            : SourceInfer.ofFile(Path.of(data), options::session));
            return 0;
        }
    }
}
