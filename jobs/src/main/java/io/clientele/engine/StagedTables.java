package io.clientele.engine;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.clientele.engine.check.TableCheck;
import io.clientele.engine.ledger.RunLedger;
import io.clientele.engine.ledger.RunLedger.CheckRow;
import io.clientele.engine.ledger.RunLedger.JobSuccess;
import io.clientele.engine.store.TableStore;
import io.clientele.engine.store.TableStore.WriteResult;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.jdk.javaapi.CollectionConverters;

/** The versions of the tables as one run sees them: the published ones, moved on by what its jobs have written so far. */
final class StagedTables {
    private final TableStore store;
    private final JobGraph graph;
    private final RunLedger ledger;
    private final Map<String, Long> versions = new ConcurrentHashMap<>();
    private final Map<String, Long> beforeRun = new ConcurrentHashMap<>();
    private final Map<String, List<LocalDate>> days = new ConcurrentHashMap<>();

    StagedTables(TableStore store, JobGraph graph, RunLedger ledger) {
        this.store = store;
        this.graph = graph;
        this.ledger = ledger;
        versions.putAll(ledger.published());
        beforeRun.putAll(ledger.published());
    }

    void rollback(TableRef table) {
        long version = store.rollback(table, version(table));
        if (version != TableStore.NONE) {
            versions.put(table.sqlName(), version);
            beforeRun.put(table.sqlName(), version);
        }
    }

    long version(TableRef table) {
        return versions.getOrDefault(table.sqlName(), TableStore.NONE);
    }

    Map<String, Long> versions() {
        return new TreeMap<>(versions);
    }

    Map<String, Long> versionsOf(Collection<TableRef> tables) {
        Map<String, Long> result = new TreeMap<>();
        tables.stream().filter(t -> version(t) != TableStore.NONE).forEach(t -> result.put(t.sqlName(), version(t)));
        return result;
    }

    Dataset<Row> read(TableRef table) {
        return store.read(table, version(table));
    }

    /** Writes a job's tables, two at a time: each waits for small queries and one commit. Gives the rows written. */
    long write(Job job, List<Write> writes, LocalDate asOf) {
        Set<TableRef> tables = new HashSet<>();
        for (Write write : writes) {
            if (!job.writes().contains(write.table())) {
                throw new IllegalStateException(
                        "Job " + job.name() + " does not declare that it writes " + write.table());
            }
            if (!tables.add(write.table())) {
                throw new IllegalStateException("Job " + job.name() + " writes " + write.table() + " twice");
            }
        }
        List<Supplier<Long>> parts = new ArrayList<>();
        writes.forEach(write -> parts.add(() -> write(write, asOf)));
        return SideBySide.all(parts).stream().mapToLong(Long::longValue).sum();
    }

    private long write(Write write, LocalDate asOf) {
        TableRef table = write.table();
        WriteResult result = store.write(write, asOf, version(table));
        if (result.version() != TableStore.NONE) {
            versions.put(table.sqlName(), result.version());
        }
        if (write.days() != null) {
            days.put(table.sqlName(), write.days());
        }
        return result.rows();
    }

    /** What the checks of a job find; those that cannot be proven for little are asked again at length. */
    List<CheckRow> audit(Job job, String runId, LocalDate asOf) {
        List<TableCheck> checks = job.checks().stream()
                .filter(c -> version(c.table()) != before(c.table()))
                .toList();
        for (TableCheck check : checks) {
            if (check.other() != null && !job.reads().contains(check.other())) {
                throw new IllegalStateException("Job " + job.name() + " checks against " + check.other()
                        + " but does not declare that it reads it");
            }
        }
        Map<TableCheck, Row> verdicts = verdicts(checks, asOf, true);
        verdicts.putAll(verdicts(
                checks.stream()
                        .filter(c -> c.proof() != null && !verdicts.get(c).getBoolean(2))
                        .toList(),
                asOf,
                false));
        return checks.stream()
                .map(check -> new CheckRow(
                        runId,
                        check.table().sqlName(),
                        check.name(),
                        verdicts.get(check).getBoolean(2),
                        check.isBlocking(),
                        verdicts.get(check).getString(1),
                        check.expected()))
                .toList();
    }

    /** All of them in one query: each would else cost a plan and a Spark job of its own. */
    private Map<TableCheck, Row> verdicts(List<TableCheck> checks, LocalDate asOf, boolean byProof) {
        Map<TableCheck, Row> found = new HashMap<>();
        List<Dataset<Row>> verdicts = new ArrayList<>();
        for (int i = 0; i < checks.size(); i++) {
            TableCheck check = checks.get(i);
            verdicts.add(check.verdict(toCheck(check.table(), asOf), others(check), byProof)
                    .select(lit(i).as("number"), col("observed").cast("string").as("observed"), col("is_passed")));
        }
        verdicts.stream()
                .reduce(Dataset::union)
                .ifPresent(all -> all.collectAsList().forEach(row -> found.put(checks.get(row.getInt(0)), row)));
        return found;
    }

