package io.clientele.warehouse;

import io.clientele.engine.TableRef;
import java.util.List;

/** What it means: snapshots by {@code as_of_date}, which holds what was sold up to and including that day (UTC). */
public final class MartTables {
    private MartTables() {}

    /**
     * One customer with at least one day of sales or returns at a date; amounts are of the {@code window_days} that end with it.
     * {@code list_sales_amount - discount_amount = sales_amount}; that plus {@code return_amount} (zero or negative) is
     * {@code net_amount}; that less {@code goods_cost_amount}, {@code serve_cost_amount} (cases, compensation, deliveries,
     * campaign contacts) and {@code bad_debt_amount} is {@code contribution_amount}. An amount is null where no source or no
     * unit cost gives it; it then counts as nothing and {@code left_out} names it. {@code mean_days_late} is weighted by amount
     * over the invoices due in the window, null without one. {@code cost_settings} keeps the unit costs that were set, and
     * {@code bad_debt_days}, by name; null in snapshots from before it was kept. A purchase day has at least one sale and sales
     * above zero: {@code first_purchase_date} and {@code last_purchase_date} are the first and last ever up to the date, null
     * without one, {@code count_purchase_days} those of the window; null in snapshots from before they were kept.
     */
    public static final TableRef CUSTOMER_CONTRIBUTION = TableRef.snapshot(
            "customer_contribution",
            "one customer at a date",
            "customer_id STRING NOT NULL, list_sales_amount DECIMAL(18,2) NOT NULL, discount_amount DECIMAL(18,2), "
                    + "sales_amount DECIMAL(18,2) NOT NULL, return_amount DECIMAL(18,2) NOT NULL, net_amount DECIMAL(18,2) NOT NULL, "
                    + "goods_cost_amount DECIMAL(18,2) NOT NULL, count_lines INT NOT NULL, count_lines_without_cost INT NOT NULL, "
                    + "count_cases INT, case_cost_amount DECIMAL(18,2), compensation_amount DECIMAL(18,2), count_deliveries INT, "
                    + "delivery_cost_amount DECIMAL(18,2), count_campaign_contacts INT, campaign_cost_amount DECIMAL(18,2), "
                    + "serve_cost_amount DECIMAL(18,2), bad_debt_amount DECIMAL(18,2), contribution_amount DECIMAL(18,2) NOT NULL, "
                    + "mean_days_late DOUBLE, count_invoices INT, window_days INT NOT NULL, left_out ARRAY<STRING> NOT NULL, "
                    + "cost_settings MAP<STRING, DECIMAL(18,4)>, first_purchase_date DATE, last_purchase_date DATE, "
                    + "count_purchase_days INT",
            "customer_id");

    /**
     * One category in which a customer bought nothing while similar customers did, at a date; {@code rank} 1 is the best.
     * {@code headroom_sales_amount} is their mean net sales there in the window, {@code headroom_amount} that times the
     * category's margin, null where no cost is known.
     */
    public static final TableRef CATEGORY_HEADROOM = TableRef.snapshot(
            "category_headroom",
            "one category that a customer does not buy at a date",
            "customer_id STRING NOT NULL, category STRING NOT NULL, rank INT NOT NULL, headroom_amount DECIMAL(18,2), "
                    + "headroom_sales_amount DECIMAL(18,2) NOT NULL, share_of_similar DOUBLE NOT NULL, "
                    + "count_similar BIGINT NOT NULL",
            "customer_id",
            "category");

    /**
     * One customer who was brought by another, at a date. {@code customer_id} is who brought; {@code contribution_amount} is the
     * contribution of who was brought, null while that one has bought nothing.
     */
    public static final TableRef REFERRAL = TableRef.snapshot(
            "referral",
            "one customer brought by another at a date",
            "customer_id STRING NOT NULL, referred_customer_id STRING NOT NULL, referred_at TIMESTAMP, "
                    + "contribution_amount DECIMAL(18,2)",
            "customer_id",
            "referred_customer_id");

