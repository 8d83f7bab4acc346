package io.clientele.benchmark;

import io.clientele.testing.CrashTrial;
import io.clientele.testing.FewRows;
import io.clientele.testing.SharedSpark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Halts the main job on a tiny company before and after every Delta commit, one after the other, and kills it at ten random
 * moments; runs it again each time and compares what readers see with an undisturbed run. Arguments: first and last commit
 * to try (default: all), and "before" or "after" for one of both alone (default: both).
 */
public final class CrashBenchmark {
    private static final int KILLS = 10;

    private CrashBenchmark() {}

    private record Halt(int commit, String when) {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createTempDirectory("clientele-crash");
        FewRows.SETTINGS.forEach(SharedSpark.session().conf()::set);
        CrashTrial trial = new CrashTrial(folder, Path.of("conf"));
        int first = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1;
        int last = arguments.length > 1 ? Integer.parseInt(arguments[1]) : trial.commits();
        List<String> moments = arguments.length > 2 ? List.of(arguments[2]) : List.of("before", "after");
        List<Halt> halts = new ArrayList<>();
        for (int commit = first; commit <= last; commit++) {
            for (String when : moments) {
                halts.add(new Halt(commit, when));
            }
        }
        int differing = halted(trial, halts);
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < KILLS; i++) {
            long moment = 5_000L + random.nextInt(30_000);
            differing += report(
                    "killed after " + moment + " ms (seed " + seed + ")",
                    trial.killedAfter(moment),
                    trial.undisturbed());
        }
        System.out.printf("%d crashes over %d commits: %d differ%n", halts.size() + KILLS, trial.commits(), differing);
        System.exit(differing == 0 ? 0 : 1);
    }

    /** One after the other; while what one has left is run again, the next one runs up to its halt. */
    private static int halted(CrashTrial trial, List<Halt> halts) throws Exception {
        ExecutorService children = Executors.newSingleThreadExecutor();
        try {
            List<Future<Path>> left = new ArrayList<>();
            int differing = 0;
            for (int i = 0; i < halts.size(); i++) {
                for (Halt halt : halts.subList(left.size(), Math.min(i + 2, halts.size()))) {
                    left.add(children.submit(() -> trial.halted(halt.commit(), halt.when())));
                }
                Halt halt = halts.get(i);
                differing += report(
                        halt.when() + " commit " + halt.commit(),
                        trial.afterwards(left.get(i).get()),
                        trial.undisturbed());
            }
            return differing;
        } finally {
            children.shutdownNow();
        }
    }

    private static int report(String what, Map<String, String> found, Map<String, String> expected) {
        Map<String, String> differing = new TreeMap<>(found);
        differing.entrySet().removeAll(expected.entrySet());
        boolean isSame = found.equals(expected);
        System.out.printf("CRASH %-24s %s%n", what, isSame ? "same" : "DIFFERS " + differing.keySet());
        return isSame ? 0 : 1;
    }
}
