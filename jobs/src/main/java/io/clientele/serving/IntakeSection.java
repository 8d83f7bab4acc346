package io.clientele.serving;

import static io.clientele.serving.Figures.amount;
import static io.clientele.serving.Figures.count;
import static io.clientele.serving.Figures.percentOf;
import static io.clientele.serving.Html.chart;
import static io.clientele.serving.Html.details;
import static io.clientele.serving.Html.paragraph;

import io.clientele.serving.Html.Table;
import io.clientele.serving.ReportData.Intake;
import io.clientele.serving.ReportData.MoneyBalance;
import io.clientele.serving.ReportData.RefusalReason;
import io.clientele.serving.ReportData.SourceBalance;
import java.util.List;

/** What came in and what was refused, in rows, in money and by reason. */
final class IntakeSection {
    private IntakeSection() {}

    static String html(Intake intake) {
        String reading = ReportSentences.intake(intake);
        List<SourceBalance> sources = intake.sources();
        if (sources.isEmpty()) {
            return paragraph("reading", reading) + (intake.reasons().isEmpty() ? "" : reasons(intake));
        }
        Table rows = new Table("Rows by source")
                .textColumn("Source")
                .figureColumns("Batches", "Rows read", "Accepted", "Duplicates", "Refused", "Share refused");
        Table money = new Table("Money by source, in the source's currency")
                .textColumn("Source")
                .textColumn("Currency")
                .figureColumns("Read", "Accepted", "Duplicates", "Refused", "Share refused");
        for (SourceBalance s : sources) {
            rows.row(
                    s.source(),
                    count(s.countBatches()),
                    count(s.rowsRead()),
                    count(s.rowsAccepted()),
                    count(s.rowsDuplicate()),
                    count(s.rowsQuarantined()),
                    percentOf(s.rowsQuarantined(), s.rowsRead()));
        }
        for (MoneyBalance m : intake.money()) {
            money.row(
                    m.source(),
                    m.currency(),
                    amount(m.amountRead()),
                    amount(m.amountAccepted()),
                    amount(m.amountDuplicate()),
                    amount(m.amountQuarantined()),
                    percentOf(m.amountQuarantined(), m.amountRead()));
        }
        boolean isAnythingHeldBack = sources.stream().anyMatch(s -> s.rowsQuarantined() + s.rowsDuplicate() > 0);
        String title = "Rows not accepted, as a share of rows read";
        String balance = paragraph("reading", reading)
                + (isAnythingHeldBack ? chart("intake", title, reading, rows) : rows.html())
                + (intake.money().isEmpty()
                        ? paragraph("note", "No source holds money.")
                        : details("Show the balance in money", money)
                                + paragraph("note", "A record whose currency cannot be read counts in rows alone."));
        return balance + reasons(intake);
    }

    private static String reasons(Intake intake) {
        String reading = ReportSentences.reasons(intake);
        if (intake.reasons().isEmpty()) {
            return paragraph("reading", reading);
        }
        Table table = new Table("Most frequent reasons")
                .textColumn("Rule")
                .textColumn("Column")
                .textColumn("Source")
                .figureColumns("Rows", "Still open");
        for (RefusalReason r : intake.reasons()) {
            table.row(
                    r.rule() == null ? Figures.UNKNOWN : r.rule(),
                    r.column() == null ? "whole record" : r.column(),
                    r.source(),
                    count(r.countRows()),
                    count(r.countOpen()));
        }
        return "<h3>Why rows were refused</h3>\n" + paragraph("reading", reading)
                + chart("reasons", "Refused rows by reason", reading, table)
                + paragraph("note", "A row refused for two reasons counts under both.");
    }
}
