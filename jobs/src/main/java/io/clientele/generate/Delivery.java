package io.clientele.generate;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/** One text file of a source: its good records, and faulty ones that are added between them. */
final class Delivery {
    private record Extra(int after, byte[] bytes, String kind) {}

    private final String file;
    private final Charset charset;
    private final String header;
    private final List<String> lines = new ArrayList<>();
    private final List<Extra> extras = new ArrayList<>();

    /** {@code file} is relative to the folder of the company; {@code header} is null for none. */
    Delivery(String file, Charset charset, String header) {
        this.file = file;
        this.charset = charset;
        this.header = header;
    }

    static Delivery csv(String file, String header) {
        return new Delivery(file, StandardCharsets.UTF_8, header);
    }

    static Delivery json(String file) {
        return new Delivery(file, StandardCharsets.UTF_8, null);
    }

    void add(String line) {
        lines.add(line);
    }

    int size() {
        return lines.size();
    }

    /** A good record with some text replaced, added somewhere behind it. */
    void plant(String kind, Dice dice, Function<String, String> change) {
        plantBytes(kind, dice, line -> change.apply(line).getBytes(charset));
    }

    /** The same, where the change gives bytes. */
    void plantBytes(String kind, Dice dice, Function<String, byte[]> change) {
        int model = dice.between(0, lines.size() - 1);
        int after = dice.between(model, lines.size() - 1);
        extras.add(new Extra(after, change.apply(lines.get(model)), kind));
    }

    void write(Path directory, Faults faults) throws IOException {
        Path path = directory.resolve(file);
        Files.createDirectories(path.getParent());
        extras.sort(Comparator.comparingInt(Extra::after));
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(path))) {
            long row = 0;
            if (header != null) {
                row = writeLine(out, header.getBytes(charset), row);
            }
            int next = 0;
            for (int i = 0; i < lines.size(); i++) {
                row = writeLine(out, lines.get(i).getBytes(charset), row);
                for (; next < extras.size() && extras.get(next).after() == i; next++) {
                    row = writeLine(out, extras.get(next).bytes(), row);
                    faults.add(file, row, extras.get(next).kind());
                }
            }
        }
    }

    private static long writeLine(OutputStream out, byte[] line, long row) throws IOException {
        out.write(line);
        out.write('\n');
        return row + 1;
    }
}
