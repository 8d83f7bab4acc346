package io.clientele.generate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Reads what a generator wrote, apart from its own code. */
record Folder(Path root) {
    /** The bytes of each file, by its path below the root. */
    Map<String, String> contents() throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                contents.put(
                        root.relativize(file).toString(),
                        new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
        return contents;
    }

    /** The lines of a file as bytes, each shown as Latin-1 so that none is invalid. */
    List<String> lines(String file) {
        return lines(file, StandardCharsets.ISO_8859_1);
    }

    List<String> lines(String file, Charset charset) {
        try {
            String text = new String(Files.readAllBytes(root.resolve(file)), charset);
            return Arrays.asList(text.split("\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A CSV file of plain fields, each row by its column names. */
    List<Map<String, String>> rows(String file) {
        List<String> lines = lines(file, StandardCharsets.UTF_8);
        String[] names = lines.get(0).split(",");
        return lines.stream()
                .skip(1)
                .map(line -> {
                    String[] fields = line.split(",", -1);
                    Map<String, String> row = new HashMap<>();
                    for (int i = 0; i < names.length; i++) {
                        row.put(names[i], fields[i]);
                    }
                    return row;
                })
                .toList();
    }
}
