package io.clientele.ingest;

import static io.clientele.ingest.Shop.failure;
import static io.clientele.ingest.Shop.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.clientele.engine.error.Responsible;
import io.clientele.ingest.read.IngestErrors;
import io.clientele.testing.SharedSpark;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordReaderTest {
    @TempDir
    Path root;

    @AfterEach
    void restore() {
        SharedSpark.session().conf().unset("spark.sql.files.maxPartitionBytes");
        SharedSpark.session().conf().unset("spark.sql.files.openCostInBytes");
    }

    private Shop shop() {
        return new Shop(root).simple("");
    }

    @Test
    void findsColumnsByNameInAnyOrderAndKeepsLineAndPayload() {
        Shop shop = shop().write("in/a.csv", "id,day,amount\n1,2026-01-01,1.50\n\n2,2026-01-02,\"2,5\"\n")
                .write("in/b [1] ä.csv", "\uFEFFamount,note,id,day\r\n3.00,\"say \"\"hi\"\"\",3,2026-01-03\r\n");
        assertThat(texts(
                        shop.read().rows(),
                        "id",
                        "day",
                        "amount",
                        "source_file",
                        "source_row",
                        "_payload",
                        "_malformed"))
                .containsExactly(
                        "1|2026-01-01|1.50|in/a.csv|2|1,2026-01-01,1.50|null",
                        "2|2026-01-02|2,5|in/a.csv|4|2,2026-01-02,\"2,5\"|null",
                        "3|2026-01-03|3.00|in/b [1] ä.csv|2|3.00,\"say \"\"hi\"\"\",3,2026-01-03|null");
        assertThat(shop.read().notices())
                .containsExactly("in/b [1] ä.csv has columns that the schema does not declare: [note]");
    }

    @Test
    void namesWhyALineCannotBeRead() {
        Shop shop = new Shop(root)
                .simple("options: { max-record-bytes: 100 }\n")
                .write(
                        "in/a.csv",
                        concat(
                                "id,day,amount\n1,2026-01-01\n2,2026-01-01,1,7\n3,\"open,1\n"
                                        .getBytes(StandardCharsets.UTF_8),
                                new byte[] {'4', ',', (byte) 0xE4, ',', '1', '\n'},
                                ("5," + "x".repeat(200) + ",1\n6,2026-01-01,1\n").getBytes(StandardCharsets.UTF_8)));
        assertThat(texts(shop.read().rows(), "id", "source_row", "_malformed"))
                .containsExactly(
                        "null|2|wrong number of columns or an open quote",
                        "null|3|wrong number of columns or an open quote",
                        "null|4|wrong number of columns or an open quote",
                        "null|5|bytes are not valid in UTF-8",
                        "null|6|the record has 204 bytes, more than max-record-bytes 100; only its beginning is kept",
                        "6|7|null");
    }

    @Test
    void decodesOtherEncodings() {
        Shop shop = new Shop(root)
                .simple("options: { encoding: windows-1252, delimiter: ';' }\n")
                .write("in/a.csv", "id;day;amount\nMüller €;x;1\n", Charset.forName("windows-1252"))
                .write("in/b.csv", concat("id;day;amount\n1;".getBytes(StandardCharsets.UTF_8), new byte[] {
                    (byte) 0x81, ';', '1'
                }));
        assertThat(texts(shop.read().rows(), "id", "_malformed"))
                .containsExactly("Müller €|null", "null|bytes are not valid in windows-1252");
    }

    @ParameterizedTest
    @ValueSource(strings = {"100", "1000", "100000000"})
    void numbersLinesExactlyHoweverFilesAreSplit(String splitBytes) {
        List<String> expected = new ArrayList<>();
        Shop shop = shop();
        for (String name : List.of("a", "b", "c")) {
            StringBuilder text = new StringBuilder("id,day,amount\n");
            int size = name.equals("a") ? 500 : 7;
            for (int i = 2; i <= size; i++) {
                text.append(name)
                        .append(i)
                        .append(',')
                        .append("x".repeat(i % 13))
                        .append(",1\n");
                expected.add(name + i + "|in/" + name + ".csv|" + i);
            }
            shop.write("in/" + name + ".csv", text.toString());
        }
        shop.session.conf().set("spark.sql.files.maxPartitionBytes", splitBytes);
        shop.session.conf().set("spark.sql.files.openCostInBytes", "10");
        assertThat(texts(shop.read().rows(), "id", "source_file", "source_row")).containsExactlyElementsOf(expected);
        assertThat(shop.read().rows().where("source_row = 3").count()).isEqualTo(3);
    }

    @Test
    void cutsRecordsWithLineBreaks() {
        Shop shop = new Shop(root)
                .simple("options: { multi-line: true }\n")
                .write("in/a.csv", "id,day,amount\r\n1,\"two\r\nlines, \"\"x\"\"\",3\r\n2,y,4")
                .gzip("in/b.csv.gz", "id,day,amount\n3,y,4\n");
        assertThat(texts(
                        shop.read().rows(),
                        "id",
                        "replace(replace(day, '\r', ''), '\n', '/')",
                        "amount",
                        "source_row",
                        "_malformed"))
                .containsExactly("1|two/lines, \"x\"|3|2|null", "2|y|4|4|null", "3|y|4|2|null");
    }

    @Test
    void readsJson() {
        Shop shop = new Shop(root)
                .mapping("""
                channel: web
                location: in/*.json
                format: json
                schema: { id: STRING, n: INT, lines: "ARRAY<STRUCT<sku: STRING>>" }
                key: [id]
                subjects: { life_event: { columns: { event_id: id, source_customer_key: id, kind: id, occurred_on: current_date() } } }
                """)
                .write(
                        "in/a.json",
                        "{\"id\": 7, \"n\": 1, \"lines\": [{\"sku\": \"a\"}]}\n{\"id\": \n[{\"id\":1}]\n{\"id\":\"8\",\"n\":\"x\"}\n"
                                + "{\"id\":\"9\"} {\"id\":\"10\"}\n{\"id\":\"} {\",\"n\":2}\n");
        assertThat(texts(shop.read().rows(), "id", "lines[0].sku", "source_row", "_malformed"))
                .containsExactly(
                        "7|a|1|null",
                        "null|null|2|broken JSON, or a value that does not fit its declared type",
                        "null|null|3|no JSON object on the line",
                        "null|null|4|broken JSON, or a value that does not fit its declared type",
                        "9|null|5|more than one JSON document on the line",
                        "} {|null|6|null");
    }

    @Test
    void readsText() {
        Shop shop = new Shop(root).mapping("""
                channel: web
                location: in/*
                format: text
                key: [line]
                subjects: { life_event: { columns: { event_id: line, source_customer_key: line, kind: line, occurred_on: current_date() } } }
                """).write("in/a.log", "one\ntwo\n");
        assertThat(texts(shop.read().rows(), "line", "source_row", "_payload"))
                .containsExactly("one|1|one", "two|2|two");
    }

    @Test
    void readsParquetAndRefusesAnotherSchema() {
        Shop shop = new Shop(root).simple("").write("in/x", "");
        shop.session
                .sql("SELECT '1' AS id, 'd' AS day, CAST(5 AS INT) AS amount, 9 AS more")
                .coalesce(1)
                .write()
                .parquet(root.resolve("p").toString());
        String yaml = shop.root.resolve("conf/sources/shop.yml").toString();
        shop.mapping("""
        channel: web
        location: p/*.parquet
        format: parquet
        schema: { id: STRING, day: STRING, amount: BIGINT }
        key: [id]
        subjects: { life_event: { columns: { event_id: id, source_customer_key: id, kind: id, occurred_on: current_date() } } }
        """);
        assertThat(texts(shop.read().rows(), "id", "amount", "source_row", "_payload"))
                .containsExactly("1|5|1|{\"id\":\"1\",\"day\":\"d\",\"amount\":5,\"more\":9}");
        shop.mapping("""
        channel: web
        location: p/*.parquet
        format: parquet
        schema: { ids: STRING, day: INT }
        key: [ids]
        subjects: { life_event: { columns: { event_id: ids, source_customer_key: ids, kind: ids, occurred_on: current_date() } } }
        """);
        assertThat(failure(shop::read))
                .hasMessageContaining("does not fit the schema in " + yaml)
                .hasMessageContaining("no column ids (did you mean 'id'?); column day: expected INT, found STRING");
    }

    @Test
    void saysWhatAHeaderLacks() {
        Shop shop = shop().write("in/a.csv", "id,day,amounts\n1,2,3\n");
        assertThat(failure(shop::read))
                .hasMessage(
                        "in/a.csv: the header lacks [amount]; expected [id, day, amount]; found [id, day, amounts]."
                                + " Did 'amounts' use to be 'amount'? Have the file delivered again, or change the schema of the mapping.");
    }

    @Test
    void emptyAndHeaderOnlyFilesHaveNoRecords() {
        Shop shop = shop().write("in/a.csv", "").write("in/b.csv", "id,day,amount\n");
        assertThat(shop.read().rows().count()).isZero();
        assertThat(shop.read().notices()).containsExactly("in/a.csv is empty: no records");
        assertThat(shop.judged().count()).isZero();
    }

    @Test
    void aTruncatedGzipIsNamed() throws IOException {
        String lines = IntStream.range(0, 20_000)
                .mapToObj(i -> i + ",d" + (i * 7919) + ",1")
                .reduce("id,day,amount", (a, b) -> b.equals("") ? a : a.length() > 400_000 ? a : a + "\n" + b);
        Shop shop = shop().gzip("in/a.csv.gz", lines);
        byte[] whole = Files.readAllBytes(root.resolve("in/a.csv.gz"));
        shop.write("in/a.csv.gz", Arrays.copyOf(whole, whole.length / 2));
        List<Row> rows = new ArrayList<>();
        Throwable failure = catchThrowable(() -> rows.addAll(shop.read().rows().collectAsList()));
        assertThat(IngestErrors.translate(failure).getMessage())
                .contains(
                        "in/a.csv.gz is truncated or damaged: its compressed data cannot be read to the end. Have it delivered again.");
        assertThat(IngestErrors.translate(failure).responsible()).isEqualTo(Responsible.DATA);
    }

    @Test
    void aHugeLineIsRefusedAndTheRestRead() {
        Shop shop = shop().write("in/a.csv", "id,day,amount\n1," + "x".repeat(50_000_000) + ",1\n2,d,1\n");
        assertThat(texts(shop.read().rows(), "id", "source_row", "length(_payload)"))
                .containsExactly("null|2|1024", "2|3|5");
    }

    private static byte[] concat(byte[]... parts) {
        java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
        Arrays.stream(parts).forEach(all::writeBytes);
        return all.toByteArray();
    }
}
