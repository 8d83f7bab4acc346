package io.clientele.mining.value.lifetime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.data.Percentage.withPercentage;

import io.clientele.mining.value.lifetime.MaximumLikelihood.Fit;
import io.clientele.mining.value.lifetime.PurchaseModel.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The models against the papers' own formulas, at the edges of floating point, and on customers whose truth is known. */
class PurchaseModelsTest {
    private static final long SEED = 20_050_401;

    /** The series of Gauss's function, by definition. */
    private static double hypergeometric(double a, double b, double c, double z) {
        double term = 1;
        double sum = 1;
        for (int n = 0; n < 100_000 && Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
            term *= (a + n) * (b + n) / ((c + n) * (n + 1)) * z;
            sum += term;
        }
        return sum;
    }

    @Test
    void bgNbdExpectationIsThePapersFormula() {
        var random = new Random(SEED);
        for (int i = 0; i < 300; i++) {
            var model = new BgNbd(
                    .1 + 2 * random.nextDouble(),
                    1 + 20 * random.nextDouble(),
                    .2 + 3 * random.nextDouble(),
                    .5 + 4 * random.nextDouble());
            double x = random.nextInt(12);
            double age = 60 * random.nextDouble();
            double time = 1 + 60 * random.nextDouble();
            double sum = model.a() + model.b() + x - 1;
            double base = (model.alpha() + age) / (model.alpha() + age + time);
            double expected = sum
                    / (model.a() - 1)
                    * (1
                            - Math.pow(base, model.a() - 1)
                                    * hypergeometric(sum - model.r() - x, model.a() - 1, sum, 1 - base));
            assertThat(model.expectedPurchasesIfAlive(x, age, time))
                    .as("%s x %s age %s time %s seed %d", model, x, age, time, SEED)
                    .isCloseTo(expected, withPercentage(1e-6));
        }
    }

    @Test
    void bgNbdExpectationHasNoHoleWhereTheFormulaIsSingular() {
        double at = new BgNbd(.25, 4.4, 1, 2.4).expectedPurchasesIfAlive(3, 20, 39);
        double near = new BgNbd(.25, 4.4, 1 + 1e-7, 2.4).expectedPurchasesIfAlive(3, 20, 39);
        assertThat(at).isCloseTo(near, withPercentage(1e-4)).isGreaterThan(0);
    }

    @Test
    void gaussFunctionIsItsSeries() {
        for (double z : new double[] {0, 1e-6, .1, .5, .9, .99}) {
            for (double b : new double[] {.3, 1.7, 25, 400}) {
                for (double more : new double[] {.2, 1, 7.5}) {
                    assertThat(Hypergeometric.unit(b, b + more, z))
                            .as("b %s c %s z %s", b, b + more, z)
                            .isCloseTo(hypergeometric(1, b, b + more, z), withPercentage(1e-9));
                }
            }
        }
        // For c = b + 1 and b = 1 it is -log(1 - z) / z.
        assertThat(Hypergeometric.unit(1, 2, 1 - 1e-4)).isCloseTo(Math.log(1e4) / (1 - 1e-4), within(1e-9));
    }

    /** The likelihood of one customer: alive at the end, or stopped at one of the times between. */
    private static double integratedLikelihood(ParetoNbd m, double x, double tx, double age) {
        int steps = 40_000;
        double stopped = 0;
        for (int i = 0; i < steps; i++) {
            double y = tx + (age - tx) * (i + .5) / steps;
            stopped += m.s() * Math.pow(m.alpha() + y, -(m.r() + x)) * Math.pow(m.beta() + y, -(m.s() + 1));
        }
        double alive = Math.pow(m.alpha() + age, -(m.r() + x)) * Math.pow(m.beta() + age, -m.s());
        double constant = Math.pow(m.alpha(), m.r()) * Math.pow(m.beta(), m.s());
        for (int i = 0; i < x; i++) {
            constant *= m.r() + i;
        }
        return constant * (alive + stopped * (age - tx) / steps);
    }

    @Test
    void paretoNbdLikelihoodIsItsIntegral() {
        for (double[] p : new double[][] {{.55, 10.6, .61, 11.7}, {1.2, 3, 2, 30}, {.4, 30, .7, 2}, {2, 5, 1, 5}}) {
            var model = new ParetoNbd(p[0], p[1], p[2], p[3]);
            for (double[] c : new double[][] {{0, 0, 30}, {3, 12, 35}, {9, 20, 20.5}}) {
                var groups = PurchaseGroups.of(List.of(new PurchaseGroups.Group(c[0], c[1], c[2], 1)));
                double expected = integratedLikelihood(model, c[0], c[1], c[2]);
                assertThat(model.logLikelihood(groups)).isCloseTo(Math.log(expected), within(1e-6));
            }
        }
    }

