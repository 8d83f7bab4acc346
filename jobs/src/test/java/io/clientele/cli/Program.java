package io.clientele.cli;

import io.clientele.engine.PublishedTables;
import io.clientele.testing.SharedSpark;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The whole program on a folder with a configuration ({@code conf}), deliveries and a warehouse, as its user meets it. */
final class Program {
    private final Path folder;

    Program(Path folder) {
        SharedSpark.session();
        this.folder = folder;
    }

    /** What it said, its log left out, and its exit code. */
    record Answer(int exitCode, String out, String err) {
        String all() {
            return out + err;
        }
    }

    static Answer execute(String... arguments) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream toOut = new ByteArrayOutputStream();
        ByteArrayOutputStream toErr = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(toOut, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(toErr, true, StandardCharsets.UTF_8));
            int code = ClienteleCommand.execute(arguments);
            return new Answer(
                    code,
                    toOut.toString(StandardCharsets.UTF_8),
                    toErr.toString(StandardCharsets.UTF_8)
                            .lines()
                            .filter(line ->
                                    line.startsWith("clientele: ") || !line.matches("^[0-9:. -]+ (WARN|INFO|ERROR).*"))
                            .reduce("", (a, b) -> a + b + "\n"));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    /** A command on this folder's configuration and warehouse. */
    Answer command(String... words) {
        List<String> line = new ArrayList<>(List.of(words));
        line.addAll(List.of(
                "--conf",
                folder.resolve("conf").toString(),
                "--warehouse",
                warehouse().toString()));
        return execute(line.toArray(String[]::new));
    }

    /** A run of some jobs on what is delivered in this folder. */
    Answer run(String jobs) {
        return command("run", "--input", folder.toString(), "--jobs", jobs);
    }

    Path warehouse() {
        return folder.resolve("warehouse");
    }

    Path file(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    /** Published rows as text. */
    List<String> rows(String query) {
        return new PublishedTables(SharedSpark.session(), warehouse().toString())
                .sql(query).collectAsList().stream().map(Object::toString).toList();
    }
}
