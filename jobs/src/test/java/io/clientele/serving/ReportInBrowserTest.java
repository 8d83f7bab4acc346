package io.clientele.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.serving.Chromium.Dom;
import io.clientele.serving.Chromium.Scheme;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReportInBrowserTest {
    private static final Path TARGET = Path.of("target");
    private static final int COUNT_CHARTS = 9;

    @TempDir
    static Path workDirectory;

    private static Path full;
    private static Path empty;

    @BeforeAll
    static void render() throws Exception {
        Chromium.requireInstalled();
        full = write(
                "report.html",
                ReportQueries.collect(
                        SampleWarehouse.header("Retail & <b>Sons</b>"),
                        SampleWarehouse.tables(),
                        SampleWarehouse.operations()));
        empty = write(
                "report-empty.html",
                ReportQueries.collect(
                        SampleWarehouse.header("Empty Ltd"),
                        SampleWarehouse.noTables(),
                        SampleWarehouse.noOperations()));
    }

    private static Path write(String name, ReportData data) throws Exception {
        return Files.writeString(TARGET.resolve(name), ReportPage.html(data)).toAbsolutePath();
    }

    @ParameterizedTest
    @CsvSource({"1280, LIGHT", "1280, DARK"})
    void drawsEveryChartWithoutFaults(int width, Scheme scheme) throws Exception {
        Dom dom = Chromium.open(full, width, scheme, workDirectory);
        assertThat(dom.rootAttribute("data-script-errors")).isNull();
        assertThat(dom.rootAttribute("data-charts-drawn")).isEqualTo(Integer.toString(COUNT_CHARTS));
        assertThat(Pattern.compile("<svg[^>]* width=\"(\\d+)\" height=\"(\\d+)\"")
                        .matcher(dom.html())
                        .results())
                .hasSize(COUNT_CHARTS)
                .allSatisfy(svg -> assertSized(svg, 600, 100));
        assertThat(dom.html()).contains(scheme == Scheme.DARK ? ">Light</button>" : ">Dark</button>");
        assertThat(dom.rootAttribute("data-content-width")).isEqualTo(dom.rootAttribute("data-viewport-width"));
        String withoutScripts = dom.html().replaceAll("(?s)<script.*?</script>", "");
        assertThat(withoutScripts).doesNotContain("<script", "<img", "<b>Sons").contains("Retail &amp; &lt;b&gt;Sons");
    }

    @ParameterizedTest
    @CsvSource({"360, LIGHT", "360, DARK"})
    void fitsOnAPhone(int width, Scheme scheme) throws Exception {
        Dom dom = inFrame(full, width, scheme);
        assertThat(dom.rootAttribute("data-frame-width")).isEqualTo(Integer.toString(width));
        assertThat(dom.rootAttribute("data-frame-content-width")).isEqualTo(Integer.toString(width));
        assertThat(dom.rootAttribute("data-frame-charts")).isEqualTo(Integer.toString(COUNT_CHARTS));
        assertThat(dom.rootAttribute("data-frame-errors")).isEqualTo("none");
        assertThat(Integer.parseInt(dom.rootAttribute("data-frame-widest-chart")))
                .isBetween(250, width);
    }

    @Test
    void aWarehouseWithoutAnythingSaysSoAndDrawsNothing() throws Exception {
        Dom dom = Chromium.open(empty, 1280, Scheme.LIGHT, workDirectory);
        assertThat(dom.rootAttribute("data-script-errors")).isNull();
        assertThat(dom.rootAttribute("data-charts-drawn")).isEqualTo("0");
        assertThat(dom.html()).doesNotContain("<svg");
    }

    @Test
    void prints() throws Exception {
        assertThat(Files.size(Chromium.print(full, workDirectory))).isGreaterThan(50_000);
    }

    private static void assertSized(MatchResult svg, int minWidth, int minHeight) {
        assertThat(Integer.parseInt(svg.group(1))).isGreaterThanOrEqualTo(minWidth);
        assertThat(Integer.parseInt(svg.group(2))).isGreaterThanOrEqualTo(minHeight);
    }

    /** A desktop window cannot be as narrow as a phone, but a frame can. */
    private static Dom inFrame(Path page, int width, Scheme scheme) throws Exception {
        String source = Files.readString(page).replace("&", "&amp;").replace("\"", "&quot;");
        String outer = """
        <!doctype html><html><body style="margin:0"><iframe style="border:0" width="%d" height="800" srcdoc="%s"></iframe>
        <script>
        window.addEventListener("load", function () {
          var root = document.querySelector("iframe").contentDocument.documentElement;
          var to = document.documentElement.dataset;
          to.frameWidth = root.clientWidth;
          to.frameContentWidth = root.scrollWidth;
          to.frameCharts = root.dataset.chartsDrawn;
          to.frameErrors = root.dataset.scriptErrors || "none";
          to.frameWidestChart = Math.max.apply(null, Array.from(root.querySelectorAll("svg"), function (svg) {
            return svg.getBoundingClientRect().width; }));
        });
        </script></body></html>
        """.formatted(width, source);
        Path frame = Files.writeString(workDirectory.resolve("frame.html"), outer);
        return Chromium.open(frame, 800, scheme, workDirectory);
    }
}
