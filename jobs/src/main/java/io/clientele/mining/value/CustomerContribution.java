package io.clientele.mining.value;

import static io.clientele.mining.TextList.text;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.to_date;
import static org.apache.spark.sql.functions.when;

import io.clientele.mining.Shape;
import io.clientele.mining.TextList;
import io.clientele.warehouse.CoreTables;
import io.clientele.warehouse.MartTables;
import io.clientele.warehouse.Totals;
import java.math.BigDecimal;
import java.time.LocalDate;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What each customer leaves behind, not what it turns over: sales at list prices less discounts, returns, cost of goods, cost
 * to serve and bad debt (activity-based customer profitability: Cooper, Kaplan 1991). An amount that no source and no unit cost
 * gives is null, counts as nothing, and is named in {@code left_out}, so that a contribution never looks better founded than it
 * is.
 */
public final class CustomerContribution {
    private static final String MONEY = "decimal(18,2)";

    private CustomerContribution() {}

    /**
     * The rows of {@link MartTables#CUSTOMER_CONTRIBUTION} at {@code asOf}: customers with at least one day up to it, over the
     * {@code windowDays} that end with it.
     */
    public static Dataset<Row> of(ContributionInputs in, ContributionConfig config, int windowDays, LocalDate asOf) {
        Dataset<Row> rows = days(in.customerDay(), windowDays, asOf);
        rows = withCases(rows, in.serviceCase(), config, windowDays, asOf);
        rows = withDeliveries(rows, config);
        rows = withCampaigns(rows, in.campaignContact(), config, windowDays, asOf);
        rows = PaymentBehaviour.join(rows, in.invoice(), in.payment(), config.badDebtDays(), windowDays, asOf);
        Column serve =
                sumOfKnown("case_cost_amount", "compensation_amount", "delivery_cost_amount", "campaign_cost_amount");
        rows = rows.withColumn("serve_cost_amount", serve)
                .withColumn("net_amount", col("sales_amount").plus(col("return_amount")))
                .withColumn("list_sales_amount", col("sales_amount").plus(known("discount_amount")))
                .withColumn(
                        "contribution_amount",
                        col("net_amount")
                                .minus(col("goods_cost_amount"))
                                .minus(known("serve_cost_amount"))
                                .minus(known("bad_debt_amount")))
                .withColumn("left_out", leftOut(in, config))
                .withColumn("cost_settings", config.kept())
                .withColumn("window_days", lit(windowDays))
                .withColumn("as_of_date", lit(asOf));
        return Shape.output(rows, MartTables.CUSTOMER_CONTRIBUTION);
    }

    private static Dataset<Row> days(Dataset<Row> customerDay, int windowDays, LocalDate asOf) {
        Column inWindow = col("sold_on").gt(lit(asOf.minusDays(windowDays)));
        Column purchase = col("count_sales").geq(1).and(col("sales_amount").gt(0));
        return Shape.input(customerDay, CoreTables.CUSTOMER_DAY)
                .where(col("sold_on").leq(lit(asOf)))
                .groupBy("customer_id")
                .agg(
                        min(when(purchase, col("sold_on"))).as("first_purchase_date"),
                        max(when(purchase, col("sold_on"))).as("last_purchase_date"),
                        count(when(purchase.and(inWindow), 1)).cast("int").as("count_purchase_days"),
                        amount(inWindow, "sales_amount").as("sales_amount"),
                        amount(inWindow, "return_amount").as("return_amount"),
                        amount(inWindow, "cost_amount").as("goods_cost_amount"),
                        money(Totals.sum(when(inWindow, Totals.parts(col("discount_amount")))))
                                .as("discount_amount"),
                        sum(when(inWindow, col("count_deliveries"))).cast("int").as("count_deliveries"),
                        coalesce(sum(when(inWindow, col("count_sales"))), lit(0))
                                .as("count_sales"),
                        coalesce(sum(when(inWindow, col("count_lines"))), lit(0))
                                .as("count_lines"),
                        coalesce(sum(when(inWindow, col("count_lines_without_cost"))), lit(0))
                                .as("count_lines_without_cost"));
    }

    private static Dataset<Row> withCases(
            Dataset<Row> rows, Dataset<Row> cases, ContributionConfig config, int windowDays, LocalDate asOf) {
        if (cases == null) {
            return rows.withColumn("count_cases", lit(null).cast("int"))
                    .withColumn("count_complaints", lit(null).cast("int"))
                    .withColumn("compensation_amount", lit(null).cast(MONEY))
                    .withColumn("case_cost_amount", lit(null).cast(MONEY));
        }
        Column isComplaint = coalesce(col("kind").equalTo("complaint"), lit(false));
        Dataset<Row> summed = cases.where(col("customer_id").isNotNull().and(within("opened_at", windowDays, asOf)))
                .groupBy("customer_id")
                .agg(
                        count(when(not(isComplaint), 1)).as("contacts"),
                        count(when(isComplaint, 1)).as("complaints"),
                        sum("compensation_amount").as("compensation"));
        return rows.join(summed, new String[] {"customer_id"}, "left")
                .withColumn(
                        "count_cases", zero("contacts").plus(zero("complaints")).cast("int"))
                .withColumn("count_complaints", zero("complaints").cast("int"))
                .withColumn("compensation_amount", zero("compensation").cast(MONEY))
                .withColumn(
                        "case_cost_amount",
                        priced(zero("contacts"), config.caseCostAmount())
                                .plus(priced(zero("complaints"), config.complaintCostAmount()))
                                .cast(MONEY));
    }

