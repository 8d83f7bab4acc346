package io.clientele.mining.value.lifetime;

/** Sums and differences of numbers whose logarithms are known. */
final class Logs {
    private Logs() {}

    /** log(exp(a) + exp(b)); either may be minus infinity. */
    static double ofSum(double a, double b) {
        double most = Math.max(a, b);
        return most == Double.NEGATIVE_INFINITY ? most : most + Math.log1p(Math.exp(Math.min(a, b) - most));
    }

    /** log(exp(a) - exp(b)); minus infinity unless a is greater. */
    static double ofDifference(double a, double b) {
        return a > b ? a + Math.log(-Math.expm1(b - a)) : Double.NEGATIVE_INFINITY;
    }
}
