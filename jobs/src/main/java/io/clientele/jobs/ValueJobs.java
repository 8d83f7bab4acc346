package io.clientele.jobs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.clientele.engine.Job;
import io.clientele.engine.JobInputs;
import io.clientele.engine.RunContext;
import io.clientele.engine.TableRef;
import io.clientele.engine.Write;
import io.clientele.engine.check.Checks;
import io.clientele.mining.value.CategoryHeadroom;
import io.clientele.mining.value.ContributionInputs;
import io.clientele.mining.value.CustomerContribution;
import io.clientele.mining.value.Referrals;
import io.clientele.mining.value.ValueConcentration;
import io.clientele.mining.value.ValueConfig;
import io.clientele.mining.value.ValueInputs;
import io.clientele.mining.value.ValueMigration;
import io.clientele.mining.value.ValueSegments;
import io.clientele.warehouse.CoreTables;
import io.clientele.warehouse.CustomerTables;
import io.clientele.warehouse.MartTables;
import java.time.LocalDate;
import java.util.ArrayList;
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
        List<Job> jobs = new ArrayList<>(List.of(customerContribution(), categoryHeadroom()));
        if (settings.isReferralTold()) {
            jobs.add(referral());
        }
        jobs.add(valueSegment());
        jobs.add(valueConcentration());
        jobs.add(valueMigration());
        return jobs;
    }

    private List<TableRef> present(TableRef... tables) {
        return Stream.of(tables).filter(written::contains).toList();
    }

    private Dataset<Row> optional(JobInputs in, TableRef table) {
        return written.contains(table) ? in.table(table) : null;
    }

    private List<TableRef> contributionSources() {
        return present(CoreTables.SERVICE_CASE, CoreTables.CAMPAIGN_CONTACT, CoreTables.INVOICE, CoreTables.PAYMENT);
    }

    private ContributionInputs contributionInputs(JobInputs in) {
        return new ContributionInputs(
                in.table(CoreTables.CUSTOMER_DAY),
                optional(in, CoreTables.SERVICE_CASE),
                optional(in, CoreTables.CAMPAIGN_CONTACT),
                optional(in, CoreTables.INVOICE),
                optional(in, CoreTables.PAYMENT));
    }

    private static Dataset<Row> at(Dataset<Row> snapshots, RunContext run) {
        return snapshots.where(col("as_of_date").equalTo(lit(run.asOf())));
    }

    private Job customerContribution() {
        return Job.named("customer_contribution")
                .stage("mine")
                .reads(CoreTables.CUSTOMER_DAY)
                .reads(contributionSources())
                .writes(MartTables.CUSTOMER_CONTRIBUTION)
                .dated()
                .revision(2)
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
                                contributionInputs(in),
                                settings.contribution(),
                                settings.value().windowDays(),
                                run.asOf()))));
    }

    private Job categoryHeadroom() {
        return Job.named("category_headroom")
                .stage("mine")
                .reads(CustomerTables.CUSTOMER_CHOICE)
                .writes(MartTables.CATEGORY_HEADROOM)
                .dated()
                .config(List.of(settings.headroom(), settings.value().windowDays()))
                .checks(List.of(
                        Checks.uniqueKey(MartTables.CATEGORY_HEADROOM),
                        Checks.each(
                                MartTables.CATEGORY_HEADROOM,
                                "shares are between 0 and 1",
                                "share_of_similar BETWEEN 0 AND 1",
                                true)))
                .transform((in, run) -> List.of(Write.of(
                        MartTables.CATEGORY_HEADROOM,
                        CategoryHeadroom.of(
                                in.table(CustomerTables.CUSTOMER_CHOICE),
                                settings.headroom(),
                                settings.value().windowDays(),
                                run.asOf()))));
    }

    private Job referral() {
        return Job.named("referral")
                .stage("mine")
                .reads(CoreTables.CUSTOMER_RECORD, CoreTables.IDENTITY, MartTables.CUSTOMER_CONTRIBUTION)
                .writes(MartTables.REFERRAL)
                .dated()
                .checks(List.of(Checks.uniqueKey(MartTables.REFERRAL)))
                .transform((in, run) -> List.of(Write.of(
                        MartTables.REFERRAL,
                        Referrals.of(
                                in.table(CoreTables.CUSTOMER_RECORD),
                                in.table(CoreTables.IDENTITY),
                                at(in.table(MartTables.CUSTOMER_CONTRIBUTION), run),
                                run.asOf()))));
    }

    private Job valueSegment() {
        List<TableRef> more = new ArrayList<>(present(CoreTables.SURVEY_ANSWER));
        TableRef lifetimeValue = lifetimeValue();
        if (lifetimeValue != null) {
            more.add(lifetimeValue);
        }
        if (settings.isReferralTold()) {
            more.add(MartTables.REFERRAL);
        }
        ValueConfig config = settings.value();
        return Job.named("value_segment")
                .stage("mine")
                .reads(MartTables.CUSTOMER_CONTRIBUTION, MartTables.CHURN_FLAG, MartTables.CATEGORY_HEADROOM)
                .reads(more)
                .writes(MartTables.VALUE_SEGMENT, MartTables.VALUE_CUT_POINT)
                .dated()
                .revision(2)
                .config(config)
                .checks(List.of(
                        Checks.uniqueKey(MartTables.VALUE_SEGMENT),
                        Checks.uniqueKey(MartTables.VALUE_CUT_POINT),
                        Checks.each(
                                MartTables.VALUE_SEGMENT,
                                "scores are between 1 and 5",
                                "coalesce(r_score, 1) BETWEEN 1 AND 5 AND coalesce(f_score, 1) BETWEEN 1 AND 5"
                                        + " AND coalesce(m_score, 1) BETWEEN 1 AND 5",
                                true)))
                .transform((in, run) -> {
                    ValueSegments.Result result = ValueSegments.segment(
                            new ValueInputs(
                                    at(in.table(MartTables.CUSTOMER_CONTRIBUTION), run),
                                    at(in.table(MartTables.CHURN_FLAG), run),
                                    at(in.table(MartTables.CATEGORY_HEADROOM), run),
                                    optional(in, CoreTables.SURVEY_ANSWER),
                                    lifetimeValue == null ? null : at(in.table(lifetimeValue), run),
                                    settings.isReferralTold() ? at(in.table(MartTables.REFERRAL), run) : null,
                                    frozen(in, run)),
                            config,
                            run.asOf());
                    return List.of(
                            Write.of(MartTables.VALUE_SEGMENT, result.segments()),
                            Write.of(MartTables.VALUE_CUT_POINT, result.cutPoints()));
                });
    }

    private Job valueConcentration() {
        return Job.named("value_concentration")
                .stage("mine")
                .reads(MartTables.VALUE_SEGMENT, CoreTables.CUSTOMER)
                .reads(present(CoreTables.CAMPAIGN_CONTACT))
                .writes(MartTables.VALUE_CONCENTRATION)
                .dated()
                .config(settings.value().windowDays())
                .checks(List.of(Checks.uniqueKey(MartTables.VALUE_CONCENTRATION)))
                .transform((in, run) -> List.of(Write.of(
                        MartTables.VALUE_CONCENTRATION,
                        ValueConcentration.figures(
                                at(in.table(MartTables.VALUE_SEGMENT), run),
                                in.table(CoreTables.CUSTOMER),
                                optional(in, CoreTables.CAMPAIGN_CONTACT),
                                settings.value().windowDays(),
                                run.asOf()))));
    }

    private Job valueMigration() {
        return Job.named("value_migration")
                .stage("mine")
                .reads(
                        MartTables.VALUE_SEGMENT,
                        MartTables.VALUE_CUT_POINT,
                        MartTables.CUSTOMER_CONTRIBUTION,
                        CoreTables.CUSTOMER_DAY,
                        CoreTables.IDENTITY)
                .reads(contributionSources())
                .writes(MartTables.VALUE_MOVE, MartTables.VALUE_MIGRATION)
                .dated()
                .config(List.of(settings.migration(), settings.value().windowDays()))
                .checks(List.of(
                        Checks.uniqueKey(MartTables.VALUE_MOVE),
                        Checks.uniqueKey(MartTables.VALUE_MIGRATION),
                        Checks.each(
                                MartTables.VALUE_MIGRATION,
                                "only who stayed has the class of before",
                                "(from_class = to_class) = (reason = 'stayed')",
                                true)))
                .transform((in, run) -> {
                    Dataset<Row> moves = ValueMigration.moves(
                            in.table(MartTables.VALUE_SEGMENT),
                            in.table(MartTables.VALUE_CUT_POINT),
                            in.table(MartTables.CUSTOMER_CONTRIBUTION),
                            contributionInputs(in),
                            in.table(CoreTables.IDENTITY),
                            settings.migration(),
                            settings.value().windowDays(),
                            run.asOf());
                    return List.of(
                            Write.of(MartTables.VALUE_MOVE, ValueMigration.moved(moves)),
                            Write.of(MartTables.VALUE_MIGRATION, ValueMigration.matrix(moves)));
                });
    }

    /** The cut points of the date that is set; null for that date itself and earlier ones, which find their own. */
    private Dataset<Row> frozen(JobInputs in, RunContext run) {
        LocalDate from = settings.value().cutPointsFrom();
        return from == null || !run.asOf().isAfter(from)
                ? null
                : in.table(MartTables.VALUE_CUT_POINT).where(col("as_of_date").equalTo(lit(from)));
    }

    /** The table with the lifetime value; null while no job writes one. */
    private TableRef lifetimeValue() {
        return written.stream()
                .filter(t -> t.sqlName().equals("mart.lifetime_value"))
                .findFirst()
                .orElse(null);
    }
}
