package io.clientele.mining.value.lifetime;

import static io.clientele.mining.value.lifetime.LifetimeValuesTest.figures;
import static io.clientele.mining.value.lifetime.LifetimeValuesTest.value;
import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.sum;
import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.mining.CustomerDays;
import io.clientele.mining.Samples;
import io.clientele.mining.value.lifetime.LifetimeConfig.Business;
import io.clientele.mining.value.lifetime.LifetimeValues.Result;
import io.clientele.testing.FewRows;
import io.clientele.warehouse.CoreTables;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** Proves when models of an earlier date are used, and that values are those of the date all the same. */
@FewRows
class LearnedModelsTest {
    private static final LocalDate AS_OF = LocalDate.of(2024, 12, 31);
    private static final long SEED = 1987;
    private static final Dataset<Row> NO_INVOICES = Samples.of(CoreTables.INVOICE, List.of());
    private static final LifetimeConfig OTHER_SETTINGS =
            new LifetimeConfig(Business.AUTO, 7, null, 182, 365, .1, 50, 20_000, 30, 1, 12);

    private static LifetimeValues.Kept kept(Result result) {
        return new LifetimeValues.Kept(
                result.fits().localCheckpoint(),
                result.figures().localCheckpoint(),
                result.backtest().localCheckpoint());
    }

    private static LocalDate learnedOn(Result result) {
        return result.fits()
                .where("model <> 'gamma_gamma'")
                .first()
                .<java.sql.Date>getAs("learned_on")
                .toLocalDate();
    }

    @Test
    void modelsAreUsedForThirtyDaysAndThenLearnedAnew() {
        CustomerDays days = CustomerDays.random(120, AS_OF, SEED);
        var config = LifetimeConfig.defaults();
        Result first = LifetimeValues.compute(days.dataset(), NO_INVOICES, null, config, AS_OF);
        assertThat(learnedOn(first)).isEqualTo(AS_OF);
        var kept = kept(first);
        LocalDate last = AS_OF.plusDays(29);
        Result used = LifetimeValues.compute(days.dataset(), NO_INVOICES, kept, config, last);
        assertThat(learnedOn(used)).isEqualTo(AS_OF);
        Map<String, Row> then = figures(first);
        Map<String, Row> now = figures(used);
        assertThat(now.keySet()).isEqualTo(then.keySet());
        for (String name : List.of("lifetime_value.r", "bg_nbd.holdout_rmse", "pareto_nbd.log_likelihood")) {
            assertThat(value(now, name)).as(name).isEqualTo(value(then, name));
        }
        assertThat(now.get("lifetime_value.r").<java.sql.Date>getAs("cutoff_date"))
                .isEqualTo(java.sql.Date.valueOf(AS_OF));
        assertThat(now.get("lifetime_value.r").<java.sql.Date>getAs("as_of_date"))
                .isEqualTo(java.sql.Date.valueOf(last));
        assertThat(used.backtest()
                        .drop("as_of_date")
                        .exceptAll(first.backtest().drop("as_of_date"))
                        .count())
                .isZero();
        // The customers have become 29 days older since, which the same models see.
        Result young = LifetimeValues.compute(days.dataset(), NO_INVOICES, null, config, last);
        assertThat(used.values().agg(sum("age_days")).first())
                .isEqualTo(young.values().agg(sum("age_days")).first());
        assertThat(used.values().agg(avg("expected_purchases")).first().getDouble(0))
                .isLessThan(
                        first.values().agg(avg("expected_purchases")).first().getDouble(0));
        assertThat(Samples.texts(LifetimeValues.compute(days.dataset(), NO_INVOICES, kept, config, AS_OF)
                        .values()))
                .as("the same date again")
                .isEqualTo(Samples.texts(first.values()));

        assertThat(learnedOn(LifetimeValues.compute(days.dataset(), NO_INVOICES, kept, config, AS_OF.plusDays(30))))
                .as("after thirty days")
                .isEqualTo(AS_OF.plusDays(30));
        assertThat(learnedOn(
                        LifetimeValues.compute(days.dataset(), NO_INVOICES, kept, OTHER_SETTINGS, AS_OF.plusDays(1))))
                .as("under other settings")
                .isEqualTo(AS_OF.plusDays(1));
        assertThat(learnedOn(LifetimeValues.compute(days.dataset(), NO_INVOICES, kept, config, AS_OF.minusDays(1))))
                .as("an earlier date")
                .isEqualTo(AS_OF.minusDays(1));
        long before = days.rows().size();
        for (int i = 0; i < before / 4; i++) {
            days.buys("more" + i, AS_OF, 10);
        }
        assertThat(learnedOn(LifetimeValues.compute(days.dataset(), NO_INVOICES, kept, config, AS_OF.plusDays(1))))
                .as("a quarter more purchase days")
                .isEqualTo(AS_OF.plusDays(1));
    }
}
