package io.clientele.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What others wrote in Python for the same purpose: scripts/NAME/compare.py with the versions of its requirements.txt. */
final class PythonPeer {
    private PythonPeer() {}

    /**
     * Waits for compare.py, which has the machine for itself meanwhile. At first use, and whenever they change, its requirements
     * are installed into jobs/target/NAME.
     *
     * @return what it printed as "name value", in its order; empty, which is said, where it cannot be installed
     * @throws IllegalStateException when it ended with an error, which it printed itself
     */
    static Map<String, Double> run(String name, String... arguments) {
        Path scripts = Path.of("scripts", name).toAbsolutePath();
        Path home = Path.of("jobs", "target", name).toAbsolutePath();
        try {
            if (!install(home, scripts.resolve("requirements.txt"))) {
                System.out.println("Python's " + name + " cannot be installed here, so nothing is compared.");
                return Map.of();
            }
            Path output = Files.createTempFile("clientele-" + name, ".txt");
            ProcessBuilder program = new ProcessBuilder(
                    python(home), scripts.resolve("compare.py").toString());
            program.command().addAll(List.of(arguments));
            if (!isDone(program.redirectOutput(output.toFile()))) {
                throw new IllegalStateException("Python's " + name + " ended with an error");
            }
            Map<String, Double> figures = new LinkedHashMap<>();
            for (String line : Files.readAllLines(output)) {
                String[] fields = line.split(" ");
                figures.put(fields[0], Double.valueOf(fields[1]));
            }
            Files.delete(output);
            return figures;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean install(Path home, Path requirements) throws IOException {
        Path installed = home.resolve("installed.txt");
        if (Files.exists(installed) && Files.mismatch(installed, requirements) < 0) {
            return true;
        }
        boolean isInstalled = isDone(new ProcessBuilder("python3", "-m", "venv", home.toString()).inheritIO())
                && isDone(new ProcessBuilder(python(home), "-m", "pip", "install", "-q", "-r", requirements.toString())
                        .inheritIO());
        if (isInstalled) {
            Files.copy(requirements, installed, StandardCopyOption.REPLACE_EXISTING);
        }
        return isInstalled;
    }

    private static String python(Path home) {
        return home.resolve("bin").resolve("python").toString();
    }

    /** False where the program failed or is not there. */
    private static boolean isDone(ProcessBuilder program) {
        try {
            return program.redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            System.out.println(e.getMessage());
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
