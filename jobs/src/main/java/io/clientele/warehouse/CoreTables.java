package io.clientele.warehouse;

import static io.clientele.engine.Database.CORE;

import io.clientele.engine.TableRef;
import java.util.List;

/**
 * What is true: one table per subject. Instants are UTC; an interval is open at its end ({@code valid_to} null while it
 * is current) and each {@code valid_to} equals the next {@code valid_from}. Amounts are in the reporting currency.
 * {@code source_file} and {@code source_row} lead back to the delivered record.
 */
public final class CoreTables {
    private CoreTables() {}

    private static final String TRACE =
            "source STRING NOT NULL, batch_id STRING, source_file STRING, source_row BIGINT";

    private static final String ORIGIN = "STRUCT<source: STRING, source_customer_key: STRING, stated_at: TIMESTAMP>";

    /**
     * What one source said about one of its customers at one time, cleaned: placeholders are null, e-mails lower case, phones
     * E.164; {@code referred_by_key} is the same source's key of who brought the customer. The evidence from which {@link #IDENTITY} and {@link #CUSTOMER} are made.
     */
    public static final TableRef CUSTOMER_RECORD = TableRef.upsert(
            CORE,
            "customer_record",
            "one source record of a customer at one time",
            "source STRING NOT NULL, source_customer_key STRING NOT NULL, recorded_at TIMESTAMP NOT NULL, "
                    + "customer_number STRING, loyalty_card STRING, tax_number STRING, email STRING, phone STRING, kind STRING, "
                    + "full_name STRING, given_name STRING, family_name STRING, birth_date DATE, street STRING, postcode STRING, "
                    + "city STRING, country STRING, language STRING, batch_id STRING, source_file STRING, source_row BIGINT, "
                    + "referred_by_key STRING",
            "source",
            "source_customer_key",
            "recorded_at");

    /**
     * One customer per validity interval (SCD2). {@code kind} is person or company, {@code phone} E.164. {@code origin} says of
     * each surviving field which source record stated it and when, as it stood when the interval began; null where the field
     * has no value. {@code origin.name} is that of full, given and family name, {@code origin.address} that of street to country.
     */
    public static final TableRef CUSTOMER = TableRef.sliced(
            CORE,
            "customer",
            "one customer per validity interval",
            "customer_id STRING NOT NULL, valid_from TIMESTAMP NOT NULL, valid_to TIMESTAMP, is_current BOOLEAN NOT NULL, "
                    + "kind STRING, full_name STRING, given_name STRING, family_name STRING, email STRING, phone STRING, "
                    + "birth_date DATE, street STRING, postcode STRING, city STRING, country STRING, language STRING, "
                    + "origin STRUCT<kind: " + ORIGIN + ", name: " + ORIGIN + ", email: " + ORIGIN + ", phone: "
                    + ORIGIN
                    + ", birth_date: " + ORIGIN + ", address: " + ORIGIN + ", language: " + ORIGIN + ">",
            "customer_id",
            "customer_id",
            "valid_from");

    /**
     * One source record of a customer per validity interval. {@code match_rule} says why it belongs to the customer (new,
     * customer_number, loyalty_card, email+family_name, ...); {@code match_probability} is 1 for exact rules.
     */
    public static final TableRef IDENTITY = TableRef.sliced(
            CORE,
            "identity",
            "one source record of a customer per validity interval",
            "source STRING NOT NULL, source_customer_key STRING NOT NULL, customer_id STRING NOT NULL, match_rule STRING, "
                    + "match_probability DOUBLE, valid_from TIMESTAMP NOT NULL, valid_to TIMESTAMP, is_current BOOLEAN NOT NULL, "
                    + "record_key STRING NOT NULL",
            "record_key",
            "source",
            "source_customer_key",
            "valid_from");

    /** One product per validity interval. Services (postage, fees, adjustments) are never recommended. */
    public static final TableRef PRODUCT = TableRef.sliced(
            CORE,
            "product",
            "one product per validity interval",
            "product_id STRING NOT NULL, valid_from TIMESTAMP NOT NULL, valid_to TIMESTAMP, is_current BOOLEAN NOT NULL, "
                    + "category STRING, unit_cost_amount DECIMAL(18,4), is_service BOOLEAN NOT NULL, name STRING",
            "product_id",
            "product_id",
            "valid_from");

    /**
     * One line of a sale or a return. A return has a negative {@code quantity} and {@code net_amount}. {@code customer_id}
     * is null for an anonymous sale; {@code cost_amount} is null where no cost is known. {@code discount_amount} was taken off
     * before {@code net_amount}; it and {@code is_delivered} are null where the source does not say.
     */
    public static final TableRef SALE_LINE = TableRef.upsert(
            CORE,
            "sale_line",
            "one line of a sale or a return",
            "source STRING NOT NULL, sale_id STRING NOT NULL, line_number INT NOT NULL, sold_on DATE NOT NULL, "
                    + "sold_at TIMESTAMP NOT NULL, customer_id STRING, product_id STRING, quantity DECIMAL(18,3), "
                    + "net_amount DECIMAL(18,4), cost_amount DECIMAL(18,4), is_return BOOLEAN NOT NULL, channel STRING, "
                    + "store STRING, source_customer_key STRING, customer_source STRING, batch_id STRING, source_file STRING, "
                    + "source_row BIGINT, discount_amount DECIMAL(18,4), is_delivered BOOLEAN",
            "source",
            "sale_id",
            "line_number");

    /** One invoice. */
    public static final TableRef INVOICE = TableRef.upsert(
            CORE,
            "invoice",
            "one invoice",
            "invoice_id STRING NOT NULL, customer_id STRING, issued_on DATE, due_date DATE, amount DECIMAL(18,4), "
                    + TRACE,
            "source",
            "invoice_id");

