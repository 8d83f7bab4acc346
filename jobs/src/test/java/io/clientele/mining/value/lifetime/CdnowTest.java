package io.clientele.mining.value.lifetime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.data.Percentage.withPercentage;

import io.clientele.mining.value.lifetime.MaximumLikelihood.Fit;
import io.clientele.mining.value.lifetime.PurchaseModel.Kind;
import org.junit.jupiter.api.Test;

/** The figures published for the CDNOW sample, calibrated to 1997-09-30 with weeks as time unit. */
class CdnowTest {
    private static void assertParameters(Fit fit, double percent, double... expected) {
        for (int i = 0; i < expected.length; i++) {
            assertThat(fit.parameters()[i]).as("parameter %d", i).isCloseTo(expected[i], withPercentage(percent));
        }
    }

    @Test
    void bgNbdAsInFaderHardieLee2005() throws Exception {
        Fit fit = LifetimeFits.purchases(Kind.BG_NBD, Cdnow.groups());
        assertParameters(fit, .1, .2426, 4.4136, .7929, 2.4259);
        assertThat(fit.logLikelihood()).isCloseTo(-9582.429, within(.01));
        PurchaseModel model = Kind.BG_NBD.of(fit.parameters());
        // The spreadsheet that came with the paper: one customer, then the expectation for a new one.
        double expected = model.probabilityAlive(2, 30.43, 38.86) * model.expectedPurchasesIfAlive(2, 38.86, 39);
        assertThat(expected).isCloseTo(1.226, within(.001));
        double[] weeks = {.1429, 1, 3, 31.8571, 32, 78};
        double[] purchases = {.0078, .0532, .1506, 1.0405, 1.0437, 1.8576};
        for (int i = 0; i < weeks.length; i++) {
            assertThat(model.expectedPurchasesIfAlive(0, 0, weeks[i])).isCloseTo(purchases[i], within(.0005));
        }
    }

    @Test
    void paretoNbdAsInFaderHardie2005() throws Exception {
        Fit fit = LifetimeFits.purchases(Kind.PARETO_NBD, Cdnow.groups());
        assertParameters(fit, .2, .553, 10.578, .606, 11.669);
        assertThat(fit.logLikelihood()).isCloseTo(-9594.976, within(.01));
        // R's BTYD: the customer 1516 of its vignette.
        PurchaseModel model = Kind.PARETO_NBD.of(fit.parameters());
        double alive = model.probabilityAlive(26, 30.86, 31);
        assertThat(alive).isCloseTo(.9979, within(.0002));
        assertThat(alive * model.expectedPurchasesIfAlive(26, 31, 52)).isCloseTo(25.46, within(.02));
    }

    @Test
    void gammaGammaAsInFaderHardie2013() throws Exception {
        Fit fit = LifetimeFits.values(Cdnow.values());
        assertParameters(fit, .2, 6.25, 3.74, 15.44);
        assertThat(fit.logLikelihood()).isCloseTo(-4055.918, within(.05));
    }
}
