package io.clientele.ingest.read;

import io.clientele.engine.error.ClienteleException;
import io.clientele.ingest.mapping.Format;
import io.clientele.ingest.mapping.SourceMapping;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/** Finds the files of a source and tells which of them are new. */
public final class DeliveredFiles {
    private DeliveredFiles() {}

    /**
     * What is to be loaded. A content that was loaded before under any name is skipped; a name that comes with other content
     * is loaded again. A database always delivers, and its batch is named after the moment.
     *
     * @param inputRoot where relative locations start
     * @param ledger rows of ops.source_file, or null when nothing was ever loaded
     * @param startedAt the run's start: names the batch of a database
     */
    public static Delivery find(
            SparkSession session, SourceMapping mapping, String inputRoot, Dataset<Row> ledger, Instant startedAt) {
        if (mapping.format() == Format.JDBC) {
            return new Delivery(
                    mapping.name() + "-" + hash(startedAt.toString()).substring(0, 12), List.of(), List.of());
        }
        List<Row> known = ledger == null
                ? List.of()
                : ledger.where(functions.col("source").equalTo(mapping.name())).collectAsList();
        Path root = new Path(inputRoot.isEmpty() ? "." : inputRoot);
        Configuration hadoop = session.sessionState().newHadoopConf();
        try {
            FileSystem rootSystem = root.getFileSystem(hadoop);
            root = rootSystem.makeQualified(root);
            Path glob = new Path(root, mapping.location());
            FileSystem system = glob.getFileSystem(hadoop);
            glob = system.makeQualified(glob);
            FileStatus[] found = system.globStatus(glob);
            List<FileStatus> files = Arrays.stream(found == null ? new FileStatus[0] : found)
                    .filter(FileStatus::isFile)
                    .filter(status -> !isHidden(status.getPath().getName()))
                    .sorted(Comparator.comparing(status -> status.getPath().toString()))
                    .toList();
            if (files.isEmpty() && known.isEmpty()) {
                throw ClienteleException.data(
                        "Source %s: no file matches %s below %s. Check `location` in %s and --input.",
                        mapping.name(), mapping.location(), plain(root), mapping.file());
            }
            return compare(mapping, root, files, known, system);
        } catch (IOException e) {
            throw IngestErrors.translate(e);
        }
    }

    private static boolean isHidden(String name) {
        return name.startsWith(".") || name.startsWith("_") || name.endsWith("._COPYING_");
    }

    private static Delivery compare(
            SourceMapping mapping, Path root, List<FileStatus> files, List<Row> known, FileSystem system)
            throws IOException {
        Map<String, String> nameByHash = new HashMap<>();
        Map<String, Row> byName = new HashMap<>();
        for (Row row : known) {
            String name = row.getAs("source_file");
            nameByHash.putIfAbsent(row.getAs("content_hash"), name);
            byName.merge(
                    name,
                    row,
                    (a, b) -> a.<Timestamp>getAs("modified_at").after(b.<Timestamp>getAs("modified_at")) ? a : b);
        }
        List<DeliveredFile> fresh = new ArrayList<>();
        List<String> notices = new ArrayList<>();
        for (FileStatus status : files) {
            String name = name(root, status.getPath());
            Row earlier = byName.get(name);
            if (earlier != null && isUnchanged(earlier, status)) {
                continue;
            }
            DeliveredFile file = new DeliveredFile(
                    name,
                    status.getPath().toString(),
                    status.getLen(),
                    Instant.ofEpochMilli(status.getModificationTime()),
                    contentHash(system, status.getPath()));
            String other = nameByHash.get(file.contentHash());
            if (other != null) {
                if (!other.equals(name)) {
                    notices.add(name + " has the content of " + other + ", which is loaded: skipped (delivered twice)");
                }
                continue;
            }
            if (earlier != null) {
                notices.add(name + " was loaded before and now has other content: loaded as a new version");
            }
            nameByHash.put(file.contentHash(), name);
            fresh.add(file);
        }
        return new Delivery(fresh.isEmpty() ? null : batchId(mapping, fresh), List.copyOf(fresh), List.copyOf(notices));
    }

    private static boolean isUnchanged(Row earlier, FileStatus status) {
        return earlier.<Long>getAs("size_bytes") == status.getLen()
                && earlier.<Timestamp>getAs("modified_at").getTime() == status.getModificationTime();
    }

    private static String batchId(SourceMapping mapping, List<DeliveredFile> files) {
        String hashes = String.join(
                "\n", files.stream().map(DeliveredFile::contentHash).sorted().toList());
        return mapping.name() + "-" + hash(hashes).substring(0, 12);
    }

    private static String name(Path root, Path file) {
        String below = root.toString().endsWith("/") ? root.toString() : root + "/";
        String path = file.toString();
        return path.startsWith(below) ? path.substring(below.length()) : plain(file);
    }

    private static String plain(Path path) {
        return "file".equals(path.toUri().getScheme()) ? path.toUri().getPath() : path.toString();
    }

    private static String contentHash(FileSystem system, Path file) throws IOException {
        MessageDigest digest = sha256();
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = system.open(file)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static String hash(String text) {
        return HexFormat.of().formatHex(sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw ClienteleException.defect("Java without SHA-256", e);
        }
    }
}