    /** One payment of an invoice. */
    public static final TableRef PAYMENT = TableRef.upsert(
            CORE,
            "payment",
            "one payment",
            "payment_id STRING NOT NULL, invoice_id STRING, customer_id STRING, paid_at TIMESTAMP, amount DECIMAL(18,4), "
                    + TRACE,
            "source",
            "payment_id");

    /** One contact or complaint. {@code kind} is contact or complaint; {@code resolved_at} is null while it is open. */
    public static final TableRef SERVICE_CASE = TableRef.upsert(
            CORE,
            "service_case",
            "one contact or complaint",
            "case_id STRING NOT NULL, customer_id STRING, channel STRING, kind STRING, topic STRING, opened_at TIMESTAMP, "
                    + "first_response_at TIMESTAMP, resolved_at TIMESTAMP, is_company_fault BOOLEAN, "
                    + "compensation_amount DECIMAL(18,4), "
                    + TRACE,
            "source",
            "case_id");

    /**
     * One answer. {@code satisfaction_level} is 1 (very dissatisfied) to 5 (very satisfied); {@code share_of_spend} is the part
     * of the customer's spend on such goods that this company gets, 0 to 1, null where it was not asked.
     */
    public static final TableRef SURVEY_ANSWER = TableRef.upsert(
            CORE,
            "survey_answer",
            "one answer",
            "survey_id STRING NOT NULL, answer_id STRING NOT NULL, customer_id STRING, asked_at TIMESTAMP, topic STRING, "
                    + "expected_score DOUBLE, perceived_score DOUBLE, satisfaction_level INT, recommend_score INT, "
                    + TRACE + ", share_of_spend DOUBLE",
            "source",
            "answer_id");

    /** One contact of a campaign; {@code responded_at} is null without a response. */
    public static final TableRef CAMPAIGN_CONTACT = TableRef.upsert(
            CORE,
            "campaign_contact",
            "one contact of a campaign",
            "campaign_id STRING NOT NULL, contact_id STRING NOT NULL, customer_id STRING, contacted_at TIMESTAMP, "
                    + "channel STRING, cost_amount DECIMAL(18,4), is_control BOOLEAN, responded_at TIMESTAMP, "
                    + TRACE,
            "source",
            "contact_id");

    /** One permission per validity interval; no row means no permission. */
    public static final TableRef CONSENT = TableRef.replaced(
            CORE,
            "consent",
            "one permission per validity interval",
            "customer_id STRING NOT NULL, purpose STRING NOT NULL, channel STRING NOT NULL, is_granted BOOLEAN NOT NULL, "
                    + "valid_from TIMESTAMP NOT NULL, valid_to TIMESTAMP, is_current BOOLEAN NOT NULL, source STRING, "
                    + "batch_id STRING, source_file STRING, source_row BIGINT",
            "customer_id",
            "purpose",
            "channel",
            "valid_from");

    /** One event in a customer's life: move, marriage, divorce, birth, new_job, death. */
    public static final TableRef LIFE_EVENT = TableRef.upsert(
            CORE,
            "life_event",
            "one event",
            "event_id STRING NOT NULL, customer_id STRING, kind STRING, occurred_on DATE, " + TRACE,
            "source",
            "event_id");

    /**
     * One known customer on one day with a sale or a return: the compact table that feeds the marts. {@code count_sales}
     * counts distinct sales that are not returns; {@code sales_amount} is before returns, {@code return_amount} is zero or
     * negative and {@code net_amount} is their sum; {@code cost_amount} sums the known costs and
     * {@code count_lines_without_cost} says how many lines had none. Services are included in amounts.
     * {@code discount_amount} was taken off the sales before, {@code count_deliveries} counts the sales that were sent; both
     * are null where no line says so.
     */
    public static final TableRef CUSTOMER_DAY = TableRef.sliced(
            CORE,
            "customer_day",
            "one customer on one day",
            "customer_id STRING NOT NULL, sold_on DATE NOT NULL, count_sales INT NOT NULL, count_lines INT NOT NULL, "
                    + "sales_amount DECIMAL(18,4) NOT NULL, return_amount DECIMAL(18,4) NOT NULL, "
                    + "net_amount DECIMAL(18,4) NOT NULL, cost_amount DECIMAL(18,4) NOT NULL, "
                    + "count_lines_without_cost INT NOT NULL, discount_amount DECIMAL(18,4), count_deliveries INT",
            "sold_on",
            "customer_id",
            "sold_on");

    /**
     * One sale with the distinct products bought in it, sorted; returns, services and lines without a product are left
     * out, and a sale with nothing left has no row. {@code customer_id} is null for an anonymous sale.
     */
    public static final TableRef BASKET = TableRef.sliced(
            CORE,
            "basket",
            "one sale with its products",
            "source STRING NOT NULL, sale_id STRING NOT NULL, sold_on DATE NOT NULL, customer_id STRING, "
                    + "product_ids ARRAY<STRING> NOT NULL",
            "sold_on",
            "source",
            "sale_id",
            "sold_on");

    /** All of them, in the data's order. */
    public static final List<TableRef> ALL = List.of(
            CUSTOMER_RECORD,
            IDENTITY,
            CUSTOMER,
            PRODUCT,
            SALE_LINE,
            INVOICE,
            PAYMENT,
            SERVICE_CASE,
            SURVEY_ANSWER,
            CAMPAIGN_CONTACT,
            CONSENT,
            LIFE_EVENT,
            CUSTOMER_DAY,
            BASKET);
}
