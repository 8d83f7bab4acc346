package io.clientele.serving;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.collection.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Rows as text for people and scripts. CSV and JSON stream partition by partition, so any number of rows fits. */
public final class RowsText {
    private RowsText() {}

    /** How rows are printed. */
    public enum Format {
        /** Aligned columns, at most a set number of rows. */
        TABLE,
        /** RFC 4180 with a header; cells that a spreadsheet would run as a formula are neutralised by an apostrophe. */
        CSV,
        /** One JSON object a line. */
        JSON
    }

    /** Prints rows; a table ends with a line that says so when there were more than {@code limit}. */
    public static void print(Dataset<Row> rows, Format format, int limit, PrintStream out) {
        switch (format) {
            case JSON -> rows.toJSON().toLocalIterator().forEachRemaining(out::println);
            case CSV -> {
                out.println(String.join(
                        ",", List.of(rows.columns()).stream().map(RowsText::csv).toList()));
                for (Iterator<Row> i = rows.toLocalIterator(); i.hasNext(); ) {
                    Row row = i.next();
                    out.println(cells(row).stream().map(RowsText::csv).collect(Collectors.joining(",")));
                }
            }
            case TABLE -> table(rows, limit, out);
        }
    }

    /** Prints one row, a line for each column that has a value. */
    static void printRecord(Row row, PrintStream out) {
        String[] columns = row.schema().fieldNames();
        int width = Arrays.stream(columns).mapToInt(String::length).max().orElse(0);
        List<String> cells = cells(row);
        for (int i = 0; i < columns.length; i++) {
            if (!cells.get(i).isEmpty()) {
                out.println("  " + columns[i] + " ".repeat(width - columns[i].length() + 2) + cells.get(i));
            }
        }
    }

    private static void table(Dataset<Row> rows, int limit, PrintStream out) {
        List<Row> first = rows.limit(limit + 1).collectAsList();
        List<List<String>> lines = new ArrayList<>();
        lines.add(List.of(rows.columns()));
        first.stream().limit(limit).map(RowsText::cells).forEach(lines::add);
        int[] widths = new int[rows.columns().length];
        for (List<String> line : lines) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], Math.min(80, line.get(i).length()));
            }
        }
        for (List<String> line : lines) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                String cell = line.get(i).length() > 80 ? line.get(i).substring(0, 79) + "…" : line.get(i);
                text.append(cell).append(" ".repeat(widths[i] - cell.length() + 2));
            }
            out.println(text.toString().stripTrailing());
        }
        out.println(
                first.size() > limit
                        ? "(the first " + limit + " rows; --limit shows more)"
                        : "(" + first.size() + " rows)");
    }

    private static List<String> cells(Row row) {
        List<String> cells = new ArrayList<>(row.size());
        for (int i = 0; i < row.size(); i++) {
            cells.add(text(row.get(i)));
        }
        return cells;
    }

    /** One value on one line, however nested. */
    static String text(Object value) {
        if (value == null) {
            return "";
        }
        if (value instanceof Seq<?> values) {
            return CollectionConverters.asJava(values).stream()
                    .map(RowsText::text)
                    .collect(Collectors.joining("; "));
        }
        if (value instanceof scala.collection.Map<?, ?> map) {
            return CollectionConverters.asJava(map).entrySet().stream()
                    .map(e -> text(e.getKey()) + "=" + text(e.getValue()))
                    .sorted()
                    .collect(Collectors.joining("; "));
        }
        if (value instanceof Row row) {
            return String.join(" ", cells(row));
        }
        return value instanceof java.math.BigDecimal number ? number.toPlainString() : value.toString();
    }

    private static String csv(String cell) {
        String safe = !cell.isEmpty()
                        && "=+-@\t\0".indexOf(cell.charAt(0)) >= 0
                        && !cell.matches("-?[0-9.]+([eE][-+]?[0-9]+)?")
                ? "'" + cell
                : cell;
        return safe.matches("(?s).*[\",\r\n].*") ? "\"" + safe.replace("\"", "\"\"") + "\"" : safe;
    }
}
