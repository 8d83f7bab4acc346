package io.clientele.engine;

import io.clientele.testing.SharedSpark;
import org.apache.spark.sql.delta.DeltaLog;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Lets go of what transforms kept after each class, as the runner does after each job: else every plan of the suite would be
 * compared with every later one, and all of them, and the logs of tables that are gone, fill the heap.
 */
public final class ReleaseAfterTests implements AfterAllCallback {
    @Override
    public void afterAll(ExtensionContext context) {
        if (SharedSpark.isStarted()) {
            release();
            SharedSpark.session().catalog().clearCache();
            DeltaLog.clearCache();
        }
    }

    /** Lets go of what transforms of this thread kept, as the runner does after each job. */
    public static void release() {
        Reuse.release();
    }
}
