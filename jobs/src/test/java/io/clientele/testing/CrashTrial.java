package io.clientele.testing;

import io.clientele.cli.ClienteleCommand;
import io.clientele.generate.CompanyGenerator;
import io.clientele.generate.GeneratorOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(java.util.Comparator.reverseOrder())
                    .forEach(p -> p.toFile().delete());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
