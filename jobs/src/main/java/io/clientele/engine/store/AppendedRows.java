package io.clientele.engine.store;

import static org.apache.spark.sql.functions.lit;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.Snapshot;
import org.apache.spark.sql.delta.actions.Action;
import org.apache.spark.sql.delta.actions.AddCDCFile;
import org.apache.spark.sql.delta.actions.AddFile;
import org.apache.spark.sql.delta.actions.RemoveFile;
import org.apache.spark.sql.delta.util.FileNames$;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * What a commit added that did nothing but append: the rows of its files. Delta's change data feed gives the same, but plans a
 * query of its own each time that a query reads it, and makes an object of each row.
 *
 * @param version of the commit
 * @param files that it added
 * @param timestamp when it was made
 */
record AppendedRows(long version, Seq<AddFile> files, Timestamp timestamp) {

    /** The commits of a range of versions, both inclusive; none where one of them did more, or is not there any more. */
    static Optional<List<AppendedRows>> of(Snapshot snapshot, long first, long last) {
        List<AppendedRows> commits = new ArrayList<>();
        for (long version = first; version <= last; version++) {
            Optional<AppendedRows> commit = of(snapshot.deltaLog(), version);
            if (commit.isEmpty()) {
                return Optional.empty();
            }
            commits.add(commit.get());
        }
        return Optional.of(commits);
    }

    private static Optional<AppendedRows> of(DeltaLog log, long version) {
        Path file = FileNames$.MODULE$.unsafeDeltaFile(log.logPath(), version);
        Timestamp timestamp;
        try {
            // As the feed takes it, by when the file was written.
            timestamp = new Timestamp(file.getFileSystem(log.newDeltaHadoopConf())
                    .getFileStatus(file)
                    .getModificationTime());
        } catch (FileNotFoundException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<AddFile> added = new ArrayList<>();
        for (String line : CollectionConverters.asJava(log.store().read(file, log.newDeltaHadoopConf()))) {
            Action action = Action.fromJson(line);
            if (action instanceof RemoveFile || action instanceof AddCDCFile) {
                return Optional.empty();
            }
            if (action instanceof AddFile add) {
                if (!add.dataChange() || add.deletionVector() != null) {
                    return Optional.empty();
                }
                added.add(add);
            }
        }
        return Optional.of(
                new AppendedRows(version, CollectionConverters.asScala(added).toSeq(), timestamp));
    }

    /**
     * With the columns of the change data feed.
     *
     * @param rows those of the files
     */
    Dataset<Row> asChanges(Dataset<Row> rows) {
        return rows.withColumn("_change_type", lit("insert"))
                .withColumn("_commit_version", lit(version))
                .withColumn("_commit_timestamp", lit(timestamp));
    }
}
