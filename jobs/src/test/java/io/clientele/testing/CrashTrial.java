package io.clientele.testing;

import io.clientele.cli.ClienteleCommand;
import io.clientele.generate.CompanyGenerator;
import io.clientele.generate.GeneratorOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.commons.io.FileUtils;
import org.apache.spark.sql.delta.DeltaLog;

/**
 * The main job on a tiny company, killed and run again. The killed run is a process of its own; the undisturbed one and the
 * runs after a kill share this process's session.
 */
public final class CrashTrial {
    private final Path folder;
    private final Path conf;
    private final Map<String, String> undisturbed;
    private final int commits;

    /** Invents the company in an empty folder and runs it once undisturbed. */
    public CrashTrial(Path folder, Path conf) throws IOException {
        this.folder = folder;
        this.conf = conf;
        CompanyGenerator.write(GeneratorOptions.sample().withCustomers(20).withYears(1), folder.resolve("data"));
        SharedSpark.session();
        Path warehouse = folder.resolve("undisturbed");
        run(warehouse);
        undisturbed = hash(warehouse);
        commits = ChildProgram.countCommits(warehouse);
    }

    /** How many Delta commits the undisturbed run made. */
    public int commits() {
        return commits;
    }

    /** What readers see after the undisturbed run. */
    public Map<String, String> undisturbed() {
        return undisturbed;
    }

    /** Halts a run before or after its Nth commit, runs again and answers what readers see. */
    public Map<String, String> haltedAt(int commit, String when) throws IOException, InterruptedException {
        return afterwards(halted(commit, when));
    }

    /** Halts a run before or after its Nth commit, and answers where the warehouse is that it leaves. */
    public Path halted(int commit, String when) throws IOException, InterruptedException {
        Path warehouse = folder.resolve("halted-" + when + "-" + commit);
        ChildProgram.halt(
                folder.resolve(warehouse.getFileName() + ".log"), List.of(arguments(warehouse)), commit, when);
        return warehouse;
    }

    /**
     * Stops one run (SIGSTOP) before and after each of its commits and keeps a copy of the warehouse as it lies there, which
     * is what a kill at that moment leaves: what the process holds in memory is not in it. Answers the copies by moment.
     */
    public Map<StoppedAt, Path> stoppedAtEach() throws IOException, InterruptedException {
        Path signs = Files.createDirectories(folder.resolve("stopping"));
        Process process = child(
                stopping(),
                "-Dspark.delta.logStore.file.impl=" + CrashingLogStore.class.getName(),
                "-Dclientele.crash.wait=" + signs);
        Map<StoppedAt, Path> copies = new TreeMap<>();
        while (process.isAlive()) {
            String[] waiting = signs.toFile().list();
            if (waiting == null || waiting.length == 0) {
                Thread.sleep(2);
                continue;
            }
            signal("STOP", process);
            for (String sign : waiting) {
                Path copy = folder.resolve("stopped-" + sign);
                FileUtils.copyDirectory(stopping().toFile(), copy.toFile());
                copies.put(StoppedAt.of(sign), copy);
                Files.delete(signs.resolve(sign));
            }
            signal("CONT", process);
        }
        if (process.exitValue() != 0) {
            throw new AssertionError("The run that was stopped and went on ended with " + process.exitValue());
        }
        delete(stopping());
        return copies;
    }

    /** Runs a copy again where it was made, answers what readers see, and deletes it. */
    public Map<String, String> afterStop(Path copy) throws IOException {
        Files.move(copy, stopping());
        return afterwards(stopping());
    }

    /** A moment at which a run was stopped, in the order of time. */
    public record StoppedAt(int commit, boolean isAfter) implements Comparable<StoppedAt> {
        static StoppedAt of(String sign) {
            String[] parts = sign.split("-");
            return new StoppedAt(Integer.parseInt(parts[0]), parts[1].equals("after"));
        }

        @Override
        public int compareTo(StoppedAt other) {
            return Comparator.comparingInt(StoppedAt::commit)
                    .thenComparing(StoppedAt::isAfter)
                    .compare(this, other);
        }

        @Override
        public String toString() {
            return (isAfter ? "after" : "before") + " commit " + commit;
        }
    }

    private Path stopping() {
        return folder.resolve("stopped");
    }

    /** Sends it, and waits until a process that is to stop has stopped. */
    private static void signal(String name, Process process) throws IOException, InterruptedException {
        String pid = Long.toString(process.pid());
        if (new ProcessBuilder("kill", "-" + name, pid).start().waitFor() != 0) {
            throw new AssertionError("The run cannot be sent SIG" + name);
        }
        while (name.equals("STOP") && !state(pid).startsWith("T")) {
            Thread.sleep(1);
        }
    }

    private static String state(String pid) throws IOException {
        Process ps = new ProcessBuilder("ps", "-o", "stat=", "-p", pid).start();
        return new String(ps.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
    }

    /** Kills a run (SIGKILL) after some time, runs again and answers what readers see. */
    public Map<String, String> killedAfter(long milliseconds) throws IOException, InterruptedException {
        Path warehouse = folder.resolve("killed-" + milliseconds);
        Process process = child(warehouse);
        if (!process.waitFor(milliseconds, TimeUnit.MILLISECONDS)) {
            process.destroyForcibly().waitFor();
        }
        return afterwards(warehouse);
    }

    /** Runs a run's warehouse again, answers what readers see, and deletes it. */
    public Map<String, String> afterwards(Path warehouse) {
        run(warehouse);
        Map<String, String> hash = hash(warehouse);
        delete(warehouse);
        // What is remembered of a warehouse that is gone fills the heap, trial by trial.
        DeltaLog.clearCache();
        SharedSpark.session().catalog().clearCache();
        return hash;
    }

    private void run(Path warehouse) {
        int code = ClienteleCommand.execute(arguments(warehouse));
        if (code != 0) {
            throw new AssertionError("The run on " + warehouse + " ended with " + code);
        }
    }

    private String[] arguments(Path warehouse) {
        return new String[] {
            "run",
            "--stacktrace",
            "--conf",
            conf.toString(),
            "--input",
            folder.resolve("data").toString(),
            "--warehouse",
            warehouse.toString()
        };
    }

    private Process child(Path warehouse, String... properties) throws IOException {
        return ChildProgram.start(
                folder.resolve(warehouse.getFileName() + ".log"), List.of(arguments(warehouse)), properties);
    }

    private static Map<String, String> hash(Path warehouse) {
        return WarehouseHash.of(SharedSpark.session(), warehouse.toString());
    }

    private static void delete(Path folder) {
        try {
            FileUtils.deleteDirectory(folder.toFile());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
