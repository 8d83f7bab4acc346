package io.clientele.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.serving.ReportLifetime.Proof;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the report says of lifetime value, in words. */
class LifetimeSectionTest {
    private static ReportLifetime lifetime(String model, Double purchases, BigDecimal value, Proof proof) {
        return new ReportLifetime(model, 2357, value, purchases, 365.0, proof, List.of(), List.of(), List.of());
    }

    private static String plain(String text) {
        return text.replace('\u00a0', ' ');
    }

    private static String backtest(Double ratio, double last, double average) {
        return plain(LifetimeSection.backtest(
                lifetime("pareto_nbd", 1.0, null, new Proof("1997-09-30", 273.0, ratio, last, average))));
    }

    @Test
    void saysWhatIsExpected() {
        assertThat(plain(LifetimeSection.expected(lifetime("bg_nbd", 1200.4, new BigDecimal("45678.90"), null), "USD")))
                .isEqualTo(
                        "In the coming 365 days the 2,357 customers are expected to buy on 1,200 days, worth 45,679 USD today.");
        assertThat(plain(LifetimeSection.expected(lifetime("bg_nbd", 1200.4, null, null), "USD")))
                .isEqualTo(
                        "In the coming 365 days the 2,357 customers are expected to buy on 1,200 days; what that is worth is"
                                + " not known.");
        assertThat(plain(LifetimeSection.expected(lifetime("none", null, null, null), "USD")))
                .isEqualTo("No lifetime value can be computed for the 2,357 customers; the note below says why.");
        assertThat(LifetimeSection.expected(ReportLifetime.NONE, "USD"))
                .isEqualTo("No customer has a lifetime value at this date.");
    }

    @Test
    void saysHowFarItIsProved() {
        assertThat(backtest(.885, .3085, .238))
                .isEqualTo(
                        "Fitted on what was known on 1997-09-30, Pareto/NBD expected 88.5 % of the purchases that then came in"
                                + " 273 days: too few, so take the values for low. A customer's error is 30.9 % smaller than by"
                                + " repeating the last period and 23.8 % smaller than by the same average for all.");
        assertThat(backtest(1.05, .3, .2)).contains("105.0 % of the purchases", ", which is close. A customer's");
        assertThat(backtest(1.5, -.1, .2))
                .contains(": too many, so take the values for high.", "10.0 % larger than by repeating the last period")
                .endsWith(" It does not beat the naive guess, so do not rely on it.");
        assertThat(backtest(null, .3, .2)).contains("Pareto/NBD has an error per customer that is 30.0 % smaller");
        assertThat(LifetimeSection.backtest(lifetime("bg_nbd", 1.0, null, null)))
                .isEqualTo("The prediction was not backtested, so read it as unproven.");
    }
}
