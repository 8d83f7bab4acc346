package io.clientele.serving;

import static io.clientele.serving.Figures.amount;
import static io.clientele.serving.Figures.count;
import static io.clientele.serving.Figures.percent;
import static io.clientele.serving.Figures.percentOf;
import static io.clientele.serving.Figures.price;
import static io.clientele.serving.Figures.score;
import static io.clientele.serving.Figures.words;
import static io.clientele.serving.Html.chart;
import static io.clientele.serving.Html.details;
import static io.clientele.serving.Html.paragraph;
import static io.clientele.serving.Html.text;

import io.clientele.serving.Html.Table;
import io.clientele.serving.ReportData.AtRiskCustomer;
import io.clientele.serving.ReportData.ChurnState;
import io.clientele.serving.ReportData.CrossSellRule;
import io.clientele.serving.ReportData.FailedCheck;
import io.clientele.serving.ReportData.JobRun;
import io.clientele.serving.ReportData.ModelFigure;
import io.clientele.serving.ReportData.PyramidLevel;
import io.clientele.serving.ReportData.TableVersion;
import io.clientele.serving.ReportData.ValueClass;
import io.clientele.serving.ReportData.WhalePoint;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The sections of the page: a sentence, a picture where there is something to draw, and the figures as a table. */
final class ReportSections {
    private static final int MAX_RULES_SHOWN = 20;

    /** In reading order of the matrix: high potential above, high current value on the right. */
    private static final List<String> MATRIX_ORDER = List.of("iron", "platinum", "lead", "gold");

    private static final Map<String, String> MATRIX_HINT = Map.of(
            "platinum", "high value, high potential: protect",
            "gold", "high value, low potential: keep",
            "iron", "low value, high potential: develop",
            "lead", "low value, low potential: find out why");

    private final ReportData data;
    private final String currency;

    ReportSections(ReportData data) {
        this.data = data;
        this.currency = data.header().currency();
    }

    String all() {
        return section(1, "intake", "What came in, what was refused", IntakeSection.html(data.intake()))
                + section(2, "capture", "How well buyers are known", CaptureSection.html(data.capture()))
                + section(3, "pyramid", "The customer pyramid", pyramid())
                + section(4, "matrix", "Value today and potential", matrix())
                + section(5, "whale", "Who brings the contribution", whale())
                + section(
                        6, "lifetime", "What customers will be worth", LifetimeSection.html(data.lifetime(), currency))
                + section(7, "churn", "Who is leaving", churn())
                + section(8, "cross-selling", "What to offer next", crossSelling())
                + section(9, "making", "How this was made", making());
    }

    private static String section(int number, String id, String title, String body) {
        return "<section id=\"%s\" aria-labelledby=\"title-%s\">\n<h2 id=\"title-%s\"><span class=\"number\">%d</span>%s</h2>\n%s</section>\n\n"
                .formatted(id, id, id, number, text(title), body);
    }

    private String pyramid() {
        String reading = ReportSentences.pyramid(data.value());
        if (data.value().levels().isEmpty()) {
            return paragraph("reading", reading);
        }
        Table table = new Table("Levels of the pyramid")
                .textColumn("Level")
                .figureColumns(
                        "Customers",
                        "Share",
                        "Sales (" + currency + ")",
                        "Share",
                        "Contribution (" + currency + ")",
                        "Share");
        for (PyramidLevel level : data.value().levels()) {
            table.row(
                    words(level.level()),
                    count(level.countCustomers()),
                    percentOf(level.countCustomers(), data.value().countCustomers()),
                    amount(level.salesAmount()),
                    percentOf(level.salesAmount(), data.value().salesAmount()),
                    amount(level.contributionAmount()),
                    percentOf(level.contributionAmount(), data.value().contributionAmount()));
        }
        return paragraph("reading", reading)
                + (data.value().salesAmount().signum() > 0
                        ? chart(
                                "pyramid",
                                "Each level's share of active customers and of sales"
                                        + SpreadSections.arrowsLegend(data.spread()),
                                reading,
                                table)
                        : table.html())
                + SpreadSections.pyramidMoves(data.spread());
    }

