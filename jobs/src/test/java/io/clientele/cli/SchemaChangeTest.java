package io.clientele.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.testing.FewRows;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A source whose declared columns change after it was loaded. */
@FewRows
class SchemaChangeTest {
    private static final String JOBS = "load_shop,product,customer_record,identity,sale_line";
    private static final String MAPPING = """
        channel: web
        location: in/*.csv
        format: csv
        schema: { id: STRING, card: STRING, day: STRING, %s: %s }
        currency: EUR
        parse: { sold: "to_timestamp(day, 'yyyy-MM-dd')" }
        key: [id]
        amount: "CAST(amount AS DECIMAL(18,4))"
        subjects:
          sale_line:
            columns: { sale_id: id, line_number: "1", source_customer_key: card, product_id: "'P'", sold_at: sold,
                       quantity: "CAST(1 AS INT)", net_amount: "CAST(amount AS DECIMAL(18,4))" }
        """;

    @TempDir
    Path folder;

    private Program program;

    @BeforeEach
    void load() throws Exception {
        program = new Program(folder);
        program.file("conf/sources/shop.yml", MAPPING.formatted("amount", "STRING"));
        program.file("in/1.csv", "id,card,day,amount\na,K1,2025-01-01,10\n");
        assertThat(program.run(JOBS).exitCode()).isZero();
    }

    @Test
    void aColumnMoreIsNullInWhatCameBefore() throws Exception {
        program.file("conf/sources/shop.yml", MAPPING.formatted("voucher: STRING, amount", "STRING"));
        program.file("in/2.csv", "id,card,day,voucher,amount\nb,K1,2025-01-02,V7,20\na,K1,2025-01-01,V8,11\n");

        Program.Answer answer = program.run(JOBS);

        assertThat(answer.err()).isEmpty();
        assertThat(answer.exitCode()).isZero();
        assertThat(program.rows("SELECT id, voucher, amount, outcome FROM raw.shop ORDER BY id, amount"))
                .containsExactly("[a,null,10,accepted]", "[a,V8,11,accepted]", "[b,V7,20,accepted]");
        assertThat(program.rows("SELECT sale_id, net_amount FROM core.sale_line ORDER BY sale_id"))
                .containsExactly("[a,11.0000]", "[b,20.0000]");
    }

    @Test
    void aColumnOfAnotherTypeIsRefusedWithBothTypes() throws Exception {
        program.file(
                "conf/sources/shop.yml",
                MAPPING.formatted("amount", "INT")
                        .replace("format: csv", "format: json")
                        .replace("*.csv", "*.json"));
        program.file("in/2.json", "{\"id\":\"b\",\"card\":\"K1\",\"day\":\"2025-01-02\",\"amount\":20}\n");

        Program.Answer answer = program.run(JOBS);

        assertThat(answer.exitCode()).isEqualTo(2);
        assertThat(answer.err())
                .contains("raw.shop: column amount is declared as INT but the warehouse holds it as STRING: give the"
                        + " column with the new type another name, or load a new warehouse.");
        assertThat(program.rows("SELECT id FROM raw.shop")).containsExactly("[a]");
    }
}
