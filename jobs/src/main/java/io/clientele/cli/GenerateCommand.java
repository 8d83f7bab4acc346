package io.clientele.cli;

import io.clientele.generate.BenchmarkCompany;
import io.clientele.generate.CompanyGenerator;
import io.clientele.generate.GeneratorOptions;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A company's data with known truth. */
@Command(
        name = "generate",
        description = "Invent a company's data, with the truth beside it.",
        mixinStandardHelpOptions = true)
final class GenerateCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "Where to write.")
    private Path directory;

    @Option(names = "--seed", description = "The same seed gives the same bytes (default: the sample's).")
    private Long seed;

    @Option(names = "--customers", description = "How many customers (default: the sample's 2,000).")
    private Integer customers;

    @Option(names = "--years", description = "How many whole years (default: 3).")
    private Integer years;

    @Option(
            names = "--sales",
            paramLabel = "LINES",
            description =
                    "A large plain company for measuring instead, with exactly this many sale lines and 1 percent more"
                            + " the next day (conf/examples/benchmark loads it; --customers then defaults to a twentieth).")
    private Long sales;

    @Option(names = "--end", description = "The last day (default: 2025-12-31).")
    private LocalDate end;

    @Override
    public Integer call() throws Exception {
        GeneratorOptions options = GeneratorOptions.sample();
        if (sales != null) {
            options = GeneratorOptions.benchmark().withLines(sales).withCustomers((int)
                    Math.max(10, Math.min(20_000_000, sales / 20)));
        }
        options = seed == null ? options : options.withSeed(seed);
        options = customers == null ? options : options.withCustomers(customers);
        options = years == null ? options : options.withYears(years);
        options = end == null ? options : options.withEndDate(end);
        if (sales == null) {
            CompanyGenerator.write(options, directory);
        } else {
            BenchmarkCompany.write(options, directory);
        }
        System.out.println("Wrote a company to " + directory);
        return 0;
    }
}
