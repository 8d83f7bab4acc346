package io.clientele.engine;

import io.clientele.engine.error.ClienteleException;
import io.clientele.engine.error.Responsible;
import org.apache.spark.sql.AnalysisException;

/** From what Spark, Delta and Hadoop throw to one sentence for the person who must act. */
public final class FailureTranslation {
    private FailureTranslation() {}

    /** The clear error inside a failure, or one made of it; a defect where nothing better is known. */
    public static ClienteleException translate(Throwable failure, Job job) {
        return translate(failure, job, isEnding());
    }

    static ClienteleException translate(Throwable failure, Job job, boolean isEnding) {
        String place = job == null ? "" : "Job " + job.name() + ": ";
        StringBuilder chain = new StringBuilder();
        for (Throwable t = failure; t != null && t != t.getCause(); t = t.getCause()) {
            if (t instanceof ClienteleException clear) {
                return clear;
            }
            chain.append(t.getClass().getName())
                    .append(": ")
                    .append(t.getMessage())
                    .append('\n');
        }
        if (isEnding) {
            // Spark stops under the jobs that run, so that they fail in many ways.
            return ClienteleException.environment(
                            "%sended from outside, by Ctrl-C or a signal: the warehouse is as it was; run again.",
                            place)
                    .causedBy(failure);
        }
        if (job != null && job.failures() != null) {
            ClienteleException known = job.failures().apply(failure);
            if (known.responsible() != Responsible.DEFECT) {
                return known;
            }
        }
        String text = chain.toString();
        if (text.contains("No space left on device")) {
            return ClienteleException.environment(
                            "%sno space is left on the disk of the warehouse or of the temporary folder: free some and run again;"
                                    + " the warehouse is as it was.",
                            place)
                    .causedBy(failure);
        }
        if (text.contains("Permission denied")
                || text.contains("AccessDeniedException")
                || text.contains("AccessControlException")) {
            return ClienteleException.environment(
                            "%sa file or folder may not be read or written by this user: check the permissions of the warehouse and of"
                                    + " the input.",
                            place)
                    .causedBy(failure);
        }
        if (text.contains("DELTA_CANNOT_CREATE_LOG_PATH")
                || text.contains("Mkdirs failed")
                || text.contains("Read-only file system")) {
            return ClienteleException.environment(
                            "%sa folder of the warehouse could not be made: its disk has no room for more files or may not be"
                                    + " written; free some space or change the permissions, and run again; the warehouse is as"
                                    + " it was.",
                            place)
                    .causedBy(failure);
        }
        if (text.contains("OutOfMemoryError")) {
            return ClienteleException.environment(
                            "%sthe memory given was too small: raise --driver-memory (scripts: CLIENTELE_MEMORY) and run again.",
                            place)
                    .causedBy(failure);
        }
        Throwable root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        // A message may quote a value, and values may be personal; only what Spark says of a plan holds none.
        String detail = root instanceof AnalysisException
                ? ": " + String.valueOf(root.getMessage()).lines().findFirst().orElse("")
                : "";
        return ClienteleException.defect(
                place + "unexpected " + root.getClass().getSimpleName() + detail
                        + " (run again with --stacktrace for details)",
                failure);
    }

    /** Whether the process is on its way out: no hook can be added from then on. */
    private static boolean isEnding() {
        Thread hook = new Thread(() -> {});
        try {
            Runtime.getRuntime().addShutdownHook(hook);
            Runtime.getRuntime().removeShutdownHook(hook);
            return false;
        } catch (IllegalStateException e) {
            return true;
        }
    }
}
