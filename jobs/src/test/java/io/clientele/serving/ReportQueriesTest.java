package io.clientele.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.clientele.serving.ReportData.Churn;
import io.clientele.serving.ReportData.ChurnState;
import io.clientele.serving.ReportData.CrossSellRule;
import io.clientele.serving.ReportData.ModelFigure;
import io.clientele.serving.ReportData.PyramidLevel;
import io.clientele.serving.ReportData.SourceBalance;
import io.clientele.serving.ReportData.WhaleCurve;
import io.clientele.serving.ReportData.WhalePoint;
import io.clientele.testing.SharedSpark;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ReportQueriesTest {
    private static ReportData data;

    @BeforeAll
    static void collect() {
        data = ReportQueries.collect(
                SampleWarehouse.header("Sample Ltd"), SampleWarehouse.tables(), SampleWarehouse.operations());
    }

    @Test
    void balancesAddUpPerSourceAndUnlikeMoneyIsNeverAdded() {
        SourceBalance webShop = source("web_shop");
        assertThat(webShop.countBatches()).isEqualTo(2);
        assertThat(webShop.rowsRead())
                .as("with the 15 refused rows whose currency cannot be read")
                .isEqualTo(612340 + 11020 + 2210 + 412001 + 902 + 1010 + 15);
        assertThat(webShop.rowsRead())
                .isEqualTo(webShop.rowsAccepted() + webShop.rowsDuplicate() + webShop.rowsQuarantined());
        assertThat(data.intake().money())
                .extracting(m -> m.source() + " " + m.currency())
                .as("neither what holds no money nor what is in no currency")
                .containsExactly("billing EUR", "store_point_of_sale EUR", "web_shop GBP");
        assertThat(data.intake().money())
                .allSatisfy(m -> assertThat(m.amountRead())
                        .isEqualByComparingTo(
                                m.amountAccepted().add(m.amountDuplicate()).add(m.amountQuarantined())));
    }

    @Test
    void captureWeighsMonthsByTheirSales() {
        ReportData.CaptureScore till = data.capture().sources().get(1);
        assertThat(till.source()).isEqualTo("store_point_of_sale");
        assertThat(till.countSales()).isEqualTo(400);
        assertThat(till.knownShare()).isCloseTo((300 * 0.4 + 100 * 0.8) / 400, within(1e-9));
        assertThat(till.permittedShare()).as("no source of consents").isNull();
        assertThat(till.bestAmountShare()).as("by money").isCloseTo((120 * 0.5 + 80 * 0.75) / 200, within(1e-9));
        assertThat(data.capture().months()).hasSize(4);
        assertThat(data.capture().firstMonth()).isEqualTo("2011-11");
        assertThat(data.capture().lastMonth()).isEqualTo("2011-12");
    }

    @Test
    void reasonsAreCountedWithoutMessagesOrPayload() throws Exception {
        assertThat(data.intake().reasons()).hasSizeLessThanOrEqualTo(50);
        assertThat(data.intake().countRefused()).isEqualTo(7422);
        assertThat(data.intake().countOpen()).isEqualTo(7422 - 1485);
        assertThat(data.intake().reasons().stream()
                        .mapToLong(ReportData.RefusalReason::countRows)
                        .sum())
                .isEqualTo(7422);
        assertThat(ReportPage.html(data)).doesNotContain("anna@example.org");
    }

    @Test
    void levelsAndClassesEachSumToTheWhole() {
        assertThat(data.value().countCustomers()).isEqualTo(4000);
        assertThat(data.value().levels())
                .extracting(PyramidLevel::level)
                .containsExactly("top", "big", "medium", "small", "inactive");
        assertThat(data.value().levels().stream()
                        .map(PyramidLevel::contributionAmount)
                        .reduce(BigDecimal.ZERO, BigDecimal::add))
                .isEqualByComparingTo(data.value().contributionAmount());
        assertThat(data.value().classes().stream()
                        .mapToLong(ReportData.ValueClass::countCustomers)
                        .sum())
                .isEqualTo(4000);
        assertThat(data.value().countUnknownCost()).isEqualTo(100);
    }

    @Test
    void everyPointOfTheWhaleCurveIsExact() {
        long seed = 20260101;
        Random random = new Random(seed);
        for (int round = 0; round < 4; round++) {
            int size = 1 + random.nextInt(3000);
            BigDecimal[] values = new BigDecimal[size];
            for (int i = 0; i < size; i++) {
                values[i] =
                        BigDecimal.valueOf(Math.round(random.nextGaussian() * 9000) + 4000L + random.nextInt(50000), 2);
            }
            WhaleCurve curve = ValueQueries.value(contributions(values)).whale();
            BigDecimal[] bestFirst = values.clone();
            Arrays.sort(bestFirst, java.util.Comparator.reverseOrder());
            double[] cumulative = new double[size + 1];
            for (int i = 0; i < size; i++) {
                cumulative[i + 1] = cumulative[i] + bestFirst[i].doubleValue();
            }
            assertThat(curve.points()).as("seed %d", seed).hasSizeBetween(Math.min(size, 2), 120);
            for (WhalePoint point : curve.points()) {
                int rank = (int) Math.round(point.customerShare() * size);
                assertThat(point.contributionShare())
                        .as("seed %d, rank %d of %d", seed, rank, size)
                        .isCloseTo(cumulative[rank] / cumulative[size], within(1e-9));
            }
            double highest = Arrays.stream(cumulative).max().orElseThrow();
            assertThat(curve.peak().contributionShare()).isCloseTo(highest / cumulative[size], within(1e-9));
            assertThat(curve.lossAmount().doubleValue()).isCloseTo(cumulative[size] - highest, within(1e-4));
        }
    }

    @Test
    void aWhaleCurveIsNotDrawnWithoutAPositiveWhole() {
        BigDecimal[] losses = {new BigDecimal("-5.00"), new BigDecimal("5.00")};
        assertThat(ValueQueries.value(contributions(losses)).whale().points()).isEmpty();
        assertThat(ValueQueries.value(contributions(new BigDecimal[] {null}))
                        .whale()
                        .points())
                .isEmpty();
    }

    @Test
    void otherDatesAreLeftOut() {
        assertThat(data.value().contributionAmount()).isLessThan(new BigDecimal("999999999"));
    }

    @Test
    void churnStatesCarryMoneyAndAtRiskCustomersComeMostValuableFirst() {
        Churn churn = data.churn();
        assertThat(churn.states())
                .extracting(ChurnState::state)
                .containsExactly("new", "active", "cooling", "partially_defected", "lost");
        assertThat(churn.states().stream().map(ChurnState::contributionAmount).reduce(BigDecimal.ZERO, BigDecimal::add))
                .isEqualByComparingTo(data.value().contributionAmount());
        assertThat(churn.atRisk())
                .hasSize(20)
                .extracting(ReportData.AtRiskCustomer::contributionAmount)
                .isSortedAccordingTo(java.util.Comparator.reverseOrder());
        assertThat(churn.atRisk().get(0).customerId()).isEqualTo("C4");
        assertThat(churn.atRisk())
                .extracting(ReportData.AtRiskCustomer::state)
                .containsOnly("cooling", "partially_defected");
    }

    @Test
    void aFigureThatIsNotANumberIsUnknown() {
        assertThat(data.churn().backtest())
                .filteredOn(f -> f.name().equals("log_loss"))
                .extracting(ModelFigure::value)
                .containsOnlyNulls();
    }

    @Test
    void rulesNameTheirProducts() {
        List<CrossSellRule> rules = data.crossSelling().rules();
        assertThat(data.crossSelling().countRules()).isEqualTo(57);
        assertThat(data.crossSelling().learnedOn()).isEqualTo("2011-12-05");
        assertThat(rules).hasSize(57);
        assertThat(rules.get(0).antecedent()).containsExactly(SampleWarehouse.NAUGHTY_NAME, "P1");
        assertThat(rules.get(0).consequent()).isEqualTo("Jumbo bag, pink polka dot");
        assertThat(data.crossSelling().countCustomersWithOffer()).isEqualTo(1204);
    }

    @Test
    void jobsVersionsAndChecksAreThoseOfTheLastRuns() {
        assertThat(data.making().jobs()).hasSize(9);
        assertThat(data.making().jobs().get(0).seconds()).isEqualTo(7.25);
        assertThat(data.making().versions()).contains(new ReportData.TableVersion("core.sale_line", 18));
        assertThat(data.making().countChecksPassed()).isEqualTo(47);
        assertThat(data.making().failedChecks())
                .containsExactly(new ReportData.FailedCheck("mart.table_5", "check_40", "3", "0"));
    }

    private static SourceBalance source(String name) {
        return data.intake().sources().stream()
                .filter(s -> s.source().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Dataset<Row> contributions(BigDecimal[] values) {
        return SharedSpark.session()
                .createDataFrame(
                        Arrays.stream(values)
                                .map(value -> RowFactory.create(value))
                                .toList(),
                        StructType.fromDDL("current_value_amount DECIMAL(18,2)"))
                .selectExpr(
                        "*",
                        "IF(current_value_amount > 100, 'big', 'small') AS pyramid_level",
                        "'lead' AS value_class",
                        "current_value_amount AS monetary_amount",
                        "current_value_amount AS potential_value_amount",
                        "false AS has_unknown_cost");
    }
}
