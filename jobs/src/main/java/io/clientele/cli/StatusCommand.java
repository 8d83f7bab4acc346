package io.clientele.cli;

import io.clientele.engine.PublishedTables;
import io.clientele.serving.RowsText;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Last runs, balances, what is quarantined and how fresh each table is. */
@Command(
        name = "status",
        description = "Show the last runs, balances, refused records and how fresh tables are.",
        mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
    private static final String LAST_RUNS = """
      SELECT run_id, CAST(min(started_at) AS STRING) AS started_at,
             round(max(unix_timestamp(finished_at)) - min(unix_timestamp(started_at))) AS seconds,
             max(as_of_date) AS as_of_date, count(*) AS jobs, sum(rows_written) AS rows_written,
             CASE WHEN bool_or(status = 'killed') THEN 'killed' WHEN bool_or(status = 'failed') THEN 'failed'
                  ELSE 'succeeded' END AS status,
             max(error) AS error
      FROM ops.run GROUP BY run_id ORDER BY started_at DESC, run_id LIMIT 5""";
    private static final String BALANCES = """
      SELECT source, currency, count(DISTINCT batch_id) AS batches, sum(rows_read) AS rows_read,
             sum(rows_accepted) AS accepted, sum(rows_duplicate) AS duplicate, sum(rows_quarantined) AS quarantined,
             sum(amount_read) AS amount_read, sum(amount_accepted) AS amount_accepted,
             sum(amount_quarantined) AS amount_quarantined,
             sum(rows_read) = sum(rows_accepted + rows_duplicate + rows_quarantined)
             AND sum(amount_read) = sum(amount_accepted + amount_duplicate + amount_quarantined) AS adds_up
      FROM ops.batch_balance GROUP BY source, currency ORDER BY source, currency""";
    private static final String REFUSED = """
      SELECT source, reason.rule AS rule, reason.column AS column, status, count(*) AS records
      FROM ops.quarantine LATERAL VIEW explode(reasons) r AS reason
      GROUP BY source, reason.rule, reason.column, status ORDER BY records DESC, source, rule, column LIMIT 20""";
    private static final String FRESHNESS = """
      SELECT name, max(version) AS version, CAST(max_by(finished_at, version) AS STRING) AS written_at,
             max(as_of_date) AS as_of_date
      FROM (SELECT explode(written_versions) AS (name, version), finished_at, as_of_date
            FROM ops.run WHERE status = 'succeeded')
      GROUP BY name ORDER BY name""";

    @Mixin
    private WarehouseOptions options;

    @Override
    public Integer call() {
        PublishedTables published = options.published();
        section(published, "Last runs", "ops.run", LAST_RUNS);
        section(published, "What came in (amounts in the source's currency)", "ops.batch_balance", BALANCES);
        section(published, "What was refused", "ops.quarantine", REFUSED);
        section(published, "How fresh tables are", "ops.run", FRESHNESS);
        return 0;
    }

    private static void section(PublishedTables published, String title, String table, String query) {
        System.out.println(title);
        if (published.versions().containsKey(table)) {
            RowsText.print(published.sql(query), RowsText.Format.TABLE, 100, System.out);
        } else {
            System.out.println("(nothing yet)");
        }
        System.out.println();
    }
}
