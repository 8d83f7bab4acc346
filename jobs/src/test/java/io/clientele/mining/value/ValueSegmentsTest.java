package io.clientele.mining.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clientele.mining.CustomerDays;
import io.clientele.mining.Samples;
import io.clientele.testing.FewRows;
import io.clientele.warehouse.CoreTables;
import io.clientele.warehouse.MartTables;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

@FewRows
class ValueSegmentsTest {
    private static final LocalDate AS_OF = LocalDate.of(2024, 6, 30);
    private static final ValueConfig CONFIG = ValueConfig.defaults();
    private static final org.apache.spark.sql.SparkSession SPARK = io.clientele.testing.SharedSpark.session();

    private static Dataset<Row> segment(CustomerDays days) {
        return segment(days.dataset());
    }

    private static Dataset<Row> segment(Dataset<Row> days) {
        return segment(inputs(days), CONFIG).segments();
    }

    private static ValueSegments.Result segment(ValueInputs in, ValueConfig config) {
        return ValueSegments.segment(in, config, AS_OF);
    }

    private static ValueInputs inputs(Dataset<Row> days) {
        return ValueInputs.of(
                CustomerContribution.of(
                        new ContributionInputs(days, null, null, null, null),
                        ContributionConfig.defaults(),
                        CONFIG.windowDays(),
                        AS_OF),
                Samples.of(MartTables.CHURN_FLAG, List.of()));
    }

    private static double money(Row row, String column) {
        return row.<BigDecimal>getAs(column).doubleValue();
    }

    @Test
    void classesAgreeWithSortingEverybody() {
        long seed = 42;
        List<Row> rows = segment(CustomerDays.random(300, AS_OF, seed)).collectAsList();
        List<Row> active =
                rows.stream().filter(r -> r.<Integer>getAs("frequency") > 0).toList();
        double positive = rows.stream()
                .mapToDouble(r -> Math.max(0, money(r, "current_value_amount")))
                .sum();
        for (Row row : rows) {
            double own = money(row, "current_value_amount");
            double above = rows.stream()
                    .mapToDouble(r -> money(r, "current_value_amount"))
                    .filter(v -> v > own && v > 0)
                    .sum();
            String abc = own <= 0 ? "C" : above < .8 * positive ? "A" : above < .95 * positive ? "B" : "C";
            assertThat(row.<String>getAs("abc_class"))
                    .as("seed %d %s", seed, row)
                    .isEqualTo(abc);
            boolean isActive = active.contains(row);
            double sales = money(row, "monetary_amount");
            long richer = active.stream()
                    .filter(r -> money(r, "monetary_amount") > sales)
                    .count();
            String level = !isActive
                    ? "inactive"
                    : richer < .01 * active.size()
                            ? "top"
                            : richer < .05 * active.size() ? "big" : richer < .2 * active.size() ? "medium" : "small";
            assertThat(row.<String>getAs("pyramid_level"))
                    .as("seed %d %s", seed, row)
                    .isEqualTo(level);
            List<Row> up = active.stream()
                    .sorted(Comparator.comparingDouble(r -> money(r, "monetary_amount")))
                    .toList();
            int score = 1;
            for (int k = 1; k <= 4; k++) {
                int rank = (int) Math.ceil(Math.round(1e6 * k / 5.0 * up.size()) / 1e6);
                score += isActive && sales > money(up.get(rank - 1), "monetary_amount") ? 1 : 0;
            }
            assertThat(row.<Integer>getAs("m_score"))
                    .as("seed %d %s", seed, row)
                    .isEqualTo(score);
        }
        assertThat(rows).extracting(r -> r.<String>getAs("value_class")).contains("platinum", "lead");
    }

    @Test
    void doesNotDependOnOrderOrPartitions() {
        CustomerDays days = CustomerDays.random(80, AS_OF, 9);
        assertThat(Samples.texts(segment(Samples.shuffled(CoreTables.CUSTOMER_DAY, days.rows(), 5))))
                .isEqualTo(Samples.texts(segment(days)));
    }