    @Test
    void nothingIsEverNotANumber() {
        double[] sizes = {1e-6, .01, .5, 1, 30, 1e3, 1e6};
        double[][] customers = {
            {0, 0, 0},
            {0, 0, 1e4},
            {1, 0, 0},
            {1, 1e-9, 1e4},
            {5, 40, 40},
            {400, 5, 6},
            {500, 1, 37},
            {5000, 3000, 3650}
        };
        for (double p1 : sizes) {
            for (double p2 : sizes) {
                for (double p3 : sizes) {
                    for (double p4 : sizes) {
                        for (Kind kind : Kind.values()) {
                            PurchaseModel model = kind.of(new double[] {p1, p2, p3, p4});
                            for (double[] c : customers) {
                                assertThat(model.probabilityAlive(c[0], c[1], c[2]))
                                        .as("%s %s", model, c)
                                        .isBetween(0.0, 1.0);
                            }
                            assertThat(model.expectedPurchasesIfAlive(2, 5, 6))
                                    .as("%s", model)
                                    .isGreaterThanOrEqualTo(0)
                                    .isLessThan(Double.POSITIVE_INFINITY);
                            assertThat(model.logLikelihood(groups(customers))).isNotNaN();
                        }
                    }
                }
            }
        }
    }

    private static PurchaseGroups groups(double[][] customers) {
        List<PurchaseGroups.Group> groups = new ArrayList<>();
        for (double[] c : customers) {
            groups.add(new PurchaseGroups.Group(c[0], c[1], c[2], 1));
        }
        return PurchaseGroups.of(groups);
    }

    @Test
    void equalCustomersMayBeCountedTogether() {
        List<PurchaseGroups.Group> apart = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            apart.add(new PurchaseGroups.Group(i % 2, i % 2 * 3, 7, 1));
        }
        var together = List.of(new PurchaseGroups.Group(1, 3, 7, 3), new PurchaseGroups.Group(0, 0, 7, 3));
        for (Kind kind : Kind.values()) {
            PurchaseModel model = kind.of(new double[] {.3, 5, .8, 2});
            assertThat(model.logLikelihood(PurchaseGroups.of(apart)))
                    .isCloseTo(model.logLikelihood(PurchaseGroups.of(together)), within(1e-12));
        }
    }

    /** Customers of a BG/NBD company, then 95 % intervals that should hold the truth. */
    @Test
    void findsTheTruthWithinItsIntervals() {
        double[] truth = {.8, 6, .7, 2.5};
        var random = new Random(SEED);
        List<PurchaseGroups.Group> groups = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            double age = 20 + random.nextInt(30);
            double rate = gamma(random, truth[0]) / truth[1];
            double g = gamma(random, truth[2]);
            double stop = g / (g + gamma(random, truth[3]));
            double now = 0;
            double last = 0;
            int x = 0;
            while (true) {
                now -= Math.log(1 - random.nextDouble()) / rate;
                if (now > age) {
                    break;
                }
                x++;
                last = now;
                if (random.nextDouble() < stop) {
                    break;
                }
            }
            groups.add(new PurchaseGroups.Group(x, last, age, 1));
        }
        Fit fit = LifetimeFits.purchases(Kind.BG_NBD, PurchaseGroups.of(groups));
        for (int i = 0; i < truth.length; i++) {
            double error = 3 * fit.errorOfLog(i);
            assertThat(Math.log(fit.parameters()[i]))
                    .as("parameter %d, seed %d", i, SEED)
                    .isCloseTo(Math.log(truth[i]), within(error));
            assertThat(error).isBetween(.01, .5);
        }
    }

    /** Marsaglia, Tsang 2000, with the boost for shapes below one. */
    private static double gamma(Random random, double shape) {
        if (shape < 1) {
            return gamma(random, shape + 1) * Math.pow(random.nextDouble(), 1 / shape);
        }
        double d = shape - 1.0 / 3;
        double c = 1 / Math.sqrt(9 * d);
        while (true) {
            double z = random.nextGaussian();
            double v = Math.pow(1 + c * z, 3);
            if (v > 0 && Math.log(random.nextDouble()) < .5 * z * z + d - d * v + d * Math.log(v)) {
                return d * v;
            }
        }
    }

    @Test
    void saysWhereThereAreNoIntervals() {
        // All alike: no spread of rates is to be seen, so r and alpha run away together.
        var alike = PurchaseGroups.of(List.of(new PurchaseGroups.Group(4, 39, 40, 500)));
        for (Kind kind : Kind.values()) {
            Fit fit = LifetimeFits.purchases(kind, alike);
            assertThat(fit.logLikelihood()).isNotNaN();
            assertThat(fit.parameters()).doesNotContain(Double.NaN);
            assertThat(fit.deviations()).isNull();
        }
        var once = PurchaseGroups.of(List.of(new PurchaseGroups.Group(0, 0, 40, 500)));
        assertThat(LifetimeFits.purchases(Kind.BG_NBD, once)).isNull();
        assertThat(LifetimeFits.purchases(Kind.BG_NBD, PurchaseGroups.of(List.of())))
                .isNull();
    }

    @Test
    void valuesAreShrunkTowardThePopulation() {
        var model = new GammaGamma(6.2496, 3.7442, 15.4435);
        assertThat(model.expectedValue(0, 0)).isCloseTo(model.populationMean(), within(1e-9));
        assertThat(model.expectedValue(1, 100)).isBetween(model.populationMean(), 100.0);
        assertThat(model.expectedValue(1000, 100)).isCloseTo(100, within(1.0));
        // The first three customers of the data published with the model; the third did not buy again.
        double[][] customers = {{2, 22.35, 24.65}, {1, 11.77, 18.91}, {0, 0, 35.17}};
        for (double[] c : customers) {
            assertThat(model.expectedValue(c[0], c[1])).isCloseTo(c[2], within(.02));
        }
    }
}
