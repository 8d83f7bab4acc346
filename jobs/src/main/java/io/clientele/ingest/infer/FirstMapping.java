package io.clientele.ingest.infer;

import io.clientele.warehouse.Subject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** The mapping that a sample suggests: types told from values, subjects from names, the key from what is unique. */
final class FirstMapping {
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

    private final Sample sample;
    /** What is told of each column: {@code date}, {@code number} or {@code text}. */
    private final Map<Sample.Column, String> kinds = new HashMap<>();
    /** The SQL that parses a column declared as text. */
    private final Map<Sample.Column, String> parsed = new LinkedHashMap<>();

    FirstMapping(Sample sample) {
        this.sample = sample;
    }

    String yaml() {
        sample.columns().forEach(this::describe);
        List<Sample.Column> key = key();
        StringBuilder yaml = new StringBuilder("# Inferred from a sample of " + sample.records()
                + " records: check channel, time zone, currency, key and subjects.\n");
        yaml.append("channel: web\nlocation: ")
                .append(quoted(sample.location()))
                .append("\nformat: ")
                .append(sample.format())
                .append('\n');
        if (!sample.options().isEmpty()) {
            yaml.append("options:\n");
            sample.options().forEach(line -> yaml.append("  ").append(line).append('\n'));
        }
        yaml.append("schema:\n");
        sample.columns().stream()
                .filter(Sample.Column::isTop)
                .forEach(column -> yaml.append("  ")
                        .append(quoted(column.path().get(0)))
                        .append(": ")
                        .append(quoted(column.type()))
                        .append('\n'));
        yaml.append("time-zone: UTC\ncurrency: EUR\n");
        List<Sample.Column> named =
                parsed.keySet().stream().filter(column -> !column.isOfItem()).toList();
        if (!named.isEmpty()) {
            yaml.append("parse:\n");
            named.forEach(column -> yaml.append("  ")
                    .append(quoted(parsedName(column)))
                    .append(": ")
                    .append(quoted(parsed.get(column)))
                    .append('\n'));
        }
        yaml.append("key: [")
                .append(String.join(
                        ", ",
                        key.stream().map(column -> quoted(column.path().get(0))).toList()))
                .append("]\n");
        if (!named.isEmpty()) {
            yaml.append("rules:\n");
            named.forEach(column -> rule(yaml, column));
        }
        subjects(yaml, key);
        return yaml.toString();
    }

    private void rule(StringBuilder yaml, Sample.Column column) {
        yaml.append("  - name: ")
                .append(quoted(parsedName(column) + "-valid"))
                .append("\n    column: ")
                .append(quoted(column.path().get(0)));
        yaml.append("\n    when: ").append(quoted(column.sql() + " IS NOT NULL"));
        yaml.append("\n    check: ").append(quoted(Sample.Column.tick(parsedName(column)) + " IS NOT NULL"));
        yaml.append("\n    message: ")
                .append(quoted(kinds.get(column).equals("date") ? "not a date" : "not a number"))
                .append('\n');
    }

    private void describe(Sample.Column column) {
        kinds.put(column, kindOfType(column.type()));
        List<String> values = column.values();
        if (!column.isText() || values.isEmpty()) {
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
            kinds.put(column, "date");
            parsed.put(column, "to_timestamp(" + column.sql() + with + ")");
        } else if (values.stream().anyMatch(v -> v.contains(","))
                && share(values, Pattern.compile(COMMA + "|-?\\d+")) > 0.95) {
            kinds.put(column, "number");
            parsed.put(column, "CAST(replace(replace(" + column.sql() + ", '.', ''), ',', '.') AS DECIMAL(18,4))");
        } else if (share(values, POINT) > 0.95 && values.stream().anyMatch(v -> v.contains("."))) {
            kinds.put(column, "number");
            parsed.put(column, "CAST(" + column.sql() + " AS DECIMAL(18,4))");
        }
    }