    @Test
    void livesWithRefundsUnknownCostsAndOneCustomer() {
        assertThat(segment(new CustomerDays()).collectAsList()).isEmpty();
        assertThat(segment(new CustomerDays().day("refund", AS_OF, 0, 0, -9, -5, 0))
                        .collectAsList())
                .isEmpty();
        Map<String, Row> rows = segment(new CustomerDays()
                        .day("loss", AS_OF.minusDays(1), 1, 10, -30, 5, 1)
                        .buys("gone", AS_OF.minusDays(800), 50))
                .collectAsList()
                .stream()
                .collect(Collectors.toMap(r -> r.getAs("customer_id"), r -> r));
        Row loss = rows.get("loss");
        assertThat(loss.<BigDecimal>getAs("current_value_amount")).isEqualByComparingTo("-25");
        assertThat(loss.<Boolean>getAs("has_unknown_cost")).isTrue();
        assertThat(loss.<String>getAs("value_class")).isEqualTo("lead");
        assertThat(loss.<String>getAs("abc_class")).isEqualTo("C");
        assertThat(rows.get("gone").<String>getAs("pyramid_level")).isEqualTo("inactive");
        assertThat(rows.get("gone").<Integer>getAs("r_score")).isEqualTo(1);
        Row one = segment(new CustomerDays().buys("only", AS_OF, 10)).first();
        assertThat(one.<String>getAs("abc_class") + one.getAs("pyramid_level")).isEqualTo("Atop");
        assertThat(one.<BigDecimal>getAs("potential_value_amount")).isEqualByComparingTo("0");
    }

    @Test
    void drawsTheWhaleCurve() {
        CustomerDays days = new CustomerDays();
        for (int i = 1; i <= 1000; i++) {
            days.day("c" + i, AS_OF, 1, i, 0, i <= 100 ? 3.0 * i : 0, 0);
        }
        List<Row> curve = ValueConcentration.whale(segment(days))
                .orderBy("share_of_customers", "share_of_value")
                .collectAsList();
        assertThat(curve).hasSizeBetween(20, 200);
        Row peak = curve.stream()
                .filter(r -> r.<Boolean>getAs("is_peak"))
                .findFirst()
                .orElseThrow();
        assertThat(peak.<Double>getAs("share_of_customers")).isEqualTo(.9);
        assertThat(peak.<BigDecimal>getAs("cumulative_amount")).isEqualByComparingTo("495450");
        assertThat(peak.<Double>getAs("share_of_value")).isEqualTo(495450.0 / 485350);
        assertThat(curve.get(curve.size() - 1).<Double>getAs("share_of_value")).isEqualTo(1);
    }

    @Test
    void refusesWrongBounds() {
        assertThatThrownBy(() -> new ValueConfig(
                        365,
                        365,
                        Quintiles.NESTED,
                        null,
                        .8,
                        .7,
                        .01,
                        .04,
                        .15,
                        .2,
                        .2,
                        .2,
                        .5,
                        .5,
                        .1,
                        90,
                        3,
                        .2,
                        365,
                        .2,
                        14,
                        .1))
                .hasMessage("abc-share-b: expected a number from 0.8 to 1, found 0.7");
    }

    @Test
    void nestedScoresSplitEachFifthAnew() {
        long seed = 7;
        ValueSegments.Result result =
                segment(inputs(CustomerDays.random(400, AS_OF, seed).dataset()), CONFIG.with(Quintiles.NESTED));
        List<Row> active = result.segments().where("frequency > 0").collectAsList();
        for (Row row : active) {
            List<Integer> ofFifth = active.stream()
                    .filter(r -> r.getAs("r_score").equals(row.getAs("r_score")))
                    .map(r -> r.<Integer>getAs("frequency"))
                    .sorted()
                    .toList();
            List<Double> ofCell = active.stream()
                    .filter(r -> r.getAs("r_score").equals(row.getAs("r_score"))
                            && r.getAs("f_score").equals(row.getAs("f_score")))
                    .map(r -> money(r, "monetary_amount"))
                    .sorted()
                    .toList();
            assertThat(row.<Integer>getAs("f_score"))
                    .as("seed %d %s", seed, row)
                    .isEqualTo(score(row.<Integer>getAs("frequency"), ofFifth));
            assertThat(row.<Integer>getAs("m_score"))
                    .as("seed %d %s", seed, row)
                    .isEqualTo(score(money(row, "monetary_amount"), ofCell));
        }
        assertThat(result.cutPoints().where("cut LIKE 'm_score%'").count()).isGreaterThan(40);
    }

