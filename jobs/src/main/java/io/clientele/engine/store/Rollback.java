package io.clientele.engine.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.DeltaOperations;
import org.apache.spark.sql.delta.OptimisticTransaction;
import org.apache.spark.sql.delta.Snapshot;
import org.apache.spark.sql.delta.actions.Action;
import org.apache.spark.sql.delta.actions.AddFile;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/**
 * One commit that brings a Delta table back to an earlier version, as Delta's RESTORE does: files written since then are removed,
 * files removed since then added again. RESTORE compares the lists of files in some thirty Spark jobs, which takes seconds a table
 * however small, and a run that died may have to be taken back in thirty tables; here the two lists are compared on the driver.
 * They grow with the files of a table, not with its rows.
 */
final class Rollback {
    private final DeltaLog log;
    private final OptimisticTransaction transaction;

    private Rollback(SparkSession session, String path) {
        log = DeltaLog.forTable(session, new Path(path));
        log.update(false, Option.empty(), Option.empty());
        transaction = log.startTransaction(Option.empty(), Option.empty());
    }

    /** Back to the content and the columns of a version; recorded as a RESTORE of it. */
    static void toVersion(SparkSession session, String path, long version) {
        new Rollback(session, path).to(version);
    }

    /** Removes all rows; recorded as a TRUNCATE. */
    static void toNothing(SparkSession session, String path) {
        new Rollback(session, path).toNothing();
    }

    private void to(long version) {
        Snapshot earlier = log.getSnapshotAt(version, Option.empty(), Option.empty(), false);
        Map<FileKey, AddFile> before = files(earlier);
        Map<FileKey, AddFile> now = files(transaction.snapshot());
        List<Action> actions = new ArrayList<>();
        now.forEach((key, file) -> {
            if (!before.containsKey(key)) {
                actions.add(removed(file));
            }
        });
        before.forEach((key, file) -> {
            if (!now.containsKey(key)) {
                actions.add(addedAgain(file));
            }
        });
        if (!transaction.snapshot().metadata().equals(earlier.metadata())) {
            transaction.updateMetadata(earlier.metadata(), false);
        }
        commit(actions, new DeltaOperations.Restore(Option.apply(version), Option.empty()));
    }

    private void toNothing() {
        List<Action> actions = new ArrayList<>();
        files(transaction.snapshot()).values().forEach(file -> actions.add(removed(file)));
        commit(actions, new DeltaOperations.Truncate());
    }

    private void commit(List<Action> actions, DeltaOperations.Operation operation) {
        transaction.commit(CollectionConverters.asScala(actions).toSeq(), operation);
    }

    /** A file of rows with the rows of it that count: two entries of one path with other deletion vectors are two. */
    private record FileKey(String path, String deletionVector) {}

    private static Map<FileKey, AddFile> files(Snapshot snapshot) {
        Map<FileKey, AddFile> files = new HashMap<>();
        for (AddFile file : snapshot.allFiles().collectAsList()) {
            String vector = file.deletionVector() == null
                    ? ""
                    : Objects.toString(file.deletionVector().uniqueId());
            files.put(new FileKey(file.path(), vector), file);
        }
        return files;
    }

    private static Action removed(AddFile file) {
        return file.removeWithTimestamp(System.currentTimeMillis(), true);
    }

    private static Action addedAgain(AddFile file) {
        return file.copy(
                file.path(),
                file.partitionValues(),
                file.size(),
                file.modificationTime(),
                true,
                file.stats(),
                file.tags(),
                file.deletionVector(),
                file.baseRowId(),
                file.defaultRowCommitVersion(),
                file.clusteringProvider());
    }
}
