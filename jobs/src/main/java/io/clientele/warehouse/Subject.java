package io.clientele.warehouse;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.types.StructType;

/**
 * What a source can say something about. Each constant declares the columns that a mapping may give ({@code columns} in a
 * source's YAML) and which of them it must give; the integration turns these rows into core tables. Amounts are in the
 * source's currency here and converted on the way.
 */
public enum Subject {
    /**
     * A record about a customer. {@code customer_number}, {@code loyalty_card} and {@code tax_number} are issued numbers
     * that identify alone; e-mail and phone need a corroborating name, birth date or postcode. {@code referred_by_key} is the
     * source's key of the customer who brought this one.
     */
    CUSTOMER(
            List.of("source_customer_key", "recorded_at"),
            "source_customer_key STRING, recorded_at TIMESTAMP, customer_number STRING, loyalty_card STRING, tax_number STRING, "
                    + "kind STRING, full_name STRING, given_name STRING, family_name STRING, email STRING, phone STRING, "
                    + "birth_date DATE, street STRING, postcode STRING, city STRING, country STRING, language STRING, "
                    + "referred_by_key STRING"),
    /** A record about a product. */
    PRODUCT(
            List.of("product_id", "recorded_at"),
            "product_id STRING, recorded_at TIMESTAMP, name STRING, category STRING, unit_cost_amount DECIMAL(18,4), "
                    + "is_service BOOLEAN"),
    /**
     * A line of a sale; {@code net_amount} is negative for a return. Without a cost, quantity x unit cost applies.
     * {@code discount_amount} is what was taken off and is not in {@code net_amount} any more; {@code is_delivered} says
     * whether the sale was sent to the customer.
     */
    SALE_LINE(
            List.of("sale_id", "line_number", "product_id", "sold_at", "quantity", "net_amount"),
            "sale_id STRING, line_number INT, source_customer_key STRING, product_id STRING, sold_at TIMESTAMP, "
                    + "quantity DECIMAL(18,3), net_amount DECIMAL(18,4), cost_amount DECIMAL(18,4), is_return BOOLEAN, "
                    + "channel STRING, store STRING, discount_amount DECIMAL(18,4), is_delivered BOOLEAN"),
    /** An invoice. */
    INVOICE(
            List.of("invoice_id", "due_date", "amount"),
            "invoice_id STRING, source_customer_key STRING, issued_on DATE, due_date DATE, amount DECIMAL(18,4)"),
    /** A payment of an invoice. */
    PAYMENT(
            List.of("payment_id", "invoice_id", "paid_at", "amount"),
            "payment_id STRING, invoice_id STRING, source_customer_key STRING, paid_at TIMESTAMP, amount DECIMAL(18,4)"),
    /** A contact or complaint. */
    SERVICE_CASE(
            List.of("case_id", "kind", "opened_at"),
            "case_id STRING, source_customer_key STRING, channel STRING, kind STRING, topic STRING, opened_at TIMESTAMP, "
                    + "first_response_at TIMESTAMP, resolved_at TIMESTAMP, is_company_fault BOOLEAN, "
                    + "compensation_amount DECIMAL(18,4)"),
    /** An answer of a survey. {@code share_of_spend}, from 0 to 1: of all that the customer spends on such goods, the part here. */
    SURVEY_ANSWER(
            List.of("survey_id", "answer_id", "asked_at"),
            "survey_id STRING, answer_id STRING, source_customer_key STRING, asked_at TIMESTAMP, topic STRING, "
                    + "expected_score DOUBLE, perceived_score DOUBLE, satisfaction_level INT, recommend_score INT, "
                    + "share_of_spend DOUBLE"),
    /** A contact of a campaign. */
    CAMPAIGN_CONTACT(
            List.of("campaign_id", "contact_id", "contacted_at"),
            "campaign_id STRING, contact_id STRING, source_customer_key STRING, contacted_at TIMESTAMP, channel STRING, "
                    + "cost_amount DECIMAL(18,4), is_control BOOLEAN, responded_at TIMESTAMP"),
    /** A decision of a customer to permit or refuse a purpose on a channel. */
    CONSENT(
            List.of("source_customer_key", "purpose", "channel", "is_granted", "decided_at"),
            "source_customer_key STRING, purpose STRING, channel STRING, is_granted BOOLEAN, decided_at TIMESTAMP"),
    /** An event in a customer's life. */
    LIFE_EVENT(
            List.of("event_id", "source_customer_key", "kind", "occurred_on"),
            "event_id STRING, source_customer_key STRING, kind STRING, occurred_on DATE");

    private final List<String> required;
    private final StructType schema;

    Subject(List<String> required, String ddl) {
        this.required = required;
        this.schema = StructType.fromDDL(ddl);
    }

    /** The columns a mapping must give. */
    public List<String> required() {
        return required;
    }

    /** All columns a mapping may give, with the types they are cast to. */
    public StructType schema() {
        return schema;
    }

    /** The columns whose name says that they hold money. */
    public List<String> amounts() {
        return Arrays.stream(schema.fieldNames())
                .filter(c -> c.equals("amount") || c.endsWith("_amount"))
                .toList();
    }

    /** The name used in YAML and for tables, for example {@code sale_line}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
