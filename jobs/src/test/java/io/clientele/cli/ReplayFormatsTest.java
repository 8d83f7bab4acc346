package io.clientele.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.testing.FewRows;
import io.clientele.testing.SharedSpark;
import java.nio.file.Path;
import org.apache.spark.sql.SaveMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Refused records of every format of a file come back by a repaired mapping. */
@FewRows
class ReplayFormatsTest {
    private static final String MAPPING = """
        channel: web
        location: in/%1$s/*
        format: %2$s
        options: { %3$s }
        schema: { id: STRING, day: STRING, amount: %4$s }
        currency: EUR
        parse: { money: "CAST(amount AS DECIMAL(18,4))" }
        key: [id]
        amount: money
        max-refused-share: 1
        rules: [{ name: small, column: amount, check: money < %5$d, message: too much }]
        subjects:
          sale_line:
            columns: { sale_id: id, line_number: "1", source_customer_key: id, product_id: "'P'", sold_at: "to_timestamp(day, 'yyyy-MM-dd')",
                       quantity: "CAST(1 AS INT)", net_amount: money }
          customer: { columns: { source_customer_key: id, recorded_at: "to_timestamp(day, 'yyyy-MM-dd')", loyalty_card: id } }
        """;

    @TempDir
    Path folder;

    private void mappings(Program program, int limit) throws Exception {
        program.file("conf/sources/docs.yml", MAPPING.formatted("docs", "json", "", "STRING", limit));
        program.file("conf/sources/plain.yml", MAPPING.formatted("plain", "csv", "header: false", "STRING", limit));
        program.file("conf/sources/lake.yml", MAPPING.formatted("lake", "parquet", "", "DOUBLE", limit));
    }

    @Test
    void jsonCsvWithoutHeaderAndParquetComeBack() throws Exception {
        Program program = new Program(folder);
        mappings(program, 100);
        program.file("in/docs/a.json", """
            {"id":"j1","day":"2025-01-01","amount":10}
            {"id":"j2","day":"2025-01-02","amount":500}
            {"id":"j3","day":
            """);
        program.file("in/plain/a.csv", "c1,2025-01-01,10\nc2,2025-01-02,500\nc3,2025-01-02\n");
        SharedSpark.session()
                .sql("SELECT * FROM VALUES ('p1', '2025-01-01', 10D), ('p2', '2025-01-02', 500D) AS t(id, day, amount)")
                .coalesce(1)
                .write()
                .mode(SaveMode.Overwrite)
                .parquet(folder.resolve("in/lake").toString());
        Program.Answer run = program.run("load_docs,load_plain,load_lake,product,customer_record,identity,sale_line");
        assertThat(run.err()).isEmpty();
        assertThat(program.rows("SELECT sale_id FROM core.sale_line ORDER BY 1"))
                .containsExactly("[c1]", "[j1]", "[p1]");

        mappings(program, 1000);
        Program.Answer replay = program.command("quarantine", "replay");

        assertThat(replay.err()).isEmpty();
        assertThat(program.rows("SELECT sale_id, net_amount, source_row FROM core.sale_line ORDER BY 1"))
                .containsExactly(
                        "[c1,10.0000,1]",
                        "[c2,500.0000,2]",
                        "[j1,10.0000,1]",
                        "[j2,500.0000,2]",
                        "[p1,10.0000,1]",
                        "[p2,500.0000,2]");
        assertThat(program.rows("SELECT source, status, count(*) FROM ops.quarantine GROUP BY 1, 2 ORDER BY 1, 2"))
                .as("broken lines stay")
                .containsExactly(
                        "[docs,open,1]",
                        "[docs,replayed,1]",
                        "[lake,replayed,1]",
                        "[plain,open,1]",
                        "[plain,replayed,1]");
        assertThat(program.command("doctor").exitCode()).isZero();
    }
}
