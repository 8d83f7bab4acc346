package io.clientele.ingest.read;

import io.clientele.engine.ConfigurationHash;
import io.clientele.engine.Suggestions;
import io.clientele.engine.error.ClienteleException;
import io.clientele.ingest.mapping.Format;
import io.clientele.ingest.mapping.SourceMapping;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Row;

/**
 * Finds what is new below a source's glob. A file is known by its content: the same bytes under any name are loaded once; a
 * name with other bytes is a new version of the file. Files whose name, size and time are known are not read again.
 */
public final class DeliveredFiles {
    private DeliveredFiles() {}

    /**
     * Looks for new files.
     *
     * @param root where relative locations start
     * @param ledger the rows of {@code ops.source_file} of this source: source_file, content_hash, size_bytes, modified_at
     * @throws io.clientele.engine.error.ClienteleException when nothing matches and nothing was ever loaded, when a file cannot
     *     be read, or when a CSV header misses a declared column
     */
    public static Delivery find(SourceMapping mapping, String root, List<Row> ledger, Configuration configuration) {
        try {
            Path glob = new Path(new Path(root.endsWith("/") ? root : root + "/"), mapping.location());
            FileSystem fileSystem = glob.getFileSystem(configuration);
            FileStatus[] found = fileSystem.globStatus(glob);
            List<FileStatus> files = found == null
                    ? List.of()
                    : Arrays.stream(found)
                            .filter(FileStatus::isFile)
                            .filter(f -> !f.getPath().getName().startsWith("_")
                                    && !f.getPath().getName().startsWith("."))
                            .sorted(Comparator.comparing(f -> f.getPath().toString()))
                            .toList();
            if (files.isEmpty() && ledger.isEmpty()) {
                throw ClienteleException.data(
                        "%s: no file matches %s: check 'location' and --input, or remove the source if it delivers nothing.",
                        mapping.file(), glob.toUri().getPath());
            }
            String base = fileSystem.makeQualified(new Path(root)).toUri().getPath();
            return sort(mapping, fileSystem, base, files, ledger);
        } catch (IOException e) {
            throw unreadable(mapping, mapping.location(), e);
        }
    }

    private static Delivery sort(
            SourceMapping mapping, FileSystem fileSystem, String base, List<FileStatus> files, List<Row> ledger)
            throws IOException {
        Map<String, Set<String>> hashesByName = new HashMap<>();
        Set<String> stamps = new HashSet<>();
        Set<String> hashes = new HashSet<>();
        for (Row row : ledger) {
            hashesByName.computeIfAbsent(row.getString(0), k -> new HashSet<>()).add(row.getString(1));
            hashes.add(row.getString(1));
            stamps.add(row.getString(0) + "|" + row.getLong(2) + "|"
                    + row.getTimestamp(3).toInstant());
        }
        List<DeliveredFile> fresh = new ArrayList<>();
        List<DeliveredFile> known = new ArrayList<>();
        List<String> notices = new ArrayList<>();
        for (FileStatus status : files) {
            String path = status.getPath().toUri().getPath();
            String name = path.startsWith(base + "/") ? path.substring(base.length() + 1) : path;
            Instant modified = Instant.ofEpochMilli(status.getModificationTime());
            if (stamps.contains(name + "|" + status.getLen() + "|" + modified)) {
                continue;
            }
            String hash = hash(mapping, fileSystem, status, name);
            if (!hashes.add(hash)) {
                known.add(new DeliveredFile(path, name, status.getLen(), modified, hash, List.of()));
                if (!hashesByName.containsKey(name)) {
                    notices.add(name + " says what was delivered before, to the byte; it is not loaded again");
                }
                continue;
            }
            if (hashesByName.containsKey(name)) {
                notices.add(name + " changed since it was loaded; its new and changed records are loaded");
            }
            List<String> header = List.of();
            if (status.getLen() == 0) {
                notices.add(name + " is empty (0 bytes)");
            } else if (mapping.format() == Format.CSV
                    && mapping.options().header()
                    && !mapping.options().multiLine()) {
                header = header(mapping, fileSystem, status, name, notices);
            }
            fresh.add(new DeliveredFile(path, name, status.getLen(), modified, hash, header));
        }
        String batch = mapping.rawName()
                + "-"
                + ConfigurationHash.of(String.join(
                        ",",
                        fresh.stream().map(DeliveredFile::contentHash).sorted().toList()));
        return new Delivery(List.copyOf(fresh), List.copyOf(known), batch, List.copyOf(notices));
    }

