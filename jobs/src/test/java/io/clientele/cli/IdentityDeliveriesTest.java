package io.clientele.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.engine.PublishedTables;
import io.clientele.testing.SharedSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is who after deliveries through the whole program: a small one is matched against what is kept, without learning anew. */
class IdentityDeliveriesTest {
    private static final String HEADER = "number,changed_at,given,family,email,born\n";

    @TempDir
    private Path root;

    @Test
    void aSmallDeliveryIsMatchedUnderTheWeightsThatWereLearned() throws IOException {
        write("conf/clientele.yml", "company-name: Test\n");
        write("conf/jobs/identity.yml", "min-records: 20\n");
        write("conf/sources/crm.yml", """
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
        write("input/crm/a.csv", HEADER + String.join("\n", lines) + "\n");
        run();
        long learned = version("core.match_model");
        assertThat(single("SELECT count(*) FROM core.match_record WHERE component = record_key"))
                .isEqualTo(30L);
        assertThat(single("SELECT count_records FROM core.match_model WHERE part = 'prior'"))
                .isEqualTo(30L);

        write(
                "input/crm/b.csv",
                HEADER + "98,2024-04-01,Givena,Familya,MAIL0@x.org,1940-01-02\n"
                        + "99,2024-04-01,Nobody,Else,nobody@x.org,1990-01-02\n");
        run();
        assertThat(version("core.match_model")).as("not learned again").isEqualTo(learned);
        assertThat(single("SELECT component FROM core.match_record WHERE record_key = 'crm|98'"))
                .isEqualTo("crm|0");
        assertThat(single("SELECT count(DISTINCT customer_id) FROM core.identity WHERE is_current"))
                .as("one more customer for two more records")
                .isEqualTo(31L);
        assertThat(single("SELECT count(*) FROM core.identity WHERE record_key IN ('crm|0', 'crm|98') AND match_rule ="
                        + " 'email+family_name'"))
                .isEqualTo(1L);

        run("--force");
        assertThat(version("core.match_model")).as("learned again").isGreaterThan(learned);
        assertThat(single("SELECT count_records FROM core.match_model WHERE part = 'prior'"))
                .isEqualTo(32L);
    }

    private void write(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void run(String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "run",
                "--conf",
                root.resolve("conf").toString(),
                "--input",
                root.resolve("input").toString(),
                "--warehouse",
                root.resolve("warehouse").toString(),
                "--jobs",
                "load_crm,customer_record,identity"));
        arguments.addAll(List.of(more));
        Program.Answer answer = Program.execute(arguments.toArray(String[]::new));
        assertThat(answer.err()).isEmpty();
        assertThat(answer.exitCode()).isZero();
    }

    private PublishedTables published() {
        return new PublishedTables(
                SharedSpark.session(), root.resolve("warehouse").toString());
    }

    private long version(String table) {
        return published().versions().get(table);
    }

    private Object single(String query) {
        return published().sql(query).first().get(0);
    }
}
