package io.clientele.integrate;

import static io.clientele.integrate.Given.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.warehouse.Subject;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class CustomerRecordsTest {
    @Test
    void placeholdersBecomeNull() {
        Row clean = clean(row(
                        "source_customer_key",
                        "1",
                        "recorded_at",
                        Given.at(1),
                        "customer_number",
                        "000000",
                        "loyalty_card",
                        " n/a ",
                        "tax_number",
                        "-",
                        "family_name",
                        "Unknown",
                        "city",
                        "none",
                        "email",
                        "Info@shop.org",
                        "phone",
                        "0000000",
                        "birth_date",
                        "1900-01-01",
                        "full_name",
                        "  Anna   Meier "))
                .first();
        for (String column : new String[] {
            "customer_number",
            "loyalty_card",
            "tax_number",
            "family_name",
            "city",
            "email",
            "phone",
            "birth_date",
            "kind"
        }) {
            assertThat(clean.<Object>getAs(column)).as(column).isNull();
        }
        assertThat(clean.<String>getAs("full_name")).isEqualTo("Anna Meier");
    }

    @Test
    void emailsAreLowerCasedAndRefusedWhereTheyAreNone() {
        Map<String, String> emails =
                Map.of("A.B@Example.ORG", "a.b@example.org", "no at.org", "null", "a@b", "null", "test@x.org", "null");
        Map<String, String> cleaned = new LinkedHashMap<>();
        emails.forEach((raw, expected) -> cleaned.put(raw, String.valueOf(one("email", raw, "email", null))));
        assertThat(cleaned).isEqualTo(new LinkedHashMap<>(emails));
    }

    @Test
    void phonesAreE164ByTheirCountryElseTheDefault() {
        assertThat(one("phone", "01 234 56 78", "phone", null)).isEqualTo("+4312345678");
        assertThat(one("phone", "030/123456", "phone", "de")).isEqualTo("+4930123456");
        assertThat(one("phone", "+44 20 7946 0958", "phone", "AT")).isEqualTo("+442079460958");
        assertThat(one("phone", "00 1 650 253 0000", "phone", "AT")).isEqualTo("+16502530000");
        assertThat(one("phone", "call me", "phone", null)).isNull();
        assertThat(one("phone", "1", "phone", null)).isNull();
    }

    @Test
    void oneRowPerKeyAndInstantTheLastDelivered() {
        Dataset<Row> clean = clean(
                row("source_customer_key", "1", "recorded_at", Given.at(1), "city", "Graz"),
                row("source_customer_key", "1", "recorded_at", Given.at(1), "city", "Wien"),
                row("source_customer_key", "1", "recorded_at", Given.at(2), "city", "Linz"),
                row("source_customer_key", null, "recorded_at", Given.at(2), "city", "Rom"));
        assertThat(Given.sorted(clean.select("city"))).containsExactly("[Linz]", "[Wien]");
    }

    private static Object one(String column, String raw, String read, String country) {
        return clean(row("source_customer_key", "1", "recorded_at", Given.at(1), column, raw, "country", country))
                .first()
                .getAs(read);
    }

    @SafeVarargs
    private static Dataset<Row> clean(Map<String, Object>... rows) {
        return CustomerRecords.clean(Given.subject(Subject.CUSTOMER, rows), "AT");
    }
}
