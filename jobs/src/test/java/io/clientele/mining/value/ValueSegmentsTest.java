package io.clientele.mining.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clientele.mining.CustomerDays;
import io.clientele.mining.Samples;
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

class ValueSegmentsTest {
    private static final LocalDate AS_OF = LocalDate.of(2024, 6, 30);
    private static final ValueConfig CONFIG = ValueConfig.defaults();

    private static Dataset<Row> segment(CustomerDays days) {
        return segment(days.dataset());
    }

    private static Dataset<Row> segment(Dataset<Row> days) {
        return ValueSegments.segment(
                days,
                CustomerContribution.of(
                        new ContributionInputs(days, null, null, null, null),
                        ContributionConfig.defaults(),
                        CONFIG.windowDays(),
                        AS_OF),
                Samples.of(MartTables.CHURN_FLAG, List.of()),
                CONFIG,
                AS_OF);
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
        assertThatThrownBy(() -> new ValueConfig(365, 365, .8, .7, .01, .04, .15, .2, .2, 90, 3, .2, 365, .2))
                .hasMessage("abc-share-b: expected a number from 0.8 to 1, found 0.7");
    }
}
