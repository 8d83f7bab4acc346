package io.clientele.engine.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Looks for damage that Delta does not notice by itself: a commit file without bytes makes a table read without its last
 * rows and without an error; a torn checkpoint makes it unreadable although its commits are whole. Works on the files
 * alone, so that it works where a session would fail.
 */
public final class WarehouseDoctor {
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final String LOST = "restore the table's folder from a backup, or load the warehouse anew";
    private static final Pattern COMMIT = Pattern.compile("(\\d{20})\\.json");
    private static final Pattern CHECKPOINT = Pattern.compile("(\\d{20})\\.checkpoint.*\\.parquet");

    /** One finding: the table, what is wrong, and what was done or is to be done about it. */
    public record Finding(String table, String damage, String remedy, boolean isRepaired) {}

    private final Path root;
    private final boolean isRepairing;

    /**
     * @param isRepairing whether what can be repaired is repaired; damaged files are moved beside the log, never deleted
     */
    public WarehouseDoctor(Path root, boolean isRepairing) {
        this.root = root;
        this.isRepairing = isRepairing;
    }

    /** The logs of the ledger's own tables: what is published can be asked only when they are whole. */
    public List<Finding> examineLedger() throws IOException {
        return examine(List.of("ops"), Map.of());
    }

    /** Every other table's log; {@code published} by table name: a commit that readers see is not moved aside. */
    public List<Finding> examineLogs(Map<String, Long> published) throws IOException {
        return examine(List.of("raw", "core", "mart"), published);
    }

    private List<Finding> examine(List<String> databases, Map<String, Long> published) throws IOException {
        List<Finding> findings = new ArrayList<>();
        for (String database : databases) {
            Path folder = root.resolve(database);
            if (Files.isDirectory(folder)) {
                try (Stream<Path> tables = Files.list(folder)) {
                    for (Path table : tables.sorted().toList()) {
                        String name = database + "." + table.getFileName();
                        examine(name, table.resolve("_delta_log"), published.getOrDefault(name, -1L), findings);
                    }
                }
            }
        }
        return findings;
    }

    /**
     * Whether every published version is there with all of its data files in the size that the log states; {@code published}
     * by table name. Files of a table whose first commits were cleaned away are not looked at.
     */
    public List<Finding> examinePublished(Map<String, Long> published) throws IOException {
        List<Finding> findings = new ArrayList<>();
        for (Map.Entry<String, Long> entry : published.entrySet()) {
            Path log = root.resolve(entry.getKey().replace('.', '/')).resolve("_delta_log");
            long newest =
                    Files.isDirectory(log) ? commits(log).keySet().stream().reduce(-1L, (a, b) -> b) : -1;
            if (newest < entry.getValue()) {
                findings.add(new Finding(
                        entry.getKey(),
                        "version " + entry.getValue() + " is published but the newest in the log is " + newest,
                        LOST,
                        false));
            } else if (commits(log).firstKey() == 0) {
                examineFiles(entry.getKey(), log, entry.getValue(), findings);
            }
        }
        return findings;
    }

    private static void examineFiles(String table, Path log, long version, List<Finding> findings) throws IOException {
        Map<String, Long> files = new TreeMap<>();
        for (Path commit : commits(log).headMap(version + 1).values()) {
            try (Stream<String> lines = Files.lines(commit)) {
                for (String line : (Iterable<String>) lines::iterator) {
                    JsonNode action = JSON.readTree(line);
                    if (action.has("add")) {
                        files.put(
                                action.at("/add/path").asText(),
                                action.at("/add/size").asLong());
                    } else if (action.has("remove")) {
                        files.remove(action.at("/remove/path").asText());
                    }
                }
            }
        }
        long missing = 0;
        long otherSize = 0;
        for (Map.Entry<String, Long> file : files.entrySet()) {
            // The log holds addresses, in which a path is escaped.
            Path data = log.getParent().resolve(URI.create(file.getKey()).getPath());
            if (!Files.exists(data)) {
                missing++;
            } else if (Files.size(data) != file.getValue()) {
                otherSize++;
            }
        }
        if (missing + otherSize > 0) {
            findings.add(new Finding(
                    table,
                    "of the " + files.size() + " data files of version " + version + " " + missing + " are missing and "
                            + otherSize + " have another size than the log states",
                    LOST,
                    false));
        }
    }