    private String matrix() {
        String reading = ReportSentences.matrix(data.value(), currency);
        if (data.value().classes().isEmpty()) {
            return paragraph("reading", reading);
        }
        StringBuilder tiles = new StringBuilder(paragraph("reading", reading))
                .append(
                        "<div class=\"matrix-frame\">\n<p class=\"axis-up\" aria-hidden=\"true\">Potential \u2192</p>\n<ul class=\"matrix\">\n");
        for (String name : MATRIX_ORDER) {
            for (ValueClass c : data.value().classes().stream()
                    .filter(c -> c.valueClass().equals(name))
                    .toList()) {
                tiles.append("<li class=\"tile ")
                        .append(name)
                        .append("\"><span class=\"tile-name\">")
                        .append(words(name))
                        .append("</span><span class=\"tile-hint\">")
                        .append(text(MATRIX_HINT.get(name)))
                        .append("</span><span class=\"tile-count\">")
                        .append(text(count(c.countCustomers())))
                        .append("</span><span class=\"tile-share\">")
                        .append(text("customers, "
                                + percentOf(c.countCustomers(), data.value().countCustomers())))
                        .append("</span><span class=\"tile-money\">")
                        .append(text(amount(c.contributionAmount()) + "\u00a0" + currency))
                        .append("</span><span class=\"tile-share\">")
                        .append(text(contributionShare(c)))
                        .append("</span></li>\n");
            }
        }
        Table table = new Table("Classes of current and potential value")
                .textColumn("Class")
                .figureColumns(
                        "Customers",
                        "Share",
                        "Contribution (" + currency + ")",
                        "Share",
                        "Potential (" + currency + ")");
        for (ValueClass c : data.value().classes()) {
            table.row(
                    words(c.valueClass()),
                    count(c.countCustomers()),
                    percentOf(c.countCustomers(), data.value().countCustomers()),
                    amount(c.contributionAmount()),
                    percentOf(c.contributionAmount(), data.value().contributionAmount()),
                    amount(c.potentialAmount()));
        }
        return tiles.append("</ul>\n<p class=\"axis-right\" aria-hidden=\"true\">Value today \u2192</p>\n</div>\n")
                .append(details("Show as a table", table))
                .append(SpreadSections.classMoves(data.spread()))
                .toString();
    }

    private String contributionShare(ValueClass c) {
        Double share = Figures.share(c.contributionAmount(), data.value().contributionAmount());
        return share == null ? "contribution" : "contribution, " + percent(share);
    }

    private String whale() {
        String reading = ReportSentences.whale(data.value(), currency);
        List<WhalePoint> points = data.value().whale().points();
        if (points.isEmpty()) {
            return paragraph("reading", reading) + SpreadSections.concentration(data.spread(), currency);
        }
        Table table = new Table("Cumulative contribution, best customers first")
                .figureColumns("Best share of customers", "Share of contribution");
        for (int tenth = 1; tenth <= 10; tenth++) {
            double share = tenth / 10.0;
            table.row(percent(share), percent(ReportSentences.contributionAt(points, share)));
        }
        return paragraph("reading", reading)
                + chart("whale", "Cumulative share of contribution by share of customers, best first", reading, table)
                + SpreadSections.concentration(data.spread(), currency);
    }

    private String churn() {
        String reading = ReportSentences.churn(data);
        List<ChurnState> states = data.churn().states();
        StringBuilder html = new StringBuilder(paragraph("reading", reading));
        if (!states.isEmpty()) {
            Table table = new Table("Customers and money by state")
                    .textColumn("State")
                    .figureColumns(
                            "Customers",
                            "Share",
                            "Sales (" + currency + ")",
                            "Contribution (" + currency + ")",
                            "Expected loss (" + currency + ")");
            long all = states.stream().mapToLong(ChurnState::countCustomers).sum();
            for (ChurnState s : states) {
                table.row(
                        words(s.state()),
                        count(s.countCustomers()),
                        percentOf(s.countCustomers(), all),
                        amount(s.salesAmount()),
                        amount(s.contributionAmount()),
                        amount(s.expectedLossAmount()));
            }
            html.append(chart("churn", "Share of customers and of contribution by state", reading, table))
                    .append(paragraph(
                            "note",
                            "Sales and contribution are those of the value window. Expected loss is each "
                                    + "customer's contribution times the probability of churn, summed."));
        }
        html.append("<h3>How well this is predicted</h3>\n")
                .append(paragraph(
                        "reading", ReportSentences.backtest(data.churn().backtest())));
        if (!data.churn().backtest().isEmpty()) {
            Table table = new Table("Figures of the backtest")
                    .textColumn("Figure")
                    .figureColumns("Value", "Low", "High", "Baseline")
                    .textColumn("Cut-off");
            for (ModelFigure f : data.churn().backtest()) {
                table.row(
                        words(f.name()),
                        score(f.value()),
                        score(f.low()),
                        score(f.high()),
                        score(f.baselineValue()),
                        f.cutoffDate() == null ? Figures.UNKNOWN : f.cutoffDate());
            }
            html.append(details("Show the model card", table));
        }
        return html.append(atRisk()).toString();
    }