    private static <T extends Comparable<T>> int score(T own, List<T> sorted) {
        int score = 1;
        for (int k = 1; k <= 4; k++) {
            int rank = (int) Math.ceil(Math.round(1e6 * k / 5.0 * sorted.size()) / 1e6);
            score += own.compareTo(sorted.get(rank - 1)) > 0 ? 1 : 0;
        }
        return score;
    }

    @Test
    void frozenCutPointsHoldAndSayWhereTheyAreFrom() {
        ValueInputs in = inputs(CustomerDays.random(60, AS_OF, 3).dataset());
        ValueInputs frozen = new ValueInputs(
                in.contribution(),
                in.churnFlag(),
                null,
                null,
                null,
                null,
                CustomerContributionTest.given(
                        MartTables.VALUE_CUT_POINT,
                        "SELECT DATE'2024-01-01' as_of_date, 'abc_a' cut, 1e9D value UNION ALL SELECT DATE'2024-01-01', 'gone', 1D"));
        ValueSegments.Result result = segment(frozen, CONFIG);
        assertThat(result.segments().where("abc_class = 'A'").count()).isZero();
        assertThat(Samples.texts(
                        result.cutPoints().where("frozen_from IS NOT NULL").select("cut", "value", "frozen_from")))
                .containsExactly("[abc_a,1.0E9,2024-01-01]");
        assertThat(result.cutPoints()
                        .where("cut = 'abc_b' AND frozen_from IS NULL")
                        .count())
                .isEqualTo(1);
    }

