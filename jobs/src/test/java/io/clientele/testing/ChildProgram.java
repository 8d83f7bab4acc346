package io.clientele.testing;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The program in a process of its own, which can die; on few rows ({@link FewRows}). */
public final class ChildProgram {
    private ChildProgram() {}

    /** Starts it with this test's classes; what it says goes to the log. */
    public static Process start(Path log, List<String> arguments, String... properties) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx2g");
        // It plans much and loops little. With one compiler alone the JVM would keep 48 MB for code, which fill up
        // towards the end of a run, and then end it with a VirtualMachineError.
        command.add("-XX:TieredStopAtLevel=1");
        command.add("-XX:ReservedCodeCacheSize=512m");
        command.add("-XX:MetaspaceSize=256m");
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(a -> a.startsWith("--add-opens")
                        || a.startsWith("-Duser.")
                        || a.startsWith("-Dfile.")
                        || a.startsWith("-Djdk.")
                        || a.startsWith("-Dio."))
                .forEach(command::add);
        command.add("-Dspark.master=local[2]");
        command.add("-Dspark.sql.shuffle.partitions=2");
        FewRows.SETTINGS.forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.addAll(List.of(properties));
        command.add("-cp");
        command.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        command.add("io.clientele.Main");
        command.addAll(arguments);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    /** Starts it so that it halts before or after its Nth Delta commit, and waits for that. */
    public static void halt(Path log, List<String> arguments, int commit, String when)
            throws IOException, InterruptedException {
        int code = start(
                        log,
                        arguments,
                        "-Dspark.delta.logStore.file.impl=" + CrashingLogStore.class.getName(),
                        "-Dclientele.crash.commit=" + commit,
                        "-Dclientele.crash.when=" + when)
                .waitFor();
        if (code != CrashingLogStore.EXIT_CODE) {
            throw new AssertionError("The run did not halt %s commit %d but ended with %d: %s"
                    .formatted(when, commit, code, Files.readString(log)));
        }
    }

    /** How many Delta commits a warehouse holds. */
    public static int countCommits(Path warehouse) throws IOException {
        try (Stream<Path> files = Files.walk(warehouse)) {
            return (int) files.filter(p -> p.getFileName().toString().matches("\\d{20}\\.json"))
                    .count();
        }
    }
}
