package io.clientele.mining.value;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.datediff;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max_by;
import static org.apache.spark.sql.functions.negate;
import static org.apache.spark.sql.functions.nullif;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.to_date;
import static org.apache.spark.sql.functions.when;

import io.clientele.mining.Shape;
import io.clientele.warehouse.MartTables;
import io.clientele.warehouse.Totals;
import java.time.LocalDate;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Every figure of a customer that is classed. */
final class ValueMeasures {
    private static final String MONEY = "decimal(18,2)";
    private static final String[] CUSTOMER = {"customer_id"};

    /** What is kept of a customer, whose rows are read several times. */
    private static final Column[] FIGURES = Stream.of(
                    "customer_id",
                    "first_purchase_date",
                    "recency_days",
                    "relation_days",
                    "frequency",
                    "monetary_amount",
                    "current_value_amount",
                    "expected_contribution_amount",
                    "potential_value_amount",
                    "headroom_amount",
                    "share_of_spend",
                    "outside_spend_amount",
                    "future_value_amount",
                    "future_value_source",
                    "margin_share",
                    "serve_cost_amount",
                    "serve_cost_share",
                    "return_share",
                    "mean_days_late",
                    "count_referrals",
                    "referral_value_amount",
                    "has_unknown_cost")
            .map(name -> col(name))
            .toArray(Column[]::new);

    private ValueMeasures() {}

    /** One row per customer with a purchase up to {@code asOf}. */
    static Dataset<Row> of(ValueInputs in, ValueConfig config, LocalDate asOf) {
        Dataset<Row> rows = purchases(in, config, asOf);
        Dataset<Row> population = rows.agg(
                coalesce(sum("repeat_days").divide(nullif(sum("exposure_days"), lit(0))), lit(0.0))
                        .as("general_rate"),
                coalesce(sum("current_value_amount").cast("double").divide(nullif(sum("frequency"), lit(0))), lit(0.0))
                        .as("general_contribution"));
        Dataset<Row> churn = Shape.input(in.churnFlag(), MartTables.CHURN_FLAG)
                .where(col("as_of_date").equalTo(lit(asOf)))
                .select("customer_id", "churn_probability");
        String expected = "(repeat_days + general_rate * %1$sD) / (exposure_days + %1$sD) * %2$d "
                + "* (1 - coalesce(churn_probability, 0.0D)) "
                + "* (current_value + general_contribution * %3$sD) / (frequency + %3$sD)";
        rows = rows.join(churn, CUSTOMER, "left")
                .crossJoin(broadcast(population))
                .withColumn("current_value", Totals.number(col("current_value_amount")))
                .withColumn(
                        "expected_contribution",
                        expr(expected.formatted(
                                config.ratePriorDays(), config.horizonDays(), config.contributionPriorPurchaseDays())));
        rows = withShareOfSpend(withHeadroom(rows, in.headroom()), in.surveyAnswer(), asOf);
        return withReferrals(withFuture(withPotential(rows, config), in.lifetimeValue()), in.referral())
                .select(FIGURES);
    }

    private static Dataset<Row> purchases(ValueInputs in, ValueConfig config, LocalDate asOf) {
        Column isNetPositive = col("net_amount").gt(0);
        Column margin =
                col("net_amount").minus(col("goods_cost_amount")).minus(coalesce(col("bad_debt_amount"), lit(0)));
        return Shape.input(in.contribution(), MartTables.CUSTOMER_CONTRIBUTION)
                .where(col("as_of_date")
                        .equalTo(lit(asOf))
                        .and(col("first_purchase_date").isNotNull()))
                .withColumnRenamed("count_purchase_days", "frequency")
                .withColumn("recency_days", datediff(lit(asOf), col("last_purchase_date")))
                .withColumn("relation_days", datediff(lit(asOf), col("first_purchase_date")))
                .withColumn("exposure_days", least(col("relation_days"), lit(config.windowDays())))
                // The first purchase opens the relation; only what follows it tells a rate.
                .withColumn(
                        "repeat_days",
                        greatest(
                                col("frequency")
                                        .minus(col("relation_days")
                                                .lt(config.windowDays())
                                                .cast("int")),
                                lit(0)))
                .withColumn("monetary_amount", col("net_amount"))
                .withColumn("current_value_amount", col("contribution_amount"))
                .withColumn("has_unknown_cost", col("count_lines_without_cost").gt(0))
                .withColumn("margin_share", when(isNetPositive, ratio(margin, col("net_amount"))))
                .withColumn("serve_cost_share", when(isNetPositive, ratio(col("serve_cost_amount"), col("net_amount"))))
                .withColumn(
                        "return_share",
                        when(col("sales_amount").gt(0), ratio(negate(col("return_amount")), col("sales_amount"))));
    }

