package io.clientele.engine.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.LogSegment;
import org.apache.spark.sql.delta.Snapshot;
import org.apache.spark.sql.delta.actions.Action;
import org.apache.spark.sql.delta.actions.AddFile;
import org.apache.spark.sql.delta.actions.InMemoryLogReplay;
import org.apache.spark.sql.delta.util.FileNames$;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The files that make up a version of a Delta table, where they are few. Delta finds them by Spark jobs, one that puts its log
 * together and one for each query; of a log of a few commits the driver reads them at once, and they are remembered: versions
 * do not change.
 */
final class TableFiles {
    /** Of more files, Delta chooses by their minima and maxima which to read. */
    private static final int MOST = 64;

    private final SparkSession session;
    private final Map<String, TreeMap<Long, Seq<AddFile>>> known = new ConcurrentHashMap<>();

    TableFiles(SparkSession session) {
        this.session = session;
    }

    /** The rows of a version. */
    Dataset<Row> rows(String path, long version) {
        Snapshot snapshot = snapshot(path, version);
        return few(path, snapshot)
                .map(files -> rows(snapshot, files))
                .orElseGet(() -> session.read()
                        .format("delta")
                        .option("versionAsOf", version)
                        .load(path));
    }

    /** Delta takes the session that is active, which need not be the warehouse's. */
    private Dataset<Row> rows(Snapshot snapshot, Seq<AddFile> files) {
        return ((org.apache.spark.sql.classic.SparkSession) session)
                .withActive(() -> snapshot.deltaLog().createDataFrame(snapshot, files, false, Option.apply("batch")));
    }

    /**
     * The rows that a range of versions, both inclusive, appended, with the columns of Delta's change data feed; none where a
     * commit did more than append, which that feed has to tell.
     */
    Optional<Dataset<Row>> appended(String path, long first, long last) {
        Snapshot snapshot = snapshot(path, last);
        return AppendedRows.of(snapshot, first, last)
                .map(commits -> commits.stream()
                        .map(commit -> commit.asChanges(rows(snapshot, commit.files())))
                        .reduce(Dataset::unionByName)
                        .orElseThrow());
    }

    /**
     * Commits rows in place of all rows of the newest version.
     *
     * @param rows with the columns of the table
     * @return whether it did; false, and nothing done, where the table has many files or other columns
     */
    boolean replace(String path, long version, Dataset<Row> rows) {
        Snapshot snapshot = snapshot(path, version);
        if (!Arrays.equals(snapshot.schema().fieldNames(), rows.columns())) {
            return false;
        }
        Optional<Seq<AddFile>> files = few(path, snapshot);
        files.ifPresent(all -> Replacement.commit(session, snapshot, all, rows));
        return files.isPresent();
    }

    /** Whether a version is known to hold no row; false where that would have to be counted. */
    boolean isEmpty(String path, long version) {
        return few(path, snapshot(path, version))
                .map(files -> CollectionConverters.asJava(files).stream()
                        .allMatch(file -> file.numLogicalRecords().contains(0L)))
                .orElse(false);
    }

    /**
     * Whether the days lie outside of what a version's files say they hold; false where Delta would have to be asked.
     *
     * @param column a date by which the table is partitioned, or of which its files keep the least and the greatest
     */
    boolean isWithout(String path, long version, String column, List<LocalDate> days) {
        return few(path, snapshot(path, version))
                .map(files -> CollectionConverters.asJava(files).stream()
                        .map(file -> DayRange.of(file, column))
                        .allMatch(range -> range != null && days.stream().noneMatch(range::holds)))
                .orElse(false);
    }

    /** The columns of a version. */
    StructType schema(String path, long version) {
        return snapshot(path, version).schema();
    }

    private Snapshot snapshot(String path, long version) {
        return DeltaLog.forTable(session, new Path(path)).getSnapshotAt(version, Option.empty(), Option.empty(), false);
    }

    /** The files of a version; none where they are many. */
    private Optional<Seq<AddFile>> few(String path, Snapshot snapshot) {
        TreeMap<Long, Seq<AddFile>> versions = known.computeIfAbsent(path, p -> new TreeMap<>());
        synchronized (versions) {
            Seq<AddFile> files = versions.get(snapshot.version());
            if (files == null) {
                files = files(snapshot, versions.floorEntry(snapshot.version()));
                if (files == null || files.size() > MOST) {
                    return Optional.empty();
                }
                versions.put(snapshot.version(), files);
            }
            return Optional.of(files);
        }
    }

    /**
     * Null where they are known to be many, or where it is not known how many.
     *
     * @param earlier an earlier version and its files; null where none is known
     */
    private static Seq<AddFile> files(Snapshot snapshot, Map.Entry<Long, Seq<AddFile>> earlier) {
        LogSegment segment = snapshot.logSegment();
        List<FileStatus> commits = CollectionConverters.asJava(segment.deltas());
        boolean isWhole = segment.checkpointProvider().isEmpty();
        boolean goesOn = earlier != null
                && (isWhole || earlier.getKey() >= segment.checkpointProvider().version());
        if ((!isWhole && !goesOn) || commits.stream().anyMatch(FileNames$.MODULE$::isCompactedDeltaFile)) {
            return snapshot.checksumOpt().exists(sum -> sum.numFiles() <= MOST)
                    ? CollectionConverters.asScala(snapshot.allFiles().collectAsList())
                            .toSeq()
                    : null;
        }
        InMemoryLogReplay replay = new InMemoryLogReplay(Option.empty(), Option.empty());
        if (goesOn) {
            replay.append(earlier.getKey(), earlier.getValue().iterator().map(file -> (Action) file));
        }
        DeltaLog log = snapshot.deltaLog();
        for (FileStatus commit : commits) {
            long version = FileNames$.MODULE$.deltaVersion(commit);
            if (!goesOn || version > earlier.getKey()) {
                replay.append(
                        version,
                        log.store()
                                .read(commit, log.newDeltaHadoopConf())
                                .iterator()
                                .map(Action::fromJson));
            }
        }
        return replay.allFiles();
    }

    /** The first and the last day of a file. */
    private record DayRange(LocalDate first, LocalDate last) {
        private static final ObjectMapper JSON = new ObjectMapper();

        /** As a file's partition or its statistics have it; null where they do not. */
        static DayRange of(AddFile file, String column) {
            Option<String> partition = file.partitionValues().get(column);
            if (partition.isDefined()) {
                String day = partition.get();
                return day == null ? null : new DayRange(LocalDate.parse(day), LocalDate.parse(day));
            }
            try {
                JsonNode all = JSON.readTree(file.stats() == null ? "{}" : file.stats());
                String first = all.path("minValues").path(column).asText("");
                String last = all.path("maxValues").path(column).asText("");
                return first.isEmpty() || last.isEmpty()
                        ? null
                        : new DayRange(LocalDate.parse(first), LocalDate.parse(last));
            } catch (JsonProcessingException e) {
                return null;
            }
        }

        boolean holds(LocalDate day) {
            return !day.isBefore(first) && !day.isAfter(last);
        }
    }
}
