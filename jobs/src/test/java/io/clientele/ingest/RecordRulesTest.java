package io.clientele.ingest;

import static io.clientele.ingest.Shop.failure;
import static io.clientele.ingest.Shop.texts;
import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.engine.error.Responsible;
import io.clientele.ingest.rule.Balance;
import io.clientele.ingest.rule.QuarantineRows;
import io.clientele.ingest.rule.SubjectRows;
import io.clientele.warehouse.OpsTables;
import io.clientele.warehouse.Subject;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordRulesTest {
    private static final String[] OUTCOME = {"id", "amount", "outcome", "is_correction"};

    @TempDir
    Path root;

    @Test
    void ofOneKeyTheLastContentIsAcceptedOnce() {
        Shop shop = new Shop(root)
                .simple("")
                .write("in/a.csv", "id,day,amount\n1,d,1\n1,d,1\n2,d,1\n2,d,9\n3,d,1\n")
                .write("in/b.csv", "id,day,amount\n1,d,1\n2,d,8\n,d,1\n");
        assertThat(texts(shop.judged(), OUTCOME))
                .containsExactly(
                        "1|1|accepted|false",
                        "1|1|duplicate|false",
                        "2|1|duplicate|false",
                        "2|9|duplicate|false",
                        "3|1|accepted|false",
                        "1|1|duplicate|false",
                        "2|8|accepted|true",
                        "null|1|quarantined|false");
    }

    @Test
    void comparesWithWhatWasAcceptedEarlier() {
        Shop shop = new Shop(root).simple("").write("in/a.csv", "id,day,amount\n1,d,1\n2,d,1\n");
        Dataset<Row> first = RawTables.rows(shop.judged(), shop.source(), "b1", Instant.ofEpochSecond(1))
                .localCheckpoint();
        shop.write("in/a.csv", "id,day,amount\n1,d,1\n2,d,2\n3,d,1\n");
        Dataset<Row> second = RawTables.rows(shop.judged(null, first), shop.source(), "b2", Instant.ofEpochSecond(2))
                .localCheckpoint();
        assertThat(texts(second, OUTCOME))
                .containsExactly("1|1|duplicate|false", "2|2|accepted|true", "3|1|accepted|false");
        shop.write("in/a.csv", "id,day,amount\n2,d,1\n");
        Dataset<Row> accepted = first.union(second).where("outcome = 'accepted'");
        assertThat(texts(shop.judged(null, accepted), OUTCOME)).containsExactly("2|1|accepted|true");
        assertThat(texts(shop.judged(null, accepted.drop("loaded_at").where("id = 1")), OUTCOME))
                .containsExactly("2|1|accepted|false");
    }

    @Test
    void everyFailedRuleIsAReasonAndNullIsNotEvaluated() {
        Shop shop = new Shop(root)
                .simple("""
                rules:
                  - { name: positive, column: amount, check: money > 0, message: the amount is not above zero }
                  - { name: dated, column: day, when: "id <> '4'", check: day LIKE '2026%', message: the day is not in 2026 }
                """)
                .write("in/a.csv", "id,day,amount\n1,2026,1\n2,2025,-1\n3,2026,x\n4,2020,1\n5,2026\n");
        assertThat(texts(
                        shop.judged(),
                        "id",
                        "outcome",
                        "transform(reasons, r -> concat_ws(':', r.rule, r.column, r.message))"))
                .containsExactly(
                        "1|accepted|ArraySeq()",
                        "2|quarantined|ArraySeq(positive:amount:the amount is not above zero, dated:day:the day is not in 2026)",
                        "3|quarantined|ArraySeq(positive:amount:the amount is not above zero (not evaluated: the check gave null))",
                        "4|accepted|ArraySeq()",
                        "null|quarantined|ArraySeq(malformed:wrong number of columns or an open quote)");
    }

    @Test
    void referencesMustBeKnown() {
        Shop shop = new Shop(root).simple("""
                references:
                  - { name: known, subject: product, keys: id, message: no such product }
                  - { name: all-known, subject: product, keys: "split(day, ' ')", message: one is unknown }
                """).write("in/a.csv", "id,day,amount\nA,A B,1\nB,A C,1\nC,B,1\n");
        Dataset<Row> products = shop.session.sql("SELECT explode(array('A', 'B')) AS product_id");
        assertThat(texts(shop.judged(products, null), "id", "transform(reasons, r -> r.rule)"))
                .containsExactly("A|ArraySeq()", "B|ArraySeq(all-known)", "C|ArraySeq(known)");
    }

    @Test
    void balancesInRowsAndInEachCurrency() {
        Shop shop = new Shop(root).simple("").write("in/a.csv", "id,day,amount\n1,d,1.5\n1,d,1.5\n2,d,2\n,d,4\n");
        String yaml = """
        channel: web
        location: in/*
        format: csv
        schema: { id: STRING, day: STRING, amount: STRING }
        currency: "CASE WHEN id = '2' THEN 'USD' WHEN id = '3' THEN 'ZZZ' ELSE 'EUR' END"
        key: [id]
        amount: amount
        max-refused-share: 0.2
        subjects: { payment: { columns: { payment_id: id, invoice_id: id, paid_at: to_timestamp(day), amount: amount } } }
        """;
        shop.mapping(yaml).write("in/b.csv", "id,day,amount\n3,d,7\n");
        shop.rates = new CurrencyRates(
                "EUR", List.of(new CurrencyRates.Rate("USD", LocalDate.EPOCH, new BigDecimal("0.5"))));
        Dataset<Row> judged = shop.judged();
        Dataset<Row> balance = Balance.of(judged, shop.source(), "b", "r");
        assertThat(balance.orderBy("currency").collectAsList().toString())
                .isEqualTo(
                        "[[shop,b,EUR,r,3,1,1,1,7.0000,1.5000,1.5000,4.0000], [shop,b,USD,r,1,1,0,0,2.0000,2.0000,0.0000,0.0000],"
                                + " [shop,b,ZZZ,r,1,0,0,1,7.0000,0.0000,0.0000,7.0000]]");
        Dataset<Row> raw = RawTables.rows(judged, shop.source(), "b", Instant.EPOCH);
        assertThat(Balance.of(raw, shop.source(), "b", "r").except(balance).count())
                .isZero();
        Dataset<Row> quarantine = QuarantineRows.of(judged, shop.source(), "b", Instant.EPOCH);
        assertThat(quarantine.schema().fieldNames())
                .isEqualTo(OpsTables.QUARANTINE.schema().fieldNames());
        var failure = failure(() -> Balance.verify(balance.collectAsList(), quarantine, shop.source()));
        assertThat(failure.responsible()).isEqualTo(Responsible.DATA);
        assertThat(failure)
                .hasMessage(
                        "Source shop: 2 of 5 records (40.0 %%) are refused, more than max-refused-share 20.0 %% allows. Most frequent: key-present (the key is missing) 1 times, as in in/a.csv:5; required-payment-payment_id (no value for payment.payment_id) 1 times, as in in/a.csv:5; unknown-currency (no rate for the record's currency; rates are set for EUR, USD) 1 times, as in in/b.csv:2. Nothing was loaded. See all reasons with `clientele source check %s`."
                                .formatted(shop.source().file()));
    }

    @Test
    void subjectsAreConvertedAtTheRateOfTheirDay() {
        Shop shop = new Shop(root).mapping("""
                channel: store
                location: in/*
                format: json
                schema: { id: STRING, at: STRING, cur: STRING, card: STRING, lines: "ARRAY<STRUCT<sku: STRING, q: STRING, net: STRING>>" }
                time-zone: Europe/Berlin
                currency: cur
                parse: { sold: "to_timestamp(at)" }
                key: [id]
                subjects:
                  sale_line:
                    explode: lines
                    when: item.q <> '0'
                    customer-of: crm
                    columns: { sale_id: id, line_number: item_number, product_id: item.sku, sold_at: sold, quantity: item.q, net_amount: item.net, source_customer_key: card }
                  customer:
                    columns: { source_customer_key: card, recorded_at: sold }
                """).write("in/a", """
                {"id":"1","at":"2026-03-29 02:30:00","cur":"USD","card":"c","lines":[{"sku":"a","q":"1","net":"10"},{"sku":"b","q":"0","net":"1"},{"sku":"c","q":"2","net":"4"}]}
                {"id":"2","at":"2025-07-01T12:00:00Z","cur":"USD","lines":[{"sku":"a","q":"1","net":"10"}]}
                {"id":"3","at":"2025-10-26 02:30:00","cur":"EUR","lines":[{"sku":"a","q":"1","net":"10"}]}
                """);
        shop.rates = new CurrencyRates(
                "EUR",
                List.of(
                        new CurrencyRates.Rate("USD", LocalDate.parse("2025-01-01"), new BigDecimal("0.9")),
                        new CurrencyRates.Rate("USD", LocalDate.parse("2026-01-01"), new BigDecimal("0.8"))));
        Dataset<Row> raw = RawTables.rows(shop.judged(), shop.source(), "b", Instant.EPOCH);
        Dataset<Row> accepted = raw.where("outcome = 'accepted'");
        assertThat(texts(
                        SubjectRows.of(accepted, shop.source(), Subject.SALE_LINE, shop.rates),
                        "sale_id",
                        "line_number",
                        "CAST(sold_at AS STRING)",
                        "net_amount",
                        "channel",
                        "customer_source"))
                .containsExactlyInAnyOrder(
                        "1|1|2026-03-29 01:30:00|8.0000|store|crm",
                        "1|3|2026-03-29 01:30:00|3.2000|store|crm",
                        "2|1|2025-07-01 12:00:00|9.0000|store|crm",
                        "3|1|2025-10-26 00:30:00|10.0000|store|crm");
        assertThat(texts(
                        SubjectRows.of(accepted, shop.source(), Subject.CUSTOMER, shop.rates),
                        "source_customer_key",
                        "customer_source"))
                .containsExactly("c|shop");
    }
}
