package io.clientele.engine;

import io.clientele.engine.error.ClienteleException;
import io.clientele.engine.ledger.RunLedger;
import io.clientele.engine.store.TableStore;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.plans.logical.Command;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.ParsedStatement;
import scala.jdk.javaapi.CollectionConverters;

/** The warehouse as readers see it: every table at its published version. */
public final class PublishedTables {
    private static final Pattern NAME = Pattern.compile("\\b(raw|core|mart|ops)\\.`?([A-Za-z_][A-Za-z0-9_]*)`?");

    private final SparkSession session;
    private final TableStore store;
    private final RunLedger ledger;

    /** Reads the newest publication. */
    public PublishedTables(SparkSession session, String root) {
        this(session, new TableStore(session, root));
    }

    /** Reads the newest publication of a store. */
    public PublishedTables(SparkSession session, TableStore store) {
        this.session = session;
        this.store = store;
        this.ledger = RunLedger.read(session, store);
    }

    /** The published rows; none, with the declared columns, where nothing was published. */
    public Dataset<Row> read(TableRef table) {
        return store.read(table, ledger.publishedVersion(table));
    }

    /** Whether the table was ever published. */
    public boolean exists(TableRef table) {
        return ledger.publishedVersion(table) != TableStore.NONE;
    }

    /** How often this warehouse was published; 0 for never. */
    public long publicationNumber() {
        return ledger.publicationNumber();
    }

    /** One name for the configuration of all jobs as they last succeeded. */
    public String configurationHash() {
        return ledger.configurationHash();
    }

    /** The published versions by table name. */
    public Map<String, Long> versions() {
        return ledger.published();
    }

    /** Only runs write tables, under the warehouse's lock and with an audit; a query that would is refused. */
    private void refuseChanges(String query) {
        LogicalPlan plan;
        try {
            plan = ((org.apache.spark.sql.classic.SparkSession) session)
                    .sessionState()
                    .sqlParser()
                    .parsePlan(query);
        } catch (Exception notUnderstood) {
            // Running it gives the message.
            return;
        }
        if (isChange(plan)) {
            throw ClienteleException.configuration(
                    "The warehouse is read with queries, it changes by 'clientele run' alone: expected SELECT, found a statement that"
                            + " writes (%s).",
                    plan.nodeName());
        }
    }

    private static boolean isChange(LogicalPlan plan) {
        String name = plan.getClass().getSimpleName();
        boolean onlyTells = name.startsWith("Show") || name.startsWith("Describe") || name.startsWith("Explain");
        return ((plan instanceof Command || plan instanceof ParsedStatement) && !onlyTells)
                || CollectionConverters.asJava(plan.children()).stream().anyMatch(PublishedTables::isChange);
    }

    /**
     * Runs a query in which tables are named {@code database.table}; each is a view of its published version. Views are made
     * only for the names that the query mentions, since each costs a look into a table's log.
     */
    public Dataset<Row> sql(String query) {
        refuseChanges(query);
        Matcher names = NAME.matcher(query);
        while (names.find()) {
            Long version = ledger.published().get(names.group(1) + "." + names.group(2));
            session.sql("CREATE DATABASE IF NOT EXISTS " + names.group(1));
            if (version != null) {
                session.sql("CREATE OR REPLACE VIEW %s.`%s` AS SELECT * FROM delta.`%s` VERSION AS OF %d"
                        .formatted(
                                names.group(1), names.group(2), store.path(names.group(1), names.group(2)), version));
            }
        }
        return session.sql(query);
    }
}
