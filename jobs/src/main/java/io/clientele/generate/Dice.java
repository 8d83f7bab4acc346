package io.clientele.generate;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.SplittableRandom;

/** A seeded source of chance. Each stream (a person, a channel, a file's faults) has its own, so that none disturbs another. */
final class Dice {
    private final SplittableRandom random;

    private Dice(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /** The dice of one stream: the same seed, purpose and index give the same throws. */
    static Dice of(long seed, String purpose, long index) {
        return new Dice(mix(seed ^ mix(purpose.hashCode() * 0x9E3779B97F4A7C15L + index)));
    }

    private static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    /** Uniform from {@code low} to {@code high}, both included. */
    int between(int low, int high) {
        return low + random.nextInt(high - low + 1);
    }

    /** Uniform from {@code low} up to {@code high}. */
    double between(double low, double high) {
        return low + random.nextDouble() * (high - low);
    }

    /** A day from {@code low} to {@code high}, both included. */
    LocalDate between(LocalDate low, LocalDate high) {
        return low.plusDays(between(0, (int) ChronoUnit.DAYS.between(low, high)));
    }

    <T> T pick(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    /** An index, in proportion to the weights. */
    int weighted(double[] weights) {
        double sum = 0;
        for (double weight : weights) {
            sum += weight;
        }
        double left = random.nextDouble() * sum;
        for (int i = 0; i < weights.length - 1; i++) {
            left -= weights[i];
            if (left < 0) {
                return i;
            }
        }
        return weights.length - 1;
    }

    /** Standard normal (Marsaglia's polar method, with StrictMath so that every machine gives the same). */
    double gaussian() {
        while (true) {
            double u = 2 * random.nextDouble() - 1;
            double v = 2 * random.nextDouble() - 1;
            double s = u * u + v * v;
            if (s > 0 && s < 1) {
                return u * StrictMath.sqrt(-2 * StrictMath.log(s) / s);
            }
        }
    }

    /** Log-normal with median 1. */
    double logNormal(double sigma) {
        return StrictMath.exp(sigma * gaussian());
    }

    /** Gamma with this shape (a whole number: the sum of exponentials) and mean. */
    double gamma(int shape, double mean) {
        double product = 1;
        for (int i = 0; i < shape; i++) {
            product *= 1 - random.nextDouble();
        }
        return -StrictMath.log(product) * mean / shape;
    }

    /** Poisson; for small means. */
    int poisson(double mean) {
        double limit = StrictMath.exp(-mean);
        double product = 1 - random.nextDouble();
        int count = 0;
        while (product > limit) {
            product *= 1 - random.nextDouble();
            count++;
        }
        return count;
    }
}
