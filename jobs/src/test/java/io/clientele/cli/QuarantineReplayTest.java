package io.clientele.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.testing.ChildProgram;
import io.clientele.testing.FewRows;
import io.clientele.testing.SharedSpark;
import io.clientele.testing.WarehouseHash;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Refused records come back through the whole program: a repaired mapping, a repaired record, a dismissal. */
@FewRows
class QuarantineReplayTest {
    private static final String AFTER_LOADING = "product,customer_record,identity,sale_line";
    private static final String TO_SALES = "load_shop," + AFTER_LOADING;
    private static final String MAPPING = """
        channel: web
        location: in/shop-*.csv
        format: csv
        schema: { id: STRING, card: STRING, day: STRING, sku: STRING, amount: STRING }
        currency: EUR
        parse:
          money: CAST(amount AS DECIMAL(18,4))
          sold: to_timestamp(day, 'yyyy-MM-dd')
        key: [id]
        amount: money
        max-refused-share: 1
        rules:
          - { name: amount-valid, column: amount, check: money IS NOT NULL, message: the amount is no number }
          - { name: amount-small, column: amount, check: "coalesce(money, 0) < %d", message: the amount is too large }
        subjects:
          sale_line:
            columns: { sale_id: id, line_number: "1", source_customer_key: card, product_id: sku, sold_at: sold,
                       quantity: "CAST(1 AS INT)", net_amount: money }
          customer:
            columns: { source_customer_key: card, recorded_at: sold, loyalty_card: card }
          product:
            columns: { product_id: sku, recorded_at: sold, name: sku }
        """;

    /** Two deliveries, loaded once; each test has a copy. */
    @TempDir
    static Path loaded;

    @TempDir
    Path folder;

    private String said;
    private Program program;

    @BeforeAll
    static void load() throws Exception {
        Program program = new Program(loaded);
        program.file("conf/sources/shop.yml", MAPPING.formatted(100));
        program.file("in/shop-1.csv", """
            amount,id,card,day,sku
            10,a,K1,2025-01-01,P1
            500,b,K1,2025-01-02,P1
            ten,c,K2,2025-01-03,P2
            600,d,K2,2025-01-03,P2
            """);
        assertThat(program.run(TO_SALES).exitCode()).isZero();
        program.file("in/shop-2.csv", "id,card,day,sku,amount\nd,K2,2025-01-03,P2,60\n");
        assertThat(program.run(TO_SALES).exitCode()).isZero();
    }

    @BeforeEach
    void copy() throws Exception {
        FileUtils.copyDirectory(loaded.toFile(), folder.toFile());
        program = new Program(folder);
    }

    @Test
    void aRepairedMappingLetsRecordsInOnceAndTheBalanceAddsUp() throws Exception {
        assertThat(rows(
                        "SELECT rows_read, rows_accepted, rows_duplicate, rows_quarantined, amount_read, amount_accepted"
                                + " FROM ops.batch_balance ORDER BY rows_read DESC"))
                .containsExactly("[4,1,0,3,1110.0000,10.0000]", "[1,1,0,0,60.0000,60.0000]");

        mapping(1000);
        assertThat(clientele("quarantine", "replay", "--jobs", AFTER_LOADING)).isZero();

        assertThat(said).contains("shop: 1 accepted, 1 duplicate, 0 refused", "1 refused records are still open.");
        assertThat(rows("SELECT sale_id, net_amount, source_file, source_row FROM core.sale_line ORDER BY sale_id"))
                .as("b comes from its old line; of d the newer delivery stays")
                .containsExactly(
                        "[a,10.0000,in/shop-1.csv,2]", "[b,500.0000,in/shop-1.csv,3]", "[d,60.0000,in/shop-2.csv,2]");
        assertThat(rows("SELECT id, outcome FROM raw.shop ORDER BY id, outcome"))
                .as("each delivered record once")
                .containsExactly("[a,accepted]", "[b,accepted]", "[c,quarantined]", "[d,accepted]", "[d,duplicate]");
        assertThat(rows(
                        "SELECT rows_read, rows_accepted, rows_duplicate, rows_quarantined, amount_read, amount_accepted"
                                + " FROM ops.batch_balance ORDER BY rows_read DESC"))
                .containsExactly("[4,2,1,1,1110.0000,510.0000]", "[1,1,0,0,60.0000,60.0000]");
        assertThat(rows("SELECT source_row, status, closed_because, reasons.rule FROM ops.quarantine ORDER BY 1"))
                .containsExactly(
                        "[3,replayed,accepted on replay,ArraySeq(amount-small)]",
                        "[4,open,null,ArraySeq(amount-valid)]",
                        "[5,replayed,duplicate on replay,ArraySeq(amount-small)]");

        var before = WarehouseHash.of(SharedSpark.session(), warehouse());
        assertThat(clientele("quarantine", "replay", "--jobs", AFTER_LOADING)).isZero();
        assertThat(WarehouseHash.of(SharedSpark.session(), warehouse()))
                .as("a second replay")
                .isEqualTo(before);
        assertThat(clientele("run", "--input", folder.toString(), "--jobs", TO_SALES))
                .isZero();
        assertThat(WarehouseHash.of(SharedSpark.session(), warehouse()))
                .as("a run after it")
                .isEqualTo(before);
        assertThat(clientele("doctor")).as(said).isZero();
    }

