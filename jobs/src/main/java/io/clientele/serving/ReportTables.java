package io.clientele.serving;

import io.clientele.engine.TableRef;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Where the report reads marts and core tables. */
@FunctionalInterface
public interface ReportTables {
    /** All rows of the table with its declared columns; without rows where nothing was ever written. */
    Dataset<Row> rows(TableRef table);
}
