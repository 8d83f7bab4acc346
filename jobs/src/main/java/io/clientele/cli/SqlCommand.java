package io.clientele.cli;

import io.clientele.engine.error.ClienteleException;
import io.clientele.serving.RowsText;
import java.util.concurrent.Callable;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A query over the published tables. */
@Command(
        name = "sql",
        description = "Run a query over the warehouse's published tables.",
        mixinStandardHelpOptions = true)
final class SqlCommand implements Callable<Integer> {
    @Mixin
    private WarehouseOptions options;

    @Parameters(paramLabel = "QUERY", description = "For example: SELECT * FROM mart.value_segment LIMIT 5")
    private String query;

    @Option(
            names = "--format",
            defaultValue = "table",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private RowsText.Format format;

    @Option(
            names = "--limit",
            defaultValue = "1000",
            description = "At most so many rows as a table (default: ${DEFAULT-VALUE}); csv and json print all.")
    private int limit;

    @Override
    public Integer call() {
        try {
            Dataset<Row> rows = options.published().sql(query);
            RowsText.print(rows, format, limit, System.out);
            return 0;
        } catch (Exception e) {
            if (e instanceof AnalysisException || e.getClass().getName().contains("ParseException")) {
                throw ClienteleException.configuration(
                                "The query was not understood: %s",
                                String.valueOf(e.getMessage())
                                        .lines()
                                        .findFirst()
                                        .orElse(""))
                        .causedBy(e);
            }
            if (e instanceof SparkThrowable) {
                throw ClienteleException.configuration(
                                "The query failed while it ran: %s",
                                String.valueOf(e.getMessage())
                                        .lines()
                                        .findFirst()
                                        .orElse(""))
                        .causedBy(e);
            }
            throw e;
        }
    }
}
