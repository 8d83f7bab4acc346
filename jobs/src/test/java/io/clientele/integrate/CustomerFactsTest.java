package io.clientele.integrate;

import static io.clientele.integrate.Given.at;
import static io.clientele.integrate.Given.record;
import static io.clientele.integrate.Given.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.testing.FewRows;
import io.clientele.warehouse.CoreTables;
import io.clientele.warehouse.Subject;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

@FewRows
class CustomerFactsTest {
    private static final Dataset<Row> IDENTITY = Given.of(
            CoreTables.IDENTITY.schema(),
            List.of(
                    identity("shop", "1", "C-old", at(1), at(9)),
                    identity("shop", "1", "C-a", at(9), null),
                    identity("crm", "1", "C-b", at(1), null)));

    private static final Dataset<Row> PRODUCTS = Products.history(Given.subject(
            Subject.PRODUCT,
            row("product_id", "p", "recorded_at", at(10), "unit_cost_amount", "2"),
            row("product_id", "p", "recorded_at", at(20), "unit_cost_amount", "3"),
            row("product_id", "free", "recorded_at", at(1), "name", "no cost", "is_service", true)));

    @Test
    void aLineGetsItsCustomerDayAndCost() {
        Dataset<Row> lines = lines(
                line("1", 1, "source_customer_key", "1", "sold_at", "2024-01-15T23:30:00Z", "quantity", "2"),
                line("2", 1, "source_customer_key", "1", "customer_source", "crm", "sold_at", at(25), "quantity", "-1"),
                line("3", 1, "sold_at", at(5), "quantity", "1"),
                line("4", 1, "source_customer_key", "unheard", "sold_at", at(25), "quantity", "1", "cost_amount", "9"),
                line("5", 1, "product_id", "free", "sold_at", at(25), "quantity", "1"),
                line("6", 1, "product_id", "new", "sold_at", at(25), "quantity", "1"));
        assertThat(Given.sorted(lines.select(
                        "sale_id", "customer_id", "sold_on", "cost_amount", "is_return", "customer_source")))
                .containsExactly(
                        "[1,C-a,2024-01-15,4.0000,false,shop]",
                        "[2,C-b,2024-01-25,-3.0000,true,crm]",
                        "[3,null,2024-01-05,2.0000,false,shop]",
                        "[4,null,2024-01-25,9.0000,false,shop]",
                        "[5,null,2024-01-25,null,false,shop]",
                        "[6,null,2024-01-25,null,false,shop]");
    }

    @Test
    void onlyLinesOfMovedRecordsAreRedirected() {
        Dataset<Row> lines = lines(
                line("1", 1, "source_customer_key", "1", "sold_at", at(2), "quantity", "1"),
                line("2", 1, "source_customer_key", "1", "customer_source", "crm", "sold_at", at(2), "quantity", "1"),
                line("3", 1, "sold_at", at(2), "quantity", "1"));
        Dataset<Row> moved = Given.of(
                        CoreTables.IDENTITY.schema(),
                        List.of(identity("crm", "1", "C-a", at(9), null), identity("shop", "1", "C-a", at(1), null)))
                .select("source", "source_customer_key", "customer_id");
        assertThat(Given.sorted(CustomerFacts.redirected(lines.drop("is_correction"), moved)
                        .select("sale_id", "customer_id", "is_correction")))
                .containsExactly("[2,C-a,true]");
    }

    @Test
    void aPaymentTakesTheCustomerOfItsInvoice() {
        Dataset<Row> invoices = Given.of(
                CoreTables.INVOICE.schema(),
                List.of(
                        row("source", "shop", "invoice_id", "i", "customer_id", "C-a"),
                        row("source", "crm", "invoice_id", "i", "customer_id", "C-b"),
                        row("source", "crm", "invoice_id", "only", "customer_id", "C-b")));
        Dataset<Row> payments = Given.subject(
                Subject.PAYMENT,
                row("payment_id", "1", "invoice_id", "i"),
                row("payment_id", "2", "invoice_id", "only"),
                row("payment_id", "3", "invoice_id", "i", "source", "bank"),
                row("payment_id", "4", "invoice_id", "i", "source_customer_key", "1", "customer_source", "crm"));
        assertThat(Given.sorted(
                        CustomerFacts.payments(payments, IDENTITY, invoices).select("payment_id", "customer_id")))
                .containsExactly("[1,C-a]", "[2,C-b]", "[3,null]", "[4,C-b]");
    }

