package io.clientele.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A warehouse on a real small file system, which gets full during a run, is too small from the start or may not be written. */
class DiskTest {
    private static final String MAPPING = """
        channel: web
        location: in/*.csv
        format: csv
        schema: { id: STRING, day: STRING, amount: STRING }
        currency: EUR
        key: [id]
        amount: "CAST(amount AS DECIMAL(18,4))"
        subjects:
          sale_line:
            columns: { sale_id: id, line_number: "1", product_id: "'P'", sold_at: "to_timestamp(day, 'yyyy-MM-dd')",
                       quantity: "CAST(1 AS INT)", net_amount: "CAST(amount AS DECIMAL(18,4))" }
        """;

    @TempDir
    Path folder;

    private Path disk;
    private Program program;

    @BeforeEach
    void deliver() throws Exception {
        program = new Program(folder);
        program.file("conf/sources/shop.yml", MAPPING);
        program.file("in/1.csv", "id,day,amount\na,2025-01-01,10\n");
        disk = Files.createDirectories(folder.resolve("disk"));
    }

    @AfterEach
    void unmount() throws Exception {
        call("umount", disk.toString());
    }

    private void mount(String options) throws Exception {
        if (call("mount", "-t", "tmpfs", "-o", options, "tmpfs", disk.toString()) != 0) {
            abort("This user may not mount a file system.");
        }
    }

    private static int call(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    private Program.Answer run() {
        return Program.execute(
                "run",
                "--conf",
                folder.resolve("conf").toString(),
                "--input",
                folder.toString(),
                "--warehouse",
                disk.resolve("warehouse").toString(),
                "--jobs",
                "load_shop,product,customer_record,identity,sale_line");
    }

    @Test
    void aDiskThatGetsFullDuringARunIsToldAndTheNextRunCompletes() throws Exception {
        mount("size=300m,nr_inodes=60");

        Program.Answer full = run();

        assertThat(full.exitCode()).as(full.all()).isEqualTo(4);
        assertThat(full.err())
                .containsPattern("no space is left|could not be made")
                .contains("run again; the warehouse is as it was.")
                .doesNotContain("\tat ");

        assertThat(call("mount", "-o", "remount,nr_inodes=0", disk.toString())).isZero();
        Program.Answer after = run();
        assertThat(after.err()).isEmpty();
        assertThat(after.exitCode()).isZero();
        assertThat(after.out()).contains("sale_line");
    }

    @Test
    void aDiskThatIsTooSmallIsToldBeforeAnythingIsRead() throws Exception {
        mount("size=50m");

        Program.Answer answer = run();

        assertThat(answer.exitCode()).isEqualTo(4);
        assertThat(answer.err())
                .contains("The disk of the warehouse " + disk.resolve("warehouse") + " has")
                .contains("MB free but at least 200 MB are needed: free some and run again.");
    }

    @Test
    void aDiskThatMayNotBeWrittenIsTold() throws Exception {
        mount("size=300m");
        assertThat(call("mount", "-o", "remount,ro", disk.toString())).isZero();

        Program.Answer fresh = run();
        assertThat(fresh.exitCode()).isEqualTo(4);
        assertThat(fresh.err())
                .contains("The warehouse " + disk.resolve("warehouse") + " cannot be made or written")
                .contains("check the folder's permissions and its disk.");

        assertThat(call("mount", "-o", "remount,rw", disk.toString())).isZero();
        assertThat(run().exitCode()).isZero();
        assertThat(call("mount", "-o", "remount,ro", disk.toString())).isZero();
        Program.Answer existing = run();
        assertThat(existing.exitCode()).isEqualTo(4);
        assertThat(existing.err())
                .contains("may not be written by this user: change its permissions, or run as its owner.");
    }
}
