package io.clientele.ingest.infer;

import io.clientele.engine.error.ClienteleException;
import io.clientele.ingest.read.DatabaseReader;
import io.clientele.ingest.read.IngestErrors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.zip.GZIPInputStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** A first mapping from a sample of the data, to be read and finished by a person. */
public final class SourceInfer {
    private static final int SAMPLE_BYTES = 1 << 20;

    private SourceInfer() {}

    /**
     * The mapping of a file as YAML: delimited text, JSON lines or Parquet, told by its content.
     *
     * @param session asked for where it is needed
     * @throws ClienteleException data, where no columns can be told
     */
    public static String ofFile(Path file, Supplier<SparkSession> session) {
        byte[] sample = sample(file);
        String location = file.toAbsolutePath().toString();
        if (new String(sample, 0, Math.min(4, sample.length), StandardCharsets.ISO_8859_1).equals("PAR1")) {
            try {
                Dataset<Row> rows =
                        session.get().read().option("__globPaths__", "false").parquet(location);
                return new FirstMapping(TypedSample.of(rows, "parquet", location, List.of(), false)).yaml();
            } catch (Exception e) {
                throw IngestErrors.translate(e);
            }
        }
        Charset encoding = encoding(sample);
        String text = new String(sample, encoding).replaceFirst("^\uFEFF", "");
        int end = sample.length < SAMPLE_BYTES ? text.length() : Math.max(text.lastIndexOf('\n'), 0);
        text = text.substring(0, end);
        if (text.isBlank()) {
            throw ClienteleException.data("%s holds no records to infer a mapping from", file);
        }
        if (text.stripLeading().startsWith("[")) {
            throw ClienteleException.data(
                    "%s is one JSON array; expected one document per line: write each of its elements on a line of its own",
                    file);
        }
        if (text.stripLeading().startsWith("{")) {
            return new FirstMapping(documents(file, text, encoding, session.get())).yaml();
        }
        return new FirstMapping(DelimitedSample.of(file, text, encoding)).yaml();
    }

    /**
     * The mapping of a database's table as YAML.
     *
     * @param userEnv and passwordEnv the environment variables with the user and the password; null: the URL says it all
     * @throws ClienteleException environment or configuration, where the table cannot be read
     */
    public static String ofTable(SparkSession session, String url, String table, String userEnv, String passwordEnv) {
        List<String> options = new ArrayList<>(List.of("table: " + FirstMapping.quoted(table)));
        if (userEnv != null) {
            options.add("user-env: " + userEnv);
        }
        if (passwordEnv != null) {
            options.add("password-env: " + passwordEnv);
        }
        Dataset<Row> rows = DatabaseReader.table(session, url, table, userEnv, passwordEnv);
        try {
            return new FirstMapping(TypedSample.of(rows, "jdbc", url, options, false)).yaml();
        } catch (Exception e) {
            throw IngestErrors.translate(e);
        }
    }

    private static Sample documents(Path file, String text, Charset encoding, SparkSession session) {
        List<String> lines = text.lines().filter(line -> !line.isBlank()).toList();
        Dataset<Row> rows = session.read()
                .option("mode", "DROPMALFORMED")
                .option("prefersDecimal", "true")
                .json(session.createDataset(lines, Encoders.STRING()));
        if (rows.schema().isEmpty()) {
            throw ClienteleException.data("%s holds no JSON object on a line of its own", file);
        }
        List<String> options = encoding.equals(StandardCharsets.UTF_8) ? List.of() : List.of("encoding: " + encoding);
        return TypedSample.of(rows, "json", file.toAbsolutePath().toString(), options, true);
    }

    private static byte[] sample(Path file) {
        try (InputStream raw = Files.newInputStream(file);
                InputStream in = file.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            bytes.write(in.readNBytes(SAMPLE_BYTES));
            return bytes.toByteArray();
        } catch (IOException e) {
            throw ClienteleException.environment(
                            "Cannot read %s: %s", file, e.getClass().getSimpleName())
                    .causedBy(e);
        }
    }

    private static Charset encoding(byte[] sample) {
        int end = sample.length;
        while (sample.length == SAMPLE_BYTES && end > 0 && sample[end - 1] != '\n') {
            end--;
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(sample, 0, end));
            return StandardCharsets.UTF_8;
        } catch (CharacterCodingException e) {
            return Charset.forName("windows-1252");
        }
    }
}
