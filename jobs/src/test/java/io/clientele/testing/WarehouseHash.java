package io.clientele.testing;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.xxhash64;

import io.clientele.engine.ledger.RunLedger;
import io.clientele.engine.store.TableStore;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A hash of everything that readers see, whatever the order and files of rows: per published table the number of rows and
 * the sum of the rows' hashes. Left out is only what names a run or tells the time of day.
 */
public final class WarehouseHash {
    private static final Set<String> VOLATILE =
            Set.of("run_id", "loaded_at", "table_versions", "modified_at", "closed_at");
    private static final Set<String> RUN_BOOKS = Set.of("ops.run", "ops.publication", "ops.check_result");

    private WarehouseHash() {}

    /** {@code "rows:hash"} by table name. */
    public static Map<String, String> of(SparkSession session, String warehouse) {
        TableStore store = new TableStore(session, warehouse);
        Map<String, String> hashes = new TreeMap<>();
        for (Map.Entry<String, Long> table :
                RunLedger.read(session, store).published().entrySet()) {
            if (RUN_BOOKS.contains(table.getKey())) {
                continue;
            }
            String[] name = table.getKey().split("\\.");
            var rows = session.read()
                    .format("delta")
                    .option("versionAsOf", table.getValue())
                    .load(store.path(name[0], name[1]));
            List<Column> columns = Arrays.stream(rows.columns())
                    .filter(c -> !VOLATILE.contains(c))
                    .sorted()
                    .map(c -> col(c))
                    .toList();
            Row total = rows.agg(
                            count(lit(1)),
                            coalesce(
                                    sum(xxhash64(to_json(struct(columns.toArray(Column[]::new))))
                                            .cast("decimal(20,0)")),
                                    lit(0)))
                    .first();
            hashes.put(table.getKey(), total.getLong(0) + ":" + total.get(1));
        }
        return hashes;
    }
}
