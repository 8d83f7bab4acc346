package io.clientele.benchmark;

import io.clientele.testing.CrashTrial;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Halts the main job on a tiny company before and after every Delta commit, one after the other, and kills it at ten random
 * moments; runs it again each time and compares what readers see with an undisturbed run. Arguments: first and last commit
 * to try (default: all), and "before" or "after" for one of both alone (default: both).
 */
public final class CrashBenchmark {
    private CrashBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createTempDirectory("clientele-crash");
        CrashTrial trial = new CrashTrial(folder, Path.of("conf"));
        int first = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1;
        int last = arguments.length > 1 ? Integer.parseInt(arguments[1]) : trial.commits();
        List<String> moments = arguments.length > 2 ? List.of(arguments[2]) : List.of("before", "after");
        int tried = 0;
        int differing = 0;
        for (int commit = first; commit <= last; commit++) {
            for (String when : moments) {
                tried++;
                differing += report(when + " commit " + commit, trial.haltedAt(commit, when), trial.undisturbed());
            }
        }
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 10; i++) {
            long moment = 5_000L + random.nextInt(60_000);
            tried++;
            differing += report(
                    "killed after " + moment + " ms (seed " + seed + ")",
                    trial.killedAfter(moment),
                    trial.undisturbed());
        }
        System.out.printf("%d crashes over %d commits: %d differ%n", tried, trial.commits(), differing);
        System.exit(differing == 0 ? 0 : 1);
    }

    private static int report(String what, Map<String, String> found, Map<String, String> expected) {
        Map<String, String> differing = new TreeMap<>(found);
        differing.entrySet().removeAll(expected.entrySet());
        boolean isSame = found.equals(expected);
        System.out.printf("CRASH %-24s %s%n", what, isSame ? "same" : "DIFFERS " + differing.keySet());
        return isSame ? 0 : 1;
    }
}
