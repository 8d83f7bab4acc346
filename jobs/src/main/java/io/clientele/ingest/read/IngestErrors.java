package io.clientele.ingest.read;

import io.clientele.engine.error.ClienteleException;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipException;
import org.apache.hadoop.security.AccessControlException;

/** Turns what fails while delivered data is read into an error for the person who must act. */
public final class IngestErrors {
    private static final Pattern FILE =
            Pattern.compile("((?:file|hdfs|s3a?|gs|abfss?|wasbs?|memory):/[^\\s,;\"]*[^\\s,;\".:])");

    private IngestErrors() {}

    /** The error to show; a {@link ClienteleException} inside is given as it is. Never holds payloads or passwords. */
    public static ClienteleException translate(Throwable failure) {
        List<Throwable> chain = chain(failure);
        for (Throwable cause : chain) {
            if (cause instanceof ClienteleException known) {
                return known;
            }
        }
        String file = file(chain);
        for (Throwable cause : chain) {
            ClienteleException known = known(cause, file);
            if (known != null) {
                return known.causedBy(failure);
            }
        }
        return ClienteleException.defect(
                "Reading " + file + " failed: "
                        + chain.get(chain.size() - 1).getClass().getSimpleName(),
                failure);
    }

    private static ClienteleException known(Throwable cause, String file) {
        String text = String.valueOf(cause.getMessage());
        String lower = text.toLowerCase(Locale.ROOT);
        if (cause instanceof SQLException sql) {
            return database(sql);
        }
        if (cause instanceof EOFException
                || cause instanceof ZipException
                || lower.contains("unexpected end of input stream")
                || cause instanceof java.util.zip.DataFormatException
                || lower.contains("not a gzip file")
                || lower.contains("invalid distance")
                || lower.contains("invalid block type")
                || lower.contains("invalid stored block")
                || lower.contains("invalid code lengths")
                || lower.contains("invalid literal")
                || lower.contains("incorrect data check")
                || lower.contains("crc failure")
                || lower.contains("incorrect header check")) {
            return ClienteleException.data(
                    "%s is truncated or damaged: its compressed data cannot be read to the end. Have it delivered again.",
                    file);
        }
        if (lower.contains("no space left on device")) {
            return ClienteleException.environment(
                    "No space left on device while loading %s. Free some and run again.", file);
        }
        if (cause instanceof AccessControlException
                || cause instanceof java.nio.file.AccessDeniedException
                || lower.contains("permission denied")) {
            return ClienteleException.environment(
                    "No permission to read %s. Grant it to the user who runs the job.", file);
        }
        if (cause instanceof FileNotFoundException
                || cause instanceof java.nio.file.NoSuchFileException
                || lower.contains("file_not_exist")) {
            return ClienteleException.environment("%s vanished while it was being loaded. Run again.", file);
        }
        return lower.contains("is not a parquet file")
                ? ClienteleException.data("%s is no Parquet file, or it is cut off. Have it delivered again.", file)
                : null;
    }

    private static ClienteleException database(SQLException failure) {
        String state = String.valueOf(failure.getSQLState());
        String text =
                redact(String.valueOf(failure.getMessage()).lines().findFirst().orElse(""));
        if (state.startsWith("28")) {
            return ClienteleException.configuration(
                    "The database refuses the user: %s. Check options.user-env and options.password-env.", text);
        }
        if (state.startsWith("42") || state.startsWith("3D")) {
            return ClienteleException.configuration("The database does not know the table or column: %s", text);
        }
        if (state.startsWith("08") || text.contains("No suitable driver")) {
            return ClienteleException.environment("The database cannot be reached: %s", text);
        }
        return ClienteleException.environment("The database failed with state %s: %s", state, text);
    }

    /** A JDBC address, or a text with one, without user and password. */
    public static String redact(String text) {
        return text.replaceAll("//[^/@\\s]*@", "//***@")
                .replaceAll("(?i)((?:password|user|passwd|pwd)=)[^&;\\s]*", "$1***");
    }

    private static String file(List<Throwable> chain) {
        for (Throwable cause : chain) {
            Matcher matcher = FILE.matcher(String.valueOf(cause.getMessage()));
            if (matcher.find()) {
                return matcher.group(1).replaceFirst("^file:/+", "/");
            }
        }
        for (Throwable cause : chain) {
            if (cause instanceof FileNotFoundException || cause instanceof java.nio.file.FileSystemException) {
                return String.valueOf(cause.getMessage()).replaceFirst(" \\(.*", "");
            }
        }
        return "a delivered file";
    }

    private static List<Throwable> chain(Throwable failure) {
        List<Throwable> chain = new ArrayList<>();
        for (Throwable t = failure; t != null && chain.size() < 50 && !chain.contains(t); t = t.getCause()) {
            chain.add(t);
        }
        if (failure instanceof IOException && failure.getSuppressed().length > 0) {
            chain.addAll(List.of(failure.getSuppressed()));
        }
        return chain;
    }
}