    private static Dataset<Row> withDeliveries(Dataset<Row> rows, ContributionConfig config) {
        Column priced = config.deliveryCostAmount() == null
                ? when(col("count_deliveries").equalTo(0), lit(0))
                : col("count_deliveries").multiply(lit(config.deliveryCostAmount()));
        return rows.withColumn("delivery_cost_amount", priced.cast(MONEY));
    }

    private static Dataset<Row> withCampaigns(
            Dataset<Row> rows, Dataset<Row> contacts, ContributionConfig config, int windowDays, LocalDate asOf) {
        if (contacts == null) {
            return rows.withColumn("count_campaign_contacts", lit(null).cast("int"))
                    .withColumn("count_unpriced_contacts", lit(0))
                    .withColumn("campaign_cost_amount", lit(null).cast(MONEY));
        }
        Column cost = coalesce(
                col("cost_amount"), lit(config.campaignContactCostAmount()).cast("decimal(18,4)"));
        Dataset<Row> summed = contacts.where(col("customer_id")
                        .isNotNull()
                        .and(not(coalesce(col("is_control"), lit(false))))
                        .and(within("contacted_at", windowDays, asOf)))
                .groupBy("customer_id")
                .agg(
                        count(lit(1)).as("contacted"),
                        count(cost).as("priced"),
                        sum(cost).as("cost"));
        return rows.join(summed, new String[] {"customer_id"}, "left")
                .withColumn("count_campaign_contacts", zero("contacted").cast("int"))
                .withColumn(
                        "count_unpriced_contacts",
                        zero("contacted").minus(zero("priced")).cast("int"))
                .withColumn("campaign_cost_amount", zero("cost").cast(MONEY));
    }

    /** What the row does not hold, in words with figures; empty where nothing is missing. */
    private static Column leftOut(ContributionInputs in, ContributionConfig config) {
        Column unpricedCases = lit(0).plus(
                        config.caseCostAmount() == null ? zero("count_cases").minus(zero("count_complaints")) : lit(0))
                .plus(config.complaintCostAmount() == null ? zero("count_complaints") : lit(0));
        return TextList.of(
                text(
                        col("discount_amount").isNull().and(col("count_sales").gt(0)),
                        lit("discounts: no source gives them")),
                text(
                        col("count_lines_without_cost").gt(0),
                        concat(
                                lit("cost of goods of "),
                                col("count_lines_without_cost"),
                                lit(" of "),
                                col("count_lines"),
                                lit(" lines: not known"))),
                text(lit(in.serviceCase() == null), lit("service cases: no source gives them")),
                text(
                        unpricedCases.gt(0),
                        concat(lit("handling of "), unpricedCases, lit(" service cases: no unit cost is set"))),
                text(
                        col("count_deliveries").isNull().and(col("count_sales").gt(0)),
                        lit("deliveries: no source gives them")),
                text(
                        lit(config.deliveryCostAmount() == null)
                                .and(zero("count_deliveries").gt(0)),
                        concat(lit("cost of "), col("count_deliveries"), lit(" deliveries: no unit cost is set"))),
                text(lit(in.campaignContact() == null), lit("campaign contacts: no source gives them")),
                text(
                        col("count_unpriced_contacts").gt(0),
                        concat(
                                lit("cost of "),
                                col("count_unpriced_contacts"),
                                lit(" of "),
                                col("count_campaign_contacts"),
                                lit(" campaign contacts: not known"))),
                text(
                        lit(in.invoice() == null || in.payment() == null),
                        lit("bad debt: no source gives " + (in.invoice() == null ? "invoices" : "payments"))));
    }

    /** Null where there is something to price and no price. */
    private static Column priced(Column count, BigDecimal unitCost) {
        return unitCost == null ? when(count.equalTo(0), lit(BigDecimal.ZERO)) : count.multiply(lit(unitCost));
    }

    private static Column sumOfKnown(String... amounts) {
        Column sum = lit(BigDecimal.ZERO).cast(MONEY);
        Column isAnyKnown = lit(false);
        for (String amount : amounts) {
            sum = sum.plus(known(amount));
            isAnyKnown = isAnyKnown.or(col(amount).isNotNull());
        }
        return when(isAnyKnown, sum).cast(MONEY);
    }

    private static Column known(String amount) {
        return coalesce(col(amount), lit(BigDecimal.ZERO).cast(MONEY));
    }

    private static Column zero(String column) {
        return coalesce(col(column), lit(0));
    }

    private static Column amount(Column inWindow, String amount) {
        return money(Totals.sum(coalesce(when(inWindow, Totals.parts(col(amount))), lit(0L))));
    }

    private static Column money(Column parts) {
        return Totals.amount(parts).cast(MONEY);
    }

    /** Whether an instant's day (UTC) lies in the window. */
    static Column within(String instant, int windowDays, LocalDate asOf) {
        return within(to_date(col(instant)), windowDays, asOf);
    }

    static Column within(Column day, int windowDays, LocalDate asOf) {
        return day.gt(lit(asOf.minusDays(windowDays))).and(day.leq(lit(asOf)));
    }
}
