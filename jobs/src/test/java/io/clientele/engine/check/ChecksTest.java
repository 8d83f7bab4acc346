package io.clientele.engine.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.engine.Database;
import io.clientele.engine.TableRef;
import io.clientele.testing.SharedSpark;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each check passes on good rows and fails on bad ones, with the figure that a person reads in ops.check_result. */
class ChecksTest {
    private static final SparkSession SPARK = SharedSpark.session();
    private static final TableRef HISTORY = TableRef.sliced(
            Database.CORE,
            "history",
            "one interval",
            "id STRING, valid_from TIMESTAMP, valid_to TIMESTAMP, is_current BOOLEAN",
            "id",
            "id",
            "valid_from");
    private static final TableRef THING = TableRef.upsert(
            Database.CORE, "thing", "one thing", "source STRING, id STRING, amount BIGINT", "source", "id");

    private static String verdict(TableCheck check, Dataset<Row> rows) {
        Row row = check.violations()
                .apply(rows, null)
                .select("observed", "is_passed")
                .first();
        return row.getString(0) + (row.getBoolean(1) ? " passed" : " failed");
    }

    /** Intervals as {@code id from to current}, days of January 2024, {@code -} for an open end. */
    private static Dataset<Row> intervals(String text) {
        return SPARK.sql("SELECT p[0] AS id, to_timestamp('2024-01-' || p[1]) AS valid_from,"
                + " IF(p[2] = '-', NULL, to_timestamp('2024-01-' || p[2])) AS valid_to, p[3] = 'current' AS is_current"
                + " FROM (SELECT split(t, ' ') AS p FROM (SELECT explode(split('" + text + "', '; ')) AS t))");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "meets | a 01 03 past; a 03 05 past; a 05 - current; b 02 - current | 0 rows passed",
                "ended | a 01 03 past; a 03 05 past | 0 rows passed",
                "overlap | a 01 04 past; a 03 - current | 1 rows failed",
                "gap | a 01 02 past; a 03 - current | 1 rows failed",
                "two open and current rows | a 01 - current; a 03 - current | 1 rows failed",
                "two current rows that meet | a 01 03 current; a 03 - current | 1 rows failed",
                "open but not current | a 01 03 past; a 03 - past | 1 rows failed",
                "valid_from after valid_to | a 05 03 past | 1 rows failed",
                "an empty interval | a 03 03 past | 1 rows failed",
                "each broken key counts | a 01 02 past; a 03 - current; b 05 04 past | 2 rows failed"
            })
    void aHistoryMeetsWithoutGapOrOverlap(String name, String intervals, String verdict) {
        assertThat(verdict(Checks.history(HISTORY, List.of("id")), intervals(intervals)))
                .as(name)
                .isEqualTo(verdict);
    }

    private static Dataset<Row> things(String values) {
        return SPARK.sql("SELECT * FROM VALUES " + values + " AS t(source, id, amount)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "('a', '1', 5), ('b', '1', 5) | 0 rows passed",
                "('a', '1', 5), ('a', '1', 6), ('a', '1', 7), ('a', '2', 7), ('a', '2', 7) | 2 rows failed",
                "('a', NULL, 5), ('b', '1', 6) | 1 rows failed",
                "(NULL, NULL, 5), (NULL, NULL, 5) | 1 rows failed"
            })
    void aKeyIsKnownAndThereOnce(String things, String verdict) {
        TableCheck check = Checks.uniqueKey(THING);
        assertThat(check.name()).isEqualTo("unique key (source, id)");
        assertThat(check.isBlocking()).isTrue();
        assertThat(verdict(check, things(things))).isEqualTo(verdict);
        Row proof = check.verdict(things(things), null, true).first();
        assertThat(proof.getBoolean(1)).as("the proof").isEqualTo(verdict.endsWith("passed"));
        if (proof.getBoolean(1)) {
            assertThat(proof.getString(0)).as("its text").isEqualTo("0 rows");
        }
    }

    private static String verdict(TableCheck check, Dataset<Row> rows, Dataset<Row> others) {
        Row row = check.violations()
                .apply(rows, others)
                .select("observed", "is_passed")
                .first();
        return row.getString(0) + (row.getBoolean(1) ? " passed" : " failed");
    }

    @Test
    void aReferenceHasItsTargetAndNullRefersToNothing() {
        TableCheck check = Checks.references(THING, "id", HISTORY, "id", true);
        assertThat(check.name()).isEqualTo("id is in core.history");
        assertThat(check.other()).isEqualTo(HISTORY);
        Dataset<Row> others = intervals("a 01 03 past; a 03 - current; b 01 - current");
        assertThat(verdict(check, things("('x', 'a', 5), ('y', 'b', 5), ('z', NULL, 5)"), others))
                .isEqualTo("0 values passed");
        assertThat(verdict(check, things("('x', 'a', 5), ('y', 'c', 5), ('z', 'c', 5), ('z', 'd', 5)"), others))
                .isEqualTo("2 values failed");
    }

    @Test
    void aSliceHasTheTotalOfWhatItIsMadeFrom() {
        TableCheck check = Checks.sameTotals(THING, HISTORY, "source", "amount", "id IS NOT NULL");
        Dataset<Row> others = things("('a', '1', 5), ('a', '2', 6), ('a', NULL, 100), ('b', '1', 7), ('c', '1', 1)");
        assertThat(check.name()).isEqualTo("amount by source equals core.history");
        assertThat(verdict(check, things("('a', '1', 11), ('b', '1', 3), ('b', '2', 4)"), others))
                .as("slices that were not written are not looked at")
                .isEqualTo("0 slices passed");
        assertThat(verdict(check, things("('a', '1', 11), ('b', '1', 8), ('d', '1', 1)"), others))
                .as("another total, and a slice that should not be there")
                .isEqualTo("2 slices failed");
    }

    @Test
    void aConditionHoldsOfEachRowAndAnUnknownAnswerIsNone() {
        TableCheck check = Checks.each(THING, "amount is positive", "amount > 0", false);
        assertThat(check.isBlocking()).isFalse();
        assertThat(verdict(check, things("('a', '1', 5), ('a', '2', 1)"))).isEqualTo("0 rows passed");
        assertThat(verdict(check, things("('a', '1', 5), ('a', '2', 0), ('a', '3', CAST(NULL AS INT))")))
                .isEqualTo("2 rows failed");
    }

    @Test
    void aColumnIsMostlyKnownFromItsShareOn() {
        TableCheck check = Checks.mostlyKnown(THING, "amount", 0.75);
        assertThat(check.expected()).isEqualTo("at least 75 %");
        assertThat(verdict(check, things("('a', '1', 5), ('a', '2', 1), ('a', '3', 1), ('a', '4', CAST(NULL AS INT))")))
                .isEqualTo("75.0 % passed");
        assertThat(verdict(check, things("('a', '1', 5), ('a', '2', 1), ('a', '3', CAST(NULL AS INT))")))
                .isEqualTo("66.7 % failed");
        assertThat(verdict(check, things("('a', '1', 5)").where("false")))
                .as("without rows nothing is unknown")
                .isEqualTo("100.0 % passed");
    }
}
