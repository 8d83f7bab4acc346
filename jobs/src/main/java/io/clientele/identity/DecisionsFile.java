package io.clientele.identity;

import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import com.univocity.parsers.csv.CsvWriter;
import com.univocity.parsers.csv.CsvWriterSettings;
import io.clientele.engine.error.ClienteleException;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The stewards' file: CSV with the columns decision (must-link or cannot-link), source, source_customer_key, other_source,
 * other_source_customer_key, reason. It is applied in every run, whatever else was learned.
 */
public final class DecisionsFile {
    /** The file's name in a configuration. */
    public static final String NAME = "identity-decisions.csv";

    private static final List<String> COLUMNS =
            List.of("decision", "source", "source_customer_key", "other_source", "other_source_customer_key", "reason");
    private static final String MUST = "must-link";
    private static final String CANNOT = "cannot-link";

    private DecisionsFile() {}

    /**
     * The decisions of a file; none where there is no file.
     *
     * @throws ClienteleException configuration, naming every line that is not understood, or two that contradict each other
     */
    public static Decisions read(Path file) {
        return Files.exists(file) ? Decisions.of(file.toString(), parsed(file)) : Decisions.none();
    }

    private static List<Decisions.Decision> parsed(Path file) {
        CsvParserSettings settings = new CsvParserSettings();
        settings.setLineSeparatorDetectionEnabled(true);
        settings.setSkipEmptyLines(false);
        settings.setNullValue("");
        settings.setEmptyValue("");
        CsvParser parser = new CsvParser(settings);
        List<Decisions.Decision> decisions = new ArrayList<>();
        List<String> faults = new ArrayList<>();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            parser.beginParsing(reader);
            int line = 0;
            for (String[] cells = parser.parseNext(); cells != null; cells = parser.parseNext()) {
                line++;
                if (line == 1) {
                    if (!Arrays.asList(cells).equals(COLUMNS)) {
                        throw ClienteleException.configuration(
                                "%s: expected the heading '%s', found '%s'.",
                                file, String.join(",", COLUMNS), String.join(",", cells));
                    }
                } else if (!Arrays.stream(cells).allMatch(String::isBlank)) {
                    add(cells, line, decisions, faults);
                }
            }
        } catch (IOException e) {
            throw ClienteleException.environment("Cannot read %s: %s", file, e.getMessage())
                    .causedBy(e);
        }
        if (!faults.isEmpty()) {
            throw ClienteleException.configuration("%s: %s", file, String.join("; ", faults));
        }
        return decisions;
    }

    private static void add(String[] cells, int line, List<Decisions.Decision> decisions, List<String> faults) {
        boolean isKnown = cells[0].equals(MUST) || cells[0].equals(CANNOT);
        if (!isKnown) {
            faults.add("line " + line + ": expected must-link or cannot-link, found '" + cells[0] + "'");
        } else if (cells.length < 5 || Arrays.stream(cells, 1, 5).anyMatch(String::isBlank)) {
            faults.add("line " + line + ": expected two records, each a source and a source_customer_key");
        } else {
            decisions.add(new Decisions.Decision(
                    line,
                    cells[0].equals(MUST),
                    cells[1] + "|" + cells[2],
                    cells[3] + "|" + cells[4],
                    cells.length > 5 ? cells[5] : ""));
        }
    }

    /**
     * Adds cannot-links to a file, which is made where it is missing.
     *
     * @param pairs record keys, {@code source|source_customer_key}, two by two
     * @throws ClienteleException configuration, when they contradict what the file says; then it stays as it is
     */
    public static void addCannotLinks(Path file, List<List<String>> pairs, String reason) {
        List<Decisions.Decision> all =
                new ArrayList<>(Files.exists(file) ? read(file).all() : List.of());
        int line = all.stream().mapToInt(Decisions.Decision::line).max().orElse(1);
        List<Decisions.Decision> added = new ArrayList<>();
        for (List<String> pair : pairs) {
            added.add(new Decisions.Decision(++line, false, pair.get(0), pair.get(1), reason));
        }
        all.addAll(added);
        Decisions.of(file.toString(), all);
        StringWriter text = new StringWriter();
        CsvWriterSettings settings = new CsvWriterSettings();
        settings.getFormat().setLineSeparator("\n");
        CsvWriter writer = new CsvWriter(text, settings);
        if (!Files.exists(file)) {
            writer.writeRow(COLUMNS);
        }
        for (Decisions.Decision decision : added) {
            List<String> cells = new ArrayList<>(List.of(CANNOT));
            for (String key : List.of(decision.one(), decision.other())) {
                cells.add(key.substring(0, key.indexOf('|')));
                cells.add(key.substring(key.indexOf('|') + 1));
            }
            cells.add(reason);
            writer.writeRow(cells);
        }
        writer.close();
        try {
            Files.writeString(
                    file,
                    text.toString(),
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw ClienteleException.environment("Cannot write %s: %s", file, e.getMessage())
                    .causedBy(e);
        }
    }
}
