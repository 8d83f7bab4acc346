package io.clientele.ingest;

import static io.clientele.ingest.Shop.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.ingest.infer.SourceInfer;
import io.clientele.testing.SharedSpark;
import java.nio.charset.Charset;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceInferTest {
    private static final Path SAMPLE =
            Path.of("..", "data-samples").toAbsolutePath().normalize();

    @TempDir
    Path root;

    private static String infer(Path file) {
        return SourceInfer.ofFile(file, SharedSpark::session);
    }

    /** What a check of the inferred mapping says about the data from which it was inferred. */
    private String check(String yaml) {
        Shop shop = new Shop(root).mapping(yaml);
        return SourceCheck.report(shop.session, shop.source(), root.toString(), shop.rates, null)
                .text();
    }

    @Test
    void nestedOrdersAreSalesByLineAndCustomersBesideThem() {
        String yaml = infer(SAMPLE.resolve("web/orders-2023-01.jsonl"));
        assertThat(yaml)
                .contains(
                        "format: json",
                        "key: [order_id]",
                        "parsed_ordered_at: \"to_timestamp(ordered_at)\"",
                        "  sale_line:\n    explode: lines\n",
                        "sale_id: order_id",
                        "source_customer_key: \"account.id\"",
                        "product_id: \"item.sku\"",
                        "quantity: \"item.quantity\"",
                        "net_amount: \"CAST(item.quantity AS DECIMAL(18,3)) * CAST(",
                        "sold_at: parsed_ordered_at",
                        "  customer:\n",
                        "email: \"account.email\"",
                        "given_name: \"account.name.first\"",
                        "postcode: \"account.address.postcode\"");
        assertThat(check(yaml))
                .contains("accepted              235 records")
                .containsPattern(
                        "sale_line +[0-9]+ rows; filled: sale_id 100 % line_number 100 % source_customer_key 100 %")
                .containsPattern("customer +235 rows; filled: source_customer_key 100 % recorded_at 100 %");
    }

    @Test
    void parquetKeepsItsTypes() {
        String yaml = infer(SAMPLE.resolve("campaign/consents.parquet"));
        assertThat(yaml)
                .contains(
                        "format: parquet",
                        "decided_at: TIMESTAMP",
                        "is_granted: BOOLEAN",
                        "  consent:\n",
                        "purpose: purpose",
                        "is_granted: is_granted")
                .doesNotContain("parse:", "rules:");
        assertThat(check(yaml)).containsPattern("consent +[0-9,]+ rows;");
    }

    @Test
    void anArrayOfDocumentsIsNotOnePerLine() {
        new Shop(root).write("in/a.json", "[{\"a\": 1},\n{\"a\": 2}]");
        assertThat(failure(() -> infer(root.resolve("in/a.json"))))
                .hasMessageEndingWith(
                        "is one JSON array; expected one document per line: write each of its elements on a line of its own");
    }

    @Test
    void aGermanReceiptFilePassesItsOwnCheck() {
        Shop shop = new Shop(root)
                .write(
                        "in/r.csv",
                        "Beleg-Nr;Pos;Datum;Artikel Nr;Menge;Betrag;Kunden-Nr;Größe\n"
                                + "B1;1;03.02.2026 14:05;A1;1;1.234,50;K1;groß\nB1;2;03.02.2026 14:05;A2;2;3,00;K1;\nB2;1;13.02.2026 9:05;A1;1;5,25;;x\n",
                        Charset.forName("windows-1252"));
        String yaml = infer(root.resolve("in/r.csv"));
        assertThat(yaml)
                .contains(
                        "encoding: windows-1252",
                        "delimiter: \";\"",
                        "key: [\"Beleg-Nr\", Pos]",
                        "  sale_line:\n",
                        "sale_id: \"`Beleg-Nr`\"");
        shop.mapping(yaml);
        SourceCheck.Report report = SourceCheck.report(shop.session, shop.source(), root.toString(), shop.rates, null);
        assertThat(report.text())
                .contains("accepted                3 records")
                .contains(
                        "sale_id 100 % line_number 100 % source_customer_key 66 % product_id 100 % sold_at 100 % quantity 100 % net_amount 100 %")
                .contains("This would be loaded.");
    }

    @Test
    void aCustomerFilePassesItsOwnCheck() {
        Shop shop = new Shop(root)
                .write(
                        "in/c.csv",
                        "customer_id,first_name,last_name,email,updated_at\n1,A,B,a@example.org,2026-01-01T10:00:00Z\n2,C,D,,2026-01-02T10:00:00Z\n");
        String yaml = infer(root.resolve("in/c.csv"));
        assertThat(yaml).contains("  customer:\n", "given_name: first_name", "key: [customer_id]");
        shop.mapping(yaml);
        assertThat(SourceCheck.report(shop.session, shop.source(), root.toString(), shop.rates, null)
                        .text())
                .contains("accepted                2 records");
    }

    @Test
    void withoutAHeaderItSaysSo() {
        new Shop(root).write("in/c.csv", "1,A\n2,B\n");
        assertThat(failure(() -> infer(root.resolve("in/c.csv"))))
                .hasMessageStartingWith("The first line names no columns (column 1 is blank, a number or there twice)");
    }
}
