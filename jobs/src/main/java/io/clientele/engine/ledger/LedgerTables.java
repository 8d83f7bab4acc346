package io.clientele.engine.ledger;

import static io.clientele.engine.Database.OPS;

import io.clientele.engine.TableRef;
import java.util.List;

/** How we know: what ran, what was checked, what is published. */
public final class LedgerTables {
    private LedgerTables() {}

    /**
     * One job in one run. {@code status} is succeeded, failed, or killed (found later by the next run). {@code table_versions}
     * holds the versions read and {@code written_versions} those written, by table name.
     */
    public static final TableRef RUN = TableRef.log(
            OPS,
            "run",
            "one job in one run",
            "run_id STRING NOT NULL, job STRING NOT NULL, as_of_date DATE, status STRING NOT NULL, started_at TIMESTAMP, "
                    + "finished_at TIMESTAMP, rows_read BIGINT, rows_written BIGINT, table_versions MAP<STRING, BIGINT>, "
                    + "written_versions MAP<STRING, BIGINT>, configuration_hash STRING, error STRING",
            "run_id",
            "job");

    /** One check of one table in one run. */
    public static final TableRef CHECK_RESULT = TableRef.log(
            OPS,
            "check_result",
            "one check of one table in one run",
            "run_id STRING NOT NULL, table_name STRING NOT NULL, check_name STRING NOT NULL, is_passed BOOLEAN NOT NULL, "
                    + "is_blocking BOOLEAN NOT NULL, observed STRING, expected STRING",
            "run_id",
            "table_name",
            "check_name");

    /** One publication: the version of every table that readers see from then on. The newest row counts. */
    public static final TableRef PUBLICATION = TableRef.log(
            OPS,
            "publication",
            "one publication",
            "publication_number BIGINT NOT NULL, run_id STRING NOT NULL, published_at TIMESTAMP NOT NULL, "
                    + "table_versions MAP<STRING, BIGINT> NOT NULL",
            "publication_number");

    /** All of them. */
    public static final List<TableRef> ALL = List.of(RUN, CHECK_RESULT, PUBLICATION);
}
