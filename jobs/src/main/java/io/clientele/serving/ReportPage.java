package io.clientele.serving;

import static io.clientele.serving.Html.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.clientele.engine.error.ClienteleException;
import io.clientele.serving.ReportData.ChurnState;
import io.clientele.serving.ReportData.Header;
import io.clientele.serving.ReportData.SourceBalance;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The report as one HTML page that needs no network: script, styles and data are inside it, and its content security
 * policy forbids it to fetch anything. All names and ids are untrusted and escaped.
 */
public final class ReportPage {
    /** ECharts without maps and 3D, with the SVG renderer. */
    private static final String ECHARTS = "/META-INF/resources/webjars/echarts/5.5.0/echarts.common.min.js";

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([a-z-]+)}}");

    private ReportPage() {}

    /** The page, to be written as UTF-8. */
    public static String html(ReportData data) {
        Header header = data.header();
        Map<String, String> values = Map.ofEntries(
                Map.entry("title", text(header.companyName() + ": customers at " + header.asOfDate())),
                Map.entry("company", text(header.companyName())),
                Map.entry("as-of", text(header.asOfDate())),
                Map.entry("currency", text(header.currency())),
                Map.entry("warehouse-version", text(header.warehouseVersion())),
                Map.entry("run-id", text(header.runId())),
                Map.entry("checks", text(checks(data.making()))),
                Map.entry("key-figures", keyFigures(data)),
                Map.entry("sections", new ReportSections(data).all()),
                Map.entry("data", Html.scriptJson(json(data))),
                Map.entry("css", resource("/report/report.css")),
                Map.entry("echarts", resource(ECHARTS).replace("</script", "<\\/script")),
                Map.entry("script", resource("/report/report.js")));
        return fill(resource("/report/report.html"), values);
    }

    /** Fills the template in one pass, so that a placeholder inside a value stays as it is. */
    private static String fill(String template, Map<String, String> values) {
        Matcher matcher = PLACEHOLDER.matcher(template);
        StringBuilder page = new StringBuilder();
        while (matcher.find()) {
            String value = values.get(matcher.group(1));
            if (value == null) {
                throw ClienteleException.defect(
                        "The report's template names an unknown value: " + matcher.group(1), null);
            }
            matcher.appendReplacement(page, Matcher.quoteReplacement(value));
        }
        return matcher.appendTail(page).toString();
    }

    private static String keyFigures(ReportData data) {
        String currency = data.header().currency();
        long atRisk = data.churn().states().stream()
                .filter(s -> s.state().equals("cooling") || s.state().equals("partially_defected"))
                .mapToLong(ChurnState::countCustomers)
                .sum();
        long read = data.intake().sources().stream()
                .mapToLong(SourceBalance::rowsRead)
                .sum();
        long refused = data.intake().sources().stream()
                .mapToLong(SourceBalance::rowsQuarantined)
                .sum();
        boolean isValued = data.value().countCustomers() > 0;
        boolean isFlagged = !data.churn().states().isEmpty();
        return keyFigure(
                        "Customers",
                        isValued ? Figures.count(data.value().countCustomers()) : Figures.UNKNOWN,
                        "valued at the date")
                + keyFigure(
                        "Sales",
                        isValued ? Figures.shortAmount(data.value().salesAmount()) : Figures.UNKNOWN,
                        currency + " in the value window")
                + keyFigure(
                        "Contribution",
                        isValued ? Figures.shortAmount(data.value().contributionAmount()) : Figures.UNKNOWN,
                        currency + " in the value window")
                + keyFigure(
                        "At risk",
                        isFlagged ? Figures.count(atRisk) : Figures.UNKNOWN,
                        "customers who are drifting away")
                + keyFigure(
                        "With an offer",
                        Figures.count(data.crossSelling().countCustomersWithOffer()),
                        "customers with a next product")
                + keyFigure("Refused", Figures.percentOf(refused, read), "of the rows read");
    }

    private static String checks(ReportData.Making making) {
        long passed = making.countChecksPassed();
        long failed = making.countChecksFailed();
        return passed + failed == 0
                ? "none recorded"
                : Figures.count(passed) + " passed, " + (failed == 0 ? "none" : Figures.count(failed)) + " failed";
    }

    private static String keyFigure(String name, String value, String unit) {
        return "<div class=\"key-figure\"><dt>%s</dt><dd><span class=\"key-value\">%s</span><span class=\"key-unit\">%s</span></dd></div>\n"
                .formatted(text(name), text(value), text(unit));
    }

    private static String json(ReportData data) {
        try {
            // ASCII only, so that half a surrogate pair in a name cannot stop the page from being written.
            return JsonMapper.builder()
                    .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
                    .build()
                    .writeValueAsString(data);
        } catch (JsonProcessingException e) {
            throw ClienteleException.defect("The report's data cannot be written as JSON.", e);
        }
    }

    private static String resource(String path) {
        try (InputStream in = ReportPage.class.getResourceAsStream(path)) {
            if (in == null) {
                throw ClienteleException.defect("The program is incomplete: it lacks the resource " + path + ".", null);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw ClienteleException.environment("The program's resource %s cannot be read: %s", path, e.getMessage())
                    .causedBy(e);
        }
    }
}