    private static Column ratio(Column part, Column whole) {
        return Totals.number(part).divide(Totals.number(whole));
    }

    private static Dataset<Row> withHeadroom(Dataset<Row> rows, Dataset<Row> headroom) {
        return headroom == null
                ? rows.withColumn("headroom_amount", lit(null).cast(MONEY))
                : rows.join(
                        headroom.groupBy("customer_id")
                                .agg(Totals.amount(Totals.sum(Totals.parts(col("headroom_amount"))))
                                        .cast(MONEY)
                                        .as("headroom_amount")),
                        CUSTOMER,
                        "left");
    }

    private static Dataset<Row> withShareOfSpend(Dataset<Row> rows, Dataset<Row> answers, LocalDate asOf) {
        Dataset<Row> all = answers == null
                ? rows.withColumn("share_of_spend", lit(null).cast("double"))
                : rows.join(
                        answers.where(col("customer_id")
                                        .isNotNull()
                                        .and(col("share_of_spend").gt(0))
                                        .and(col("share_of_spend").leq(1))
                                        .and(to_date(col("asked_at")).leq(lit(asOf))))
                                .groupBy("customer_id")
                                .agg(max_by(
                                                col("share_of_spend"),
                                                struct(col("asked_at"), col("source"), col("answer_id")))
                                        .as("share_of_spend")),
                        CUSTOMER,
                        "left");
        Column sales = greatest(Totals.number(col("monetary_amount")), lit(0.0));
        return all.withColumn(
                "outside_spend_amount",
                Totals.hundredths(
                        sales.multiply(lit(1).minus(col("share_of_spend"))).divide(col("share_of_spend"))));
    }

    /** What a customer says of its spend elsewhere goes before what similar customers suggest. */
    private static Dataset<Row> withPotential(Dataset<Row> rows, ValueConfig config) {
        Column outside = Totals.number(col("outside_spend_amount")).multiply(greatest(col("margin_share"), lit(0.0)));
        Column winnable = greatest(coalesce(outside, Totals.number(col("headroom_amount")), lit(0.0)), lit(0.0));
        Column stays = lit(1).minus(coalesce(col("churn_probability"), lit(0.0)));
        return rows.withColumn(
                        "potential_value_amount",
                        Totals.hundredths(col("expected_contribution")
                                .plus(winnable.multiply(stays).multiply(lit(config.headroomTakeUp())))))
                .withColumn("expected_contribution_amount", Totals.hundredths(col("expected_contribution")));
    }

    private static Dataset<Row> withFuture(Dataset<Row> rows, Dataset<Row> lifetimeValue) {
        Dataset<Row> all = lifetimeValue == null
                ? rows.withColumn("lifetime_value_amount", lit(null).cast(MONEY))
                : rows.join(lifetimeValue.select("customer_id", "lifetime_value_amount"), CUSTOMER, "left");
        return all.withColumn(
                        "future_value_amount",
                        coalesce(col("lifetime_value_amount"), col("expected_contribution_amount"))
                                .cast(MONEY))
                .withColumn(
                        "future_value_source",
                        when(col("lifetime_value_amount").isNotNull(), "lifetime_value")
                                .otherwise("expected_contribution"));
    }

    private static Dataset<Row> withReferrals(Dataset<Row> rows, Dataset<Row> referral) {
        if (referral == null) {
            return rows.withColumn("count_referrals", lit(null).cast("int"))
                    .withColumn("referral_value_amount", lit(null).cast(MONEY));
        }
        return rows.join(
                        referral.groupBy("customer_id")
                                .agg(
                                        count(lit(1)).as("referrals"),
                                        sum("contribution_amount").as("of_referrals")),
                        CUSTOMER,
                        "left")
                .withColumn(
                        "count_referrals", coalesce(col("referrals"), lit(0)).cast("int"))
                .withColumn(
                        "referral_value_amount",
                        coalesce(col("of_referrals"), lit(0)).cast(MONEY));
    }
}
