package io.clientele.engine.store;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaOperations;
import org.apache.spark.sql.delta.OptimisticTransaction;
import org.apache.spark.sql.delta.Snapshot;
import org.apache.spark.sql.delta.actions.Action;
import org.apache.spark.sql.delta.actions.AddFile;
import scala.Option;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * One commit in which rows take the place of all rows of a table, as Delta's overwrite makes it. Delta seeks the files to remove by
 * several Spark jobs; here they are known.
 */
final class Replacement {
    private Replacement() {}

    /**
     * @param snapshot the newest version of the table
     * @param files all of its files
     * @param rows with the table's columns
     */
    static void commit(SparkSession session, Snapshot snapshot, Seq<AddFile> files, Dataset<Row> rows) {
        ((org.apache.spark.sql.classic.SparkSession) session).withActive(() -> {
            OptimisticTransaction transaction =
                    snapshot.deltaLog().startTransaction(Option.empty(), Option.apply(snapshot));
            List<Action> actions = new ArrayList<>(CollectionConverters.asJava(transaction.writeFiles(rows)));
            long now = System.currentTimeMillis();
            CollectionConverters.asJava(files).forEach(file -> actions.add(file.removeWithTimestamp(now, true)));
            return transaction.commit(
                    CollectionConverters.asScala(actions).toSeq(),
                    new DeltaOperations.Write(
                            SaveMode.Overwrite,
                            Option.empty(),
                            Option.empty(),
                            Option.empty(),
                            Option.empty(),
                            Option.empty(),
                            Option.empty()));
        });
    }
}
