package io.clientele.jobs;

import static org.apache.spark.sql.functions.lit;

import io.clientele.engine.Job;
import io.clientele.engine.TableRef;
import io.clientele.engine.Write;
import io.clientele.engine.check.Checks;
import io.clientele.mining.value.lifetime.LifetimeConfig;
import io.clientele.mining.value.lifetime.LifetimeValues;
import io.clientele.warehouse.CoreTables;
import io.clientele.warehouse.LifetimeTables;
import io.clientele.warehouse.MartTables;
import io.clientele.warehouse.Subject;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What customers are worth over their remaining relation. */
final class LifetimeJobs {
    private final LifetimeConfig config;

    LifetimeJobs(LifetimeConfig config) {
        this.config = config;
    }

    /** Rows of {@link MartTables#MODEL_CARD}. */
    static Dataset<Row> card(Dataset<Row> figures) {
        return figures.drop("note")
                .withColumn("table_versions", lit(null).cast("map<string,bigint>"))
                .withColumn("seed", lit(null).cast("bigint"));
    }

    /** The job; it reads invoices where a source tells them. */
    List<Job> all(Set<Subject> told) {
        List<TableRef> invoices = told.contains(Subject.INVOICE) ? List.of(CoreTables.INVOICE) : List.of();
        return List.of(Job.named("lifetime_value")
                .stage("mine")
                .reads(CoreTables.CUSTOMER_DAY)
                .reads(invoices)
                .writes(
                        LifetimeTables.LIFETIME_VALUE,
                        LifetimeTables.LIFETIME_BACKTEST,
                        LifetimeTables.LIFETIME_FIGURE,
                        LifetimeTables.LIFETIME_FIT)
                .dated()
                .config(config)
                .checks(List.of(
                        Checks.uniqueKey(LifetimeTables.LIFETIME_VALUE),
                        Checks.uniqueKey(LifetimeTables.LIFETIME_BACKTEST),
                        Checks.uniqueKey(LifetimeTables.LIFETIME_FIGURE),
                        Checks.uniqueKey(LifetimeTables.LIFETIME_FIT),
                        Checks.each(
                                LifetimeTables.LIFETIME_VALUE,
                                "what is expected is a number, not below zero",
                                "coalesce(expected_purchases, 0) BETWEEN 0 AND 1e9"
                                        + " AND coalesce(probability_alive, 0) BETWEEN 0 AND 1"
                                        + " AND coalesce(lifetime_value_low_amount <= lifetime_value_high_amount, true)",
                                true)))
                .transform((in, run) -> {
                    Dataset<Row> days = in.table(CoreTables.CUSTOMER_DAY);
                    LifetimeValues.Result result = LifetimeValues.compute(
                            days,
                            invoices.isEmpty()
                                    ? days.sparkSession().createDataFrame(List.of(), CoreTables.INVOICE.schema())
                                    : in.table(CoreTables.INVOICE),
                            new LifetimeValues.Kept(
                                    in.table(LifetimeTables.LIFETIME_FIT),
                                    in.table(LifetimeTables.LIFETIME_FIGURE),
                                    in.table(LifetimeTables.LIFETIME_BACKTEST)),
                            config,
                            run.asOf());
                    return List.of(
                            Write.of(LifetimeTables.LIFETIME_VALUE, result.values()),
                            Write.of(LifetimeTables.LIFETIME_BACKTEST, result.backtest()),
                            Write.of(LifetimeTables.LIFETIME_FIGURE, result.figures()),
                            Write.of(LifetimeTables.LIFETIME_FIT, result.fits()));
                }));
    }
}
