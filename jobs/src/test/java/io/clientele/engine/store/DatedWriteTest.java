package io.clientele.engine.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clientele.engine.Database;
import io.clientele.engine.TableRef;
import io.clientele.engine.Write;
import io.clientele.testing.FewRows;
import io.clientele.testing.SharedSpark;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Proves that rows of a date stand in place of those of that date alone, whether the date has rows already (they are replaced)
 * or not (rows are appended, without a search for what to replace), and that rows of another date are refused.
 */
@FewRows
class DatedWriteTest {
    private static final SparkSession SPARK = SharedSpark.session();
    private static final TableRef TOTAL = TableRef.snapshot("total", "a date", "amount BIGINT");

    private static final TableRef DAYS =
            TableRef.sliced(Database.CORE, "days", "one day", "day DATE NOT NULL, amount BIGINT", "day", "day");

    @TempDir
    Path root;

    private long version = TableStore.NONE;

    private String write(String date, String rows) {
        TableStore store = new TableStore(SPARK, root.toString());
        version = store.write(
                        Write.of(
                                TOTAL,
                                SPARK.sql("SELECT DATE'" + date + "' as_of_date, amount FROM VALUES " + rows
                                        + " AS t(amount)")),
                        LocalDate.parse(date),
                        version)
                .version();
        return CommitInfo.read(SPARK, store.path(TOTAL), version).operation() + " " + mode(store);
    }

    private String mode(TableStore store) {
        return SPARK.read()
                .json(store.path(TOTAL) + String.format("/_delta_log/%020d.json", version))
                .selectExpr("commitInfo.operationParameters.mode")
                .where("mode IS NOT NULL")
                .first()
                .getString(0);
    }

    private List<String> rows() {
        return new TableStore(SPARK, root.toString())
                .read(TOTAL, version).collectAsList().stream()
                        .map(Row::toString)
                        .sorted()
                        .toList();
    }

    @Test
    void rowsStandInPlaceOfThoseOfTheirDate() {
        assertThat(write("2026-01-01", "1, 2")).isEqualTo("WRITE Append");
        assertThat(write("2026-01-02", "3")).isEqualTo("WRITE Append");
        assertThat(write("2026-01-01", "4")).isEqualTo("WRITE Overwrite");
        assertThat(rows()).containsExactly("[2026-01-01,4]", "[2026-01-02,3]");
        assertThat(write("2025-12-31", "5")).isEqualTo("WRITE Append");
        assertThat(rows()).containsExactly("[2025-12-31,5]", "[2026-01-01,4]", "[2026-01-02,3]");
    }

    @Test
    void daysOfASlicedTableAreAppendedWhereNoFileHoldsThem() {
        TableStore store = new TableStore(SPARK, root.toString());
        long[] at = {TableStore.NONE};
        Function<String, String> write = days -> {
            at[0] = store.write(
                            Write.days(
                                    DAYS,
                                    SPARK.sql("SELECT DATE(day) day, " + at[0] + "L amount FROM VALUES " + days
                                                    + " AS t(day)")
                                            .coalesce(1),
                                    Arrays.stream(days.split(", "))
                                            .map(d -> LocalDate.parse(d.replace("'", "")))
                                            .toList()),
                            null,
                            at[0])
                    .version();
            return SPARK.read()
                    .json(store.path(DAYS) + String.format("/_delta_log/%020d.json", at[0]))
                    .selectExpr("commitInfo.operationParameters.mode")
                    .where("mode IS NOT NULL")
                    .first()
                    .getString(0);
        };
        assertThat(write.apply("'2026-01-01', '2026-01-03'")).isEqualTo("Append");
        assertThat(write.apply("'2026-01-04', '2026-01-05'")).isEqualTo("Append");
        // Not stored, but between stored ones: whether the files hold it only reading them can tell.
        assertThat(write.apply("'2026-01-02'")).isEqualTo("Overwrite");
        assertThat(write.apply("'2026-01-05', '2026-01-06'")).isEqualTo("Overwrite");
        assertThat(store.read(DAYS, at[0]).collectAsList())
                .extracting(Row::toString)
                .containsExactlyInAnyOrder(
                        "[2026-01-01,-1]",
                        "[2026-01-03,-1]",
                        "[2026-01-04,0]",
                        "[2026-01-02,1]",
                        "[2026-01-05,2]",
                        "[2026-01-06,2]");
        assertThatThrownBy(() -> store.write(
                        Write.days(
                                DAYS,
                                SPARK.sql("SELECT DATE'2026-01-01' day, 0L amount"),
                                List.of(LocalDate.of(2026, 1, 8), LocalDate.of(2026, 1, 9))),
                        null,
                        at[0]))
                .hasStackTraceContaining("core.days of 2 dates was given a row of another date");
    }

    @Test
    void rowsOfAnotherDateAreRefused() {
        write("2026-01-01", "1");
        TableStore store = new TableStore(SPARK, root.toString());
        for (String asOf : List.of("2026-01-01", "2026-01-02")) {
            assertThatThrownBy(() -> store.write(
                            Write.of(TOTAL, SPARK.sql("SELECT DATE'2026-01-03' as_of_date, 2L amount")),
                            LocalDate.parse(asOf),
                            version))
                    .as(asOf)
                    .hasStackTraceContaining(
                            asOf.equals("2026-01-02")
                                    ? "mart.total of 2026-01-02 was given a row of another date"
                                    : "as_of_date = DATE '2026-01-01'");
        }
        assertThat(store.latestVersion(TOTAL)).isEqualTo(version);
        assertThat(rows()).containsExactly("[2026-01-01,1]");
    }
}
