package io.clientele.serving;

import java.util.ArrayList;
import java.util.List;

/** Pieces of HTML. Text goes in only through {@link #text}, so that no value can become markup. */
final class Html {
    private Html() {}

    /** The text with everything escaped that could leave an element or a quoted attribute. */
    static String text(String value) {
        StringBuilder escaped = new StringBuilder(value.length() + 16);
        value.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> {
                    if (isShown(c)) {
                        escaped.appendCodePoint(c);
                    } else {
                        escaped.append('\ufffd');
                    }
                }
            }
        });
        return escaped.toString();
    }

    /** Neither a control character, nor a line separator, nor a lone surrogate, nor one that turns the direction of what follows. */
    private static boolean isShown(int c) {
        boolean isControl = Character.isISOControl(c) && c != '\n' && c != '\t';
        boolean isDirection = (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
        boolean isSeparator = c == 0x2028 || c == 0x2029;
        return !isControl && !isDirection && !isSeparator && Character.getType(c) != Character.SURROGATE;
    }

    /** JSON made safe inside a script element: it holds no markup, no line separators of old JavaScript. */
    static String scriptJson(String json) {
        return json.replace("&", "\\u0026")
                .replace("<", "\\u003c")
                .replace(">", "\\u003e")
                .replace("\u2028", "\\u2028")
                .replace("\u2029", "\\u2029");
    }

    static String paragraph(String cssClass, String value) {
        return "<p class=\"" + cssClass + "\">" + text(value) + "</p>\n";
    }

    /** A chart that the script draws, and behind it the same as a table. */
    static String chart(String id, String title, String reading, Table alternative) {
        return "<figure>\n<figcaption>" + text(title) + "</figcaption>\n<div class=\"chart\" id=\"chart-" + id
                + "\" role=\"img\" aria-label=\"" + text(title + ". " + reading) + "\"></div>\n"
                + details("Show as a table", alternative) + "</figure>\n";
    }

    static String details(String summary, Table table) {
        return "<details>\n<summary>" + text(summary) + "</summary>\n" + table.html() + "</details>\n";
    }

    /** A table whose columns are either text or figures; figures are aligned to the right. */
    static final class Table {
        private final String caption;
        private boolean isStackedOnPhones;
        private final List<String> headings = new ArrayList<>();
        private final List<Boolean> isFigure = new ArrayList<>();
        private final List<List<String>> rows = new ArrayList<>();

        Table(String caption) {
            this.caption = caption;
        }

        Table textColumn(String heading) {
            headings.add(heading);
            isFigure.add(false);
            return this;
        }

        Table figureColumns(String... columns) {
            for (String heading : columns) {
                headings.add(heading);
                isFigure.add(true);
            }
            return this;
        }

        /** On a narrow screen each row becomes a block, for tables with long texts. */
        Table stackedOnPhones() {
            isStackedOnPhones = true;
            return this;
        }

        Table row(String... cells) {
            if (cells.length != headings.size()) {
                throw new IllegalArgumentException("Table " + caption + " has " + headings.size()
                        + " columns but a row of " + cells.length + " cells");
            }
            rows.add(List.of(cells));
            return this;
        }

        String html() {
            StringBuilder html = new StringBuilder("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"")
                    .append(text(caption))
                    .append("\">\n<table")
                    .append(isStackedOnPhones ? " class=\"stacked\"" : "")
                    .append(">\n<caption>")
                    .append(text(caption))
                    .append("</caption>\n<thead><tr>");
            for (int i = 0; i < headings.size(); i++) {
                html.append("<th scope=\"col\"")
                        .append(figureClass(i))
                        .append('>')
                        .append(text(headings.get(i)))
                        .append("</th>");
            }
            html.append("</tr></thead>\n<tbody>\n");
            for (List<String> row : rows) {
                html.append("<tr><th scope=\"row\"")
                        .append(figureClass(0))
                        .append('>')
                        .append(text(row.get(0)))
                        .append("</th>");
                for (int i = 1; i < row.size(); i++) {
                    html.append("<td")
                            .append(figureClass(i))
                            .append(phoneLabel(i))
                            .append('>')
                            .append(text(row.get(i)))
                            .append("</td>");
                }
                html.append("</tr>\n");
            }
            return html.append("</tbody>\n</table>\n</div>\n").toString();
        }

        private String phoneLabel(int column) {
            return isStackedOnPhones ? " data-label=\"" + text(headings.get(column)) + "\"" : "";
        }

        private String figureClass(int column) {
            return isFigure.get(column) ? " class=\"figure\"" : "";
        }
    }
}
