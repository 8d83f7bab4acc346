package io.clientele.engine;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What a job may read: its declared tables, as published or as staged by earlier jobs of the same run. */
public interface JobInputs {
    /** The whole table; without rows where nothing was ever written. Throws on an undeclared table. */
    Dataset<Row> table(TableRef table);

    /**
     * The rows inserted, changed or removed since this job's last successful run, with the columns {@code _change_type}
     * (insert, update_preimage, update_postimage, delete), {@code _commit_version} and {@code _commit_timestamp}; all rows
     * as inserts on its first run. Throws on a table not declared for changes.
     */
    Dataset<Row> changes(TableRef table);

    /** Whether the table changed since this job's last successful run; true on its first run if there are rows. */
    boolean isChanged(TableRef table);

    /**
     * Whether the job's last success was under another configuration, so that what it then wrote may differ from what it would
     * write now, whatever changed in its inputs; false on its first run.
     */
    boolean isReconfigured();

    /** Whether anything was ever written to the table. */
    boolean exists(TableRef table);
}