    /** What the run wrote; of a sliced table every row of the slices it touched, since a history is judged as a whole. */
    private Dataset<Row> toCheck(TableRef table, LocalDate asOf) {
        if (table.keeping() != Keeping.SLICE || before(table) == TableStore.NONE) {
            return written(table, asOf);
        }
        // Days that are named let files of other days be passed over.
        if (days.containsKey(table.sqlName())) {
            return read(table).where(ofDays(table));
        }
        return read(table)
                .join(
                        written(table, asOf).select(table.slice()).distinct(),
                        CollectionConverters.asScala(List.of(table.slice())).toSeq(),
                        "left_semi");
    }

    private Dataset<Row> others(TableCheck check) {
        if (check.other() == null) {
            return null;
        }
        Dataset<Row> others = read(check.other());
        return check.isBySlice() && days.containsKey(check.table().sqlName())
                ? others.where(ofDays(check.table()))
                : others;
    }

    private Column ofDays(TableRef table) {
        return col(table.slice()).isInCollection(days.get(table.sqlName()));
    }

    private long before(TableRef table) {
        return beforeRun.getOrDefault(table.sqlName(), TableStore.NONE);
    }

    private Dataset<Row> written(TableRef table, LocalDate asOf) {
        long version = version(table);
        return version == before(table)
                ? store.read(table, version).where(lit(false))
                : store.writtenBy(table, new WriteResult(version, 0), before(table), asOf);
    }

    Inputs inputs(Job job, LocalDate asOf) {
        return new Inputs(job, asOf);
    }

    /** What one job sees. */
    final class Inputs implements JobInputs {
        private final Job job;
        private final LocalDate asOf;
        private final JobSuccess last;
        private final Map<String, Long> signature = new TreeMap<>();

        Inputs(Job job, LocalDate asOf) {
            this.job = job;
            this.asOf = asOf;
            this.last = ledger.lastSuccess(job.name(), asOf);
            for (TableRef table : job.reads()) {
                if (!job.writes().contains(table)) {
                    signature.put(table.sqlName(), signatureVersion(table));
                }
            }
        }

        /** A snapshot counts as changed when the slice of this date was written again, not when another date's was. */
        private long signatureVersion(TableRef table) {
            if (table.keeping() != Keeping.SNAPSHOT || graph.writer(table) == null) {
                return version(table);
            }
            Job writer = graph.writer(table);
            if (version(table) != before(table) && beforeRun.containsKey(table.sqlName())) {
                return version(table);
            }
            JobSuccess success = ledger.lastSuccess(writer.name(), asOf);
            return success == null ? version(table) : success.written().getOrDefault(table.sqlName(), TableStore.NONE);
        }

        Map<String, Long> signature() {
            return signature;
        }

        /**
         * Reads the small ones of the job's tables, two at a time, where the store keeps them: the first read of a version waits
         * for Delta to make out its files, longer than for the rows.
         */
        void readAhead() {
            Set<TableRef> tables = new LinkedHashSet<>(job.reads());
            job.writes().stream()
                    .filter(t -> t.keeping() == Keeping.UPSERT || t.keeping() == Keeping.SLICE)
                    .forEach(tables::add);
            List<Supplier<Boolean>> parts = new ArrayList<>();
            for (TableRef table : tables) {
                long version = job.remembers().contains(table) ? before(table) : version(table);
                if (version != TableStore.NONE) {
                    parts.add(() -> store.readAhead(table, version));
                }
            }
            SideBySide.all(parts);
        }

        boolean isDue(String configurationHash) {
            if (job.due() != null) {
                return job.due().test(this)
                        || (last != null && !last.configurationHash().equals(configurationHash));
            }
            return last == null
                    || !last.configurationHash().equals(configurationHash)
                    || !last.read().equals(signature);
        }

        @Override
        public Dataset<Row> table(TableRef table) {
            if (job.remembers().contains(table)) {
                return store.read(table, before(table));
            }
            if (!job.reads().contains(table) && !job.writes().contains(table)) {
                throw new IllegalStateException("Job " + job.name() + " does not declare that it reads " + table);
            }
            return read(table);
        }

        @Override
        public Dataset<Row> changes(TableRef table) {
            if (!job.changes().contains(table)) {
                throw new IllegalStateException("Job " + job.name() + " does not declare the changes of " + table);
            }
            return store.changes(table, since(table), version(table));
        }

        @Override
        public boolean isChanged(TableRef table) {
            return since(table) != version(table);
        }

        @Override
        public boolean isReconfigured() {
            return last != null && !last.configurationHash().equals(ConfigurationHash.of(job));
        }

        private long since(TableRef table) {
            return last == null ? TableStore.NONE : last.read().getOrDefault(table.sqlName(), TableStore.NONE);
        }

        @Override
        public boolean exists(TableRef table) {
            return version(table) != TableStore.NONE;
        }
    }
}
