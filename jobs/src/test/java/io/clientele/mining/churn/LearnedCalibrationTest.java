package io.clientele.mining.churn;

import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.sum;
import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.mining.CustomerDays;
import io.clientele.mining.Samples;
import io.clientele.testing.FewRows;
import java.sql.Date;
import java.time.LocalDate;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;

/** Proves what the probabilities rest on, and when those of an earlier date are used. */
@FewRows
class LearnedCalibrationTest {
    private static final LocalDate AS_OF = LocalDate.of(2024, 6, 30);
    private static final ChurnConfig CONFIG = ChurnConfig.defaults();
    private static final ChurnConfig OTHER_SETTINGS =
            new ChurnConfig(3, 90, 1, 5, .05, .01, 60, 90, .5, 3, 3, .8, 60, 7, 365, 7);
    private static final long SEED = 1974;

    private static Dataset<Row> calibration(CustomerDays days, Dataset<Row> kept, ChurnConfig config, LocalDate asOf) {
        return ChurnFlags.flag(days.dataset(), kept, config, asOf).calibration().localCheckpoint();
    }

    private static LocalDate learnedOn(Dataset<Row> calibration) {
        return calibration.first().<Date>getAs("learned_on").toLocalDate();
    }

    @Test
    void countsEveryCustomerKnownAtTheCutOffInOnePosition() {
        CustomerDays days = CustomerDays.random(200, AS_OF, SEED);
        Dataset<Row> found = calibration(days, null, CONFIG, AS_OF);
        assertThat(found.count()).as("six paces of thirteen bins").isEqualTo(6 * 13);
        LocalDate cutoff = AS_OF.minusDays(90);
        Dataset<Row> purchases = days.dataset().where("count_sales >= 1 AND sales_amount > 0");
        long customers = purchases
                .where("sold_on <= DATE'" + cutoff + "'")
                .select("customer_id")
                .distinct()
                .count();
        long stayed = purchases
                .groupBy("customer_id")
                .agg(expr("bool_or(sold_on <= DATE'" + cutoff + "') AND bool_or(sold_on > DATE'" + cutoff
                                + "' AND sold_on <= DATE'" + AS_OF + "')")
                        .as("stayed"))
                .where("stayed")
                .count();
        assertThat(found.agg(sum("count_customers"), sum("count_churned")).first())
                .as("seed " + SEED)
                .isEqualTo(RowFactory.create(customers, customers - stayed));
        assertThat(found.select("as_of_date", "learned_on", "cutoff_date", "count_days")
                        .distinct()
                        .collectAsList())
                .containsExactly(RowFactory.create(
                        Date.valueOf(AS_OF),
                        Date.valueOf(AS_OF),
                        Date.valueOf(cutoff),
                        days.dataset().where("sold_on <= DATE'" + AS_OF + "'").count()));
    }

    @Test
    void probabilitiesAreUsedForAWeekAndThenLearnedAnew() {
        CustomerDays days = CustomerDays.random(200, AS_OF.plusDays(10), SEED);
        Dataset<Row> first = calibration(days, null, CONFIG, AS_OF);
        LocalDate last = AS_OF.plusDays(6);
        ChurnFlags.Result used = ChurnFlags.flag(days.dataset(), first, CONFIG, last);
        assertThat(Samples.texts(used.calibration().drop("as_of_date")))
                .as("seed " + SEED)
                .isEqualTo(Samples.texts(first.drop("as_of_date")));
        assertThat(used.calibration().select("as_of_date").distinct().collectAsList())
                .containsExactly(RowFactory.create(Date.valueOf(last)));
        Dataset<Row> flags = used.flags().localCheckpoint();
        assertThat(flags.where("churn_probability IS NOT NULL")
                        .selectExpr("reasons[size(reasons) - 1] AS reason")
                        .collectAsList())
                .isNotEmpty()
                .allSatisfy(
                        r -> assertThat(r.getString(0))
                                .matches(
                                        "Of customers in this position on 2024-04-01, .+ % bought nothing in the 90 days that followed"));
        List<String> columns = List.of("customer_id", "state", "gap_days", "gap_tail_share");
        assertThat(Samples.texts(flags.selectExpr(columns.toArray(String[]::new))))
                .as("all but the probability is of the date")
                .isEqualTo(Samples.texts(ChurnFlags.flag(days.dataset(), null, CONFIG, last)
                        .flags()
                        .selectExpr(columns.toArray(String[]::new))));

        assertThat(learnedOn(calibration(days, used.calibration(), CONFIG, AS_OF.plusDays(7))))
                .as("seven days after they were learned, though used since")
                .isEqualTo(AS_OF.plusDays(7));
        assertThat(learnedOn(calibration(days, first, OTHER_SETTINGS, AS_OF.plusDays(1))))
                .as("under other settings")
                .isEqualTo(AS_OF.plusDays(1));
        assertThat(learnedOn(calibration(days, first, CONFIG, AS_OF.minusDays(1))))
                .as("an earlier date")
                .isEqualTo(AS_OF.minusDays(1));
        int before = days.rows().size();
        for (int i = 0; i < before / 4; i++) {
            days.buys("more" + i, AS_OF, 10);
        }
        assertThat(learnedOn(calibration(days, first, CONFIG, AS_OF.plusDays(1))))
                .as("a quarter more days")
                .isEqualTo(AS_OF.plusDays(1));
    }
}
