package io.clientele.ingest;

import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import io.clientele.engine.error.ClienteleException;
import io.clientele.warehouse.Subject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;

/** A first mapping from a sample of delimited text, to be read and finished by a person. */
public final class SourceInfer {
    private static final int SAMPLE_BYTES = 1 << 20;
    private static final List<Character> DELIMITERS = List.of(',', ';', '\t', '|');
    private static final Map<String, String> DATES = new LinkedHashMap<>();
    private static final Pattern POINT = Pattern.compile("-?\\d+(\\.\\d+)?");
    private static final Pattern COMMA = Pattern.compile("-?(\\d+|\\d{1,3}(\\.\\d{3})+),\\d+");

    static {
        DATES.put("\\d{4}-\\d\\d-\\d\\d", "yyyy-MM-dd");
        DATES.put("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d", "yyyy-MM-dd HH:mm");
        DATES.put("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d", "yyyy-MM-dd HH:mm:ss");
        DATES.put("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d.*", "");
        DATES.put("\\d\\d?\\.\\d\\d?\\.\\d{4}", "d.M.yyyy");
        DATES.put("\\d\\d?\\.\\d\\d?\\.\\d{4} \\d\\d?:\\d\\d", "d.M.yyyy H:mm");
        DATES.put("\\d\\d?\\.\\d\\d?\\.\\d{4} \\d\\d?:\\d\\d:\\d\\d", "d.M.yyyy H:mm:ss");
        DATES.put("(0?[1-9]|1[0-2])/\\d\\d?/\\d{4}", "M/d/yyyy");
        DATES.put("(0?[1-9]|1[0-2])/\\d\\d?/\\d{4} \\d\\d?:\\d\\d", "M/d/yyyy H:mm");
        DATES.put("\\d\\d?/\\d\\d?/\\d{4}", "d/M/yyyy");
        DATES.put("\\d\\d?/\\d\\d?/\\d{4} \\d\\d?:\\d\\d", "d/M/yyyy H:mm");
        DATES.put("\\d{8}", "yyyyMMdd");
    }

    private final String location;
    private final Charset encoding;
    private final char delimiter;
    private final List<String> header;
    private final List<String[]> rows;
    private final Map<String, String> parse = new LinkedHashMap<>();
    private final Map<String, String> types = new LinkedHashMap<>();

    private SourceInfer(String location, Charset encoding, char delimiter, List<String> header, List<String[]> rows) {
        this.location = location;
        this.encoding = encoding;
        this.delimiter = delimiter;
        this.header = header;
        this.rows = rows;
    }

    /** The mapping as YAML. Throws a data error where no columns can be told. */
    public static String infer(Path file) {
        byte[] sample = sample(file);
        Charset encoding = encoding(sample);
        String text = new String(sample, encoding).replaceFirst("^\uFEFF", "");
        int end = sample.length < SAMPLE_BYTES ? text.length() : Math.max(text.lastIndexOf('\n'), 0);
        text = text.substring(0, end);
        if (text.isBlank()) {
            throw ClienteleException.data("%s holds no records to infer a mapping from", file);
        }
        if (text.stripLeading().startsWith("{") || text.startsWith("PAR1")) {
            throw ClienteleException.data(
                    "%s is not delimited text; write its schema by hand as described in docs/sources.md", file);
        }
        char delimiter = delimiter(text);
        List<String[]> rows = parse(text, delimiter);
        List<String> header = header(rows.get(0));
        List<String[]> records = rows.subList(1, rows.size()).stream()
                .filter(row -> row.length == header.size())
                .toList();
        return new SourceInfer(file.toAbsolutePath().toString(), encoding, delimiter, header, records).yaml();
    }

    private static byte[] sample(Path file) {
        try (InputStream raw = Files.newInputStream(file);
                InputStream in = file.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            bytes.write(in.readNBytes(SAMPLE_BYTES));
            return bytes.toByteArray();
        } catch (IOException e) {
            throw ClienteleException.environment(
                            "Cannot read %s: %s", file, e.getClass().getSimpleName())
                    .causedBy(e);
        }
    }

