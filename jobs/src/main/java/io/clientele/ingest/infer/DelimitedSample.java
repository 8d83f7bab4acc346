package io.clientele.ingest.infer;

import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import io.clientele.engine.error.ClienteleException;
import java.io.StringReader;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** A sample of delimited text: its delimiter is the one that gives the most lines the same number of fields. */
final class DelimitedSample {
    private static final List<Character> DELIMITERS = List.of(',', ';', '\t', '|');

    private DelimitedSample() {}

    static Sample of(Path file, String text, Charset encoding) {
        char delimiter = delimiter(text);
        List<String[]> rows = parse(text, delimiter);
        List<String> header = header(rows.get(0));
        List<String[]> records = rows.subList(1, rows.size()).stream()
                .filter(row -> row.length == header.size())
                .toList();
        List<Sample.Column> columns = new ArrayList<>();
        for (int i = 0; i < header.size(); i++) {
            int place = i;
            columns.add(new Sample.Column(
                    List.of(header.get(i)),
                    "STRING",
                    records.stream()
                            .map(row -> row[place])
                            .filter(Objects::nonNull)
                            .filter(value -> !value.isBlank())
                            .toList()));
        }
        List<String> options = new ArrayList<>(List.of(
                "delimiter: " + (delimiter == '\t' ? "\"\\t\"" : FirstMapping.quoted(String.valueOf(delimiter))),
                "encoding: " + encoding.name()));
        if (records.stream().flatMap(Arrays::stream).anyMatch(cell -> cell != null && cell.contains("\n"))) {
            options.add("multi-line: true");
        }
        return new Sample("csv", file.toAbsolutePath().toString(), options, columns, null, records.size());
    }

    private static char delimiter(String text) {
        List<String> lines =
                text.lines().limit(50).filter(line -> !line.isBlank()).toList();
        return DELIMITERS.stream()
                .max(Comparator.comparingLong(delimiter -> {
                    List<Integer> counts = parse(String.join("\n", lines), delimiter).stream()
                            .map(row -> row.length)
                            .toList();
                    long same =
                            counts.stream().filter(n -> n.equals(counts.get(0))).count();
                    return counts.get(0) == 1 ? 0 : same * 1000 / counts.size() * 100 + counts.get(0);
                }))
                .orElseThrow();
    }

    private static List<String[]> parse(String text, char delimiter) {
        CsvParserSettings settings = new CsvParserSettings();
        settings.getFormat().setDelimiter(delimiter);
        settings.getFormat().setQuoteEscape('"');
        settings.setLineSeparatorDetectionEnabled(true);
        settings.setMaxCharsPerColumn(-1);
        settings.setMaxColumns(20480);
        return new CsvParser(settings).parseAll(new StringReader(text));
    }

    private static List<String> header(String[] first) {
        Set<String> names = new LinkedHashSet<>();
        for (String name : first) {
            if (name == null || name.strip().matches("-?\\d+(\\.\\d+)?") || !names.add(name.strip())) {
                throw ClienteleException.data(
                        "The first line names no columns (column %d is blank, a number or there twice); write the schema by hand and set options.header: false",
                        names.size() + 1);
            }
        }
        return List.copyOf(names);
    }
}
