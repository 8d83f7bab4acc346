package io.clientele.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.engine.PublishedTables;
import io.clientele.testing.SharedSpark;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is who after deliveries through the whole program: a small one is matched against what is kept, without learning anew. */
class IdentityDeliveriesTest {
    private static final String HEADER = "number,changed_at,given,family,email,born\n";
    private static final String JOBS = "load_crm,customer_record,identity";

    @TempDir
    Path root;

    private Program program;

    @Test
    void aSmallDeliveryIsMatchedUnderTheWeightsThatWereLearned() throws IOException {
        program = new Program(root);
        program.file("conf/clientele.yml", "company-name: Test\n");
        program.file("conf/jobs/identity.yml", "min-records: 20\n");
        program.file("conf/sources/crm.yml", """
                channel: crm
                location: crm/*.csv
                format: csv
                schema: { number: STRING, changed_at: STRING, given: STRING, family: STRING, email: STRING, born: STRING }
                time-zone: UTC
                currency: EUR
                parse: { changed: "to_timestamp(changed_at, 'yyyy-MM-dd')", birth: "to_date(born)" }
                key: [number, changed_at]
                subjects:
                  customer:
                    columns:
                      source_customer_key: number
                      recorded_at: changed
                      given_name: given
                      family_name: family
                      email: email
                      birth_date: birth
                """);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            lines.add("%d,2024-03-01,Given%s,Family%s,mail%d@x.org,19%d-01-02"
                    .formatted(i, (char) ('a' + i % 15), (char) ('a' + i % 25), i, 40 + i));
        }
        program.file("crm/a.csv", HEADER + String.join("\n", lines) + "\n");
        run();
        long learned = version("core.match_model");
        assertThat(single("SELECT count(*) FROM core.match_component WHERE component = record_key"))
                .isEqualTo("[30]");
        assertThat(single("SELECT count_records FROM core.match_model WHERE part = 'prior'"))
                .isEqualTo("[30]");

        program.file(
                "crm/b.csv",
                HEADER + "98,2024-04-01,Givena,Familya,MAIL0@x.org,1940-01-02\n"
                        + "99,2024-04-01,Nobody,Else,nobody@x.org,1990-01-02\n");
        run();
        assertThat(version("core.match_model")).as("not learned again").isEqualTo(learned);
        assertThat(single("SELECT component FROM core.match_component WHERE record_key = 'crm|98'"))
                .isEqualTo("[crm|0]");
        assertThat(single("SELECT concat(count(*), ' of ', count(DISTINCT record_key)) FROM core.match_record"))
                .isEqualTo("[32 of 32]");
        assertThat(single("SELECT count(DISTINCT customer_id) FROM core.identity WHERE is_current"))
                .as("one more customer for two more records")
                .isEqualTo("[31]");
        assertThat(single("SELECT count(*) FROM core.identity WHERE record_key IN ('crm|0', 'crm|98') AND match_rule ="
                        + " 'email+family_name'"))
                .isEqualTo("[1]");

        run("--force");
        assertThat(version("core.match_model")).as("learned again").isGreaterThan(learned);
        assertThat(single("SELECT count_records FROM core.match_model WHERE part = 'prior'"))
                .isEqualTo("[32]");
    }

    private void run(String... more) {
        List<String> words = new ArrayList<>(List.of("run", "--input", root.toString(), "--jobs", JOBS));
        words.addAll(List.of(more));
        Program.Answer answer = program.command(words.toArray(String[]::new));
        assertThat(answer.err()).isEmpty();
        assertThat(answer.exitCode()).isZero();
    }

    private long version(String table) {
        return new PublishedTables(SharedSpark.session(), program.warehouse().toString())
                .versions()
                .get(table);
    }

    private String single(String query) {
        return program.rows(query).get(0);
    }
}
