package io.clientele.serving;

import static io.clientele.serving.Figures.amount;
import static io.clientele.serving.Figures.count;
import static io.clientele.serving.Figures.counted;
import static io.clientele.serving.Figures.percent;
import static io.clientele.serving.Figures.score;
import static io.clientele.serving.Figures.words;
import static io.clientele.serving.Html.details;
import static io.clientele.serving.Html.paragraph;

import io.clientele.serving.Html.Table;
import io.clientele.serving.ReportData.ClassMove;
import io.clientele.serving.ReportData.Spread;
import io.clientele.serving.ReportData.SpreadFigure;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** How customers moved between classes, and how far sales and profit rest on few of them. */
final class SpreadSections {
    /** From the best class down; arrows follow this order. */
    static final List<String> LEVELS = List.of("top", "big", "medium", "small", "inactive");

    static final List<String> CLASSES = List.of("platinum", "gold", "iron", "lead");

    private static final String UP = "\u25b2\u00a0";
    private static final String DOWN = "\u25bc\u00a0";

    private SpreadSections() {}

    /** What the arrows in the picture of the pyramid say; nothing where there are none. */
    static String arrowsLegend(Spread spread) {
        List<ClassMove> moves = of(spread, "pyramid_level");
        return moves.isEmpty()
                ? ""
                : "; \u25b2 rose and \u25bc fell across that line since "
                        + moves.get(0).fromDate();
    }

    /** The moves between levels with an arrow for each way in which a level gained and lost customers, and the whole matrix. */
    static String pyramidMoves(Spread spread) {
        List<ClassMove> moves = of(spread, "pyramid_level");
        if (moves.isEmpty()) {
            return paragraph("note", noMoves());
        }
        Table arrows = new Table("Moves between levels since " + moves.get(0).fromDate())
                .textColumn("Level")
                .figureColumns(
                        "Stayed",
                        "Rose to here",
                        "Rose from here",
                        "Fell to here",
                        "Fell from here",
                        "New here",
                        "No longer valued");
        for (String level : LEVELS) {
            int own = LEVELS.indexOf(level);
            arrows.row(
                    words(level),
                    count(sum(
                            moves,
                            m -> m.fromClass().equals(level) && m.toClass().equals(level))),
                    arrow(UP, sum(moves, m -> m.toClass().equals(level) && LEVELS.indexOf(m.fromClass()) > own)),
                    arrow(
                            UP,
                            sum(
                                    moves,
                                    m -> m.fromClass().equals(level)
                                            && LEVELS.indexOf(m.toClass()) < own
                                            && LEVELS.contains(m.toClass()))),
                    arrow(
                            DOWN,
                            sum(
                                    moves,
                                    m -> m.toClass().equals(level)
                                            && LEVELS.indexOf(m.fromClass()) < own
                                            && LEVELS.contains(m.fromClass()))),
                    arrow(DOWN, sum(moves, m -> m.fromClass().equals(level) && LEVELS.indexOf(m.toClass()) > own)),
                    count(sum(
                            moves,
                            m -> m.toClass().equals(level) && m.fromClass().equals("none"))),
                    count(sum(
                            moves,
                            m -> m.fromClass().equals(level) && m.toClass().equals("none"))));
        }
        return "<h3>Who moved between levels</h3>\n" + paragraph("reading", reasons(moves, "level")) + arrows.html()
                + details("Show every pair of levels", matrix(moves, LEVELS, "level"));
    }

    /** The matrix of value classes between the two dates. */
    static String classMoves(Spread spread) {
        List<ClassMove> moves = of(spread, "value_class");
        return moves.isEmpty()
                ? ""
                : "<h3>Who moved between classes</h3>\n" + paragraph("reading", reasons(moves, "class"))
                        + matrix(moves, CLASSES, "class").html();
    }