    @Test
    void coreCustomersAndBothMatricesShowTheirFigures() {
        Dataset<Row> contribution = CustomerContributionTest.given(
                MartTables.CUSTOMER_CONTRIBUTION,
                "SELECT DATE'2024-06-30' as_of_date, id customer_id, net net_amount, net sales_amount, 0 return_amount,"
                        + " cost goods_cost_amount, serve serve_cost_amount, net - cost - coalesce(serve, 0) contribution_amount,"
                        + " late mean_days_late, 0 count_lines_without_cost, array('x') left_out,"
                        + " DATE'2024-06-30' - 500 first_purchase_date, DATE'2024-06-29' last_purchase_date, 1 count_purchase_days"
                        + " FROM VALUES ('good', 1000, 300, 10, 3D), ('slow', 1000, 300, 10, 60D), ('dear', 1000, 300, 400, 0D),"
                        + " ('cheap', 900, 850, 5, CAST(NULL AS DOUBLE)), ('dark', 10, 9, NULL, NULL) AS t(id, net, cost, serve, late)");
        Dataset<Row> lifetime = CustomerContributionTest.given(
                MartTables.REFERRAL,
                "SELECT 'good' customer_id, 'brought' referred_customer_id, 77.5 contribution_amount");
        ValueSegments.Result result = segment(
                new ValueInputs(
                        contribution,
                        Samples.of(MartTables.CHURN_FLAG, List.of()),
                        CustomerContributionTest.given(
                                MartTables.CATEGORY_HEADROOM,
                                "SELECT 'dear' customer_id, 'books' category, 100 headroom_amount"),
                        CustomerContributionTest.given(
                                CoreTables.SURVEY_ANSWER,
                                "SELECT 'cheap' customer_id, TIMESTAMP'2024-01-01' asked_at, .25D share_of_spend, 'a' answer_id"
                                        + " UNION ALL SELECT 'cheap', TIMESTAMP'2024-02-01', .5D, 'b'"
                                        + " UNION ALL SELECT 'cheap', TIMESTAMP'2024-08-01', .9D, 'c'"),
                        SPARK.sql("SELECT 'slow' customer_id, CAST(9999 AS DECIMAL(18,2)) lifetime_value_amount"),
                        lifetime,
                        null),
                CONFIG);
        Map<String, Row> rows = result.segments().collectAsList().stream()
                .collect(Collectors.toMap(r -> r.getAs("customer_id"), r -> r));
        assertThat(rows.values().stream()
                        .filter(r -> r.<Boolean>getAs("is_core"))
                        .map(r -> r.<String>getAs("customer_id")))
                .containsExactly("good");
        assertThat(rows.values().stream()
                        .collect(Collectors.toMap(
                                r -> r.getAs("customer_id"),
                                r -> String.join(" ", r.<String>getList(r.fieldIndex("core_unmet"))))))
                .isEqualTo(Map.of(
                        "good",
                        "",
                        "slow",
                        "days_late",
                        "dear",
                        "serve_cost_share",
                        "cheap",
                        "spend",
                        "dark",
                        "spend"));
        assertThat(rows.get("slow").<Double>getAs("mean_days_late")).isEqualTo(60);
        assertThat(rows.get("dark").isNullAt(rows.get("dark").fieldIndex("mean_days_late")))
                .isTrue();
        assertThat(rows.get("good").<Double>getAs("return_share")).isZero();
        assertThat(Samples.texts(result.cutPoints().where("cut LIKE 'core_%'").select("cut", "value", "frozen_from")))
                .containsExactly(
                        "[core_days_late,14.0,null]",
                        "[core_relation_days,365.0,null]",
                        "[core_return_share,0.2,null]",
                        "[core_serve_cost_share,0.1,null]");
        assertThat(rows.entrySet().stream()
                        .collect(Collectors.toMap(
                                e -> e.getKey(), e -> "" + e.getValue().getAs("serve_class"))))
                .isEqualTo(Map.of(
                        "good",
                        "carriage_trade",
                        "slow",
                        "carriage_trade",
                        "dear",
                        "carriage_trade",
                        "cheap",
                        "bargain_basement",
                        "dark",
                        "null"));
        assertThat(rows.get("slow").<String>getAs("future_value_source")
                        + rows.get("slow").getAs("profit_class"))
                .isEqualTo("lifetime_valuebest");
        assertThat(rows.get("good").<BigDecimal>getAs("referral_value_amount")).isEqualByComparingTo("77.5");
        assertThat(rows.get("cheap").<BigDecimal>getAs("outside_spend_amount")).isEqualByComparingTo("900");
        double expected = money(rows.get("dear"), "expected_contribution_amount");
        assertThat(money(rows.get("dear"), "potential_value_amount"))
                .isCloseTo(expected + .1 * 100, org.assertj.core.api.Assertions.within(.011));
        assertThat(money(rows.get("cheap"), "potential_value_amount")
                        - money(rows.get("cheap"), "expected_contribution_amount"))
                .isCloseTo(.1 * 900 * 50 / 900, org.assertj.core.api.Assertions.within(.011));
    }

    @Test
    void aSingleDayAGiantAndNothingEarnedGiveNumbersAndNoNaN() {
        CustomerDays days = new CustomerDays()
                .buys("giant", AS_OF, 990_000)
                .buys("tiny", AS_OF, 100)
                .day("even", AS_OF, 1, 10, -10, 0, 1)
                .day("lossy", AS_OF, 1, 1, 0, 5000, 0);
        List<Row> rows = segment(days).collectAsList();
        assertThat(rows).hasSize(4).allSatisfy(row -> {
            for (int i = 0; i < row.size(); i++) {
                assertThat(String.valueOf(row.get(i)))
                        .as(row.schema().fieldNames()[i])
                        .doesNotContain("NaN", "Infinity");
            }
            assertThat(row.<Boolean>getAs("is_core"))
                    .as("nobody has been here for a year")
                    .isFalse();
            assertThat(row.<String>getAs("serve_class"))
                    .as("no cost to serve is known")
                    .isNull();
        });
        assertThat(rows)
                .filteredOn(r -> r.getAs("customer_id").equals("giant"))
                .extracting(r -> r.<String>getAs("abc_class"))
                .containsExactly("A");
        Row even = rows.stream()
                .filter(r -> r.getAs("customer_id").equals("even"))
                .findFirst()
                .orElseThrow();
        assertThat(even.<Double>getAs("margin_share")).isNull();
    }
}
