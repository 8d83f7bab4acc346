package io.clientele.serving;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A real headless browser. Without one tests are skipped, but fail on a build server. */
final class Chromium {
    private static final Path EXECUTABLE = Path.of("/usr/bin/chromium");

    private Chromium() {}

    /** Which colours the reader's system prefers. */
    enum Scheme {
        DARK,
        LIGHT
    }

    /** What the browser made of a page. */
    record Dom(String html) {
        /** An attribute of the root element; null if it is not set. */
        String rootAttribute(String name) {
            Matcher root = Pattern.compile("<html[^>]*>").matcher(html);
            if (!root.find()) {
                throw new AssertionError("No page: " + html);
            }
            Matcher attribute = Pattern.compile(" " + name + "=\"([^\"]*)\"").matcher(root.group());
            return attribute.find() ? attribute.group(1) : null;
        }
    }

    static void requireInstalled() {
        boolean isInstalled = Files.isExecutable(EXECUTABLE);
        if (!isInstalled && "true".equals(System.getenv("CI"))) {
            throw new AssertionError(EXECUTABLE + " is missing; install the package chromium");
        }
        assumeTrue(isInstalled, EXECUTABLE + " is missing, so the page was not opened in a browser");
    }

    static Dom open(Path page, int width, Scheme scheme, Path workDirectory) throws Exception {
        return new Dom(Files.readString(run(page, width, scheme, workDirectory, "--dump-dom")));
    }

    static Path print(Path page, Path workDirectory) throws Exception {
        Path pdf = workDirectory.resolve("report.pdf");
        run(page, 1280, Scheme.DARK, workDirectory, "--no-pdf-header-footer", "--print-to-pdf=" + pdf);
        return pdf;
    }

    private static Path run(Path page, int width, Scheme scheme, Path workDirectory, String... action)
            throws IOException, InterruptedException {
        Path profile = Files.createTempDirectory(workDirectory, "profile");
        Path output = Files.createTempFile(workDirectory, "output", ".html");
        Path log = Files.createTempFile(workDirectory, "log", ".txt");
        List<String> command = new ArrayList<>(List.of(
                EXECUTABLE.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--hide-scrollbars",
                "--blink-settings=preferredColorScheme=" + scheme.ordinal(),
                "--window-size=" + width + ",900",
                "--user-data-dir=" + profile));
        command.addAll(List.of(action));
        command.add(page.toUri().toString());
        Process process = new ProcessBuilder(command)
                .redirectOutput(output.toFile())
                .redirectError(log.toFile())
                .start();
        if (!process.waitFor(90, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("The browser did not end within 90 s: " + Files.readString(log));
        }
        if (process.exitValue() != 0) {
            throw new AssertionError("The browser ended with " + process.exitValue() + ": " + Files.readString(log));
        }
        return output;
    }
}