    private static String kindOfType(String type) {
        if (type.startsWith("DATE") || type.startsWith("TIMESTAMP")) {
            return "date";
        }
        if (type.equals("BOOLEAN")) {
            return "boolean";
        }
        return type.startsWith("STRUCT") || type.startsWith("ARRAY")
                ? "nested"
                : type.startsWith("DECIMAL") || type.equals("DOUBLE") || type.equals("FLOAT") ? "number" : "text";
    }

    private static double share(List<String> values, Pattern pattern) {
        return (double) values.stream()
                        .filter(value -> pattern.matcher(value).matches())
                        .count()
                / values.size();
    }

    /** The first column, or else pair, whose values are all there and all different; else all that are always there. */
    private List<Sample.Column> key() {
        List<Sample.Column> top = sample.columns().stream()
                .filter(Sample.Column::isTop)
                .filter(column -> !kinds.get(column).equals("nested"))
                .toList();
        List<Sample.Column> filled =
                top.stream().filter(c -> c.values().size() == sample.records()).toList();
        List<Sample.Column> names =
                filled.stream().filter(c -> !kinds.get(c).equals("number")).toList();
        List<List<Sample.Column>> candidates = new ArrayList<>();
        names.forEach(column -> candidates.add(List.of(column)));
        IntStream.range(0, names.size())
                .forEach(i -> IntStream.range(i + 1, names.size())
                        .forEach(j -> candidates.add(List.of(names.get(i), names.get(j)))));
        for (List<Sample.Column> candidate : candidates) {
            long distinct = IntStream.range(0, sample.records())
                    .mapToObj(
                            i -> candidate.stream().map(c -> c.values().get(i)).toList())
                    .distinct()
                    .count();
            if (distinct == sample.records()) {
                return candidate;
            }
        }
        return filled.isEmpty() ? top : filled;
    }

    private void subjects(StringBuilder yaml, List<Sample.Column> key) {
        yaml.append("subjects:\n");
        Guess guess = Guess.of(sample.columns(), kinds);
        subject(yaml, guess, key);
        Guess.customerBeside(guess, sample.columns(), kinds).ifPresent(customer -> subject(yaml, customer, key));
    }

    private void subject(StringBuilder yaml, Guess guess, List<Sample.Column> key) {
        Subject subject = guess.subject();
        boolean explodes = guess.columns().values().stream().anyMatch(Sample.Column::isOfItem);
        yaml.append("  ").append(subject.key()).append(":\n");
        if (explodes) {
            yaml.append("    explode: ")
                    .append(quoted(Sample.Column.tick(sample.array())))
                    .append('\n');
        }
        yaml.append("    columns:\n");
        for (String column : subject.schema().fieldNames()) {
            Sample.Column from = guess.columns().get(column);
            String sql = from == null ? null : sql(from);
            if (sql == null && explodes && column.equals("line_number")) {
                sql = Sample.ITEM + "_number";
            }
            if (sql == null && column.equals("net_amount") && guess.columns().containsKey("quantity")) {
                sql = Guess.unitPrice(sample.columns())
                        .map(price -> "CAST(%s AS DECIMAL(18,3)) * CAST(%s AS DECIMAL(18,4))"
                                .formatted(sql(guess.columns().get("quantity")), sql(price)))
                        .orElse(null);
            }
            if (sql == null && subject.required().contains(column)) {
                sql = Guess.fallback(
                        subject.schema().apply(column).dataType(), key.get(0).sql());
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

    private String sql(Sample.Column column) {
        if (!parsed.containsKey(column)) {
            return column.sql();
        }
        return column.isOfItem() ? parsed.get(column) : Sample.Column.tick(parsedName(column));
    }

    private static String parsedName(Sample.Column column) {
        return "parsed_"
                + String.join("_", column.path()).toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_");
    }

    static String quoted(String text) {
        return text.matches("[A-Za-z][A-Za-z0-9_]*") && !text.matches("(?i)y|n|yes|no|on|off|true|false|null")
                ? text
                : "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