    private void examine(String table, Path log, long published, List<Finding> findings) throws IOException {
        if (!Files.isDirectory(log)) {
            findings.add(new Finding(table, "there is no _delta_log", "restore the folder from a backup", false));
            return;
        }
        SortedMap<Long, Path> commits = commits(log);
        TreeSet<Long> checkpoints = checkpoints(table, log, commits, findings);
        long expected = commits.isEmpty() ? 0 : commits.firstKey();
        if (expected > 0 && checkpoints.stream().noneMatch(c -> c >= commits.firstKey() - 1)) {
            findings.add(new Finding(
                    table,
                    "the log starts at version " + expected + " without a checkpoint before it",
                    "restore the table's folder from a backup",
                    false));
        }
        for (Map.Entry<Long, Path> commit : commits.entrySet()) {
            if (commit.getKey() != expected) {
                findings.add(new Finding(
                        table,
                        "versions " + expected + " to " + (commit.getKey() - 1) + " are missing from the log",
                        "restore the table's folder from a backup",
                        false));
            }
            expected = commit.getKey() + 1;
            String fault = tornCommit(commit.getValue());
            if (fault != null) {
                boolean isStaged = commit.getKey().equals(commits.lastKey()) && commit.getKey() > published;
                findings.add(
                        isStaged
                                ? mend(
                                        table,
                                        "the newest commit " + commit.getKey() + " " + fault,
                                        commit.getValue(),
                                        "moved aside: the table is as before that commit, and the next run writes it again")
                                : new Finding(table, "commit " + commit.getKey() + " " + fault, LOST, false));
            }
        }
    }

    private TreeSet<Long> checkpoints(String table, Path log, SortedMap<Long, Path> commits, List<Finding> findings)
            throws IOException {
        TreeSet<Long> whole = new TreeSet<>();
        for (Path file : list(log)) {
            Matcher name = CHECKPOINT.matcher(file.getFileName().toString());
            if (name.matches()) {
                long version = Long.parseLong(name.group(1));
                if (isWholeParquet(file)) {
                    whole.add(version);
                } else if (!commits.isEmpty() && commits.firstKey() == 0) {
                    findings.add(mend(
                            table,
                            "checkpoint " + version + " is torn",
                            file,
                            "moved aside: the commits are whole and are read instead"));
                    Path last = log.resolve("_last_checkpoint");
                    if (isRepairing && Files.exists(last)) {
                        Files.move(last, log.resolve("_last_checkpoint.aside"), StandardCopyOption.REPLACE_EXISTING);
                    }
                } else {
                    findings.add(new Finding(
                            table,
                            "checkpoint " + version + " is torn and older commits are gone",
                            "restore the table's folder from a backup",
                            false));
                }
            }
        }
        return whole;
    }

    private Finding mend(String table, String damage, Path file, String remedy) throws IOException {
        if (isRepairing) {
            Files.move(file, file.resolveSibling(file.getFileName() + ".aside"), StandardCopyOption.REPLACE_EXISTING);
            Path checksum = file.resolveSibling("." + file.getFileName() + ".crc");
            Files.deleteIfExists(checksum);
            // Delta's own checksum of the version would be held against the one that is written in its place.
            Files.deleteIfExists(
                    file.resolveSibling(file.getFileName().toString().replace(".json", ".crc")));
            return new Finding(table, damage, remedy, true);
        }
        return new Finding(table, damage, "run 'clientele doctor --repair': it will be " + remedy, false);
    }

    private static SortedMap<Long, Path> commits(Path log) throws IOException {
        SortedMap<Long, Path> commits = new TreeMap<>();
        for (Path file : list(log)) {
            Matcher name = COMMIT.matcher(file.getFileName().toString());
            if (name.matches()) {
                commits.put(Long.parseLong(name.group(1)), file);
            }
        }
        return commits;
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    private static String tornCommit(Path file) throws IOException {
        if (Files.size(file) == 0) {
            return "is empty (0 bytes)";
        }
        int number = 0;
        try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
            for (String line : (Iterable<String>) lines::iterator) {
                number++;
                if (!JSON.readTree(line).isObject()) {
                    return "is torn (line " + number + " is no JSON object)";
                }
            }
        } catch (JsonProcessingException e) {
            return "is torn (line " + number + " is no JSON object)";
        }
        return null;
    }

    private static boolean isWholeParquet(Path file) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "r")) {
            if (bytes.length() < 12) {
                return false;
            }
            byte[] end = new byte[4];
            bytes.seek(bytes.length() - 4);
            bytes.readFully(end);
            return new String(end, StandardCharsets.ISO_8859_1).equals("PAR1");
        }
    }
}
