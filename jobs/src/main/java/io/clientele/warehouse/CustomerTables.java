package io.clientele.warehouse;

import static io.clientele.engine.Database.CORE;

import io.clientele.engine.TableRef;
import java.util.List;

/** The whole customer: two compact tables between the sale lines and the marts, and what is made of them. */
public final class CustomerTables {
    private CustomerTables() {}

    /**
     * What one known customer chose on one day. {@code trait} is category (of the product, as it is classed now), channel,
     * store or source; {@code count_sales} counts the sales with that choice, {@code sales_amount} sums their lines of that
     * choice; returns are left out of both. Of a category, {@code net_amount} has returns in it, {@code costed_net_amount} is
     * the part of it whose cost is known, and {@code cost_amount} that cost; null for other traits.
     */
    public static final TableRef CUSTOMER_CHOICE = TableRef.sliced(
            CORE,
            "customer_choice",
            "one choice of one customer on one day",
            "customer_id STRING NOT NULL, sold_on DATE NOT NULL, trait STRING NOT NULL, choice STRING NOT NULL, "
                    + "count_sales INT NOT NULL, sales_amount DECIMAL(18,4) NOT NULL, net_amount DECIMAL(18,4), "
                    + "costed_net_amount DECIMAL(18,4), cost_amount DECIMAL(18,4)",
            "sold_on",
            "customer_id",
            "sold_on",
            "trait",
            "choice");

    /** The sales of one source on one day, returns left out, and how many of them have a customer. */
    public static final TableRef SOURCE_DAY = TableRef.sliced(
            CORE,
            "source_day",
            "one source on one day",
            "source STRING NOT NULL, sold_on DATE NOT NULL, count_sales BIGINT NOT NULL, count_known_sales BIGINT NOT NULL, "
                    + "sales_amount DECIMAL(18,4) NOT NULL, known_sales_amount DECIMAL(18,4) NOT NULL",
            "sold_on",
            "source",
            "sold_on");

    /**
     * One customer known or buying up to a date, as a clerk sees it. Where no source speaks of a subject its columns are null;
     * where one does but says nothing of this customer, counts and amounts are 0 and arrays are empty.
     *
     * <p>Purchases count from the first day on, {@code favourite_categories}, {@code preferred_channel} and {@code
     * preferred_store} in the window of habits, each by number of sales. {@code count_complaints} and the satisfaction (mean
     * level, 1 to 5; topic with the lowest) count in the window of service. {@code arrears_amount} is what is due and not paid.
     * {@code consents} holds the last decision per purpose and channel, {@code offers} the best recommendations, {@code
     * special_requests} the latest cases of kind request; it is null where there is none. Contact data is as of the date;
     * null where the customer was recorded only after it.
     */
    public static final TableRef CUSTOMER_360 = TableRef.snapshot(
            "customer_360",
            "one customer at a date",
            "customer_id STRING NOT NULL, first_purchase_date DATE, last_purchase_date DATE, count_sales BIGINT NOT NULL, "
                    + "count_purchase_days BIGINT NOT NULL, sales_amount DECIMAL(18,2) NOT NULL, "
                    + "count_return_days BIGINT NOT NULL, return_amount DECIMAL(18,2) NOT NULL, net_amount DECIMAL(18,2) NOT NULL, "
                    + "typical_gap_days DOUBLE, gap_days INT, preferred_channel STRING, preferred_store STRING, "
                    + "count_open_cases BIGINT, count_complaints BIGINT, last_case_at TIMESTAMP, "
                    + "satisfaction_level DOUBLE, least_satisfied_topic STRING, recommend_score INT, last_answer_at TIMESTAMP, "
                    + "arrears_amount DECIMAL(18,2), count_overdue_invoices BIGINT, oldest_due_date DATE, "
                    + "value_class STRING, abc_class STRING, pyramid_level STRING, current_value_amount DECIMAL(18,2), "
                    + "potential_value_amount DECIMAL(18,2), is_core BOOLEAN, "
                    + "churn_state STRING, churn_probability DOUBLE, churn_kind STRING, "
                    + "last_campaign_contact_at TIMESTAMP, last_campaign_response_at TIMESTAMP, "
                    + "life_event STRING, life_event_date DATE, customer_since TIMESTAMP, "
                    + "favourite_categories ARRAY<STRUCT<category: STRING, count_sales: BIGINT, sales_amount: DECIMAL(18,2)>> NOT NULL, "
                    + "consents ARRAY<STRUCT<purpose: STRING, channel: STRING, is_granted: BOOLEAN, since: TIMESTAMP>>, "
                    + "open_cases ARRAY<STRUCT<opened_at: TIMESTAMP, kind: STRING, topic: STRING, channel: STRING, source: STRING, "
                    + "case_id: STRING>>, "
                    + "special_requests ARRAY<STRUCT<opened_at: TIMESTAMP, topic: STRING, channel: STRING, is_open: BOOLEAN>>, "
                    + "churn_reasons ARRAY<STRING>, "
                    + "offers ARRAY<STRUCT<rank: INT, product_id: STRING, name: STRING, because: STRING>> NOT NULL, "
                    + "kind STRING, language STRING, country STRING, birth_date DATE, phone STRING, email STRING, full_name STRING, "
                    + "given_name STRING, family_name STRING, street STRING, postcode STRING, city STRING",
            "customer_id");

    /**
     * How well one source's sales of one month are tied to customers, after the five questions of A. M. Hughes (Strategic
     * Database Marketing). Shares, 0 to 1, are of all of the source's sales of that month; returns are left out.
     *
     * <p>1, capture: {@code known_share} (a customer), {@code named_share} (with a name and an address). 2, repeat purchases:
     * {@code repeat_share} (the customer had bought on an earlier day). 3, a database to use: {@code reachable_share} (e-mail or
     * phone), {@code permitted_share} (a consent that holds; null without a source of consents). 4, reward programme: {@code
     * card_share} (a loyalty card; null where no source gives cards). 5, 80/20: {@code best_amount_share}, the part of the
     * money of known customers that those above the pyramid's small level bring; null without such money.
     *
     * <p>What is asked of a customer is asked at the as-of date.
     */
    public static final TableRef CAPTURE_SCORECARD = TableRef.snapshot(
            "capture_scorecard",
            "one source in one month at a date",
            "source STRING NOT NULL, month_start DATE NOT NULL, count_sales BIGINT NOT NULL, count_known_sales BIGINT NOT NULL, "
                    + "sales_amount DECIMAL(18,2) NOT NULL, known_sales_amount DECIMAL(18,2) NOT NULL, known_share DOUBLE, "
                    + "named_share DOUBLE, repeat_share DOUBLE, reachable_share DOUBLE, permitted_share DOUBLE, card_share DOUBLE, "
                    + "best_amount_share DOUBLE",
            "source",
            "month_start");

    /** All of them, in the data's order. */
    public static final List<TableRef> ALL = List.of(CUSTOMER_CHOICE, SOURCE_DAY, CUSTOMER_360, CAPTURE_SCORECARD);
}
