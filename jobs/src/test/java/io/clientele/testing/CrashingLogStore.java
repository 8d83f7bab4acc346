package io.clientele.testing;

import io.delta.storage.LocalLogStore;
import java.io.IOException;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Halts the process right before or right after the Nth Delta commit of its life, as a power cut would: no shutdown hook
 * runs, no lock is released. {@code -Dclientele.crash.commit=N -Dclientele.crash.when=before|after}; without them it only
 * counts.
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
        boolean isChosen = isCommit && COMMITS.incrementAndGet() == Integer.getInteger("clientele.crash.commit", -1);
        String when = System.getProperty("clientele.crash.when", "before");
        if (isChosen && when.equals("before")) {
            Runtime.getRuntime().halt(EXIT_CODE);
        }
        super.write(path, actions, overwrite, configuration);
        if (isChosen && when.equals("after")) {
            Runtime.getRuntime().halt(EXIT_CODE);
        }
    }
}
