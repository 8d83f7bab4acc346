package io.clientele.serving;

import static io.clientele.serving.Figures.count;
import static io.clientele.serving.Figures.counted;
import static io.clientele.serving.Figures.percent;
import static io.clientele.serving.Html.chart;
import static io.clientele.serving.Html.details;
import static io.clientele.serving.Html.paragraph;

import io.clientele.serving.Html.Table;
import io.clientele.serving.ReportData.Capture;
import io.clientele.serving.ReportData.CaptureScore;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** How well sales are tied to customers: what to read from it, the picture and the figures. */
final class CaptureSection {
    private static final double NEARLY_ALL = 0.995;

    private CaptureSection() {}

    static String html(Capture capture) {
        String reading = reading(capture);
        if (capture.sources().isEmpty()) {
            return paragraph("reading", reading);
        }
        Table table = table("By source, " + months(capture));
        capture.sources().forEach(score -> row(table, score.source(), score));
        Table byMonth = table("By month and source");
        capture.months().forEach(score -> row(byMonth, score.month() + " " + score.source(), score));
        return paragraph("reading", reading)
                + chart("capture", "Shares of each source's sales, " + months(capture), reading, table)
                + details("Show every month", byMonth)
                + paragraph(
                        "note",
                        "Shares of all sales of the source, returns left out; what is asked of a customer is asked at the date of"
                                + " this report. Best customers: those above the small level of the pyramid, as a share of the money"
                                + " of known customers. After the five questions of A. M. Hughes.");
    }

    private static String months(Capture capture) {
        return capture.firstMonth().equals(capture.lastMonth())
                ? capture.firstMonth()
                : capture.firstMonth() + " to " + capture.lastMonth();
    }

    private static Table table(String caption) {
        return new Table(caption)
                .textColumn("Source")
                .figureColumns(
                        "Sales",
                        "Customer known",
                        "Name and address",
                        "Bought before",
                        "E-mail or phone",
                        "May be contacted",
                        "Loyalty card",
                        "Money from best customers")
                .stackedOnPhones();
    }

    private static void row(Table table, String name, CaptureScore score) {
        table.row(
                name,
                count(score.countSales()),
                percent(score.knownShare()),
                percent(score.namedShare()),
                percent(score.repeatShare()),
                percent(score.reachableShare()),
                percent(score.permittedShare()),
                percent(score.cardShare()),
                percent(score.bestAmountShare()));
    }

    /** What to read from the scorecard. */
    static String reading(Capture capture) {
        List<CaptureScore> sources = capture.sources();
        long sales = sources.stream().mapToLong(CaptureScore::countSales).sum();
        if (sales == 0) {
            return "No sale falls into the months of the scorecard, so nothing can be said of how well customers are known.";
        }
        Double known = mean(sources, CaptureScore::knownShare);
        StringBuilder text = new StringBuilder(
                        "Of %s from %s, %s have a known customer, %s one with name and address, and %s are"
                                .formatted(
                                        counted(sales, "sale", "sales"),
                                        months(capture),
                                        percent(known),
                                        percent(mean(sources, CaptureScore::namedShare)),
                                        percent(mean(sources, CaptureScore::repeatShare))))
                .append(" repeat purchases. ");
        CaptureScore widest = sources.stream()
                .max(Comparator.comparingDouble(s -> s.countSales() * (1 - s.knownShare())))
                .orElseThrow();
        text.append(
                known >= NEARLY_ALL
                        ? "Nearly every sale can be followed to its customer."
                        : "Most of what cannot be followed is sold through %s: %s of its sales have no customer, and no section below sees who bought."
                                .formatted(widest.source(), percent(1 - widest.knownShare())));
        Double permitted = mean(sources, CaptureScore::permittedShare);
        text.append(
                permitted == null
                        ? " No source says who may be contacted."
                        : " Customers who may be contacted stand behind %s of sales.".formatted(percent(permitted)));
        return text.toString() + cards(sources);
    }

    private static String cards(List<CaptureScore> sources) {
        List<CaptureScore> carded =
                sources.stream().filter(s -> s.cardShare() != null).toList();
        return carded.isEmpty()
                ? " No source gives loyalty cards, so there is no reward programme to judge."
                : " Customers with a loyalty card stand behind "
                        + carded.stream()
                                .map(s -> percent(s.cardShare()) + " of sales at " + s.source())
                                .limit(3)
                                .collect(Collectors.joining(", "))
                        + ".";
    }

    private static Double mean(List<CaptureScore> scores, Function<CaptureScore, Double> share) {
        List<CaptureScore> known =
                scores.stream().filter(s -> share.apply(s) != null).toList();
        double sales = known.stream().mapToDouble(CaptureScore::countSales).sum();
        return sales == 0
                ? null
                : known.stream()
                                .mapToDouble(s -> share.apply(s) * s.countSales())
                                .sum()
                        / sales;
    }
}
