package io.clientele;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.clientele.engine.Job;
import io.clientele.engine.JobInputs;
import io.clientele.engine.RunContext;
import io.clientele.engine.TableRef;
import io.clientele.engine.Write;
import io.clientele.engine.check.Checks;
import io.clientele.mining.value.ContributionInputs;
import io.clientele.mining.value.CustomerContribution;
import io.clientele.mining.value.ValueSegments;
import io.clientele.warehouse.CoreTables;
import io.clientele.warehouse.MartTables;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The jobs that say who is worth what. Subjects that no source speaks of are left out of what they read. */
final class ValueJobs {
    private final ValueSettings settings;
    private final Set<TableRef> written;

    /**
     * @param upstream the jobs whose tables there will be
     */
    ValueJobs(ValueSettings settings, List<Job> upstream) {
        this.settings = settings;
        this.written = upstream.stream().flatMap(j -> j.writes().stream()).collect(Collectors.toSet());
    }

    List<Job> all() {
        return List.of(customerContribution(), valueSegment());
    }

    private List<TableRef> present(TableRef... tables) {
        return Stream.of(tables).filter(written::contains).toList();
    }

    private Dataset<Row> optional(JobInputs in, TableRef table) {
        return written.contains(table) ? in.table(table) : null;
    }

    private static Dataset<Row> at(Dataset<Row> snapshots, RunContext run) {
        return snapshots.where(col("as_of_date").equalTo(lit(run.asOf())));
    }

    private Job customerContribution() {
        return Job.named("customer_contribution")
                .stage("mine")
                .reads(CoreTables.CUSTOMER_DAY)
                .reads(present(
                        CoreTables.SERVICE_CASE, CoreTables.CAMPAIGN_CONTACT, CoreTables.INVOICE, CoreTables.PAYMENT))
                .writes(MartTables.CUSTOMER_CONTRIBUTION)
                .dated()
                .config(List.of(settings.contribution(), settings.value().windowDays()))
                .checks(List.of(
                        Checks.uniqueKey(MartTables.CUSTOMER_CONTRIBUTION),
                        Checks.each(
                                MartTables.CUSTOMER_CONTRIBUTION,
                                "the contribution adds up",
                                "contribution_amount = list_sales_amount - coalesce(discount_amount, 0) + return_amount"
                                        + " - goods_cost_amount - coalesce(serve_cost_amount, 0) - coalesce(bad_debt_amount, 0)",
                                true)))
                .transform((in, run) -> List.of(Write.of(
                        MartTables.CUSTOMER_CONTRIBUTION,
                        CustomerContribution.of(
                                new ContributionInputs(
                                        in.table(CoreTables.CUSTOMER_DAY),
                                        optional(in, CoreTables.SERVICE_CASE),
                                        optional(in, CoreTables.CAMPAIGN_CONTACT),
                                        optional(in, CoreTables.INVOICE),
                                        optional(in, CoreTables.PAYMENT)),
                                settings.contribution(),
                                settings.value().windowDays(),
                                run.asOf()))));
    }

    private Job valueSegment() {
        return Job.named("value_segment")
                .stage("mine")
                .reads(CoreTables.CUSTOMER_DAY, MartTables.CUSTOMER_CONTRIBUTION, MartTables.CHURN_FLAG)
                .writes(MartTables.VALUE_SEGMENT)
                .dated()
                .config(settings.value())
                .checks(List.of(
                        Checks.uniqueKey(MartTables.VALUE_SEGMENT),
                        Checks.each(
                                MartTables.VALUE_SEGMENT,
                                "scores are between 1 and 5",
                                "coalesce(r_score, 1) BETWEEN 1 AND 5 AND coalesce(f_score, 1) BETWEEN 1 AND 5"
                                        + " AND coalesce(m_score, 1) BETWEEN 1 AND 5",
                                true)))
                .transform((in, run) -> List.of(Write.of(
                        MartTables.VALUE_SEGMENT,
                        ValueSegments.segment(
                                in.table(CoreTables.CUSTOMER_DAY),
                                at(in.table(MartTables.CUSTOMER_CONTRIBUTION), run),
                                at(in.table(MartTables.CHURN_FLAG), run),
                                settings.value(),
                                run.asOf()))));
    }
}
