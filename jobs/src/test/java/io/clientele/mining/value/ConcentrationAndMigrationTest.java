package io.clientele.mining.value;

import static io.clientele.mining.value.CustomerContributionTest.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.clientele.mining.CustomerDays;
import io.clientele.mining.Samples;
import io.clientele.warehouse.CoreTables;
import io.clientele.warehouse.MartTables;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** Proves concentration against a plain sort of everybody, and each reason of a move by a customer made for it. */
class ConcentrationAndMigrationTest {
    private static final LocalDate AS_OF = LocalDate.of(2024, 6, 30);

    private static Map<String, Row> figures(String segments, Dataset<Row> contacts) {
        return ValueConcentration.figures(
                        given(MartTables.VALUE_SEGMENT, segments),
                        given(
                                CoreTables.CUSTOMER,
                                "SELECT 'c1' customer_id, true is_current UNION ALL SELECT 'p', true UNION ALL SELECT 'q', false"),
                        contacts,
                        365,
                        AS_OF)
                .collectAsList()
                .stream()
                .collect(Collectors.toMap(r -> r.getAs("name"), r -> r));
    }

    @Test
    void sharesAndGiniAgreeWithSortingEverybody() {
        long seed = 11;
        Random random = new Random(seed);
        double[] profit = IntStream.range(0, 250)
                .mapToDouble(i -> Math.round(100 * (Math.exp(2 * random.nextGaussian()) - 1)) / 100.0)
                .toArray();
        String rows = IntStream.range(0, profit.length)
                .mapToObj(i -> "('c" + i + "', " + BigDecimal.valueOf(profit[i]).toPlainString() + "BD)")
                .collect(Collectors.joining(", "));
        Map<String, Row> figures = figures(
                "SELECT id customer_id, 1 frequency, 100 monetary_amount, v current_value_amount,"
                        + " IF(id < 'c3', DATE'2020-01-01', DATE'2024-06-01') first_purchase_date FROM VALUES " + rows
                        + " AS t(id, v)",
                given(
                        CoreTables.CAMPAIGN_CONTACT,
                        "SELECT * FROM VALUES ('c1', TIMESTAMP'2024-06-01', 3, false), ('p', TIMESTAMP'2024-06-01', 9, false),"
                                + " ('c1', TIMESTAMP'2024-06-01', 100, true) AS t(customer_id, contacted_at, cost_amount, is_control)"));
        double[] up = profit.clone();
        Arrays.sort(up);
        double total = Arrays.stream(up).sum();
        double weighted =
                IntStream.range(0, up.length).mapToDouble(i -> (i + 1) * up[i]).sum();
        double n = up.length;
        for (int percent : new int[] {1, 5, 20}) {
            long best = (long) Math.ceil(percent * n / 100);
            double share = Arrays.stream(up).skip(up.length - best).sum() / total;
            Row figure = figures.get("profit_share_top_" + percent);
            assertThat(figure.<Double>getAs("value")).as("seed %d", seed).isCloseTo(share, within(1e-9));
            assertThat(figure.<Long>getAs("count_customers")).isEqualTo(best);
        }
        assertThat(figures.get("gini_profit").<Double>getAs("value"))
                .isCloseTo(2 * weighted / (n * total) - (n + 1) / n, within(1e-9));
        assertThat(figures.get("gini_sales").<Double>getAs("value")).isCloseTo(0, within(1e-9));
        double gains = Arrays.stream(up).filter(v -> v > 0).sum();
        assertThat(figures.get("profit_peak_share").<Double>getAs("value"))
                .isGreaterThan(1)
                .isCloseTo(gains / total, within(1e-9));
        assertThat(figures.get("prospects").<Long>getAs("count_customers")).isEqualTo(1);
        assertThat(figures.get("prospects").<Double>getAs("value")).isCloseTo(1 / 251.0, within(1e-9));
        assertThat(figures.get("existing_budget_share").<Double>getAs("value")).isCloseTo(.25, within(1e-9));
    }

