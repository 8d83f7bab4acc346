package io.clientele.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.serving.ReportData.Capture;
import io.clientele.serving.ReportData.CaptureScore;
import io.clientele.serving.ReportData.ChurnState;
import io.clientele.serving.ReportData.CrossSellRule;
import io.clientele.serving.ReportData.Intake;
import io.clientele.serving.ReportData.JobRun;
import io.clientele.serving.ReportData.Making;
import io.clientele.serving.ReportData.ModelFigure;
import io.clientele.serving.ReportData.PyramidLevel;
import io.clientele.serving.ReportData.RefusalReason;
import io.clientele.serving.ReportData.SourceBalance;
import io.clientele.serving.ReportData.Value;
import io.clientele.serving.ReportData.ValueClass;
import io.clientele.serving.ReportData.WhaleCurve;
import io.clientele.serving.ReportData.WhalePoint;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportSentencesTest {
    private static final WhaleCurve NO_CURVE = new WhaleCurve(List.of(), null, null);

    @Test
    void intakeSaysWhereEveryRowWent() {
        assertThat(plain(ReportSentences.intake(intake(List.of(source(1000, 980, 15, 5)), List.of(), 0, 0))))
                .isEqualTo(
                        "Of 1,000 rows read from 1 source, 980 were accepted (98.0 %), 15 were duplicates (1.5 %) and 5 were refused "
                                + "(0.50 %). Every row is accounted for.");
    }

    @Test
    void intakeSaysWhenTheBalanceDoesNotAddUp() {
        assertThat(plain(ReportSentences.intake(intake(List.of(source(1000, 980, 15, 4)), List.of(), 0, 0))))
                .endsWith("The balance does not add up: 1 row is unaccounted for.");
    }

    @Test
    void reasonsNameTheRuleAndWhatIsStillOpen() {
        RefusalReason reason = new RefusalReason("crm", "required", null, 12, 0);
        assertThat(plain(ReportSentences.reasons(intake(List.of(), List.of(reason), 20, 0))))
                .isEqualTo(
                        "The most frequent reason is the rule required in source crm, with 12 rows. None of the 20 refusals is still open.");
        assertThat(plain(ReportSentences.reasons(intake(List.of(), List.of(reason), 20, 11))))
                .as("all refusals, whether their reason is listed or not")
                .endsWith("11 of 20 refusals are still open: repair and replay or dismiss them.");
        assertThat(ReportSentences.reasons(intake(List.of(), List.of(), 0, 0))).isEqualTo("No record was refused.");
    }

    @Test
    void captureNamesTheWidestGap() {
        assertThat(plain(CaptureSection.reading(new Capture(
                        "2024-01",
                        "2024-12",
                        List.of(score("web", 300, 1.0, 0.5, null), score("till", 100, 0.4, 0.1, 0.4)),
                        List.of()))))
                .isEqualTo(
                        "Of 400 sales from 2024-01 to 2024-12, 85.0 % have a known customer, 50.0 % one with name and address,"
                                + " and 25.0 % are repeat purchases. Most of what cannot be followed is sold through till: 60.0 % of its"
                                + " sales have no customer, and no section below sees who bought. Customers who may be contacted stand"
                                + " behind 40.0 % of sales. Customers with a loyalty card stand behind 40.0 % of sales at till.");
        assertThat(plain(CaptureSection.reading(
                        new Capture("2024-12", "2024-12", List.of(score("web", 300, 1.0, null, null)), List.of()))))
                .endsWith("Nearly every sale can be followed to its customer. No source says who may be contacted."
                        + " No source gives loyalty cards, so there is no reward programme to judge.");
    }

    @Test
    void pyramidComparesCustomersWithSales() {
        Value value = value(
                2100,
                List.of(
                        level("top", 20, 142),
                        level("big", 80, 200),
                        level("medium", 300, 368),
                        level("small", 1600, 290),
                        level("inactive", 100, 0)),
                NO_CURVE);
        assertThat(plain(ReportSentences.pyramid(value)))
                .isEqualTo(
                        "The top 1.0 % (20 customers) bring 14.2 % of sales; the top 20.0 % together bring 71.0 %. A further 100 customers "
                                + "(4.8 % of all) bought nothing in the window.");
    }

    @Test
    void pyramidWithoutSalesClaimsNoShare() {
        assertThat(plain(ReportSentences.pyramid(value(3, List.of(level("inactive", 3, 0)), NO_CURVE))))
                .isEqualTo(
                        "None of the 3 customers has net sales in the value window, so levels have no share of sales.");
    }

    @Test
    void whaleNamesThePeakAndItsPrice() {
        WhalePoint peak = new WhalePoint(0.7, 1.17);
        WhaleCurve curve = new WhaleCurve(
                List.of(new WhalePoint(0, 0), new WhalePoint(0.2, 0.9), peak, new WhalePoint(1, 1)),
                peak,
                new BigDecimal("-1234.4"));
        assertThat(plain(ReportSentences.whale(value(10, List.of(), curve), "EUR")))
                .isEqualTo(
                        "The best 20 % of customers bring 90.0 % of the contribution. The curve peaks at 117.0 % with the best 70.0 %: the "
                                + "customers after that cost 1,234 EUR.");
    }

    @Test
    void whaleWithoutLossesHasNoPeak() {
        WhalePoint end = new WhalePoint(1, 1);
        WhaleCurve curve = new WhaleCurve(List.of(new WhalePoint(0, 0), end), end, BigDecimal.ZERO);
        assertThat(plain(ReportSentences.whale(value(10, List.of(), curve), "EUR")))
                .isEqualTo(
                        "The best 20 % of customers bring 20.0 % of the contribution. The curve never falls: no customer has a negative "
                                + "contribution.");
    }

    @Test
    void whaleWithoutAPositiveWholeSaysSo() {
        assertThat(plain(ReportSentences.whale(value(10, List.of(), NO_CURVE), "EUR")))
                .contains("not above zero");
    }

    @Test
    void matrixNamesWhatToProtectAndWhatToDevelop() {
        Value value = new Value(
                10,
                0,
                BigDecimal.TEN,
                new BigDecimal(100),
                List.of(),
                List.of(
                        valueClass("platinum", 2, 61, 10),
                        valueClass("gold", 3, 30, 1),
                        valueClass("iron", 1, 5, 900),
                        valueClass("lead", 4, 4, 1)),
                NO_CURVE);
        assertThat(plain(ReportSentences.matrix(value, "EUR")))
                .isEqualTo(
                        "Platinum customers are 20.0 % of all and bring 61.0 % of the contribution. 1 customer is iron: low value today, but "
                                + "an expected 900 EUR in the coming horizon. Develop these first.");
    }

    @Test
    void backtestIsComparedWithItsBaseline() {
        assertThat(plain(backtest(0.78, 0.76, 0.71)))
                .isEqualTo(
                        "In the backtest with cut-off 2011-09-09 the churn probability ranks customers "
                                + "with an AUC of 0.780 (95 % interval 0.760 to 0.800), against 0.710 for the naive baseline: better by 0.070.");
        assertThat(backtest(0.78, 0.70, 0.71)).endsWith("better by 0.070, which is within the margin of error.");
        assertThat(backtest(0.70, 0.68, 0.71)).endsWith("it does not beat the baseline, so do not rely on it.");
        assertThat(backtest(0.70, 0.68, null)).endsWith("No baseline was measured; a coin would reach 0.500.");
        assertThat(ReportSentences.backtest(List.of())).startsWith("No backtest");
    }

    @Test
    void churnNamesTheMoneyAtRisk() {
        List<ChurnState> states = List.of(
                state("active", 80, 900),
                state("cooling", 12, 60),
                state("partially_defected", 6, 40),
                state("lost", 2, 0));
        assertThat(plain(ReportSentences.churn(data(states, List.of(), 0))))
                .isEqualTo(
                        "18 customers (18.0 %) are at risk: cooling or partially defected. They brought 100 EUR in the value window, 10.0 % of "
                                + "the whole contribution. 2 customers (2.0 %) are lost.");
        assertThat(ReportSentences.churn(data(List.of(state("active", 5, 1)), List.of(), 0)))
                .isEqualTo("No customer is cooling or has partially defected. None is lost.");
    }

    @Test
    void crossSellingNamesTheBestRuleAndTheOffers() {
        CrossSellRule rule = new CrossSellRule(List.of("Tea", "Cup"), "Saucer", 310, 0.01, 0.4, 12.34, 0.0001, 1, null);
        ReportData data = data(List.of(), List.of(rule), 27);
        assertThat(plain(ReportSentences.crossSelling(data(List.of(), List.of(rule), "2011-12-05", 27))))
                .as("rules of an earlier date")
                .startsWith("1 rule holds, learned from the baskets up to 2011-12-05. The one");
        assertThat(plain(ReportSentences.crossSelling(data)))
                .isEqualTo(
                        "1 rule holds. The one with the most baskets beyond chance: who buys Tea and Cup also buys Saucer, 12.3 times as often "
                                + "as expected (310 baskets, q < 0.001).");
        assertThat(plain(ReportSentences.offers(data)))
                .isEqualTo("27 customers (27.0 %) have at least one offer; 30 offers in all.");
    }

    @Test
    void makingCountsJobsAndChecks() {
        JobRun job = new JobRun("identity", "r", "succeeded", 1L, 1L, 2.5);
        assertThat(plain(ReportSentences.making(new Making(List.of(job), List.of(), 48, 0, List.of()))))
                .isEqualTo("1 job took 2.5 seconds. All 48 checks passed.");
        assertThat(plain(ReportSentences.making(new Making(List.of(job, job), List.of(), 48, 0, List.of()))))
                .isEqualTo("2 jobs took 5.0 seconds, added up also where they ran at once. All 48 checks passed.");
        assertThat(plain(ReportSentences.making(new Making(List.of(job), List.of(), 45, 3, List.of()))))
                .endsWith("3 of 48 checks failed.");
    }

    @Test
    void sharesNeverRoundToAllOrNothing() {
        assertThat(plain(Figures.percent(0.99999))).isEqualTo("99.9 %");
        assertThat(plain(Figures.percent(0.000001))).isEqualTo("< 0.001 %");
        assertThat(plain(Figures.percent(0.00042))).isEqualTo("0.042 %");
        assertThat(plain(Figures.percent(-0.052))).isEqualTo("\u22125.2 %");
        assertThat(plain(Figures.percent(1.0))).isEqualTo("100 %");
        assertThat(Figures.percentOf(1, 0)).isEqualTo("\u2013");
        assertThat(Figures.percent(Double.NaN)).isEqualTo("\u2013");
        assertThat(Figures.amount(new BigDecimal("-1234567.5"))).isEqualTo("\u22121,234,568");
    }

    private static String plain(String sentence) {
        return sentence.replace('\u00a0', ' ');
    }

    private static SourceBalance source(long read, long accepted, long duplicate, long quarantined) {
        return new SourceBalance("crm", 1, read, accepted, duplicate, quarantined);
    }

    private static Intake intake(
            List<SourceBalance> sources, List<RefusalReason> reasons, long countRefused, long countOpen) {
        return new Intake(sources, List.of(), reasons, countRefused, countOpen);
    }

    private static CaptureScore score(String source, long sales, Double known, Double permitted, Double card) {
        return new CaptureScore(source, null, sales, known, 0.5, 0.25, 0.5, permitted, card, 0.6);
    }

    private static PyramidLevel level(String level, long count, long sales) {
        return new PyramidLevel(level, count, BigDecimal.valueOf(sales), BigDecimal.ZERO);
    }

    private static ValueClass valueClass(String name, long count, long contribution, long potential) {
        return new ValueClass(
                name, count, BigDecimal.ZERO, BigDecimal.valueOf(contribution), BigDecimal.valueOf(potential));
    }

    private static ChurnState state(String state, long count, long contribution) {
        return new ChurnState(state, count, BigDecimal.ZERO, BigDecimal.valueOf(contribution), null);
    }

    private static Value value(long count, List<PyramidLevel> levels, WhaleCurve curve) {
        BigDecimal sales = levels.stream().map(PyramidLevel::salesAmount).reduce(BigDecimal.ZERO, BigDecimal::add);
        return new Value(count, 0, sales, BigDecimal.valueOf(1000), levels, List.of(), curve);
    }

    private static String backtest(double auc, double low, Double baseline) {
        return ReportSentences.backtest(
                List.of(new ModelFigure("auc", "metric", auc, low, 0.80, baseline, "2011-09-09")));
    }

    private static ReportData data(List<ChurnState> states, List<CrossSellRule> rules, long customersWithOffer) {
        return data(states, rules, null, customersWithOffer);
    }

    private static ReportData data(
            List<ChurnState> states, List<CrossSellRule> rules, String learnedOn, long customersWithOffer) {
        return new ReportData(
                SampleWarehouse.header("Sample"),
                intake(List.of(), List.of(), 0, 0),
                new ReportData.Capture(null, null, List.of(), List.of()),
                value(100, List.of(), NO_CURVE),
                new ReportData.Churn(states, List.of(), List.of()),
                new ReportData.CrossSelling(rules.size(), rules, learnedOn, customersWithOffer, 30),
                new Making(List.of(), List.of(), 0, 0, List.of()),
                new ReportData.Spread(List.of(), List.of()),
                ReportLifetime.NONE);
    }
}