    @Test
    void aRepairedRecordTakesThePlaceOfItsLineAndAWrongOneChangesNothing() throws Exception {
        String id = rows("SELECT quarantine_id FROM ops.quarantine WHERE source_row = 4")
                .get(0)
                .replaceAll("[\\[\\]]", "");
        Path repaired = file("repaired.csv", "id,card,day,sku,amount\nc,K2,2025-01-03,P2,101\n");
        var before = WarehouseHash.of(SharedSpark.session(), warehouse());

        assertThat(clientele("quarantine", "replay", "--id", id, "--payload", repaired.toString()))
                .isEqualTo(3);
        assertThat(said)
                .contains("The record in " + repaired + " is refused by shop: amount-small (the amount is too large);"
                        + " nothing was changed: repair it and replay again.");
        assertThat(WarehouseHash.of(SharedSpark.session(), warehouse())).isEqualTo(before);

        file("repaired.csv", "id,card,day,sku,amount\nc,K2,2025-01-03,P2,12.5\n");
        assertThat(clientele("quarantine", "replay", "--id", id, "--payload", repaired.toString()))
                .isZero();
        assertThat(rows("SELECT count(*) FROM mart.value_segment"))
                .as("and the answers follow")
                .containsExactly("[2]");
        assertThat(rows("SELECT net_amount, source_file, source_row FROM core.sale_line WHERE sale_id = 'c'"))
                .containsExactly("[12.5000,in/shop-1.csv,4]");
        assertThat(rows("SELECT status, payload FROM ops.quarantine WHERE source_row = 4"))
                .containsExactly("[replayed,ten,c,K2,2025-01-03,P2]");
        assertThat(rows("SELECT sum(rows_read), sum(rows_accepted), sum(amount_read) FROM ops.batch_balance"))
                .containsExactly("[5,3,1182.5000]");

        assertThat(clientele("quarantine", "replay", "--id", id)).isZero();
        assertThat(said).contains("Record " + id + " is no longer open: replayed on ");
    }

    @Test
    void aReplayThatDiesAndIsRunAgainLeavesTheSameWarehouse() throws Exception {
        mapping(1000);
        Path died = folder.resolve("died");
        FileUtils.copyDirectory(program.warehouse().toFile(), died.toFile());
        int before = ChildProgram.countCommits(program.warehouse());
        assertThat(clientele("quarantine", "replay", "--jobs", AFTER_LOADING)).isZero();
        int commits = ChildProgram.countCommits(program.warehouse()) - before;
        long seed = Long.getLong("clientele.crash.seed", System.nanoTime());
        Random random = new Random(seed);
        int commit = 1 + random.nextInt(commits);
        String when = random.nextBoolean() ? "before" : "after";
        System.out.printf("QuarantineReplayTest: seed %d, %s commit %d of %d%n", seed, when, commit, commits);

        List<String> replay = List.of(
                "quarantine",
                "replay",
                "--jobs",
                AFTER_LOADING,
                "--conf",
                folder.resolve("conf").toString(),
                "--warehouse",
                died.toString());
        ChildProgram.halt(folder.resolve("died.log"), replay, commit, when);
        assertThat(Program.execute(replay.toArray(String[]::new)).exitCode()).isZero();

        assertThat(WarehouseHash.of(SharedSpark.session(), died.toString()))
                .as("halted %s commit %d, seed %d", when, commit, seed)
                .isEqualTo(WarehouseHash.of(SharedSpark.session(), warehouse()));
    }

    @Test
    void whatIsDismissedStaysRefusedAndIsNotReplayed() throws Exception {
        assertThat(clientele("quarantine", "dismiss", "--rule", "amount-smal", "--why", "tests"))
                .isEqualTo(2);
        assertThat(said).contains("No record is refused by rule 'amount-smal'; did you mean 'amount-small'?");
        assertThat(clientele("quarantine", "dismiss", "--why", "tests")).isEqualTo(2);
        assertThat(said).contains("Say which records to dismiss: --source, --rule, --id, or several of them.");

        assertThat(clientele("quarantine", "dismiss", "--rule", "amount-small", "--why", "test orders"))
                .isZero();
        assertThat(said).contains("2 refused records are dismissed.");
        mapping(1000);
        assertThat(clientele("quarantine", "replay", "--rule", "amount-small")).isZero();
        assertThat(said).contains("No refused record by rule amount-small is open.");
        assertThat(rows("SELECT status, closed_because, count(closed_at) FROM ops.quarantine GROUP BY 1, 2 ORDER BY 1"))
                .containsExactly("[dismissed,test orders,2]", "[open,null,0]");
        assertThat(rows("SELECT sum(rows_quarantined) FROM ops.batch_balance")).containsExactly("[3]");
    }

    private String warehouse() {
        return program.warehouse().toString();
    }

    private void mapping(int limit) throws Exception {
        file("conf/sources/shop.yml", MAPPING.formatted(limit));
    }

    private Path file(String name, String text) throws Exception {
        return program.file(name, text);
    }

    private List<String> rows(String query) {
        return program.rows(query);
    }

    private int clientele(String... words) {
        Program.Answer answer = program.command(words);
        said = answer.all();
        return answer.exitCode();
    }
}
