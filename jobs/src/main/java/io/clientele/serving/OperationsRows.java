package io.clientele.serving;

import java.util.Objects;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What the report reads of the operations tables; each without rows where nothing was ever written.
 *
 * @param batchBalance ops.batch_balance: one source in one batch and currency
 * @param quarantine ops.quarantine: one refused record; its payload and messages are never read
 * @param run ops.run: one job in one run
 * @param checkResult ops.check_result: one check of one table in one run
 */
public record OperationsRows(
        Dataset<Row> batchBalance, Dataset<Row> quarantine, Dataset<Row> run, Dataset<Row> checkResult) {
    public OperationsRows {
        Objects.requireNonNull(batchBalance, "batchBalance");
        Objects.requireNonNull(quarantine, "quarantine");
        Objects.requireNonNull(run, "run");
        Objects.requireNonNull(checkResult, "checkResult");
    }
}
