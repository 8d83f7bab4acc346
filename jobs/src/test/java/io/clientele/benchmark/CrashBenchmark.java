package io.clientele.benchmark;

import io.clientele.testing.CrashTrial;
import io.clientele.testing.CrashTrial.StoppedAt;
import io.clientele.testing.FewRows;
import io.clientele.testing.SharedSpark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Stops the main job on a tiny company before and after every Delta commit, one after the other, runs what lies there again
 * and compares what readers see with an undisturbed run; then halts it at three drawn commits and kills it at ten random
 * moments. Arguments: the first and last commit to try (default: all).
 */
public final class CrashBenchmark {
    private static final int HALTS = 3;
    private static final int KILLS = 10;

    private final CrashTrial trial;
    private int crashes;
    private int differing;

    private CrashBenchmark(CrashTrial trial) {
        this.trial = trial;
    }

    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createTempDirectory("clientele-crash");
        FewRows.SETTINGS.forEach(SharedSpark.session().conf()::set);
        CrashBenchmark benchmark = new CrashBenchmark(new CrashTrial(folder, Path.of("conf")));
        int first = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1;
        int last = arguments.length > 1 ? Integer.parseInt(arguments[1]) : Integer.MAX_VALUE;
        long seed = System.nanoTime();
        benchmark.stopped(first, last);
        benchmark.died(new Random(seed), seed);
        System.out.printf("%d crashes: %d differ%n", benchmark.crashes, benchmark.differing);
        System.exit(benchmark.differing == 0 ? 0 : 1);
    }

    private void stopped(int first, int last) throws Exception {
        Map<StoppedAt, Path> copies = trial.stoppedAtEach();
        System.out.printf("Stopped %d times at %d commits%n", copies.size(), copies.size() / 2);
        for (Map.Entry<StoppedAt, Path> copy : copies.entrySet()) {
            int commit = copy.getKey().commit();
            if (commit >= first && commit <= last) {
                report("stopped " + copy.getKey(), trial.afterStop(copy.getValue()));
            }
        }
    }

    private void died(Random random, long seed) throws Exception {
        for (int i = 0; i < HALTS; i++) {
            int commit = 1 + random.nextInt(trial.commits());
            String when = random.nextBoolean() ? "before" : "after";
            report("halted %s commit %d (seed %d)".formatted(when, commit, seed), trial.haltedAt(commit, when));
        }
        for (int i = 0; i < KILLS; i++) {
            long moment = 5_000L + random.nextInt(30_000);
            report("killed after %d ms (seed %d)".formatted(moment, seed), trial.killedAfter(moment));
        }
    }

    private void report(String what, Map<String, String> found) {
        crashes++;
        Map<String, String> expected = trial.undisturbed();
        Map<String, String> unlike = new TreeMap<>(found);
        unlike.entrySet().removeAll(expected.entrySet());
        boolean isSame = found.equals(expected);
        differing += isSame ? 0 : 1;
        System.out.printf("CRASH %-24s %s%n", what, isSame ? "same" : "DIFFERS " + unlike.keySet());
    }
}
