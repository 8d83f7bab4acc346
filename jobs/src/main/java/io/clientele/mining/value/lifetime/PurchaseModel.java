package io.clientele.mining.value.lifetime;

import java.io.Serializable;
import java.util.Arrays;

/**
 * A model of customers who buy at their own rate until, unseen, they stop for good. Times are in the model's time unit. A
 * customer is known by {@code x}, the number of repeat purchase days; {@code tx}, the age at the last purchase (0 without
 * repeat purchases); and {@code age} at the cut-off, with {@code 0 <= tx <= age}. Implementations never return NaN for such
 * customers.
 */
sealed interface PurchaseModel extends Serializable permits BgNbd, ParetoNbd {
    /** The probability, 0 to 1, that the customer has not stopped at {@code age}. */
    double probabilityAlive(double x, double tx, double age);

    /**
     * Purchases expected in {@code (age, age + time]} of a customer who has not stopped at {@code age}; times {@link
     * #probabilityAlive} it is what is expected of a customer of whom that is not known. With {@code x = 0, age = 0} it is
     * what is expected of a new customer, since all are alive at their first purchase.
     */
    double expectedPurchasesIfAlive(double x, double age, double time);

    /** The log-likelihood of groups of customers. */
    double logLikelihood(PurchaseGroups groups);

    /** The parameters in the order of {@link Kind#parameters}. */
    double[] parameters();

    /** Which model it is. */
    Kind kind();

    /** The models, and what their parameters are called in the papers. */
    enum Kind {
        /** Beta-geometric/negative binomial: a customer may stop after each purchase. */
        BG_NBD("bg_nbd", "r", "alpha", "a", "b") {
            @Override
            PurchaseModel of(double[] parameters) {
                return new BgNbd(parameters[0], parameters[1], parameters[2], parameters[3]);
            }

            @Override
            double[] start(double meanRate, double meanAge) {
                return new double[] {.5, .5 / meanRate, 1, 2};
            }

            @Override
            boolean isTime(int parameter) {
                return parameter == 1;
            }
        },
        /** Pareto/negative binomial: a customer may stop at any time. */
        PARETO_NBD("pareto_nbd", "r", "alpha", "s", "beta") {
            @Override
            PurchaseModel of(double[] parameters) {
                return new ParetoNbd(parameters[0], parameters[1], parameters[2], parameters[3]);
            }

            @Override
            double[] start(double meanRate, double meanAge) {
                return new double[] {.5, .5 / meanRate, .5, meanAge / 2};
            }

            @Override
            boolean isTime(int parameter) {
                return parameter == 1 || parameter == 3;
            }
        };

        private final String key;
        private final String[] names;

        Kind(String key, String... names) {
            this.key = key;
            this.names = names;
        }

        /** The name in tables. */
        String key() {
            return key;
        }

        /** The one of that name. */
        static Kind ofKey(String key) {
            return Arrays.stream(values())
                    .filter(k -> k.key.equals(key))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("No model of purchases is called " + key));
        }

        /** The parameters' names. */
        String[] parameterNames() {
            return names.clone();
        }

        /** The model of these positive parameters. */
        abstract PurchaseModel of(double[] parameters);

        /** Where the search for the maximum begins; {@code meanRate} is in purchases per time unit, both are positive. */
        abstract double[] start(double meanRate, double meanAge);

        /** Whether a parameter is in time units; the others have no unit. */
        abstract boolean isTime(int parameter);
    }
}
