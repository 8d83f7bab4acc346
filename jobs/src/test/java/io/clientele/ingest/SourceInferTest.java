package io.clientele.ingest;

import static io.clientele.ingest.Shop.failure;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceInferTest {
    @TempDir
    Path root;

    @Test
    void aGermanReceiptFilePassesItsOwnCheck() {
        Shop shop = new Shop(root)
                .write(
                        "in/r.csv",
                        "Beleg-Nr;Pos;Datum;Artikel Nr;Menge;Betrag;Kunden-Nr;Größe\n"
                                + "B1;1;03.02.2026 14:05;A1;1;1.234,50;K1;groß\nB1;2;03.02.2026 14:05;A2;2;3,00;K1;\nB2;1;13.02.2026 9:05;A1;1;5,25;;x\n",
                        Charset.forName("windows-1252"));
        String yaml = SourceInfer.infer(root.resolve("in/r.csv"));
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
        String yaml = SourceInfer.infer(root.resolve("in/c.csv"));
        assertThat(yaml).contains("  customer:\n", "given_name: first_name", "key: [customer_id]");
        shop.mapping(yaml);
        assertThat(SourceCheck.report(shop.session, shop.source(), root.toString(), shop.rates, null)
                        .text())
                .contains("accepted                2 records");
    }

    @Test
    void withoutAHeaderItSaysSo() {
        new Shop(root).write("in/c.csv", "1,A\n2,B\n");
        assertThat(failure(() -> SourceInfer.infer(root.resolve("in/c.csv"))))
                .hasMessageStartingWith("The first line names no columns (column 1 is blank, a number or there twice)");
    }
}
