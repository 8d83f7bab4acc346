package io.clientele.ingest.read;

import io.clientele.ingest.mapping.SourceMapping;
import io.clientele.warehouse.OpsTables;
import java.sql.Timestamp;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;

/**
 * What is new of a source.
 *
 * @param batchId the source's name and a hash of the contents: the same files give the same batch; null when there is
 *     nothing to load
 * @param files the files to load, by name
 * @param notices what a person may want to know, one sentence each
 */
public record Delivery(String batchId, List<DeliveredFile> files, List<String> notices) {
    /** Files of so many bytes are worth more kept than read twice. */
    private static final long FEW_BYTES = 32L << 20;

    /** Whether its records are to be read only once: few, or those of a database, which may change between two readings. */
    public boolean isReadOnce() {
        return files.stream().mapToLong(DeliveredFile::sizeBytes).sum() <= FEW_BYTES;
    }

    /** True when there is nothing to load. */
    public boolean isEmpty() {
        return batchId == null;
    }

    /** The rows of {@link OpsTables#SOURCE_FILE} that say that these files were loaded. */
    public Dataset<Row> ledgerRows(SparkSession session, SourceMapping mapping) {
        List<Row> rows = files.stream()
                .map(file -> RowFactory.create(
                        mapping.name(),
                        file.name(),
                        file.contentHash(),
                        file.sizeBytes(),
                        Timestamp.from(file.modifiedAt()),
                        batchId))
                .toList();
        return session.createDataFrame(rows, OpsTables.SOURCE_FILE.schema());
    }
}
