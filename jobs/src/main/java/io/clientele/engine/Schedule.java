package io.clientele.engine;

import io.clientele.engine.error.ClienteleException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;

/**
 * Runs jobs as soon as what they need is written. While a job's tables are audited, the jobs that read them go on already: what they
 * make of tables that fail is never published either.
 */
final class Schedule {
    private final List<Job> jobs;
    private final Function<Job, Set<String>> needs;
    private final int parallelism;
    private final Work work;
    private final BlockingQueue<Step> steps = new LinkedBlockingQueue<>();
    private final Set<String> written = new HashSet<>();
    private final Set<String> writing = new HashSet<>();
    private final List<Step> failures = new ArrayList<>();

    private Schedule(List<Job> jobs, Function<Job, Set<String>> needs, int parallelism, Work work) {
        this.jobs = jobs;
        this.needs = needs;
        this.parallelism = parallelism;
        this.work = work;
    }

    /** What a job does. */
    @FunctionalInterface
    interface Work {
        /** Computes, writes, calls {@code whenWritten}, and audits; where there is nothing to do it is not called. */
        void run(Job job, Runnable whenWritten);
    }

    /**
     * How far a job is.
     *
     * @param isEnd whether it has ended, else it has written its tables
     * @param failure why it failed; null where it did not
     */
    private record Step(Job job, boolean isEnd, RuntimeException failure) {}

    /**
     * Returns when all have ended.
     *
     * @param jobs in an order in which each stands after those that it needs
     * @param needs the names of the jobs that a job waits for; names of other jobs are passed over
     * @param parallelism how many jobs may compute and write at once, beside those that audit
     * @throws RuntimeException that of the first of the failed jobs in their order, when the others that had begun have ended: what
     *     reads a broken table may fail by it before the check that says so
     */
    static void run(List<Job> jobs, Function<Job, Set<String>> needs, int parallelism, Work work) {
        new Schedule(jobs, needs, parallelism, work).run();
    }

    private void run() {
        Set<String> selected = new HashSet<>(jobs.stream().map(Job::name).toList());
        List<Job> open = new ArrayList<>(LongestFirst.of(jobs, needs));
        int running = 0;
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            while (!open.isEmpty() || running > 0) {
                for (Job job : List.copyOf(open)) {
                    Set<String> waitsFor = new HashSet<>(needs.apply(job));
                    waitsFor.retainAll(selected);
                    if (writing.size() < parallelism && written.containsAll(waitsFor)) {
                        open.remove(job);
                        writing.add(job.name());
                        running++;
                        threads.execute(() -> steps.add(new Step(job, true, failure(job))));
                    }
                }
                Step step = steps.take();
                writing.remove(step.job().name());
                written.add(step.job().name());
                running -= step.isEnd() ? 1 : 0;
                if (step.failure() != null) {
                    failures.add(step);
                    open.clear();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ClienteleException.environment("The run was interrupted: run it again.")
                    .causedBy(e);
        } finally {
            finish(threads);
        }
        failures.stream()
                .min(Comparator.comparing((Step step) -> jobs.indexOf(step.job())))
                .ifPresent(first -> {
                    throw first.failure();
                });
    }

    /** Why the job failed; null where it did not. */
    private RuntimeException failure(Job job) {
        try {
            work.run(job, () -> steps.add(new Step(job, false, null)));
            return null;
        } catch (RuntimeException failure) {
            return failure;
        } catch (Error failure) {
            return ClienteleException.defect(String.valueOf(failure), failure);
        }
    }

    private static void finish(ExecutorService threads) {
        threads.shutdown();
        try {
            // Of an interrupted run: jobs end by themselves, and the next run takes back what they have staged.
            threads.awaitTermination(1, java.util.concurrent.TimeUnit.HOURS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
