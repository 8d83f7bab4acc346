package io.clientele.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.engine.PublishedTables;
import io.clientele.testing.FewRows;
import io.clientele.testing.SharedSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Deliveries of customers through the whole program: late and out-of-order ones land in their intervals, a replayed one changes
 * nothing, and changed rules of survivorship remake every customer.
 */
@FewRows
class CustomerDeliveriesTest {
    private static final String HEADER = "number,changed_at,email,street,city\n";

    @TempDir
    private Path root;

    @Test
    void landWhereTheyBelong() throws IOException {
        source("crm");
        source("web");
        write("conf/clientele.yml", "company-name: Test\n");
        write("input/crm/a.csv", HEADER + "1,2024-03-01,march@x.org,,Graz\n2,2024-03-01,other@x.org,,Linz\n");
        write("input/web/a.csv", HEADER + "1,2024-06-01,june@x.org,,\n");
        run();
        assertThat(customers())
                .isEqualTo(
                        "[march@x.org,null,Graz,crm,2024-03-01,2024-06-01] [june@x.org,null,Graz,web,2024-06-01,null]");

        // Late: between what is known. Out of order: before all of it, and delivered after it.
        write("input/crm/b.csv", HEADER + "1,2024-04-15,april@x.org,Ring 1,\n");
        write("input/crm/c.csv", HEADER + "1,2024-01-01,january@x.org,,Wien\n");
        run();
        String all =
                "[january@x.org,null,Wien,crm,2024-01-01,2024-03-01] [march@x.org,null,Graz,crm,2024-03-01,2024-04-15]"
                        + " [april@x.org,Ring 1,Graz,crm,2024-04-15,2024-06-01] [june@x.org,Ring 1,Graz,web,2024-06-01,null]";
        assertThat(customers()).isEqualTo(all);

        // Replayed: the same file once more, and the same records under another name.
        long before = version();
        Files.copy(root.resolve("input/crm/b.csv"), root.resolve("input/crm/b-again.csv"));
        write("input/crm/z.csv", HEADER + "1,2024-01-01,january@x.org,,Wien\n1,2024-03-01,march@x.org,,Graz\n");
        run();
        assertThat(customers()).isEqualTo(all);
        assertThat(version()).as("no commit for nothing").isEqualTo(before);

        write("conf/jobs/customer.yml", "sources: [crm]\nemail: { by: [source, recency] }\n");
        run("customer");
        assertThat(customers())
                .as("the rule holds for all customers at once, though no record came")
                .isEqualTo(all.replace(" [june@x.org,Ring 1,Graz,web,2024-06-01,null]", "")
                        .replace("2024-06-01]", "null]"));

        write("conf/jobs/customer.yml", "sources: [crn]\nemail: { by: [source, latest] }\n");
        Program.Answer refused =
                Program.execute("describe", "--conf", root.resolve("conf").toString());
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err()).contains("customer.yml", "email.by[1]", "a known value", "'latest'");
        write("conf/jobs/customer.yml", "sources: [crn]\nemail: { by: [source, recency] }\n");
        assertThat(Program.execute("describe", "--conf", root.resolve("conf").toString())
                        .err())
                .contains("customer.yml", "sources", "a known source (crm, web)", "'crn'", "crm");
    }

    private void source(String name) throws IOException {
        write("conf/sources/" + name + ".yml", """
                channel: %1$s
                location: %1$s/*.csv
                format: csv
                schema: { number: STRING, changed_at: STRING, email: STRING, street: STRING, city: STRING }
                time-zone: UTC
                currency: EUR
                parse: { changed: "to_timestamp(changed_at, 'yyyy-MM-dd')" }
                key: [number, changed_at]
                subjects:
                  customer:
                    columns:
                      source_customer_key: number
                      recorded_at: changed
                      customer_number: number
                      email: email
                      street: street
                      city: city
                """.formatted(name));
    }

    private void write(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void run() {
        run("load_crm,load_web,customer_record,identity,customer");
    }

    private void run(String jobs) {
        Program.Answer answer = Program.execute(
                "run",
                "--conf",
                root.resolve("conf").toString(),
                "--input",
                root.resolve("input").toString(),
                "--warehouse",
                root.resolve("warehouse").toString(),
                "--jobs",
                jobs);
        assertThat(answer.err()).isEmpty();
        assertThat(answer.exitCode()).isZero();
    }

    private PublishedTables published() {
        return new PublishedTables(
                SharedSpark.session(), root.resolve("warehouse").toString());
    }

    private long version() {
        return published().versions().get("core.customer");
    }

    /** The intervals of customer 1; number 2 must be there, and untouched. */
    private String customers() {
        List<String> rows = published()
                .sql(
                        "SELECT email, street, city, origin.email.source, date(valid_from), date(valid_to) FROM core.customer"
                                + " WHERE email <> 'other@x.org' ORDER BY valid_from")
                .collectAsList()
                .stream()
                .map(Object::toString)
                .toList();
        assertThat(published()
                        .sql("SELECT count(*) FROM core.customer WHERE email = 'other@x.org' AND is_current")
                        .first()
                        .getLong(0))
                .isEqualTo(1);
        return String.join(" ", rows);
    }
}