    @Test
    void whatCannotBeSaidIsNullWithTheReason() {
        Map<String, Row> nobody = figures("SELECT 'x' customer_id, 0 frequency WHERE false", null);
        assertThat(nobody.get("gini_sales").<String>getAs("note")).isEqualTo("nobody bought in the window");
        assertThat(nobody.get("existing_budget_share").<String>getAs("note"))
                .isEqualTo("no source gives campaign contacts");
        assertThat(nobody.get("existing_sales_share").<String>getAs("note")).isEqualTo("net sales are not above zero");
        Map<String, Row> loss = figures(
                "SELECT 'c1' customer_id, 1 frequency, 99 monetary_amount, -1 current_value_amount,"
                        + " DATE'2024-06-30' first_purchase_date",
                null);
        assertThat(loss.get("profit_peak_share").<Double>getAs("value")).isNull();
        assertThat(loss.get("gini_profit").<String>getAs("note")).isEqualTo("the whole of profit is not above zero");
        assertThat(loss.get("sales_share_top_1").<Double>getAs("value")).isEqualTo(1);
        Map<String, Row> giant = figures(
                "SELECT * FROM VALUES ('a', 1, 9900, 990, DATE'2024-06-30'), ('b', 1, 100, 10, DATE'2024-06-30')"
                        + " AS t(customer_id, frequency, monetary_amount, current_value_amount, first_purchase_date)",
                null);
        assertThat(giant.get("profit_share_top_1").<Double>getAs("value")).isEqualTo(.99);
        assertThat(giant.values())
                .noneMatch(r ->
                        r.getAs("value") != null && r.<Double>getAs("value").isNaN());
    }

    @Test
    void eachMoveHasItsReason() {
        Dataset<Row> cuts = given(
                MartTables.VALUE_CUT_POINT,
                "SELECT * FROM VALUES (DATE'2024-01-31', 'pyramid_top', 100D), (DATE'2024-06-30', 'pyramid_top', 300D),"
                        + " (DATE'2024-01-31', 'pyramid_big', 50D), (DATE'2024-01-31', 'pyramid_medium', 20D),"
                        + " (DATE'2024-01-31', 'abc_a', 1e6D), (DATE'2024-01-31', 'abc_b', 1e6D) AS t(as_of_date, cut, value)");
        String rows = "SELECT d as_of_date, id customer_id, 1 frequency, sales monetary_amount, 0 current_value_amount,"
                + " 0 potential_value_amount, 'lead' value_class, 'C' abc_class, level pyramid_level, first first_purchase_date"
                + " FROM VALUES"
                + " (DATE'2024-01-31', 'stays', 30, 'medium', DATE'2023-06-01'), (DATE'2024-06-30', 'stays', 30, 'medium', DATE'2023-06-01'),"
                + " (DATE'2024-01-31', 'buys', 30, 'medium', DATE'2023-06-01'), (DATE'2024-06-30', 'buys', 60, 'big', DATE'2023-06-01'),"
                + " (DATE'2024-01-31', 'cut', 200, 'top', DATE'2023-06-01'), (DATE'2024-06-30', 'cut', 200, 'big', DATE'2023-06-01'),"
                + " (DATE'2024-01-31', 'late', 30, 'medium', DATE'2023-06-01'), (DATE'2024-06-30', 'late', 60, 'big', DATE'2023-06-01'),"
                + " (DATE'2024-01-31', 'merged', 30, 'medium', DATE'2023-06-01'), (DATE'2024-06-30', 'merged', 60, 'big', DATE'2023-06-01'),"
                + " (DATE'2024-01-31', 'gone', 30, 'medium', DATE'2023-06-01'), (DATE'2024-06-30', 'new', 5, 'small', DATE'2024-05-01'),"
                + " (DATE'2024-06-30', 'found', 5, 'small', DATE'2023-05-01'), (DATE'2023-12-31', 'buys', 1, 'small', DATE'2023-06-01')"
                + " AS t(d, id, sales, level, first)";
        CustomerDays days = new CustomerDays();
        LocalDate then = LocalDate.of(2023, 12, 1);
        for (String id : new String[] {"stays", "buys", "merged", "gone"}) {
            days.day(id, then, 1, 30, 0, 30, 0);
        }
        days.day("cut", then, 1, 200, 0, 200, 0).day("late", then, 1, 60, 0, 60, 0);
        Dataset<Row> identity = given(
                CoreTables.IDENTITY,
                "SELECT * FROM VALUES ('r1', 'gone', TIMESTAMP'2023-01-01', TIMESTAMP'2024-03-01', false),"
                        + " ('r1', 'merged', TIMESTAMP'2024-03-01', NULL, true), ('r2', 'buys', TIMESTAMP'2023-01-01', NULL, true),"
                        + " ('r3', 'late', TIMESTAMP'2023-01-01', NULL, true)"
                        + " AS t(record_key, customer_id, valid_from, valid_to, is_current)");
        Dataset<Row> moves = ValueMigration.moves(
                given(MartTables.VALUE_SEGMENT, rows),
                cuts,
                given(
                        MartTables.CUSTOMER_CONTRIBUTION,
                        "SELECT DATE'2024-01-31' as_of_date, 'late' customer_id, 30 net_amount, 30 goods_cost_amount"),
                inputs(days, null),
                identity,
                MigrationConfig.defaults(),
                365,
                AS_OF);
        assertThat(Samples.texts(ValueMigration.moved(moves)
                        .where("dimension = 'pyramid_level'")
                        .select("customer_id", "from_date", "from_class", "to_class", "reason")))
                .containsExactly(
                        "[buys,2024-01-31,medium,big,behaviour]",
                        "[cut,2024-01-31,top,big,moved_cut_points]",
                        "[found,2024-01-31,none,small,late_data]",
                        "[gone,2024-01-31,medium,none,merged_identity]",
                        "[late,2024-01-31,medium,big,late_data]",
                        "[merged,2024-01-31,medium,big,merged_identity]",
                        "[new,2024-01-31,none,small,new_customer]");
        assertThat(Samples.texts(ValueMigration.matrix(moves)
                        .where("dimension = 'pyramid_level' AND from_class = 'medium'")
                        .select("to_class", "reason", "count_customers", "sales_amount", "from_sales_amount")))
                .containsExactly(
                        "[big,behaviour,1,60.00,30.00]",
                        "[big,late_data,1,60.00,30.00]",
                        "[big,merged_identity,1,60.00,30.00]",
                        "[medium,stayed,1,30.00,30.00]",
                        "[none,merged_identity,1,0.00,30.00]");
        Dataset<Row> first = ValueMigration.moves(
                given(MartTables.VALUE_SEGMENT, rows),
                cuts,
                given(MartTables.CUSTOMER_CONTRIBUTION, "SELECT 'x' customer_id WHERE false"),
                inputs(days, null),
                identity,
                new MigrationConfig(1, LocalDate.of(2022, 1, 1)),
                365,
                AS_OF);
        assertThat(first.count()).as("nothing to compare with").isZero();
    }

