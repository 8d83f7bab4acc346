package io.clientele.serving;

import static io.clientele.serving.Figures.count;
import static io.clientele.serving.Figures.counted;
import static io.clientele.serving.Figures.money;
import static io.clientele.serving.Figures.percent;
import static io.clientele.serving.Html.chart;
import static io.clientele.serving.Html.paragraph;

import io.clientele.serving.Html.Table;
import io.clientele.serving.ReportLifetime.BacktestClass;
import io.clientele.serving.ReportLifetime.BacktestWeek;
import io.clientele.serving.ReportLifetime.Proof;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The section on lifetime value: what is expected, and what was expected once against what came. */
final class LifetimeSection {
    private static final int MAX_WEEKS_IN_TABLE = 27;

    /** Expected and actual totals that differ by no more are called close. */
    private static final double CLOSE = .1;

    private static final Map<String, String> NAMES =
            Map.of("bg_nbd", "BG/NBD", "pareto_nbd", "Pareto/NBD", "migration", "the migration model");

    private LifetimeSection() {}

    static String html(ReportLifetime lifetime, String currency) {
        StringBuilder html = new StringBuilder(paragraph("reading", expected(lifetime, currency)));
        if (lifetime.model() != null) {
            html.append("<h3>How well this was predicted</h3>\n").append(paragraph("reading", backtest(lifetime)));
        }
        if (!lifetime.classes().isEmpty()) {
            Table table = new Table("Purchases per customer after the cut-off")
                    .textColumn("Class before the cut-off")
                    .figureColumns("Customers", "Expected", "Actual");
            for (BacktestClass c : lifetime.classes()) {
                table.row(c.label(), count(c.countCustomers()), decimals(c.expected()), decimals(c.actual()));
            }
            html.append(chart(
                    "lifetime-classes",
                    "Purchases per customer after the cut-off, expected and actual, by class before it",
                    "Equal bars mean that the class was foreseen.",
                    table));
        }
        if (!lifetime.weeks().isEmpty()) {
            Table table = new Table("Repeat purchases summed up, customers won before the cut-off")
                    .figureColumns("Week", "Expected", "Actual")
                    .textColumn("Known to the model");
            List<BacktestWeek> weeks = lifetime.weeks();
            int every = (weeks.size() + MAX_WEEKS_IN_TABLE - 1) / MAX_WEEKS_IN_TABLE;
            for (int i = weeks.size() - 1 - (weeks.size() - 1) / every * every; i < weeks.size(); i += every) {
                BacktestWeek week = weeks.get(i);
                table.row(
                        count(week.week()),
                        count(Math.round(week.expected())),
                        count(Math.round(week.actual())),
                        week.isHoldout() ? "no" : "yes");
            }
            html.append(chart(
                    "lifetime-weeks",
                    "Repeat purchases summed up by week, expected and actual",
                    "Left of the cut-off the model knew what came; right of it the lines should stay together.",
                    table));
        }
        lifetime.notes().forEach(n -> html.append(paragraph("note", n)));
        return html.toString();
    }

    private static String decimals(double value) {
        return String.format(Locale.ROOT, "%,.2f", value);
    }

    static String expected(ReportLifetime lifetime, String currency) {
        if (lifetime.model() == null) {
            return "No customer has a lifetime value at this date.";
        }
        String customers = counted(lifetime.countCustomers(), "customer", "customers");
        if (lifetime.model().equals("none") || lifetime.expectedPurchases() == null) {
            return "No lifetime value can be computed for the " + customers + "; the note below says why.";
        }
        String horizon = "In the coming " + count(lifetime.horizonDays()) + "\u00a0days the " + customers
                + (lifetime.countCustomers() == 1 ? " is" : " are") + " expected to "
                + (lifetime.model().equals("migration") ? "pay " : "buy on ")
                + count(Math.round(lifetime.expectedPurchases()))
                + (lifetime.model().equals("migration") ? " times" : " days");
        return lifetime.lifetimeValueAmount() == null
                ? horizon + "; what that is worth is not known."
                : horizon + ", worth " + money(lifetime.lifetimeValueAmount(), currency) + " today.";
    }

    static String backtest(ReportLifetime lifetime) {
        Proof proof = lifetime.proof();
        if (proof == null) {
            return "The prediction was not backtested, so read it as unproven.";
        }
        StringBuilder text = new StringBuilder("Fitted on what was known on " + proof.cutoffDate() + ", "
                + NAMES.getOrDefault(lifetime.model(), lifetime.model()));
        if (proof.expectedToActual() != null) {
            double error = proof.expectedToActual() - 1;
            text.append(" expected ")
                    .append(percent(proof.expectedToActual()))
                    .append(" of the purchases that then came")
                    .append(proof.holdoutDays() == null ? "" : " in " + count(proof.holdoutDays()) + "\u00a0days")
                    .append(
                            Math.abs(error) <= CLOSE
                                    ? ", which is close"
                                    : error > 0
                                            ? ": too many, so take the values for high"
                                            : ": too few, so take the values for low")
                    .append(". A customer's error is ");
        } else {
            text.append(" has an error per customer that is ");
        }
        text.append(gain(proof.gainOverLastPeriod(), "repeating the last period"))
                .append(" and ")
                .append(gain(proof.gainOverAverage(), "the same average for all"))
                .append('.');
        boolean isBeaten = isNotAbove(proof.gainOverLastPeriod()) || isNotAbove(proof.gainOverAverage());
        return text.append(isBeaten ? " It does not beat the naive guess, so do not rely on it." : "")
                .toString();
    }

    private static boolean isNotAbove(Double gain) {
        return gain != null && gain <= 0;
    }

    private static String gain(Double gain, String than) {
        if (gain == null) {
            return "not comparable with " + than;
        }
        return percent(Math.abs(gain)) + (gain < 0 ? " larger than by " : " smaller than by ") + than;
    }
}
