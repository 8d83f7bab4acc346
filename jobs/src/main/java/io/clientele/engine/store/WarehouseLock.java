package io.clientele.engine.store;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clientele.engine.error.ClienteleException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;

/**
 * One writer per warehouse at a time. The operating system holds the lock for the process and drops it when the process
 * dies, however it dies; the file's text says who holds it, and after a crash who held it last.
 */
public final class WarehouseLock implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final FileChannel channel;
    private final FileLock lock;
    private final String abandonedRunId;

    private WarehouseLock(FileChannel channel, FileLock lock, String abandonedRunId) {
        this.channel = channel;
        this.lock = lock;
        this.abandonedRunId = abandonedRunId;
    }

    /**
     * Takes the lock.
     *
     * @throws ClienteleException with who holds it since when
     */
    public static WarehouseLock acquire(Path warehouse, String runId, Instant startedAt) {
        Path file = warehouse.resolve("_clientele").resolve("lock");
        try {
            Files.createDirectories(file.getParent());
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            ObjectNode holder = read(channel);
            if (lock == null) {
                channel.close();
                throw ClienteleException.environment(
                        "The warehouse %s is being written by run %s (process %s on %s) since %s: wait for it to end, or end that process.",
                        warehouse,
                        text(holder, "run_id"),
                        text(holder, "pid"),
                        text(holder, "host"),
                        text(holder, "since"));
            }
            ObjectNode self = JSON.createObjectNode();
            self.put("run_id", runId);
            self.put("pid", ProcessHandle.current().pid());
            self.put("host", hostName());
            self.put("since", startedAt.toString());
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(JSON.writeValueAsBytes(self)), 0);
            channel.force(true);
            return new WarehouseLock(
                    channel,
                    lock,
                    holder.hasNonNull("run_id") ? holder.get("run_id").asText() : null);
        } catch (IOException e) {
            throw ClienteleException.environment(
                            "The warehouse %s cannot be locked (%s: %s): check that the folder can be written.",
                            warehouse, e.getClass().getSimpleName(), e.getMessage())
                    .causedBy(e);
        }
    }

    /** The run that held the lock and never released it, or null: it was killed. */
    public String abandonedRunId() {
        return abandonedRunId;
    }

    @Override
    public void close() {
        try (channel) {
            channel.truncate(0);
            lock.release();
        } catch (IOException e) {
            throw ClienteleException.environment("The warehouse lock cannot be released: %s.", e.getMessage())
                    .causedBy(e);
        }
    }

    private static FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static ObjectNode read(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(4096);
        channel.read(bytes, 0);
        String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8).trim();
        try {
            return text.isEmpty() ? JSON.createObjectNode() : (ObjectNode) JSON.readTree(text);
        } catch (IOException | ClassCastException e) {
            // A crash can leave half a line; who held the lock is then unknown.
            return JSON.createObjectNode();
        }
    }

    private static String text(ObjectNode node, String field) {
        return node.hasNonNull(field) ? node.get(field).asText() : "unknown";
    }

    private static String hostName() {
        String name = System.getenv("HOSTNAME");
        try {
            return name != null ? name : java.net.InetAddress.getLocalHost().getHostName();
        } catch (IOException e) {
            return "localhost";
        }
    }
}
