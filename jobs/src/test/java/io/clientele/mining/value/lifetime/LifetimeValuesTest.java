package io.clientele.mining.value.lifetime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.data.Percentage.withPercentage;

import io.clientele.mining.CustomerDays;
import io.clientele.mining.Samples;
import io.clientele.mining.value.lifetime.LifetimeConfig.Business;
import io.clientele.mining.value.lifetime.LifetimeValues.Result;
import io.clientele.warehouse.CoreTables;
import java.math.BigDecimal;
import java.sql.Date;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class LifetimeValuesTest {
    private static final LocalDate AS_OF = LocalDate.of(2024, 12, 31);
    private static final long SEED = 1987;

    private static Dataset<Row> noInvoices() {
        return Samples.of(CoreTables.INVOICE, List.of());
    }

    private static Result compute(CustomerDays days, LifetimeConfig config) {
        return LifetimeValues.compute(days.dataset(), noInvoices(), null, config, AS_OF);
    }

    static Map<String, Row> figures(Result result) {
        Map<String, Row> figures = new TreeMap<>();
        result.figures().collectAsList().forEach(r -> figures.put(r.getAs("model") + "." + r.getAs("name"), r));
        return figures;
    }

    static double value(Map<String, Row> figures, String name) {
        return figures.get(name).<Double>getAs("value");
    }

    private static LifetimeConfig withMaxGroups(int maxGroups) {
        return new LifetimeConfig(Business.AUTO, 7, null, 182, 365, .1, 50, maxGroups, 30, 1, 12);
    }

    /** CDNOW's purchases as rows of core.customer_day. */
    private static CustomerDays cdnow() throws Exception {
        CustomerDays days = new CustomerDays();
        Cdnow.days()
                .forEach((customer, byDay) ->
                        byDay.forEach((day, dollars) -> days.day(customer, day, 1, dollars, 0, 0, 1)));
        return days;
    }

    @Test
    void publishesTheFiguresOfCdnow() throws Exception {
        var config = new LifetimeConfig(Business.AUTO, 7, Cdnow.CUTOFF, 273, 273, 0, 50, 20_000, 30, 1, 12);
        Result result =
                LifetimeValues.compute(cdnow().dataset(), noInvoices(), null, config, LocalDate.of(1998, 6, 30));
        Map<String, Row> figures = figures(result);
        assertThat(value(figures, "bg_nbd.r")).isCloseTo(.2426, withPercentage(.1));
        assertThat(value(figures, "bg_nbd.alpha")).isCloseTo(4.4136, withPercentage(.1));
        assertThat(value(figures, "bg_nbd.a")).isCloseTo(.7929, withPercentage(.1));
        assertThat(value(figures, "bg_nbd.b")).isCloseTo(2.4259, withPercentage(.1));
        assertThat(value(figures, "bg_nbd.log_likelihood")).isCloseTo(-9582.429, within(.01));
        assertThat(value(figures, "pareto_nbd.log_likelihood")).isCloseTo(-9594.976, within(.01));
        assertThat(value(figures, "gamma_gamma.log_likelihood")).isCloseTo(-4055.918, within(.01));
        assertThat(value(figures, "bg_nbd.holdout_gain_over_last_period")).isGreaterThan(.05);
        assertThat(value(figures, "bg_nbd.holdout_gain_over_average")).isGreaterThan(.2);
        // As in the tables of Fader, Hardie, Lee 2005: those without repeats bought .237 times, Pareto/NBD expects
        // .138.
        assertThat(value(figures, "pareto_nbd.is_in_use")).isEqualTo(1);
        List<Row> classes = result.backtest()
                .where("kind = 'frequency'")
                .orderBy("position")
                .collectAsList();
        assertThat(classes).hasSize(8);
        assertThat(classes.get(0).<Long>getAs("count_customers")).isEqualTo(1411);
        assertThat(classes.get(0).<Double>getAs("actual")).isCloseTo(.237, within(.001));
        assertThat(classes.get(0).<Double>getAs("expected")).isCloseTo(.138, within(.001));
        Row lastWeek = result.backtest()
                .where("kind = 'week'")
                .orderBy(org.apache.spark.sql.functions.col("position").desc())
                .first();
        assertThat(lastWeek.<Integer>getAs("position")).isEqualTo(78);
        assertThat(lastWeek.<Double>getAs("actual")).isEqualTo(2457 + 1882);
        assertThat(lastWeek.<Double>getAs("expected")).isCloseTo(lastWeek.<Double>getAs("actual"), withPercentage(6));
    }

    @Test
    void widerBinsChangeLittle() throws Exception {
        var customers = CustomerHistories.atCutoff(
                CustomerHistories.toLearn(
                        cdnow().dataset(),
                        new LifetimeConfig(Business.AUTO, 7, Cdnow.CUTOFF, 273, 273, 0, 50, 20_000, 30, 1, 12),
                        LocalDate.of(1998, 6, 30)),
                Cdnow.CUTOFF);
        var exact = LifetimeCounts.of(customers, withMaxGroups(20_000)).purchases();
        var binned = LifetimeCounts.of(customers, withMaxGroups(1000)).purchases();
        assertThat(exact.binDays()).isEqualTo(1);
        assertThat(binned.binDays()).isGreaterThan(1);
        assertThat(binned.groups().size()).isLessThanOrEqualTo(1000);
        assertThat(binned.groups().countCustomers()).isEqualTo(2357);
        for (PurchaseModel.Kind kind : PurchaseModel.Kind.values()) {
            double[] expected = LifetimeFits.purchases(kind, exact.groups()).parameters();
            double[] found = LifetimeFits.purchases(kind, binned.groups()).parameters();
            for (int i = 0; i < expected.length; i++) {
                assertThat(found[i]).isCloseTo(expected[i], withPercentage(2));
            }
        }
    }

    @Test
    void neitherOrderNorPartitionsNorLaterDaysChangeAnything() {
        CustomerDays days = CustomerDays.random(120, AS_OF, SEED);
        var config = LifetimeConfig.defaults();
        Result one = compute(days, config);
        List<String> values = Samples.texts(one.values());
        Result other = LifetimeValues.compute(
                Samples.shuffled(CoreTables.CUSTOMER_DAY, days.rows(), SEED), noInvoices(), null, config, AS_OF);
        assertThat(Samples.texts(other.values()))
                .as("seed %d", SEED)
                .isEqualTo(values)
                .hasSizeGreaterThan(80);
        assertThat(Samples.texts(other.figures())).isEqualTo(Samples.texts(one.figures()));
        assertThat(Samples.texts(other.backtest())).isEqualTo(Samples.texts(one.backtest()));
        assertPlausible(one);
        for (int i = 0; i < 100; i++) {
            days.buys("c" + i, AS_OF.plusDays(1 + i % 5), 1000);
            days.buys("new" + i, AS_OF.plusDays(3), 1000);
        }
        assertThat(Samples.texts(compute(days, config).values()))
                .as("days after the date")
                .isEqualTo(values);
    }

    /** No NaN, no infinity, and intervals around their value. */
    private static void assertPlausible(Result result) {
        for (Row row : result.values().collectAsList()) {
            assertThat(row.<Double>getAs("expected_purchases")).isBetween(0.0, 1e4);
            assertThat(row.<Double>getAs("probability_alive")).isBetween(0.0, 1.0);
            assertThat(row.<BigDecimal>getAs("expected_value_amount"))
                    .isNotNull()
                    .isPositive();
            BigDecimal value = row.getAs("lifetime_value_amount");
            assertThat(value).isNotNull();
            BigDecimal low = row.getAs("lifetime_value_low_amount");
            if (low != null) {
                assertThat(low).isLessThanOrEqualTo(value);
                assertThat(row.<BigDecimal>getAs("lifetime_value_high_amount")).isGreaterThanOrEqualTo(value);
            }
        }
        for (Row row : result.figures().collectAsList()) {
            for (String column : List.of("value", "low", "high", "baseline_value")) {
                Double figure = row.getAs(column);
                assertThat(figure == null || Double.isFinite(figure))
                        .as("%s", row)
                        .isTrue();
            }
        }
    }

    @Test
    void discountsEachPurchaseFromItsTime() {
        var model = new BgNbd(.25, 4.4, .8, 2.4);
        double rate = .01;
        double stepwise = 0;
        for (int i = 0; i < 5200; i++) {
            double made = model.expectedPurchasesIfAlive(2, 38, (i + 1) / 100.0)
                    - model.expectedPurchasesIfAlive(2, 38, i / 100.0);
            stepwise += made * Math.exp(-rate * (i + .5) / 100);
        }
        assertThat(LifetimePredictions.discounted(model, 2, 38, 52, rate)).isCloseTo(stepwise, withPercentage(1e-4));
        assertThat(LifetimePredictions.discounted(model, 2, 38, 52, 0))
                .isEqualTo(model.expectedPurchasesIfAlive(2, 38, 52));
    }

    private static void assertSaysWhy(Result result, int customers, String why) {
        List<Row> rows = result.values().collectAsList();
        assertThat(rows).hasSize(customers).allSatisfy(r -> {
            assertThat(r.<String>getAs("model")).isEqualTo("none");
            assertThat(r.<String>getAs("note")).isEqualTo(why);
            assertThat(r.<Object>getAs("lifetime_value_amount")).isNull();
            assertThat(r.<Object>getAs("expected_purchases")).isNull();
        });
        assertThat(figures(result).get("lifetime_value.model").<String>getAs("note"))
                .isEqualTo(why);
        assertThat(result.backtest().collectAsList()).isEmpty();
    }

    @Test
    void tooFewRepeatCustomersGiveNoModel() {
        CustomerDays days = new CustomerDays();
        for (int i = 0; i < 60; i++) {
            days.buys("c" + i, AS_OF.minusDays(100 + i), 20);
        }
        days.buys("c1", AS_OF, 20);
        assertSaysWhy(
                compute(days, LifetimeConfig.defaults()),
                60,
                "No model: 1 of 60 customers bought on a second day up to 2024-12-31, 50 are needed.");
    }

    @Test
    void aSingleDayGivesNoModel() {
        CustomerDays days = new CustomerDays();
        for (int i = 0; i < 80; i++) {
            days.buys("c" + i, AS_OF, 20);
        }
        assertSaysWhy(
                compute(days, LifetimeConfig.defaults()),
                80,
                "No model: 0 of 80 customers bought on a second day up to 2024-12-31, 50 are needed.");
    }

    @Test
    void refundsAloneAreNoCustomers() {
        CustomerDays days = new CustomerDays();
        for (int i = 0; i < 80; i++) {
            days.day("c" + i, AS_OF.minusDays(i), 0, 0, -20, 0, 0);
            days.day("c" + i, AS_OF.minusDays(i + 90), 0, 0, -20, 0, 0);
        }
        assertSaysWhy(compute(days, LifetimeConfig.defaults()), 0, "Nobody has bought anything up to 2024-12-31.");
        assertSaysWhy(
                compute(new CustomerDays(), LifetimeConfig.defaults()),
                0,
                "Nobody has bought anything up to 2024-12-31.");
    }

    @Test
    void oneCustomerWithNearlyAllSalesBreaksNothing() {
        CustomerDays days = CustomerDays.random(90, AS_OF, SEED);
        for (int i = 0; i < 40; i++) {
            days.buys("whale", AS_OF.minusDays(400 - 10L * i), 9_000_000);
        }
        Result result = compute(days, LifetimeConfig.defaults());
        assertPlausible(result);
        Row whale = result.values().where("customer_id = 'whale'").first();
        assertThat(whale.<BigDecimal>getAs("lifetime_value_amount").doubleValue())
                .isGreaterThan(1e7);
    }

    @Test
    void freeGoodsArePurchasesWithoutValue() {
        CustomerDays days = new CustomerDays();
        CustomerDays.random(90, AS_OF, SEED)
                .rows()
                .forEach(r -> days.day((String) r[0], ((Date) r[1]).toLocalDate(), 1, 0, 0, 0, 0));
        Result result = compute(days, LifetimeConfig.defaults());
        assertThat(result.values().collectAsList()).isNotEmpty().allSatisfy(r -> {
            assertThat(r.<Double>getAs("expected_purchases")).isBetween(0.0, 1e4);
            assertThat(r.<Object>getAs("lifetime_value_amount")).isNull();
            assertThat(r.<String>getAs("note")).isEqualTo("Sales add up to nothing, so there is no value.");
            assertThat(r.<String>getAs("value_model")).isEqualTo("mean");
        });
        assertThat(figures(result).get("lifetime_value.value_model").<String>getAs("note"))
                .isEqualTo(
                        "No model of values: 0 customers have repeat purchases of a value above zero, 50 are needed.");
    }

    @Test
    void moreReturnedAndSpentThanSoldIsAValueBelowZero() {
        CustomerDays days = new CustomerDays();
        CustomerDays.random(90, AS_OF, SEED)
                .rows()
                .forEach(r -> days.day((String) r[0], ((Date) r[1]).toLocalDate(), 1, 10, -8, 5, 0));
        Result result = compute(days, LifetimeConfig.defaults());
        assertThat(value(figures(result), "lifetime_value.contribution_share")).isEqualTo(-.3);
        assertThat(result.values().where("expected_purchases > 1").collectAsList())
                .isNotEmpty()
                .allSatisfy(r -> {
                    assertThat(r.<BigDecimal>getAs("lifetime_value_amount")).isNegative();
                    assertThat(r.<BigDecimal>getAs("lifetime_value_low_amount"))
                            .isLessThanOrEqualTo(r.<BigDecimal>getAs("lifetime_value_high_amount"));
                });
    }

    @Test
    void aHistoryShorterThanTheHoldoutIsNotBacktested() {
        CustomerDays days = new CustomerDays();
        var random = new Random(SEED);
        for (int i = 0; i < 200; i++) {
            int first = 10 + random.nextInt(90);
            days.buys("c" + i, AS_OF.minusDays(first), 10 + random.nextInt(50));
            for (int day = first - 1 - random.nextInt(20); day > 0 && i % 3 > 0; day -= 1 + random.nextInt(40)) {
                days.buys("c" + i, AS_OF.minusDays(day), 10 + random.nextInt(50));
            }
        }
        Result result = compute(days, LifetimeConfig.defaults());
        assertPlausible(result);
        assertThat(figures(result).get("lifetime_value.backtest").<String>getAs("note"))
                .isEqualTo("Not backtested: 0 customers had bought again by the cut-off 2024-07-02, 50 are needed.");
        assertThat(result.backtest().collectAsList()).isEmpty();
    }

    /** Invoices on the first of each month until a customer leaves, with a chance of a tenth each month. */
    @Test
    void contractsAreValuedByRetention() {
        var random = new Random(SEED);
        List<Object[]> invoices = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            for (int month = 36; month >= 1; month--) {
                LocalDate issued = LocalDate.of(2025, 1, 1).minusMonths(month);
                invoices.add(new Object[] {
                    "i" + i + "-" + month,
                    "c" + i,
                    Date.valueOf(issued),
                    null,
                    new BigDecimal("30.0000"),
                    "billing",
                    null,
                    null,
                    null
                });
                if (random.nextDouble() < .1) {
                    break;
                }
            }
        }
        Result result = LifetimeValues.compute(
                new CustomerDays().dataset(),
                Samples.of(CoreTables.INVOICE, invoices),
                null,
                LifetimeConfig.defaults(),
                AS_OF);
        Map<String, Row> figures = figures(result);
        Row retention = figures.get("lifetime_value.retention_class_00");
        assertThat(retention.<Double>getAs("value")).as("seed %d", SEED).isCloseTo(.9, within(.02));
        assertThat(retention.<Double>getAs("low")).isLessThan(.91).isGreaterThan(.86);
        assertThat(value(figures, "migration.holdout_gain_over_average")).isGreaterThan(.2);
        Row loyal = result.values()
                .where("probability_alive > 0.5")
                .orderBy("customer_id")
                .first();
        // A year of monthly payments, each reached with nine tenths of the chance of the one before.
        double payments = 0;
        double worth = 0;
        for (int month = 1; month <= 12; month++) {
            payments += Math.pow(retention.<Double>getAs("value"), month);
            worth += 30 * Math.pow(retention.<Double>getAs("value"), month) * Math.pow(1.1, -month / 12.0);
        }
        assertThat(loyal.<String>getAs("model")).isEqualTo("migration");
        assertThat(loyal.<Double>getAs("expected_purchases")).isCloseTo(payments, within(1e-9));
        assertThat(loyal.<BigDecimal>getAs("lifetime_value_amount").doubleValue())
                .isCloseTo(worth, withPercentage(.2));
        assertThat(result.values().where("probability_alive = 0").count()).isGreaterThan(400);
        assertThat(result.backtest().where("kind = 'recency'").count()).isBetween(2L, 12L);
    }

    @Test
    void refusesWrongBounds() {
        assertThatThrownBy(() -> new LifetimeConfig(Business.AUTO, 0, null, 182, 365, .1, 50, 20_000, 30, 1, 12))
                .hasMessage("time-unit-days: expected a number from 1 to 366, found 0");
    }
}
