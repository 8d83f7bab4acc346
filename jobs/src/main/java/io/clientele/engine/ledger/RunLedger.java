package io.clientele.engine.ledger;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.max_by;
import static org.apache.spark.sql.functions.struct;

import io.clientele.engine.TableRef;
import io.clientele.engine.Write;
import io.clientele.engine.store.TableStore;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;

/**
 * What was published and what each job did last, read once when a run starts; and the rows that a run adds. A run ends
 * with exactly one row in {@code ops.publication}: that append is the moment at which its tables become visible.
 */
public final class RunLedger {
    private final SparkSession session;
    private final TableStore store;
    private final long publicationNumber;
    private final Map<String, Long> published;
    private final Map<String, JobSuccess> successes = new HashMap<>();

    /**
     * The last success of a job.
     *
     * @param read the versions it read, by table name
     * @param written the versions after its writes, by table name
     */
    public record JobSuccess(Map<String, Long> read, Map<String, Long> written, String configurationHash) {}

    /** A row of {@link LedgerTables#RUN}. */
    public record JobRow(
            String runId,
            String job,
            LocalDate asOf,
            String status,
            Instant startedAt,
            Instant finishedAt,
            long rowsRead,
            long rowsWritten,
            Map<String, Long> read,
            Map<String, Long> written,
            String configurationHash,
            String error) {}

    /** A row of {@link LedgerTables#CHECK_RESULT}. */
    public record CheckRow(
            String runId,
            String table,
            String check,
            boolean isPassed,
            boolean isBlocking,
            String observed,
            String expected) {}

    private RunLedger(SparkSession session, TableStore store, long publicationNumber, Map<String, Long> published) {
        this.session = session;
        this.store = store;
        this.publicationNumber = publicationNumber;
        this.published = published;
    }

    /** Reads the ledger of a warehouse; empty for a new one. */
    public static RunLedger read(SparkSession session, TableStore store) {
        long version = store.latestVersion(LedgerTables.PUBLICATION);
        List<Row> newest = version == TableStore.NONE
                ? List.of()
                : store.read(LedgerTables.PUBLICATION, version)
                        .orderBy(col("publication_number").desc())
                        .limit(1)
                        .collectAsList();
        if (newest.isEmpty()) {
            return new RunLedger(session, store, 0, new TreeMap<>());
        }
        Map<String, Long> versions = new TreeMap<>(newest.get(0).<String, Long>getJavaMap(3));
        RunLedger ledger = new RunLedger(session, store, newest.get(0).getLong(0), versions);
        ledger.readSuccesses();
        return ledger;
    }

    private void readSuccesses() {
        List<Row> rows = store.read(LedgerTables.RUN, publishedVersion(LedgerTables.RUN))
                .where(col("status").equalTo("succeeded"))
                .groupBy("job", "as_of_date")
                .agg(max_by(
                                struct("table_versions", "written_versions", "configuration_hash"),
                                struct("finished_at", "run_id"))
                        .as("last"))
                .select("job", "as_of_date", "last.table_versions", "last.written_versions", "last.configuration_hash")
                .collectAsList();
        for (Row row : rows) {
            String date = row.isNullAt(1) ? null : row.getDate(1).toLocalDate().toString();
            successes.put(
                    key(row.getString(0), date),
                    new JobSuccess(row.getJavaMap(2), row.getJavaMap(3), row.getString(4)));
        }
    }

    /** The number of the newest publication; 0 without one. */
    public long publicationNumber() {
        return publicationNumber;
    }

    /** One name for the configuration of all jobs as they last succeeded. */
    public String configurationHash() {
        return io.clientele.engine.ConfigurationHash.of(successes.entrySet().stream()
                .map(e -> e.getKey() + "=" + e.getValue().configurationHash())
                .sorted()
                .collect(java.util.stream.Collectors.joining(",")));
    }

    /** What readers see, by table name. */
    public Map<String, Long> published() {
        return published;
    }

    /** The published version of a table, or {@link TableStore#NONE}. */
    public long publishedVersion(TableRef table) {
        return published.getOrDefault(table.sqlName(), TableStore.NONE);
    }

    /** The last published success of a job for a date (null for undated jobs), or null. */
    public JobSuccess lastSuccess(String job, LocalDate asOf) {
        return successes.get(key(job, asOf == null ? null : asOf.toString()));
    }

    private static String key(String job, String date) {
        return job + "@" + date;
    }

    /** Adds what a run did and how its checks went, then publishes the given versions by one row. */
    public void publish(
            String runId, Instant at, List<JobRow> jobs, List<CheckRow> checks, Map<String, Long> versions) {
        Map<String, Long> next = new TreeMap<>(versions);
        next.put(
                LedgerTables.RUN.sqlName(),
                append(LedgerTables.RUN, jobs.stream().map(RunLedger::row).toList()));
        if (!checks.isEmpty()) {
            next.put(
                    LedgerTables.CHECK_RESULT.sqlName(),
                    append(
                            LedgerTables.CHECK_RESULT,
                            checks.stream().map(RunLedger::row).toList()));
        }
        append(
                LedgerTables.PUBLICATION,
                List.of(RowFactory.create(publicationNumber + 1, runId, Timestamp.from(at), next)));
    }

    private long append(TableRef table, List<Row> rows) {
        store.rollback(
                table, table.equals(LedgerTables.PUBLICATION) ? store.latestVersion(table) : publishedVersion(table));
        Write write = Write.of(
                table,
                session.createDataFrame(new ArrayList<>(rows), table.schema()).coalesce(1));
        return store.write(write, null, store.latestVersion(table)).version();
    }

    private static Row row(JobRow job) {
        return RowFactory.create(
                job.runId(),
                job.job(),
                job.asOf() == null ? null : java.sql.Date.valueOf(job.asOf()),
                job.status(),
                Timestamp.from(job.startedAt()),
                job.finishedAt() == null ? null : Timestamp.from(job.finishedAt()),
                job.rowsRead(),
                job.rowsWritten(),
                job.read(),
                job.written(),
                job.configurationHash(),
                job.error());
    }

    private static Row row(CheckRow check) {
        return RowFactory.create(
                check.runId(),
                check.table(),
                check.check(),
                check.isPassed(),
                check.isBlocking(),
                check.observed(),
                check.expected());
    }
}
