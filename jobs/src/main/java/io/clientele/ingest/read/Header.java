package io.clientele.ingest.read;

import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import io.clientele.engine.config.Suggestion;
import io.clientele.engine.error.ClienteleException;
import io.clientele.ingest.mapping.SourceMapping;
import io.clientele.ingest.mapping.SourceOptions;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;

/** The first line of a CSV file, which names its columns. */
final class Header {
    private static final int MAX_BYTES = 1 << 20;

    private Header() {}

    /** The columns in the order of the file; nothing for an empty file. */
    static Optional<List<String>> of(DeliveredFile file, SourceOptions options, Configuration hadoop) {
        byte[] line = new byte[MAX_BYTES];
        int length = 0;
        try (InputStream in = open(file.path(), hadoop)) {
            for (int b = in.read(); b >= 0 && b != '\n' && b != '\r' && length < MAX_BYTES; b = in.read()) {
                line[length++] = (byte) b;
            }
        } catch (IOException e) {
            throw translated(e, file);
        }
        String text = withoutBom(new String(line, 0, length, options.charset()));
        return text.isBlank() ? Optional.empty() : Optional.of(columns(text, options));
    }

    static ClienteleException translated(IOException failure, DeliveredFile file) {
        return IngestErrors.translate(new IOException("file:/" + file.name() + " failed", failure));
    }

    static InputStream open(String path, Configuration hadoop) throws IOException {
        Path file = new Path(path);
        CompressionCodec codec = new CompressionCodecFactory(hadoop).getCodec(file);
        InputStream raw = file.getFileSystem(hadoop).open(file);
        return new java.io.BufferedInputStream(codec == null ? raw : codec.createInputStream(raw), 1 << 16);
    }

    private static String withoutBom(String text) {
        String plain = text.startsWith("\uFEFF") ? text.substring(1) : text;
        return plain.startsWith("ï»¿") ? plain.substring(3) : plain;
    }

    private static List<String> columns(String line, SourceOptions options) {
        CsvParserSettings settings = new CsvParserSettings();
        settings.getFormat().setDelimiter(options.delimiter().charAt(0));
        settings.getFormat().setQuote(options.quote().charAt(0));
        settings.getFormat().setQuoteEscape(options.quote().charAt(0));
        settings.setMaxCharsPerColumn(-1);
        settings.setMaxColumns(20480);
        String[] names = new CsvParser(settings).parseLine(line);
        return Arrays.stream(names)
                .map(name -> name == null ? "" : name.strip())
                .toList();
    }

    private static List<String> shortened(List<String> names) {
        return names.stream()
                .limit(100)
                .map(name -> name.length() > 60 ? name.substring(0, 60) + "..." : name)
                .toList();
    }

    /** Throws a data error when declared columns are missing or a declared one comes twice; else gives what is extra. */
    static List<String> checkColumns(SourceMapping mapping, DeliveredFile file, List<String> found) {
        List<String> declared = List.of(mapping.schema().fieldNames());
        List<String> missing =
                declared.stream().filter(name -> !found.contains(name)).toList();
        List<String> extra =
                found.stream().filter(name -> !declared.contains(name)).toList();
        if (!missing.isEmpty()) {
            StringBuilder suggestions = new StringBuilder();
            for (String name : missing) {
                Suggestion.closest(name, extra)
                        .ifPresent(near -> suggestions
                                .append(" Did '")
                                .append(near)
                                .append("' use to be '")
                                .append(name)
                                .append("'?"));
            }
            if (found.size() == 1 && declared.size() > 1) {
                suggestions
                        .append(" One column was found: is options.delimiter '")
                        .append(mapping.options().delimiter())
                        .append("' right?");
            }
            if (missing.size() == declared.size() && found.size() > 1) {
                // What is no header may be a person's record, which no message may quote.
                throw ClienteleException.data(
                        "%s: the first line names none of the expected columns %s, it has %d fields: a file without a header"
                                + " needs options.header: false, renamed columns need the schema of the mapping changed.",
                        file.name(), declared, found.size());
            }
            throw ClienteleException.data(
                    "%s: the header lacks %s; expected %s; found %s.%s Have the file delivered again, or change the schema of the"
                            + " mapping.",
                    file.name(), missing, declared, shortened(found), suggestions);
        }
        Set<String> seen = new HashSet<>();
        for (String name : found) {
            if (!seen.add(name) && declared.contains(name)) {
                throw ClienteleException.data(
                        "%s: the header names the column '%s' twice; found %s", file.name(), name, found);
            }
        }
        return extra;
    }
}