    /**
     * One customer with at least one purchase at a date. Scores run from 1 (worst) to 5 (best); {@code recency_days} counts
     * from the last purchase day; {@code frequency} counts purchase days and {@code monetary_amount} is the net amount,
     * both in the value window. {@code current_value_amount} is the contribution of {@link #CUSTOMER_CONTRIBUTION}, whose
     * {@code left_out} says what it lacks; {@code potential_value_amount} is {@code expected_contribution_amount}, for the coming
     * horizon, plus the winnable part of {@code headroom_amount} or, where a survey tells the {@code share_of_spend} (0 to 1),
     * of {@code outside_spend_amount}. {@code serve_cost_share} and {@code margin_share} (before cost to serve) are parts of
     * net sales, null without. {@code serve_class} is passive, carriage_trade, bargain_basement or aggressive, null where one
     * of the two is not known; {@code profit_class} is best, invest, retain or worst. {@code referral_value_amount}, the
     * contribution of the customers that this one brought, is in no other amount; null where no source tells.
     * {@code core_unmet} names what keeps an active customer from being core (spend, days_late, relation_days, serve_cost_share,
     * return_share), each a figure here; one that is null is not known and keeps nobody. All thresholds are in {@link
     * #VALUE_CUT_POINT}. {@code mean_days_late} counts days from due date to payment, {@code return_share} is of sales.
     */
    public static final TableRef VALUE_SEGMENT = TableRef.snapshot(
            "value_segment",
            "one customer at a date",
            "customer_id STRING NOT NULL, current_value_amount DECIMAL(18,2), potential_value_amount DECIMAL(18,2), "
                    + "value_class STRING NOT NULL, abc_class STRING NOT NULL, pyramid_level STRING NOT NULL, recency_days INT, "
                    + "frequency INT NOT NULL, monetary_amount DECIMAL(18,2), r_score INT, f_score INT, m_score INT, "
                    + "is_core BOOLEAN NOT NULL, has_unknown_cost BOOLEAN NOT NULL, first_purchase_date DATE, "
                    + "expected_contribution_amount DECIMAL(18,2), headroom_amount DECIMAL(18,2), share_of_spend DOUBLE, "
                    + "outside_spend_amount DECIMAL(18,2), serve_cost_amount DECIMAL(18,2), serve_cost_share DOUBLE, "
                    + "margin_share DOUBLE, serve_class STRING, future_value_amount DECIMAL(18,2), future_value_source STRING, "
                    + "profit_class STRING NOT NULL, count_referrals INT, referral_value_amount DECIMAL(18,2), "
                    + "mean_days_late DOUBLE, return_share DOUBLE, core_unmet ARRAY<STRING>",
            "customer_id");

    /**
     * One threshold between classes at a date; {@code frozen_from} is the date that it was taken over from, null where the
     * customers of the date themselves gave it.
     */
    public static final TableRef VALUE_CUT_POINT = TableRef.snapshot(
            "value_cut_point",
            "one threshold at a date",
            "cut STRING NOT NULL, value DOUBLE NOT NULL, frozen_from DATE",
            "cut");

    /**
     * One figure of how sales and profit are spread over the customers at a date: {@code value} is a share (1 is all) or a
     * coefficient, {@code amount} the money and {@code count_customers} the customers it speaks of, each null where there is
     * none. Where a figure cannot be given {@code value} is null and {@code note} says why.
     */
    public static final TableRef VALUE_CONCENTRATION = TableRef.snapshot(
            "value_concentration",
            "one figure at a date",
            "name STRING NOT NULL, value DOUBLE, amount DECIMAL(38,2), count_customers BIGINT, note STRING",
            "name");

    /**
     * One customer who changed its class between {@code from_date} and the date, in one {@code dimension} (value_class,
     * pyramid_level, abc_class); a class is none where the customer was not valued. {@code reason} is behaviour,
     * moved_cut_points, late_data, merged_identity or new_customer.
     */
    public static final TableRef VALUE_MOVE = TableRef.snapshot(
            "value_move",
            "one customer who changed its class at a date",
            "customer_id STRING NOT NULL, dimension STRING NOT NULL, from_date DATE NOT NULL, from_class STRING NOT NULL, "
                    + "to_class STRING NOT NULL, reason STRING NOT NULL, from_sales_amount DECIMAL(18,2), "
                    + "sales_amount DECIMAL(18,2), from_value_amount DECIMAL(18,2), value_amount DECIMAL(18,2)",
            "customer_id",
            "dimension");

    /**
     * One pair of classes between two dates, in one dimension and for one reason (that of {@link #VALUE_MOVE}, or stayed).
     * {@code sales_amount} is the customers' net sales at the date, {@code from_sales_amount} at {@code from_date}.
     */
    public static final TableRef VALUE_MIGRATION = TableRef.snapshot(
            "value_migration",
            "one pair of classes between two dates",
            "from_date DATE NOT NULL, dimension STRING NOT NULL, from_class STRING NOT NULL, to_class STRING NOT NULL, "
                    + "reason STRING NOT NULL, count_customers BIGINT NOT NULL, sales_amount DECIMAL(38,2) NOT NULL, "
                    + "from_sales_amount DECIMAL(38,2) NOT NULL",
            "dimension",
            "from_class",
            "to_class",
            "reason");

