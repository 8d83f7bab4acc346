package io.clientele.engine.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.engine.store.WarehouseDoctor.Finding;
import io.clientele.testing.SharedSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves what the doctor finds in a table of three commits, what it repairs, and that readers then see the rows before. */
class WarehouseDoctorTest {
    private static final SparkSession SPARK = SharedSpark.session();

    @TempDir
    Path root;

    private Path table;
    private Path log;

    @BeforeEach
    void threeCommits() {
        table = root.resolve("core/things");
        log = table.resolve("_delta_log");
        for (int commit = 0; commit < 3; commit++) {
            SPARK.range(commit * 10L, commit * 10L + 10)
                    .coalesce(1)
                    .write()
                    .format("delta")
                    .mode(SaveMode.Append)
                    .save(table.toString());
        }
    }

    private Path commit(int version) {
        return log.resolve(String.format("%020d.json", version));
    }

    private List<Finding> logs(boolean isRepairing, long published) throws IOException {
        return new WarehouseDoctor(root, isRepairing).examineLogs(Map.of("core.things", published));
    }

    private List<Finding> published(long version) throws IOException {
        return new WarehouseDoctor(root, true).examinePublished(Map.of("core.things", version));
    }

    private long rows() {
        DeltaLog.clearCache();
        return SPARK.read().format("delta").load(table.toString()).count();
    }

    private Path firstDataFile() throws IOException {
        String add = Files.readAllLines(commit(0)).stream()
                .filter(line -> line.startsWith("{\"add\""))
                .findFirst()
                .orElseThrow();
        return table.resolve(add.replaceAll(".*\"path\":\"([^\"]+)\".*", "$1"));
    }

    @Test
    void findsNothingInWhatIsWhole() throws IOException {
        assertThat(logs(true, 2)).isEmpty();
        assertThat(published(2)).isEmpty();
        assertThat(rows()).isEqualTo(30);
    }

    @Test
    void setsAsideAnEmptyCommitThatNobodySaw() throws IOException {
        Files.write(commit(2), new byte[0]);

        assertThat(logs(false, 1)).singleElement().satisfies(found -> {
            assertThat(found.damage()).isEqualTo("the newest commit 2 is empty (0 bytes)");
            assertThat(found.remedy()).startsWith("run 'clientele doctor --repair'");
            assertThat(found.isRepaired()).isFalse();
        });
        assertThat(commit(2)).exists();

        assertThat(logs(true, 1))
                .singleElement()
                .satisfies(found -> assertThat(found.isRepaired()).isTrue());
        assertThat(commit(2)).doesNotExist();
        assertThat(log.resolve(commit(2).getFileName() + ".aside")).exists();
        assertThat(rows()).isEqualTo(20);
        assertThat(logs(true, 1)).isEmpty();

        SPARK.range(5).write().format("delta").mode(SaveMode.Append).save(table.toString());
        assertThat(rows()).isEqualTo(25);
    }

    @Test
    void noticesACommitThatIsCutOrDamagedInside() throws IOException {
        String whole = Files.readString(commit(2));
        Files.writeString(commit(2), whole.substring(0, whole.length() - 20));
        assertThat(logs(false, 1))
                .singleElement()
                .satisfies(found -> assertThat(found.damage())
                        .matches("the newest commit 2 is torn \\(line \\d+ is no JSON object\\)"));

        Files.writeString(commit(2), "garbage}\n" + whole);
        assertThat(logs(false, 1))
                .singleElement()
                .satisfies(found ->
                        assertThat(found.damage()).isEqualTo("the newest commit 2 is torn (line 1 is no JSON object)"));
    }

    @Test
    void doesNotTakeAwayWhatReadersSee() throws IOException {
        Files.write(commit(2), new byte[0]);

        assertThat(logs(true, 2)).singleElement().satisfies(found -> {
            assertThat(found.damage()).isEqualTo("commit 2 is empty (0 bytes)");
            assertThat(found.remedy()).contains("backup");
            assertThat(found.isRepaired()).isFalse();
        });
        assertThat(commit(2)).exists();
    }

    @Test
    void namesMissingVersions() throws IOException {
        Files.delete(commit(1));

        assertThat(logs(true, 2)).singleElement().satisfies(found -> {
            assertThat(found.damage()).isEqualTo("versions 1 to 1 are missing from the log");
            assertThat(found.isRepaired()).isFalse();
        });
    }

    @Test
    void noticesThatLedgerAndTableDisagree() throws IOException {
        assertThat(published(7))
                .singleElement()
                .satisfies(found ->
                        assertThat(found.damage()).isEqualTo("version 7 is published but the newest in the log is 2"));
    }

    @Test
    void noticesDataFilesThatAreGoneOrShorter() throws IOException {
        Path data = firstDataFile();
        byte[] bytes = Files.readAllBytes(data);
        Files.write(data, java.util.Arrays.copyOf(bytes, bytes.length - 1));
        assertThat(published(2))
                .singleElement()
                .satisfies(
                        found -> assertThat(found.damage())
                                .isEqualTo(
                                        "of the 3 data files of version 2 0 are missing and 1 have another size than the log states"));

        Files.delete(data);
        assertThat(published(0))
                .singleElement()
                .satisfies(
                        found -> assertThat(found.damage())
                                .isEqualTo(
                                        "of the 1 data files of version 0 1 are missing and 0 have another size than the log states"));
    }

    @Test
    void setsAsideATornCheckpointWhoseCommitsAreWhole() throws IOException {
        DeltaLog.forTable(SPARK, table.toString()).checkpoint();
        Path checkpoint;
        try (Stream<Path> files = Files.list(log)) {
            checkpoint = files.filter(f -> f.toString().endsWith(".checkpoint.parquet"))
                    .findFirst()
                    .orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(checkpoint);
        Files.write(checkpoint, java.util.Arrays.copyOf(bytes, bytes.length / 2));

        assertThat(logs(true, 2)).singleElement().satisfies(found -> {
            assertThat(found.damage()).isEqualTo("checkpoint 2 is torn");
            assertThat(found.isRepaired()).isTrue();
        });
        assertThat(rows()).isEqualTo(30);
    }
}
