package io.clientele.testing;

import io.delta.storage.LocalLogStore;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Halts the process right before or right after the Nth Delta commit of its life, as a power cut would: no shutdown hook
 * runs, no lock is released. {@code -Dclientele.crash.commit=N -Dclientele.crash.when=before|after}. Or, with
 * {@code -Dclientele.crash.wait=FOLDER}, waits before and after each commit for whoever watches that folder: it makes a file
 * {@code N-before} or {@code N-after} there and goes on when the file is gone. Without these it only counts.
 */
public final class CrashingLogStore extends LocalLogStore {
    /** How a halted process ends. */
    public static final int EXIT_CODE = 137;

    private static final AtomicInteger COMMITS = new AtomicInteger();

    /** Delta makes log stores by reflection. */
    public CrashingLogStore(Configuration configuration) {
        super(configuration);
    }

    /** How many commits this process has tried so far. */
    public static int commits() {
        return COMMITS.get();
    }

    @Override
    public void write(Path path, Iterator<String> actions, Boolean overwrite, Configuration configuration)
            throws IOException {
        boolean isCommit = path.getName().matches("\\d{20}\\.json");
        int number = isCommit ? COMMITS.incrementAndGet() : 0;
        boolean isChosen = isCommit && number == Integer.getInteger("clientele.crash.commit", -1);
        boolean isWaiting = isCommit && System.getProperty("clientele.crash.wait") != null;
        String when = System.getProperty("clientele.crash.when", "before");
        if (isChosen && when.equals("before")) {
            Runtime.getRuntime().halt(EXIT_CODE);
        }
        if (isWaiting) {
            waitFor(number + "-before");
        }
        super.write(path, actions, overwrite, configuration);
        if (isWaiting) {
            waitFor(number + "-after");
        }
        if (isChosen && when.equals("after")) {
            Runtime.getRuntime().halt(EXIT_CODE);
        }
    }

    /** One at a time, so that who watches sees each moment by itself. */
    private static void waitFor(String moment) throws IOException {
        synchronized (COMMITS) {
            java.nio.file.Path sign =
                    Files.createFile(java.nio.file.Path.of(System.getProperty("clientele.crash.wait"), moment));
            try {
                while (Files.exists(sign)) {
                    Thread.sleep(5);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(e);
            }
        }
    }
}