    private String atRisk() {
        List<AtRiskCustomer> customers = data.churn().atRisk();
        if (customers.isEmpty()) {
            return "";
        }
        Table table = new Table("Most valuable customers at risk")
                .textColumn("Customer")
                .textColumn("State")
                .figureColumns("Contribution (" + currency + ")", "Probability")
                .textColumn("Why")
                .stackedOnPhones();
        for (AtRiskCustomer c : customers) {
            table.row(
                    c.customerId(),
                    words(c.state()),
                    amount(c.contributionAmount()),
                    percent(c.churnProbability()),
                    c.reasons().isEmpty() ? Figures.UNKNOWN : String.join("; ", c.reasons()));
        }
        return "<h3>Whom to call first</h3>\n" + table.html();
    }

    private String crossSelling() {
        String reading = ReportSentences.crossSelling(data);
        List<CrossSellRule> rules = data.crossSelling().rules();
        StringBuilder html = new StringBuilder(paragraph("reading", reading));
        if (!rules.isEmpty()) {
            Table table = new Table("Best cross-sell rules")
                    .textColumn("Who buys")
                    .textColumn("also buys")
                    .figureColumns("Baskets", "Support", "Confidence", "Lift", "q", "Margin (" + currency + ")")
                    .stackedOnPhones();
            for (CrossSellRule r : rules.subList(0, Math.min(MAX_RULES_SHOWN, rules.size()))) {
                table.row(
                        String.join(" + ", r.antecedent()),
                        r.consequent(),
                        count(r.countBaskets()),
                        percent(r.support()),
                        percent(r.confidence()),
                        String.format(Locale.ROOT, "%,.1f", r.lift()),
                        Figures.smallProbability(r.qValue()),
                        price(r.marginAmount()));
            }
            html.append(
                    chart("rules", "Lift by support: one dot is one rule, larger with more baskets", reading, table));
        }
        return html.append(paragraph("reading", ReportSentences.offers(data))).toString();
    }

    private String making() {
        StringBuilder html = new StringBuilder(paragraph("reading", ReportSentences.making(data.making())));
        if (!data.making().failedChecks().isEmpty()) {
            Table failed = new Table("Checks that failed")
                    .textColumn("Table")
                    .textColumn("Check")
                    .textColumn("Observed")
                    .textColumn("Expected");
            for (FailedCheck c : data.making().failedChecks()) {
                failed.row(
                        c.table(),
                        c.check(),
                        c.observed() == null ? Figures.UNKNOWN : c.observed(),
                        c.expected() == null ? Figures.UNKNOWN : c.expected());
            }
            html.append(failed.html());
        }
        if (!data.making().jobs().isEmpty()) {
            Table jobs = new Table("Jobs")
                    .textColumn("Job")
                    .textColumn("Status")
                    .figureColumns("Rows read", "Rows written", "Seconds");
            for (JobRun job : data.making().jobs()) {
                jobs.row(
                        job.job(),
                        words(job.status()),
                        count(job.rowsRead()),
                        count(job.rowsWritten()),
                        job.seconds() == null ? Figures.UNKNOWN : String.format(Locale.ROOT, "%,.1f", job.seconds()));
            }
            html.append(jobs.html());
        }
        if (!data.making().versions().isEmpty()) {
            Table versions = new Table("Table versions").textColumn("Table").figureColumns("Version read");
            for (TableVersion version : data.making().versions()) {
                versions.row(version.table(), Long.toString(version.version()));
            }
            html.append(details("Show the table versions", versions));
        }
        return html.append(paragraph(
                        "note",
                        "Configuration " + data.header().configurationHash() + ", run "
                                + data.header().runId() + "."))
                .toString();
    }
}
