package io.clientele.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Parts of a job, two at once. Where both are many small queries, one computes while the other is planned; for large ones there is
 * nothing to gain.
 */
public final class SideBySide {
    private SideBySide() {}

    /** What both parts gave. */
    public record Both<A, B>(A one, B other) {}

    /** Runs both, in this thread and in one of its own; what they keep ({@link Reuse}) is this thread's. */
    public static <A, B> Both<A, B> both(Supplier<A> one, Supplier<B> other) {
        List<Runnable> releases = Reuse.releases();
        FutureTask<B> task = new FutureTask<>(() -> {
            Reuse.keepWith(releases);
            return other.get();
        });
        // A new thread inherits the session and the job's name from this one; one of a pool has those of its first
        // user.
        Thread thread = new Thread(task, Thread.currentThread().getName() + "-beside");
        thread.start();
        A first;
        try {
            first = one.get();
        } finally {
            await(thread);
        }
        return new Both<>(first, result(task));
    }

    /**
     * Runs all, two at a time, started in their order.
     *
     * @return what they gave, in the same order
     */
    public static <T> List<T> all(List<Supplier<T>> parts) {
        if (parts.size() == 1) {
            return List.of(parts.get(0).get());
        }
        AtomicInteger next = new AtomicInteger();
        List<T> results = Collections.synchronizedList(new ArrayList<>(Collections.nCopies(parts.size(), null)));
        Supplier<Boolean> some = () -> {
            for (int i = next.getAndIncrement(); i < parts.size(); i = next.getAndIncrement()) {
                try {
                    results.set(i, parts.get(i).get());
                } catch (RuntimeException | Error failure) {
                    next.set(parts.size());
                    throw failure;
                }
            }
            return true;
        };
        both(some, some);
        return results;
    }

    private static void await(Thread thread) {
        boolean isInterrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                isInterrupted = true;
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static <B> B result(FutureTask<B> task) {
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw SideBySide.<RuntimeException>asIs(e.getCause());
        } catch (InterruptedException e) {
            throw new IllegalStateException("The thread has ended", e);
        }
    }

    /** Spark throws checked exceptions that it does not declare. */
    @SuppressWarnings("unchecked")
    private static <T extends Throwable> T asIs(Throwable failure) throws T {
        throw (T) failure;
    }
}
