package io.clientele.engine;

import io.clientele.engine.check.TableCheck;
import io.clientele.engine.error.ClienteleException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A declared step of the warehouse: what it reads, writes and checks, and the function from the one to the other. Only the
 * {@link JobRunner} touches storage; a job sees its declared inputs and returns what is to be written.
 *
 * @param name unique, in snake case
 * @param stage the heading under which people see it: load, integrate, mine, serve
 * @param reads the tables it may read
 * @param writes the tables it writes; each table has one writer
 * @param remembers tables of which it reads what the runs before this one left; a later job of the run may write them
 * @param changes those of {@code reads} of which the job also reads only what changed since its last run
 * @param checks what must hold of the written tables before they are published
 * @param isDated whether it writes for an as-of date, and so is due once per date
 * @param configuration whatever the function depends on besides its inputs; its text is hashed, so records suit
 * @param revision raised when the function changes its meaning, so that tables are computed again
 * @param due an own test whether there is work, in place of comparing input versions; null for the default
 * @param isCompanion whether it runs in every run in which a job runs whose tables it reads
 * @param failures from what is thrown while it runs to the error to show; null where nothing special is known
 * @param transform the function
 */
public record Job(
        String name,
        String stage,
        List<TableRef> reads,
        List<TableRef> writes,
        List<TableRef> remembers,
        List<TableRef> changes,
        List<TableCheck> checks,
        boolean isDated,
        Object configuration,
        int revision,
        Predicate<JobInputs> due,
        boolean isCompanion,
        Function<Throwable, ClienteleException> failures,
        Transform transform) {

    /** From declared inputs to what is to be written, in the order of writing. */
    @FunctionalInterface
    public interface Transform {
        /** Plans the writes; no storage is touched here except through {@code in}. */
        List<Write> apply(JobInputs in, RunContext run);
    }

    /** Starts a declaration. */
    public static Builder named(String name) {
        return new Builder(name);
    }

    /** Builds a {@link Job}. */
    public static final class Builder {
        private final String name;
        private String stage = "integrate";
        private final List<TableRef> reads = new ArrayList<>();
        private final List<TableRef> writes = new ArrayList<>();
        private final List<TableRef> remembers = new ArrayList<>();
        private final List<TableRef> changes = new ArrayList<>();
        private final List<TableCheck> checks = new ArrayList<>();
        private boolean dated;
        private Object configuration = "";
        private int revision = 1;
        private Predicate<JobInputs> due;
        private boolean companion;
        private Function<Throwable, ClienteleException> failures;

        private Builder(String name) {
            this.name = Objects.requireNonNull(name);
        }

        /** The heading under which people see the job. */
        public Builder stage(String value) {
            stage = value;
            return this;
        }

        /** Tables read whole. */
        public Builder reads(TableRef... tables) {
            return reads(Arrays.asList(tables));
        }

        /** Tables read whole. */
        public Builder reads(List<TableRef> tables) {
            tables.stream().filter(t -> !reads.contains(t)).forEach(reads::add);
            return this;
        }

        /** Tables of which the job reads what changed since its last run (and may read the whole). */
        public Builder readsChanges(TableRef... tables) {
            return readsChanges(Arrays.asList(tables));
        }

        /** Tables of which the job reads what changed since its last run (and may read the whole). */
        public Builder readsChanges(List<TableRef> tables) {
            reads(tables);
            tables.stream().filter(t -> !changes.contains(t)).forEach(changes::add);
            return this;
        }

        /** Tables of which the job reads what earlier runs left there. */
        public Builder remembers(TableRef... tables) {
            remembers.addAll(Arrays.asList(tables));
            return this;
        }

        /** Tables this job, and no other, writes. */
        public Builder writes(TableRef... tables) {
            writes.addAll(Arrays.asList(tables));
            return this;
        }

        /** What must hold before the tables are published. */
        public Builder checks(List<TableCheck> values) {
            checks.addAll(values);
            return this;
        }

        /** The job computes for an as-of date. */
        public Builder dated() {
            dated = true;
            return this;
        }

        /** The settings on which the result depends. */
        public Builder config(Object value) {
            configuration = value;
            return this;
        }

        /** Raised when the function changes its meaning. */
        public Builder revision(int value) {
            revision = value;
            return this;
        }

        /** An own test whether there is work. */
        public Builder dueWhen(Predicate<JobInputs> value) {
            due = value;
            return this;
        }

        /** The job runs in every run in which a job runs whose tables it reads. */
        public Builder companion() {
            companion = true;
            return this;
        }

        /** How failures of this job's kind of work are told. */
        public Builder failures(Function<Throwable, ClienteleException> value) {
            failures = value;
            return this;
        }

        /** Ends the declaration with its function. */
        public Job transform(Transform transform) {
            return new Job(
                    name,
                    stage,
                    List.copyOf(reads),
                    List.copyOf(writes),
                    List.copyOf(remembers),
                    List.copyOf(changes),
                    List.copyOf(checks),
                    dated,
                    configuration,
                    revision,
                    due,
                    companion,
                    failures,
                    transform);
        }
    }
}