    /**
     * One customer with at least one purchase at a date. {@code gap_days} is the time since the last purchase day;
     * {@code gap_tail_share} the share of intervals, own and similar customers', that were at least as long: small means
     * abnormal. {@code churn_probability} is that of {@link #CHURN_CALIBRATION}: the share of customers in the same position at
     * an earlier cut-off who did not buy in the horizon after it. {@code kind} is null while the state is new or active.
     */
    public static final TableRef CHURN_FLAG = TableRef.snapshot(
            "churn_flag",
            "one customer at a date",
            "customer_id STRING NOT NULL, state STRING NOT NULL, churn_probability DOUBLE, kind STRING, "
                    + "is_controllable BOOLEAN, is_seasonal BOOLEAN, gap_days INT NOT NULL, typical_gap_days DOUBLE, "
                    + "count_intervals INT NOT NULL, gap_tail_share DOUBLE, reasons ARRAY<STRING> NOT NULL",
            "customer_id");

    /**
     * One position of customers at a date, and how many of those in it at {@code cutoff_date} bought nothing in the horizon that
     * followed. {@code pace} is 0 for customers without an interval, else 1 (fast) to 5 (slow, beyond the horizon); {@code tail_bin}
     * is 0 for an ordinary gap up to 12 for the most abnormal. {@code churn_probability} is that share, smoothed: never falling from
     * one bin to the next and shrunk toward that of all. It was learned on {@code learned_on}, no later than the date, from {@code
     * count_days} rows of customers' days; {@code configuration_hash} stands for the settings.
     */
    public static final TableRef CHURN_CALIBRATION = TableRef.snapshot(
            "churn_calibration",
            "one position of customers at a date",
            "pace INT NOT NULL, tail_bin INT NOT NULL, churn_probability DOUBLE NOT NULL, count_customers BIGINT NOT NULL, "
                    + "count_churned BIGINT NOT NULL, cutoff_date DATE NOT NULL, learned_on DATE NOT NULL, "
                    + "count_days BIGINT NOT NULL, configuration_hash STRING NOT NULL",
            "pace",
            "tail_bin");

    /**
     * One rule at a date: who buys the antecedent also buys the consequent. {@code stability} is the share of the window's
     * equal parts in which the lift is above 1; {@code margin_amount} the mean contribution of one line of the consequent,
     * null where no cost is known. The rule was learned on {@code learned_on}, no later than the date, from the window that ends
     * with that day: {@code count_all_baskets} were counted, of which {@code support} is a share, and {@code
     * count_large_baskets} left out as too large; {@code configuration_hash} stands for the settings. These four are null in
     * snapshots from before rules were used for several dates; those were learned for their date.
     */
    public static final TableRef CROSS_SELL_RULE = TableRef.snapshot(
            "cross_sell_rule",
            "one rule at a date",
            "antecedent ARRAY<STRING> NOT NULL, consequent STRING NOT NULL, count_baskets BIGINT NOT NULL, "
                    + "support DOUBLE NOT NULL, confidence DOUBLE NOT NULL, lift DOUBLE NOT NULL, leverage DOUBLE NOT NULL, "
                    + "conviction DOUBLE, p_value DOUBLE NOT NULL, q_value DOUBLE NOT NULL, margin_amount DECIMAL(18,4), "
                    + "stability DOUBLE NOT NULL, learned_on DATE, count_all_baskets BIGINT, count_large_baskets BIGINT, "
                    + "configuration_hash STRING",
            "antecedent",
            "consequent");

    /** One product to offer to one customer at a date, best first, without what the customer owns. */
    public static final TableRef RECOMMENDATION = TableRef.snapshot(
            "recommendation",
            "one product for one customer at a date",
            "customer_id STRING NOT NULL, rank INT NOT NULL, product_id STRING NOT NULL, score DOUBLE NOT NULL, "
                    + "because STRING NOT NULL",
            "customer_id",
            "rank");

    /**
     * One figure of one model at a date. {@code kind} is parameter, metric or population; {@code low} and {@code high}
     * bound a 95 % interval where one was computed; {@code baseline_value} is what the naive baseline reaches.
     */
    public static final TableRef MODEL_CARD = TableRef.snapshot(
            "model_card",
            "one figure of one model at a date",
            "model STRING NOT NULL, name STRING NOT NULL, kind STRING NOT NULL, value DOUBLE, low DOUBLE, high DOUBLE, "
                    + "baseline_value DOUBLE, cutoff_date DATE, configuration_hash STRING, table_versions MAP<STRING, BIGINT>, "
                    + "seed BIGINT",
            "model",
            "name");

    /** All of them, in the data's order. */
    public static final List<TableRef> ALL = List.of(
            CHURN_FLAG,
            CHURN_CALIBRATION,
            CUSTOMER_CONTRIBUTION,
            CATEGORY_HEADROOM,
            REFERRAL,
            VALUE_SEGMENT,
            VALUE_CUT_POINT,
            VALUE_CONCENTRATION,
            VALUE_MOVE,
            VALUE_MIGRATION,
            CROSS_SELL_RULE,
            RECOMMENDATION,
            MODEL_CARD);
}