    private static Charset encoding(byte[] sample) {
        int end = sample.length;
        while (sample.length == SAMPLE_BYTES && end > 0 && sample[end - 1] != '\n') {
            end--;
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(sample, 0, end));
            return StandardCharsets.UTF_8;
        } catch (CharacterCodingException e) {
            return Charset.forName("windows-1252");
        }
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
        return new CsvParser(settings).parseAll(new java.io.StringReader(text));
    }

    private static List<String> header(String[] first) {
        Set<String> names = new LinkedHashSet<>();
        for (String name : first) {
            if (name == null || POINT.matcher(name.strip()).matches() || !names.add(name.strip())) {
                throw ClienteleException.data(
                        "The first line names no columns (column %d is blank, a number or there twice); write the schema by hand and set options.header: false",
                        names.size() + 1);
            }
        }
        return List.copyOf(names);
    }

    private String yaml() {
        for (int i = 0; i < header.size(); i++) {
            describe(i);
        }
        List<String> key = key();
        StringBuilder yaml = new StringBuilder("# Inferred from a sample of " + rows.size()
                + " records: check channel, time zone, currency, key and subjects.\n");
        yaml.append("channel: web\nlocation: ").append(quoted(location)).append("\nformat: csv\n");
        yaml.append("options:\n  delimiter: ")
                .append(delimiter == '\t' ? "\"\\t\"" : quoted(String.valueOf(delimiter)));
        yaml.append("\n  encoding: ").append(encoding.name()).append('\n');
        boolean isMultiLine =
                rows.stream().flatMap(Arrays::stream).anyMatch(cell -> cell != null && cell.contains("\n"));
        yaml.append(isMultiLine ? "  multi-line: true\n" : "");
        yaml.append("schema:\n");
        header.forEach(name -> yaml.append("  ").append(quoted(name)).append(": STRING\n"));
        yaml.append("time-zone: UTC\ncurrency: EUR\n");
        if (!parse.isEmpty()) {
            yaml.append("parse:\n");
            parse.forEach((name, sql) -> yaml.append("  ")
                    .append(quoted(name))
                    .append(": ")
                    .append(quoted(sql))
                    .append('\n'));
        }
        yaml.append("key: [")
                .append(String.join(", ", key.stream().map(SourceInfer::quoted).toList()))
                .append("]\n");
        yaml.append("rules:\n");
        parse.forEach((name, sql) -> rule(yaml, name));
        if (parse.isEmpty()) {
            yaml.setLength(yaml.length() - "rules:\n".length());
        }
        subject(yaml, key);
        return yaml.toString();
    }

    private void rule(StringBuilder yaml, String parsed) {
        String column = header.stream()
                .filter(name -> parsed.equals(parsedName(name)))
                .findFirst()
                .orElseThrow();
        yaml.append("  - name: ")
                .append(quoted(parsed + "-valid"))
                .append("\n    column: ")
                .append(quoted(column));
        yaml.append("\n    when: ").append(quoted(tick(column) + " IS NOT NULL"));
        yaml.append("\n    check: ").append(quoted(tick(parsed) + " IS NOT NULL"));
        yaml.append("\n    message: ")
                .append(quoted(types.get(column).equals("date") ? "not a date" : "not a number"))
                .append('\n');
    }

    private void describe(int column) {
        List<String> values = values(column);
        String name = header.get(column);
        types.put(name, "text");
        if (values.isEmpty()) {
            return;
        }
        Optional<String> date = DATES.keySet().stream()
                .filter(pattern -> share(values, Pattern.compile(pattern)) > 0.95)
                .findFirst()
                .filter(pattern -> !pattern.equals("\\d{8}")
                        || values.stream().allMatch(v -> v.matches("(19|20)\\d\\d(0[1-9]|1[0-2])[0-3]\\d")));
        if (date.isPresent()) {
            String format = DATES.get(date.get());
            String with = format.isEmpty() ? "" : ", '" + format + "'";
            types.put(name, "date");
            parse.put(parsedName(name), "to_timestamp(" + tick(name) + with + ")");
        } else if (values.stream().anyMatch(v -> v.contains(","))
                && share(values, Pattern.compile(COMMA + "|-?\\d+")) > 0.95) {
            types.put(name, "number");
            parse.put(
                    parsedName(name), "CAST(replace(replace(" + tick(name) + ", '.', ''), ',', '.') AS DECIMAL(18,4))");
        } else if (share(values, POINT) > 0.95 && values.stream().anyMatch(v -> v.contains("."))) {
            types.put(name, "number");
            parse.put(parsedName(name), "CAST(" + tick(name) + " AS DECIMAL(18,4))");
        }
    }

    private List<String> values(int column) {
        return rows.stream()
                .map(row -> row[column])
                .filter(value -> value != null && !value.isBlank())
                .toList();
    }

    private static double share(List<String> values, Pattern pattern) {
        return (double) values.stream()
                        .filter(value -> pattern.matcher(value).matches())
                        .count()
                / values.size();
    }

    /** The first column, or else pair or triple, whose values are all there and all different. */
    private List<String> key() {
        int n = header.size();
        List<List<Integer>> candidates = new ArrayList<>();
        IntStream.range(0, n).forEach(i -> candidates.add(List.of(i)));
        IntStream.range(0, n).forEach(i -> IntStream.range(i + 1, n).forEach(j -> candidates.add(List.of(i, j))));
        for (List<Integer> candidate : candidates) {
            long distinct = rows.stream()
                    .map(row -> candidate.stream().map(i -> row[i]).toList().toString())
                    .distinct()
                    .count();
            boolean isFilled = candidate.stream().allMatch(i -> values(i).size() == rows.size());
            boolean isName =
                    candidate.stream().noneMatch(i -> types.get(header.get(i)).equals("number"));
            if (isFilled && isName && distinct == rows.size()) {
                return candidate.stream().map(header::get).toList();
            }
        }
        List<String> filled = IntStream.range(0, n)
                .filter(i -> values(i).size() == rows.size())
                .mapToObj(header::get)
                .toList();
        return filled.isEmpty() ? header : filled;
    }

    private void subject(StringBuilder yaml, List<String> key) {
        Guess guess = Guess.of(header, types);
        Subject subject = guess.subject();
        yaml.append("subjects:\n  ").append(subject.key()).append(":\n    columns:\n");
        Map<String, String> columns = guess.columns();
        for (String column : subject.schema().fieldNames()) {
            String from = columns.get(column);
            String sql =
                    from == null ? null : parse.containsKey(parsedName(from)) ? tick(parsedName(from)) : tick(from);
            if (sql == null && subject.required().contains(column)) {
                sql = Guess.fallback(subject.schema().apply(column).dataType(), tick(key.get(0)));
                yaml.append("      # nothing in the sample looks like ")
                        .append(column)
                        .append(": please set it\n");
            }
            if (sql != null) {
                yaml.append("      ")
                        .append(column)
                        .append(": ")
                        .append(quoted(sql))
                        .append('\n');
            }
        }
    }

    private static String parsedName(String column) {
        return "parsed_" + column.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_");
    }

    private static String tick(String name) {
        return name.matches("[A-Za-z][A-Za-z0-9_]*") ? name : "`" + name.replace("`", "``") + "`";
    }

    private static String quoted(String text) {
        return text.matches("[A-Za-z][A-Za-z0-9_]*") && !text.matches("(?i)y|n|yes|no|on|off|true|false|null")
                ? text
                : "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
