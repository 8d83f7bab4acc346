package io.clientele.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/**
 * Rows that a job computes once and uses several times. They are kept in memory, what does not fit there on disk, until the
 * job ends; without it Spark computes them anew for each use.
 */
public final class Reuse {
    private static final ThreadLocal<List<Runnable>> RELEASES =
            ThreadLocal.withInitial(() -> Collections.synchronizedList(new ArrayList<>()));

    private Reuse() {}

    /** The same rows, kept from their first use on. For rows that are used at least twice, and not for whole fact tables. */
    public static Dataset<Row> of(Dataset<Row> rows) {
        Dataset<Row> kept = rows.persist(StorageLevel.MEMORY_AND_DISK());
        RELEASES.get().add(kept::unpersist);
        return kept;
    }

    /**
     * {@link #of}, computed at once: the planner then knows how few rows they are, and sends them to the many with which they
     * are joined instead of sorting both.
     */
    public static Dataset<Row> known(Dataset<Row> rows) {
        Dataset<Row> kept = of(rows);
        kept.count();
        return kept;
    }

    /**
     * {@link #known}, and the way they were computed is forgotten ({@link ComputedRows}). For rows from which other rows are made
     * that are kept too: the planner spells out the plans of kept rows, which takes minutes where they are nested in one another.
     */
    public static Dataset<Row> settled(Dataset<Row> rows) {
        ComputedRows computed = ComputedRows.of(rows);
        RELEASES.get().add(computed::release);
        return computed.rows();
    }

    /** How many rows; of {@link #settled} ones, which a plan would take longer than their number. */
    public static long count(Dataset<Row> rows) {
        ComputedRows settled = ComputedRows.behind(rows);
        return settled == null ? rows.count() : settled.count();
    }

    /** What lets go of all that the job of this thread keeps. */
    static List<Runnable> releases() {
        return RELEASES.get();
    }

    /** Has this thread keep rows for the job of another one, that of these {@link #releases}. */
    static void keepWith(List<Runnable> releases) {
        RELEASES.set(releases);
    }

    /** Lets go of what the job of this thread kept. */
    static void release() {
        RELEASES.get().forEach(Runnable::run);
        RELEASES.remove();
    }
}
