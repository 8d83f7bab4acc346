package io.clientele.cli;

import io.clientele.engine.PublishedTables;
import io.clientele.engine.Suggestions;
import io.clientele.engine.error.ClienteleException;
import io.clientele.ingest.QuarantineSelection;
import io.clientele.warehouse.OpsTables;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import picocli.CommandLine.Option;

/** Which refused records a command is about. */
final class QuarantineSelectionOptions {
    @Option(names = "--source", paramLabel = "SOURCE", description = "Only records of this source.")
    private String source;

    @Option(names = "--rule", paramLabel = "RULE", description = "Only records that this rule refused.")
    private String rule;

    @Option(names = "--id", paramLabel = "ID", description = "Only this record: its quarantine_id.")
    String id;

    boolean isEmpty() {
        return source == null && rule == null && id == null;
    }

    QuarantineSelection selection() {
        return new QuarantineSelection(source, rule, id);
    }

    /** How many open records are meant; where there are none, a sentence about it is printed. */
    long countOpen(PublishedTables published) {
        Dataset<Row> quarantine = published.read(OpsTables.QUARANTINE);
        long open = selection().open(quarantine).count();
        if (open > 0) {
            return open;
        }
        if (id != null) {
            List<Row> known = quarantine
                    .where(functions.col("quarantine_id").equalTo(id))
                    .selectExpr("status", "CAST(to_date(closed_at) AS STRING)")
                    .collectAsList();
            if (known.isEmpty()) {
                throw ClienteleException.configuration(
                        "There is no refused record '%s': 'clientele quarantine list' names one of each kind.", id);
            }
            if (!known.get(0).getString(0).equals("open")) {
                System.out.printf(
                        "Record %s is no longer open: %s on %s.%n",
                        id, known.get(0).getString(0), known.get(0).getString(1));
                return 0;
            }
        }
        requireKnown(quarantine);
        System.out.printf("No refused record%s is open.%n", words());
        return 0;
    }

    /** That what was typed is the name of something that was ever refused. */
    private void requireKnown(Dataset<Row> quarantine) {
        List<String> sources = names(quarantine.select("source"));
        if (source != null && !sources.isEmpty() && !sources.contains(source)) {
            throw ClienteleException.configuration(
                    "No record of source '%s' was ever refused; %s", source, Suggestions.didYouMean(source, sources));
        }
        List<String> rules = names(quarantine
                .select(functions.explode(functions.col("reasons")).as("reason"))
                .select("reason.rule"));
        if (rule != null && !rules.isEmpty() && !rules.contains(rule)) {
            throw ClienteleException.configuration(
                    "No record is refused by rule '%s'; %s", rule, Suggestions.didYouMean(rule, rules));
        }
    }

    /** As many as the configuration has sources or rules. */
    private static List<String> names(Dataset<Row> column) {
        return column.distinct().collectAsList().stream()
                .map(row -> row.getString(0))
                .sorted()
                .toList();
    }

    private String words() {
        List<String> words = new ArrayList<>();
        if (source != null) {
            words.add(" of source " + source);
        }
        if (rule != null) {
            words.add(" by rule " + rule);
        }
        if (id != null) {
            words.add(" with id " + id);
        }
        return words.stream().collect(Collectors.joining());
    }
}