    private static ContributionInputs inputs(CustomerDays days, Dataset<Row> serviceCase) {
        return new ContributionInputs(days.dataset(), serviceCase, null, null, null);
    }

    /** A contact of before the first snapshot, told only later, takes the value below the class's bound. */
    @Test
    void aCostToServeThatWasKnownTooLateIsLateData() {
        LocalDate first = LocalDate.of(2024, 1, 31);
        String rows =
                "SELECT d as_of_date, id customer_id, 1 frequency, 30 monetary_amount, value current_value_amount,"
                        + " 0 potential_value_amount, 'lead' value_class, class abc_class, 'small' pyramid_level,"
                        + " DATE'2023-12-01' first_purchase_date FROM VALUES"
                        + " (DATE'2024-01-31', 'told later', 30, 'A'), (DATE'2024-06-30', 'told later', 15, 'B'),"
                        + " (DATE'2024-01-31', 'calls since', 30, 'A'), (DATE'2024-06-30', 'calls since', 15, 'B')"
                        + " AS t(d, id, value, class)";
        CustomerDays days = new CustomerDays();
        for (String id : new String[] {"told later", "calls since"}) {
            days.day(id, LocalDate.of(2023, 12, 1), 1, 30, 0, 0, 0);
        }
        Dataset<Row> none = given(CoreTables.SERVICE_CASE, "SELECT 'x' customer_id WHERE false");
        ContributionConfig costs = new ContributionConfig(new BigDecimal("15"), null, null, null, 180);
        Dataset<Row> published = CustomerContribution.of(inputs(days, none), costs, 365, first);
        Dataset<Row> cases = given(
                CoreTables.SERVICE_CASE,
                "SELECT * FROM VALUES ('told later', TIMESTAMP'2024-01-10 10:00:00', 'contact'),"
                        + " ('calls since', TIMESTAMP'2024-02-10 10:00:00', 'contact') AS t(customer_id, opened_at, kind)");
        Dataset<Row> moves = ValueMigration.moves(
                given(MartTables.VALUE_SEGMENT, rows),
                given(
                        MartTables.VALUE_CUT_POINT,
                        "SELECT DATE'2024-01-31' as_of_date, cut, value FROM VALUES ('abc_a', 20D), ('abc_b', 0D) AS t(cut, value)"),
                published,
                inputs(days, cases),
                given(CoreTables.IDENTITY, "SELECT 'x' customer_id WHERE false"),
                MigrationConfig.defaults(),
                365,
                AS_OF);
        assertThat(Samples.texts(ValueMigration.moved(moves)
                        .where("dimension = 'abc_class'")
                        .select("customer_id", "from_class", "to_class", "reason")))
                .containsExactly("[calls since,A,B,behaviour]", "[told later,A,B,late_data]");
    }
}