    private static String hash(SourceMapping mapping, FileSystem fileSystem, FileStatus status, String name) {
        try (InputStream bytes = fileSystem.open(status.getPath())) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            DigestInputStream digesting = new DigestInputStream(new BufferedInputStream(bytes, 1 << 20), digest);
            if (name.endsWith(".gz") && status.getLen() > 0) {
                // Reading it through tells at once whether it is whole.
                new GZIPInputStream(digesting, 1 << 16).transferTo(java.io.OutputStream.nullOutputStream());
            }
            digesting.transferTo(java.io.OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digest.digest());
        } catch (EOFException | ZipException e) {
            throw ClienteleException.data(
                            "%s of source %s is cut off or no gzip file (%s): have it delivered again; nothing of this run was published.",
                            name, mapping.name(), e.getMessage())
                    .causedBy(e);
        } catch (IOException e) {
            throw unreadable(mapping, name, e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> header(
            SourceMapping mapping, FileSystem fileSystem, FileStatus status, String name, List<String> notices) {
        String line = firstLine(mapping, fileSystem, status, name);
        String quote = mapping.options().quote();
        List<String> columns = Arrays.stream(line.split(
                        java.util.regex.Pattern.quote(mapping.options().delimiter()), -1))
                .map(String::strip)
                .map(c ->
                        c.length() > 1 && c.startsWith(quote) && c.endsWith(quote) ? c.substring(1, c.length() - 1) : c)
                .toList();
        List<String> declared = List.of(mapping.schema().fieldNames());
        List<String> missing =
                declared.stream().filter(c -> !columns.contains(c)).toList();
        if (!missing.isEmpty()) {
            String first = missing.get(0);
            throw ClienteleException.data(
                    "%s of source %s has no column '%s'%s: its first line names %s; %s Correct the file, or 'schema' in %s.",
                    name,
                    mapping.name(),
                    first,
                    missing.size() > 1 ? " (and " + (missing.size() - 1) + " more)" : "",
                    columns,
                    columns.size() == 1 && declared.size() > 1
                            ? "is the delimiter '" + mapping.options().delimiter() + "' right?"
                            : Suggestions.didYouMean(first, columns),
                    mapping.file());
        }
        if (columns.size() > declared.size()) {
            notices.add(name + " has columns that are not declared and not kept: "
                    + columns.stream().filter(c -> !declared.contains(c)).toList());
        }
        return columns;
    }

    private static String firstLine(SourceMapping mapping, FileSystem fileSystem, FileStatus status, String name) {
        try (InputStream raw = fileSystem.open(status.getPath());
                InputStream bytes = new BufferedInputStream(name.endsWith(".gz") ? new GZIPInputStream(raw) : raw)) {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int b = bytes.read(); b >= 0 && b != '\n' && line.size() < (1 << 20); b = bytes.read()) {
                line.write(b);
            }
            String text = line.toString(mapping.options().charset());
            return (text.startsWith("\uFEFF") ? text.substring(1) : text).stripTrailing();
        } catch (IOException e) {
            throw unreadable(mapping, name, e);
        }
    }

    private static ClienteleException unreadable(SourceMapping mapping, String name, IOException e) {
        return ClienteleException.environment(
                        "%s of source %s cannot be read (%s): check that it is there and that this user may read it.",
                        name, mapping.name(), e.getClass().getSimpleName())
                .causedBy(e);
    }
}
