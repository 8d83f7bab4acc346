package io.clientele.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.engine.error.ClienteleException;
import io.clientele.ingest.mapping.MappingCheck;
import io.clientele.ingest.mapping.SourceMapping;
import io.clientele.ingest.mapping.SourceMappings;
import io.clientele.ingest.read.DeliveredFiles;
import io.clientele.ingest.read.Delivery;
import io.clientele.ingest.read.RecordReader;
import io.clientele.ingest.rule.Earlier;
import io.clientele.ingest.rule.RecordRules;
import io.clientele.testing.SharedSpark;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** A source in a temporary directory: its mapping, its files, and what comes of them. */
final class Shop {
    final SparkSession session = SharedSpark.session();
    final Path root;
    CurrencyRates rates = CurrencyRates.only("EUR");
    Dataset<Row> ledger;

    Shop(Path root) {
        this.root = root;
    }

    /** Writes conf/sources/shop.yml. */
    Shop mapping(String yaml) {
        return write("conf/sources/shop.yml", yaml);
    }

    /** A source with the columns id, day and amount, whose key is id. */
    Shop simple(String more) {
        return mapping("""
        channel: web
        location: in/*
        format: csv
        schema: { id: STRING, day: STRING, amount: STRING }
        currency: EUR
        parse:
          money: CAST(amount AS DECIMAL(18,4))
        key: [id]
        amount: money
        max-refused-share: 1
        subjects:
          payment:
            columns: { payment_id: id, invoice_id: id, paid_at: to_timestamp(day), amount: money }
        """ + more);
    }

    Shop write(String name, String text) {
        return write(name, text, StandardCharsets.UTF_8);
    }

    Shop write(String name, String text, Charset charset) {
        return write(name, text.getBytes(charset));
    }

    Shop write(String name, byte[] bytes) {
        try {
            Files.createDirectories(root.resolve(name).getParent());
            Files.write(root.resolve(name), bytes);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Shop gzip(String name, String text) {
        try {
            Files.createDirectories(root.resolve(name).getParent());
            try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(root.resolve(name)))) {
                out.write(text.getBytes(StandardCharsets.UTF_8));
            }
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    SourceMapping source() {
        SourceMapping mapping = SourceMappings.readOne(root.resolve("conf/sources/shop.yml"));
        MappingCheck.check(session, List.of(mapping));
        return mapping;
    }

    Delivery delivery() {
        return DeliveredFiles.find(session, source(), root.toString(), ledger, Instant.EPOCH);
    }

    RecordReader.Records read() {
        return RecordReader.read(session, source(), delivery(), null);
    }

    Dataset<Row> judged() {
        return judgedAfter(null, Earlier.NONE);
    }

    Dataset<Row> judged(Dataset<Row> products, Dataset<Row> accepted) {
        return judgedAfter(products, new Earlier(accepted, null));
    }

    Dataset<Row> judgedAfter(Dataset<Row> products, Earlier before) {
        Dataset<Row> kept = RecordRules.evaluate(read().rows(), source(), rates, products, before, true);
        Dataset<Row> readAgain = RecordRules.evaluate(read().rows(), source(), rates, products, before, false);
        assertThat(kept.exceptAll(readAgain).union(readAgain.exceptAll(kept)).collectAsList())
                .as("whether few records are kept makes no difference")
                .isEmpty();
        return kept;
    }

    /** Columns of rows as text, separated by |, sorted by file and row. */
    static List<String> texts(Dataset<Row> rows, String... columns) {
        return rows.orderBy("source_file", "source_row").selectExpr(columns).collectAsList().stream()
                .map(row -> String.join(
                        "|",
                        Arrays.stream(columns.length == 0 ? new String[0] : range(row))
                                .toList()))
                .toList();
    }

    private static String[] range(Row row) {
        String[] texts = new String[row.size()];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = String.valueOf(row.get(i));
        }
        return texts;
    }

    static ClienteleException failure(Runnable action) {
        try {
            action.run();
        } catch (ClienteleException e) {
            return e;
        }
        throw new AssertionError("nothing failed");
    }
}
