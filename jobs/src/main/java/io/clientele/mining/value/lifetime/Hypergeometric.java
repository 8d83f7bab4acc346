package io.clientele.mining.value.lifetime;

/** The one case of Gauss's hypergeometric function that is needed: with a unit parameter. */
final class Hypergeometric {
    private static final int MAX_STEPS = 2000;
    private static final double TINY = 1e-300;

    private Hypergeometric() {}

    /**
     * 2F1(1, b; c; z) for {@code 0 < b < c} and {@code 0 <= z < 1}: Gauss's continued fraction (DLMF 15.7.1), evaluated forward
     * (Lentz 1976), whose number of steps stays small where the series needs ever more terms, as z nears 1. Beyond 1 - 1e-5 or so, where only
     * parameters of no use lie, it loses digits.
     */
    static double unit(double b, double c, double z) {
        if (z <= 0) {
            return 1;
        }
        // 1 / (1 - u1 z / (1 - u2 z / ...))
        double value = 1;
        double numerators = 1;
        double denominators = 0;
        for (int n = 1; n < MAX_STEPS; n++) {
            double k = n / 2;
            double coefficient = n % 2 == 1
                    ? (b + k) * (c - 1 + k) / ((c + 2 * k - 1) * (c + 2 * k))
                    : k * (c - b + k - 1) / ((c + 2 * k - 2) * (c + 2 * k - 1));
            double step = -coefficient * z;
            denominators = 1 + step * denominators;
            denominators = 1 / (Math.abs(denominators) < TINY ? TINY : denominators);
            numerators = 1 + step / numerators;
            numerators = Math.abs(numerators) < TINY ? TINY : numerators;
            double change = numerators * denominators;
            value *= change;
            if (Math.abs(change - 1) < 1e-14) {
                break;
            }
        }
        return 1 / value;
    }
}
