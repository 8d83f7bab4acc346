package io.clientele;

import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.testing.CrashTrial;
import io.clientele.testing.FewRows;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A drawn sample of what {@code scripts/benchmark crash} proves for every commit: a run that dies and is run again leaves the
 * warehouse of an undisturbed run. The seed draws a halt at a commit or a kill at a moment. {@code -Dclientele.crash.seed=N} draws the same sample again.
 */
@FewRows
class CrashTest {
    @TempDir
    Path folder;

    @Test
    void aRunThatDiesAndIsRunAgainLeavesTheSameWarehouse() throws Exception {
        long seed = Long.getLong("clientele.crash.seed", System.nanoTime());
        CrashTrial trial = new CrashTrial(folder, Path.of("..", "conf"));
        Random random = new Random(seed);
        if (random.nextBoolean()) {
            int commit = 1 + random.nextInt(trial.commits());
            String when = random.nextBoolean() ? "before" : "after";
            System.out.printf("CrashTest: seed %d, halt %s commit %d of %d%n", seed, when, commit, trial.commits());
            assertThat(trial.haltedAt(commit, when))
                    .as("halted %s commit %d, seed %d", when, commit, seed)
                    .isEqualTo(trial.undisturbed());
        } else {
            long milliseconds = 15_000L + random.nextInt(30_000);
            System.out.printf("CrashTest: seed %d, SIGKILL after %d ms%n", seed, milliseconds);
            assertThat(trial.killedAfter(milliseconds))
                    .as("killed after %d ms, seed %d", milliseconds, seed)
                    .isEqualTo(trial.undisturbed());
        }
    }
}
