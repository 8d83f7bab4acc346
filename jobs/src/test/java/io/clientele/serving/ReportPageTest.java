package io.clientele.serving;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.clientele.serving.ReportData.CrossSellRule;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReportPageTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "</script><script>alert(1)</script>",
                "<!--<script>",
                "\"><img src=x onerror=alert(1)>",
                "' onmouseover='alert(1)",
                "line\u2028paragraph\u2029end",
                "{{echarts}} {{data}} $0 ${x} \\1",
                "&lt;already escaped&gt;",
                "turned \u202e around",
                "bell \u0007 and half a pair \ud83d",
                "<section>"
            })
    void aNameStaysAName(String name) throws Exception {
        String page = ReportPage.html(withNames(name));
        String reference = ReportPage.html(withNames("harmless"));
        assertThat(count(page, "<")).as("a name adds no markup").isEqualTo(count(reference, "<"));
        assertThat(page).doesNotContain("\u2028", "\u2029", "\u202e");
        int start = page.indexOf("id=\"report-data\">") + "id=\"report-data\">".length();
        String json = page.substring(start, page.indexOf("</script>", start));
        String read = new ObjectMapper()
                .readTree(json)
                .at("/crossSelling/rules/0/consequent")
                .asText();
        assertThat(read).isEqualTo(name);
        assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(page))
                .as("the page can be written")
                .isTrue();
    }

    @Test
    void asksTheNetworkForNothing() {
        String page = ReportPage.html(withNames("harmless"));
        String ownMarkup = page.substring(0, page.indexOf("id=\"report-data\""));
        assertThat(ownMarkup)
                .contains("default-src 'none'")
                .doesNotContain("http://", "https://", "src=", "url(", "@import", "<link");
    }

    @Test
    void aWarehouseWithoutAnythingSaysSoInEverySection() {
        String page = ReportPage.html(ReportQueries.collect(
                SampleWarehouse.header("Empty Ltd"), SampleWarehouse.noTables(), SampleWarehouse.noOperations()));
        assertThat(page.replaceAll("(?s)<script.*?</script>", ""))
                .contains(
                        "No batch has been loaded yet",
                        "No sale falls into the months of the scorecard",
                        "so there is no pyramid to draw",
                        "so there are no classes to compare",
                        "so there is no curve to draw",
                        "No customer&#39;s state is known",
                        "No backtest of the churn probability is published",
                        "No customer has a lifetime value",
                        "No cross-sell rule holds",
                        "No customer has an offer",
                        "No finished job is recorded")
                .doesNotContain("id=\"chart-", "<table", "NaN", "null");
    }

    @Test
    void everyChartHasATextAlternative() {
        String page = ReportPage.html(ReportQueries.collect(
                SampleWarehouse.header("Sample"), SampleWarehouse.tables(), SampleWarehouse.operations()));
        assertThat(count(page, "role=\"img\" aria-label=\"")).isEqualTo(9);
        assertThat(count(page, "<figure>")).isEqualTo(9);
        assertThat(page.split("<figure>")).satisfies(parts -> {
            for (int i = 1; i < parts.length; i++) {
                assertThat(parts[i].substring(0, parts[i].indexOf("</figure>")))
                        .contains("<details>", "<table", "<caption>");
            }
        });
    }

    @Test
    void showsTheArrowsOfThePyramidAndWhyCustomersMoved() {
        String page = ReportPage.html(ReportQueries.collect(
                SampleWarehouse.header("Sample"), SampleWarehouse.tables(), SampleWarehouse.operations()));
        assertThat(page)
                .contains(
                        "Moves between levels since 2011-06-01",
                        "Since 2011-06-01 98\u00a0customers have another level: 31 by behaviour, 7 by moved cut points, 60 by new customer.",
                        "Who moved between classes",
                        "What share of the marketing budget existing customers get is not known: no source.")
                .containsPattern(
                        "(?s)Big</th><td class=\"figure\">90</td><td class=\"figure\">\u25b2\u00a031</td>"
                                + "<td class=\"figure\">0</td><td class=\"figure\">0</td><td class=\"figure\">\u25bc\u00a07</td>");
    }

    private static int count(String text, String part) {
        return text.split(java.util.regex.Pattern.quote(part), -1).length - 1;
    }

    private static ReportData withNames(String name) {
        CrossSellRule rule = new CrossSellRule(List.of(name), name, 31, 0.01, 0.4, 2.5, 0.01, 1, BigDecimal.ONE);
        ReportData.WhaleCurve noCurve = new ReportData.WhaleCurve(List.of(), null, null);
        return new ReportData(
                new ReportData.Header(name, SampleWarehouse.AS_OF, "EUR", name, name, name),
                new ReportData.Intake(
                        List.of(new ReportData.SourceBalance(name, 1, 9, 7, 1, 1)),
                        List.of(new ReportData.MoneyBalance(
                                name, "EUR", BigDecimal.TEN, BigDecimal.TEN, BigDecimal.ZERO, BigDecimal.ZERO)),
                        List.of(new ReportData.RefusalReason(name, name, name, 1, 1)),
                        1,
                        1),
                new ReportData.Capture(
                        "2011-12",
                        "2011-12",
                        List.of(new ReportData.CaptureScore(name, null, 9, 0.5, 0.4, 0.3, 0.2, null, null, 0.1)),
                        List.of()),
                new ReportData.Value(0, 0, BigDecimal.ZERO, BigDecimal.ZERO, List.of(), List.of(), noCurve),
                new ReportData.Churn(
                        List.of(new ReportData.ChurnState(name, 1, BigDecimal.ONE, BigDecimal.ONE, null)),
                        List.of(new ReportData.ModelFigure(name, "metric", 1.0, null, null, null, name)),
                        List.of(new ReportData.AtRiskCustomer(name, name, BigDecimal.ONE, 0.5, List.of(name)))),
                new ReportData.CrossSelling(1, List.of(rule), null, 1, 1),
                new ReportData.Making(
                        List.of(new ReportData.JobRun(name, name, name, 1L, 1L, null)),
                        List.of(new ReportData.TableVersion(name, 1)),
                        0,
                        1,
                        List.of(new ReportData.FailedCheck(name, name, name, name))),
                new ReportData.Spread(
                        List.of(new ReportData.SpreadFigure(name, 1.0, BigDecimal.ONE, 1L, name)),
                        List.of(new ReportData.ClassMove(name, "pyramid_level", name, name, name, 1, BigDecimal.ONE))),
                new ReportLifetime(
                        name,
                        1,
                        BigDecimal.ONE,
                        1.0,
                        1.0,
                        new ReportLifetime.Proof(name, 1.0, 1.0, 1.0, 1.0),
                        List.of(name),
                        List.of(new ReportLifetime.BacktestClass(name, 1, 1, 1)),
                        List.of(new ReportLifetime.BacktestWeek(1, 1, 1, true))));
    }
}
