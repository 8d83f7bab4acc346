package io.clientele.engine.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.clientele.engine.error.ClienteleException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The folder of a warehouse: that it is one, of this program's format, and has room. */
public final class WarehouseFolder {
    /** Raised when tables of an older program can no longer be read by this one. */
    public static final int FORMAT = 1;

    private static final long SMALLEST_FREE_BYTES = 200L * 1024 * 1024;

    private final Path root;

    private WarehouseFolder(Path root) {
        this.root = root;
    }

    /** The folder itself. */
    public Path root() {
        return root;
    }

    /**
     * An existing warehouse, to be read.
     *
     * @throws ClienteleException where there is none, or one of another format
     */
    public static WarehouseFolder existing(Path root) {
        if (!Files.exists(marker(root))) {
            throw ClienteleException.configuration(
                    "There is no warehouse in %s: name one with --warehouse, or make one with 'clientele run'.", root);
        }
        return checked(root);
    }

    /**
     * A warehouse to be written, made where the folder is missing or empty.
     *
     * @throws ClienteleException where the folder holds something else, cannot be written or has no room
     */
    public static WarehouseFolder forWriting(Path root) {
        try {
            if (!Files.exists(marker(root))) {
                if (Files.exists(root) && !Files.isDirectory(root)) {
                    throw ClienteleException.configuration(
                            "The warehouse %s is a file: give a folder with --warehouse.", root);
                }
                if (Files.exists(root) && holdsForeignFiles(root)) {
                    throw ClienteleException.configuration(
                            "The folder %s holds files but is no warehouse (it has no _clientele/format.json):"
                                    + " give an empty or a new folder with --warehouse.",
                            root);
                }
                Files.createDirectories(marker(root).getParent());
                Files.writeString(marker(root), "{\"format\": " + FORMAT + "}\n", StandardCharsets.UTF_8);
            }
            WarehouseFolder folder = checked(root);
            if (!Files.isWritable(root)) {
                throw ClienteleException.environment(
                        "The warehouse %s may not be written by this user: change its permissions, or run as its owner.",
                        root);
            }
            long free = Files.getFileStore(root).getUsableSpace();
            if (free < SMALLEST_FREE_BYTES) {
                throw ClienteleException.environment(
                        "The disk of the warehouse %s has %d MB free but at least %d MB are needed: free some and run again.",
                        root, free >> 20, SMALLEST_FREE_BYTES >> 20);
            }
            return folder;
        } catch (IOException e) {
            throw ClienteleException.environment(
                            "The warehouse %s cannot be made or written (%s: %s): check the folder's permissions and its disk.",
                            root, e.getClass().getSimpleName(), e.getMessage())
                    .causedBy(e);
        }
    }

    private static boolean holdsForeignFiles(Path root) throws IOException {
        try (Stream<Path> entries = Files.list(root)) {
            return entries.anyMatch(p -> !p.getFileName().toString().equals("_clientele"));
        }
    }

    private static Path marker(Path root) {
        return root.resolve("_clientele").resolve("format.json");
    }

    private static WarehouseFolder checked(Path root) {
        try {
            JsonNode format =
                    new ObjectMapper().readTree(Files.readString(marker(root))).path("format");
            if (format.asInt(-1) != FORMAT) {
                throw ClienteleException.configuration(
                        "The warehouse %s is of format %s but this program reads format %d: use the program that wrote it,"
                                + " or load a new warehouse.",
                        root, format.isMissingNode() ? "unknown" : format, FORMAT);
            }
            return new WarehouseFolder(root.toAbsolutePath().normalize());
        } catch (IOException e) {
            throw ClienteleException.environment(
                            "The file %s cannot be read (%s): check the folder's permissions, or restore the file from a backup.",
                            marker(root), e.getMessage())
                    .causedBy(e);
        }
    }
}
