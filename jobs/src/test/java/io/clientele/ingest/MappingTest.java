package io.clientele.ingest;

import static io.clientele.ingest.Shop.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.engine.config.Yaml;
import io.clientele.engine.error.Responsible;
import io.clientele.ingest.mapping.SourceMappings;
import io.clientele.ingest.read.DeliveredFiles;
import io.clientele.ingest.read.Delivery;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappingTest {
    @TempDir
    Path root;

    @Test
    void allFaultsOfAllFilesAreNamedAtOnce() {
        new Shop(root)
                .write("conf/sources/a.yml", "chanel: web\nlocation: x\nformat: cvs\noptions: { delimeter: ';' }\n")
                .write(
                        "conf/sources/b.yml",
                        "channel: wob\nlocation: x\nformat: csv\nschema: { id: STRING, n: INT }\nkey: [ids]\ntime-zone: Europe/Berlim\nmax-refused-share: many\nsubjects: {}\n")
                .write(
                        "conf/sources/c.yml",
                        "channel: web\nlocation: x\nformat: csv\nschema: { id: STRING }\nkey: [id]\nsubjects:\n  sale_lines: { columns: {} }\n  payment: { customer-of: crmm, columns: { payment_id: id, amont: id } }\n")
                .write("conf/sources/d.yml", "a: [\n");
        var failure = failure(() -> SourceMappings.read(root.resolve("conf")));
        assertThat(failure.responsible()).isEqualTo(Responsible.CONFIGURATION);
        assertThat(failure.getMessage().replace(root.resolve("conf/sources") + "/", ""))
                .contains(
                        "a.yml: chanel: expected a known key",
                        "found 'chanel'; did you mean 'channel'?",
                        "a.yml: format: expected a known value (csv, jdbc, json, parquet, text), found 'cvs'; did you mean 'csv'?",
                        "a.yml: options.delimeter: expected a known key",
                        "did you mean 'delimiter'?",
                        "b.yml: max-refused-share: expected a number, found 'many'",
                        "c.yml: subjects.sale_lines: expected a known subject",
                        "did you mean 'sale_line'?",
                        "c.yml: subjects.payment.columns.amont: expected a known column of payment",
                        "did you mean 'amount'?",
                        "c.yml: subjects.payment.columns.paid_at: expected an expression: the column is required, found nothing",
                        "d.yml: expected YAML, found");
        new Shop(root)
                .write(
                        "conf/sources/b.yml",
                        "channel: wob\nlocation: x\nformat: csv\nschema: { id: STRING, n: INT }\nkey: [ids]\ntime-zone: Europe/Berlim\nsubjects: {}\n");
        assertThat(failure(() -> SourceMappings.readOne(root.resolve("conf/sources/b.yml")))
                        .getMessage()
                        .replace(root.resolve("conf/sources") + "/", ""))
                .isEqualTo("""
            The configuration has 5 faults:
            - b.yml: channel: expected a known channel (billing, call_centre, campaign, crm, store, survey, web), found 'wob'; did you mean 'web'?
            - b.yml: schema.n: expected STRING: columns of csv stay text until mapped, found 'INT'
            - b.yml: key[0]: expected a known column or parsed name (id, n), found 'ids'; did you mean 'id'?
            - b.yml: time-zone: expected a known time zone (America/New_York, Asia/Tokyo, Europe/Berlin, UTC), found 'Europe/Berlim'; did you mean 'Europe/Berlin'?
            - b.yml: subjects: expected at least one of customer, product, sale_line, invoice, payment, service_case, survey_answer, campaign_contact, consent, life_event, found nothing""");
    }

    @Test
    void everyExpressionIsAnalysed() {
        Shop shop = new Shop(root).simple("""
                rules:
                  - { name: a, check: monney > 0, message: m }
                  - { name: b, check: "uper(id) = 'A'", message: m }
                  - { name: c, check: "id +", message: m }
                  - { name: d, check: id, message: m }
                  - { name: e, check: sum(money) > 0, message: m }
                """);
        String file = root.resolve("conf/sources/shop.yml").toString();
        assertThat(failure(shop::source).getMessage().replace(file, "F"))
                .startsWith("The configuration has 5 faults:")
                .contains(
                        "F: rules[0].check: expected columns, parsed names, found unknown 'monney' in monney > 0; did you mean 'money'?",
                        "F: rules[1].check: expected a function of Spark SQL, found unknown 'uper' in uper(id) = 'A'; did you mean 'upper'?",
                        "F: rules[2].check: expected Spark SQL, found 'id +': ",
                        "F: rules[3].check: expected a condition (BOOLEAN), found STRING of id",
                        "F: rules[4].check: expected an expression over one record, found an aggregate, window or generator: sum(money) > 0");
    }

    record Part(int days, double share) {
        Part {
            if (days < 1) {
                throw new IllegalArgumentException("days " + days + " is less than 1");
            }
        }
    }

    record Whole(String name, Part part, BigDecimal limit) {}

    @Test
    void aConfigurationKeepsDefaultsAndRefusesTheRest() {
        Shop shop = new Shop(root).write("x.yml", "part: { days: 7 }\n");
        Whole defaults = new Whole("n", new Part(1, 0.5), BigDecimal.ONE);
        Path file = root.resolve("x.yml");
        assertThat(Yaml.read(file, defaults)).isEqualTo(new Whole("n", new Part(7, 0.5), BigDecimal.ONE));
        shop.write("x.yml", "");
        assertThat(Yaml.read(file, defaults)).isEqualTo(defaults);
        shop.write("x.yml", "part: { days: 0 }\nlimit: high\nnames: x\n");
        assertThat(failure(() -> Yaml.read(file, defaults)).getMessage().replace(file.toString(), "F"))
                .isEqualTo("""
            The configuration has 3 faults:
            - F: names: expected a known key (limit, name, part), found 'names'; did you mean 'name'?
            - F: part: expected a valid value, found days 0 is less than 1
            - F: limit: expected a number, found 'high'""");
    }

    @Test
    void onlyNewContentIsDelivered() throws IOException {
        Shop shop = new Shop(root).simple("").write("in/a.csv", "id,day,amount\n1,d,1\n");
        Delivery first = shop.delivery();
        assertThat(first.batchId())
                .matches("shop-[0-9a-f]{12}")
                .isEqualTo(shop.delivery().batchId());
        shop.ledger = first.ledgerRows(shop.session, shop.source());
        assertThat(shop.delivery().isEmpty()).isTrue();
        shop.write("in/b.csv", "id,day,amount\n1,d,1\n");
        assertThat(shop.delivery().files()).isEmpty();
        assertThat(shop.delivery().notices())
                .containsExactly("in/b.csv has the content of in/a.csv, which is loaded: skipped (delivered twice)");
        shop.write("in/a.csv", "id,day,amount\n2,d,1\n");
        Files.setLastModifiedTime(
                root.resolve("in/a.csv"), FileTime.from(Instant.now().plusSeconds(5)));
        assertThat(shop.delivery().files()).hasSize(1);
        assertThat(shop.delivery().notices())
                .contains("in/a.csv was loaded before and now has other content: loaded as a new version");
        Files.delete(root.resolve("in/a.csv"));
        Files.delete(root.resolve("in/b.csv"));
        assertThat(shop.delivery().isEmpty()).isTrue();
        shop.ledger = null;
        assertThat(failure(
                        () -> DeliveredFiles.find(shop.session, shop.source(), root.toString(), null, Instant.EPOCH)))
                .hasMessage("Source shop: no file matches in/* below " + root + ". Check `location` in "
                        + root.resolve("conf/sources/shop.yml") + " and --input.");
    }

    @Test
    void sourceCheckSaysWhatWouldHappen() {
        Shop shop = new Shop(root)
                .simple("")
                .write("in/a.csv", "id,day,amount\n1,2026-01-01,10\n1,2026-01-01,10\n,d,5\nx\n");
        SourceCheck.Report report = SourceCheck.report(shop.session, shop.source(), root.toString(), shop.rates, null);
        assertThat(report.wouldLoad()).isTrue();
        assertThat(report.text()).isEqualTo("""
            Source shop, 1 files
              read                    4 records               25.00 EUR
              accepted                1 records               10.00 EUR
              duplicate               1 records               10.00 EUR
              quarantined             2 records                5.00 EUR
              refused share 50.0 %, limit 100.0 %
                     1 x key-present (id): the key is missing; in/a.csv:4
                     1 x malformed: wrong number of columns or an open quote; in/a.csv:5
                     1 x required-payment-payment_id: no value for payment.payment_id; in/a.csv:4
              payment                     1 rows; filled: payment_id 100 % invoice_id 100 % paid_at 100 % amount 100 %
            This would be loaded.
            """);
    }
}
