package io.clientele.mining;

/** Refuses a configured value outside its bounds, naming the key as it is written in YAML. */
public final class Bounds {
    private Bounds() {}

    /** @throws IllegalArgumentException unless {@code least <= found <= most} */
    public static void within(String key, double found, double least, double most) {
        if (!(found >= least && found <= most)) {
            throw new IllegalArgumentException(key + ": expected a number from " + plain(least) + " to " + plain(most)
                    + ", found " + plain(found));
        }
    }

    /** @throws IllegalArgumentException unless {@code found >= least} */
    public static void atLeast(String key, double found, double least) {
        if (!(found >= least && found < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    key + ": expected a number of at least " + plain(least) + ", found " + plain(found));
        }
    }

    private static String plain(double number) {
        return number == Math.rint(number) && Math.abs(number) < 1e15
                ? Long.toString((long) number)
                : Double.toString(number);
    }
}
