package io.clientele.generate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Writes records as text. */
final class Csv {
    private Csv() {}

    /** A line of fields; null is empty, and what holds the delimiter or a quote is quoted. */
    static String lineOf(char delimiter, Object... fields) {
        return Arrays.stream(fields)
                .map(f -> field(delimiter, f))
                .collect(Collectors.joining(String.valueOf(delimiter)));
    }

    static String line(Object... fields) {
        return lineOf(',', fields);
    }

    private static String field(char delimiter, Object value) {
        String text = value == null ? "" : value.toString();
        boolean isPlain = text.indexOf(delimiter) < 0 && text.indexOf('"') < 0;
        return isPlain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }

    /** Sets one field of a line. */
    static Function<String, String> with(char delimiter, int column, String value) {
        return line -> {
            List<String> fields = split(delimiter, line);
            fields.set(column, value);
            return lineOf(delimiter, fields.toArray());
        };
    }

    /** Sets one field of a comma-separated line. */
    static Function<String, String> with(int column, String value) {
        return with(',', column, value);
    }

    /** Keeps only the first fields. */
    static Function<String, String> first(char delimiter, int columns) {
        return line ->
                lineOf(delimiter, split(delimiter, line).subList(0, columns).toArray());
    }

    private static List<String> split(char delimiter, String line) {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean isQuoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"') {
                boolean isEscaped = isQuoted && i + 1 < line.length() && line.charAt(i + 1) == '"';
                if (isEscaped) {
                    field.append(c);
                    i++;
                } else {
                    isQuoted = !isQuoted;
                }
            } else if (c == delimiter && !isQuoted) {
                fields.add(field.toString());
                field.setLength(0);
            } else {
                field.append(c);
            }
        }
        fields.add(field.toString());
        return fields;
    }

    /** Cents as a decimal number with a point. */
    static String money(long cents) {
        return (cents < 0 ? "-" : "") + Math.abs(cents) / 100 + "."
                + String.format(Locale.ROOT, "%02d", Math.abs(cents) % 100);
    }

    /** Cents as a German decimal number. */
    static String germanMoney(long cents) {
        return money(cents).replace('.', ',');
    }
}