    /** Shares of the best customers, Gini, and what existing customers bring and get. */
    static String concentration(Spread spread, String currency) {
        if (spread.figures().isEmpty()) {
            return "";
        }
        Table table = new Table("How sales and contribution are spread")
                .textColumn("Figure")
                .figureColumns("Value", "Customers", "Amount (" + currency + ")")
                .textColumn("Note");
        for (SpreadFigure f : spread.figures()) {
            table.row(
                    words(f.name()),
                    f.name().startsWith("gini") ? score(f.value()) : percent(f.value()),
                    count(f.countCustomers()),
                    amount(f.amount()),
                    f.note() == null ? "" : f.note());
        }
        return paragraph("reading", concentrationSentence(spread))
                + details("Show the figures of concentration", table);
    }

    static String concentrationSentence(Spread spread) {
        Map<String, SpreadFigure> figures =
                spread.figures().stream().collect(Collectors.toMap(SpreadFigure::name, f -> f));
        String text =
                "The top 1, 5 and 20\u00a0%% of active customers bring %s, %s and %s of sales, and %s, %s and %s of the contribution."
                        .formatted(
                                value(figures, "sales_share_top_1"), value(figures, "sales_share_top_5"),
                                value(figures, "sales_share_top_20"), value(figures, "profit_share_top_1"),
                                value(figures, "profit_share_top_5"), value(figures, "profit_share_top_20"));
        SpreadFigure budget = figures.get("existing_budget_share");
        String spent = budget == null || budget.value() == null
                ? " What share of the marketing budget existing customers get is not known"
                        + (budget == null || budget.note() == null ? "." : ": " + budget.note() + ".")
                : " They get %s of what campaigns cost.".formatted(percent(budget.value()));
        return text
                + " Customers from before the window bring %s of sales."
                        .formatted(value(figures, "existing_sales_share"))
                + spent;
    }

    private static String value(Map<String, SpreadFigure> figures, String name) {
        return figures.get(name) == null
                ? Figures.UNKNOWN
                : percent(figures.get(name).value());
    }

    static String noMoves() {
        return "No earlier snapshot is there to compare with, so nobody's move is known.";
    }

    private static String reasons(List<ClassMove> moves, String what) {
        Map<String, Long> byReason = new TreeMap<>();
        moves.stream()
                .filter(m -> !m.reason().equals("stayed"))
                .forEach(m -> byReason.merge(m.reason(), m.countCustomers(), Long::sum));
        long all = byReason.values().stream().mapToLong(Long::longValue).sum();
        if (all == 0) {
            return "Nobody has another %s than on %s."
                    .formatted(what, moves.get(0).fromDate());
        }
        return "Since %s %s another %s: %s."
                .formatted(
                        moves.get(0).fromDate(),
                        counted(all, "customer has", "customers have"),
                        what,
                        byReason.entrySet().stream()
                                .map(e -> count(e.getValue()) + " by "
                                        + e.getKey().replace('_', ' '))
                                .collect(Collectors.joining(", ")));
    }

    private static Table matrix(List<ClassMove> moves, List<String> order, String what) {
        Table table = new Table("Customers by " + what + " then (rows) and now (columns)").textColumn("Then");
        List<String> all = new java.util.ArrayList<>(order);
        all.add("none");
        table.figureColumns(all.stream().map(Figures::words).toArray(String[]::new));
        for (String from : all) {
            String[] cells = new String[all.size() + 1];
            cells[0] = words(from);
            for (int i = 0; i < all.size(); i++) {
                String to = all.get(i);
                cells[i + 1] = count(sum(
                        moves, m -> m.fromClass().equals(from) && m.toClass().equals(to)));
            }
            table.row(cells);
        }
        return table;
    }

    private static String arrow(String arrow, long customers) {
        return customers == 0 ? count(0) : arrow + count(customers);
    }

    private static long sum(List<ClassMove> moves, Predicate<ClassMove> which) {
        return moves.stream().filter(which).mapToLong(ClassMove::countCustomers).sum();
    }

    private static List<ClassMove> of(Spread spread, String dimension) {
        return spread.moves().stream()
                .filter(m -> m.dimension().equals(dimension))
                .toList();
    }
}