    @Test
    void aRefusalWinsAtTheSameInstantAndEqualDecisionsAreOneInterval() {
        Dataset<Row> decisions = Given.subject(
                Subject.CONSENT,
                decision(1, true),
                decision(2, true),
                decision(3, false),
                decision(3, true),
                row(
                        "source_customer_key",
                        "nobody",
                        "purpose",
                        "marketing",
                        "channel",
                        "email",
                        "is_granted",
                        true,
                        "decided_at",
                        at(1)));
        assertThat(Given.sorted(CustomerFacts.consents(decisions, IDENTITY)
                        .select("customer_id", "is_granted", "valid_from", "valid_to", "is_current", "source_row")))
                .containsExactly(
                        "[C-a,false,%s,null,true,3]".formatted(at(3)),
                        "[C-a,true,%s,%s,false,1]".formatted(at(1), at(3)));
    }

    @Test
    void aCustomerIsWhatItsRecordsSaidLast() {
        Dataset<Row> records = Given.records(List.of(
                record("shop|1", 1, "city", "Graz", "email", "a@x.org"),
                record("shop|1", 3, "city", "Wien"),
                record("crm|1", 2, "city", "Linz")));
        assertThat(Given.sorted(Customers.history(records, IDENTITY, null, Survivorship.defaults())
                        .select("customer_id", "city", "email", "valid_from", "valid_to")))
                .containsExactly(
                        "[C-a,Graz,a@x.org,%s,%s]".formatted(at(1), at(3)),
                        "[C-a,Wien,a@x.org,%s,null]".formatted(at(3)),
                        "[C-b,Linz,null,%s,null]".formatted(at(2)));
        Dataset<Row> former = Given.of(
                CoreTables.CUSTOMER.schema(),
                List.of(row("customer_id", "C-old", "valid_from", at(1), "is_current", true, "city", "Graz")));
        assertThat(Given.sorted(Customers.closed(former, IDENTITY).select("customer_id", "valid_to", "is_current")))
                .containsExactly("[C-old,%s,false]".formatted(at(9)));
    }

    @Test
    void daysAndBasketsSumWhatWasSold() {
        Dataset<Row> lines = lines(
                line(
                        "1",
                        1,
                        "source_customer_key",
                        "1",
                        "sold_at",
                        at(2),
                        "quantity",
                        "1",
                        "net_amount",
                        "10",
                        "product_id",
                        "q"),
                line(
                        "1",
                        2,
                        "source_customer_key",
                        "1",
                        "sold_at",
                        at(2),
                        "quantity",
                        "1",
                        "net_amount",
                        "5",
                        "cost_amount",
                        "1"),
                line(
                        "1",
                        3,
                        "source_customer_key",
                        "1",
                        "sold_at",
                        at(2),
                        "quantity",
                        "1",
                        "net_amount",
                        "4",
                        "product_id",
                        "free"),
                line(
                        "2",
                        1,
                        "source_customer_key",
                        "1",
                        "sold_at",
                        at(2),
                        "quantity",
                        "-1",
                        "net_amount",
                        "-3",
                        "cost_amount",
                        "-1"),
                line("3", 1, "sold_at", at(2), "quantity", "1", "net_amount", "7"));
        assertThat(Given.sorted(CustomerDays.of(lines)))
                .containsExactly("[C-a,2024-01-02,1,4,19.0000,-3.0000,16.0000,0.0000,2,null,null]");
        assertThat(Given.sorted(CustomerDays.baskets(lines, PRODUCTS)))
                .containsExactly("[shop,1,2024-01-02,C-a,ArraySeq(p, q)]", "[shop,3,2024-01-02,null,ArraySeq(p)]");
    }

    private static Map<String, Object> identity(String source, String key, String id, Object from, Object to) {
        return row(
                "source",
                source,
                "source_customer_key",
                key,
                "customer_id",
                id,
                "valid_from",
                from,
                "valid_to",
                to,
                "is_current",
                to == null,
                "record_key",
                source + "|" + key);
    }

    private static Map<String, Object> line(String sale, int number, Object... more) {
        Map<String, Object> line = row("sale_id", sale, "line_number", number, "product_id", "p", "net_amount", "1");
        line.putAll(row(more));
        return line;
    }

    @SafeVarargs
    private static Dataset<Row> lines(Map<String, Object>... lines) {
        return CustomerFacts.saleLines(Given.subject(Subject.SALE_LINE, lines), IDENTITY, PRODUCTS);
    }

    private static Map<String, Object> decision(int day, boolean isGranted) {
        return row(
                "source_customer_key",
                "1",
                "purpose",
                "marketing",
                "channel",
                "email",
                "is_granted",
                isGranted,
                "decided_at",
                at(day));
    }
}
