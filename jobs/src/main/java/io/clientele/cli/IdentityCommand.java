package io.clientele.cli;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;

import io.clientele.engine.PublishedTables;
import io.clientele.engine.error.ClienteleException;
import io.clientele.identity.DecisionsFile;
import io.clientele.identity.IdentityPreview;
import io.clientele.identity.MatchQuality;
import io.clientele.jobs.Matching;
import io.clientele.jobs.WarehouseJobs;
import io.clientele.mining.value.ReassignedValue;
import io.clientele.warehouse.CoreTables;
import io.clientele.warehouse.MartTables;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Who is who: how well it is known, what a changed rule would do, and how to take customers apart. */
@Command(
        name = "identity",
        description = "Measure who is who against a known truth, preview a changed rule, take customers apart.",
        mixinStandardHelpOptions = true,
        subcommands = {IdentityCommand.Evaluate.class, IdentityCommand.Preview.class, IdentityCommand.Unmerge.class})
final class IdentityCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "Give 'evaluate', 'preview' or 'unmerge'.");
    }

    /** Figures against a labelled sample. */
    @Command(
            name = "evaluate",
            description = "Compare the warehouse's customers with a labelled sample of records.",
            mixinStandardHelpOptions = true)
    static final class Evaluate implements Callable<Integer> {
        @Mixin
        private WarehouseOptions options;

        @Option(
                names = "--truth",
                paramLabel = "FILE",
                required = true,
                description = "CSV with the columns source, source_customer_key, true_id.")
        private Path file;

        @Override
        public Integer call() {
            if (!Files.isReadable(file)) {
                throw ClienteleException.configuration(
                        "--truth is '%s': expected a CSV file with the columns source, source_customer_key, true_id.",
                        file);
            }
            PublishedTables published = options.published();
            String heading = options.session().read().textFile(file.toString()).first();
            if (!heading.replace("\"", "").strip().equals("source,source_customer_key,true_id")) {
                throw ClienteleException.configuration(
                        "%s: expected the heading 'source,source_customer_key,true_id', found '%s'.", file, heading);
            }
            Dataset<Row> truth = options.session()
                    .read()
                    .schema(StructType.fromDDL("source STRING, source_customer_key STRING, true_id STRING"))
                    .option("header", true)
                    .option("escape", "\"")
                    .csv(file.toString())
                    .withColumn("record_key", concat(col("source"), lit("|"), col("source_customer_key")));
            Dataset<Row> identity = published.read(CoreTables.IDENTITY);
            MatchQuality quality = MatchQuality.of(
                    identity,
                    truth,
                    published.read(CoreTables.CUSTOMER_RECORD),
                    WarehouseJobs.read(options.conf).matching().config());
            quality.lines().forEach(System.out::println);
            return 0;
        }
    }

    /** What a changed configuration would do. */
    @Command(
            name = "preview",
            description = "Say what the configuration would change in who is who, without changing anything.",
            mixinStandardHelpOptions = true)
    static final class Preview implements Callable<Integer> {
        @Mixin
        private WarehouseOptions options;

        @Override
        public Integer call() {
            Matching matching = WarehouseJobs.read(options.conf).matching();
            PublishedTables published = options.published();
            IdentityPreview preview = IdentityPreview.of(
                    published.read(CoreTables.CUSTOMER_RECORD),
                    published.read(CoreTables.IDENTITY),
                    published.read(CoreTables.SALE_LINE),
                    matching.config(),
                    matching.decisions());
            preview.lines().forEach(System.out::println);
            System.out.println(ReassignedValue.line(ReassignedValue.of(
                    preview.members(),
                    published.read(CoreTables.SALE_LINE),
                    published.read(MartTables.VALUE_SEGMENT),
                    published.read(MartTables.VALUE_CUT_POINT))));
            return 0;
        }
    }

    /** Takes a record out of its customer. */
    @Command(
            name = "unmerge",
            description = {
                "Take a record out of its customer for good, and run what follows from it.",
                "Adds cannot-links to identity-decisions.csv of the configuration, then runs as 'clientele run' does."
            },
            mixinStandardHelpOptions = true)
    static final class Unmerge implements Callable<Integer> {
        @Mixin
        private WarehouseOptions options;

        @Parameters(index = "0", paramLabel = "SOURCE", description = "The record's source.")
        private String source;

        @Parameters(index = "1", paramLabel = "KEY", description = "Its source_customer_key.")
        private String key;

        @Option(
                names = "--from",
                paramLabel = "SOURCE|KEY",
                description = "The records it must part from (default: all others of its customer).")
        private List<String> others = List.of();

        @Option(names = "--reason", paramLabel = "TEXT", defaultValue = "", description = "Why, for the file.")
        private String reason;

        @Option(
                names = "--input",
                paramLabel = "DIR",
                defaultValue = "data-samples",
                description = "Where the sources' relative paths start (default: ${DEFAULT-VALUE}).")
        private Path input;

        @Override
        public Integer call() {
            WarehouseJobs.read(options.conf);
            String record = source + "|" + key;
            Dataset<Row> current = options.published().read(CoreTables.IDENTITY).where(col("is_current"));
            List<Row> own = current.where(col("record_key").equalTo(record)).collectAsList();
            if (own.isEmpty()) {
                throw ClienteleException.configuration(
                        "There is no record '%s': expected a source and source_customer_key of core.identity.", record);
            }
            String customer = own.get(0).getAs("customer_id");
            List<String> members = current
                    .where(col("customer_id")
                            .equalTo(customer)
                            .and(col("record_key").notEqual(record)))
                    .select("record_key")
                    .collectAsList()
                    .stream()
                    .map(r -> r.getString(0))
                    .sorted()
                    .toList();
            List<String> from = others.isEmpty() ? members : others;
            if (from.isEmpty()) {
                throw ClienteleException.configuration(
                        "Record '%s' is the only one of customer %s: there is nothing to take apart.",
                        record, customer);
            }
            List<List<String>> pairs = new ArrayList<>();
            for (String other : from) {
                if (!members.contains(other)) {
                    throw ClienteleException.configuration(
                            "Record '%s' is none of customer %s: expected one of %s.",
                            other, customer, String.join(", ", members));
                }
                pairs.add(List.of(record, other));
            }
            Path file = options.conf.resolve(DecisionsFile.NAME);
            DecisionsFile.addCannotLinks(file, pairs, reason);
            System.out.printf("%d cannot-links of %s added to %s%n", pairs.size(), record, file);
            return ClienteleCommand.execute(
                    "run",
                    "--conf",
                    options.conf.toString(),
                    "--warehouse",
                    options.warehouse.toString(),
                    "--input",
                    input.toString());
        }
    }
}
