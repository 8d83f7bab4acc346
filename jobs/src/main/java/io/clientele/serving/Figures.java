package io.clientele.serving;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

/** How figures are written: thousands separators, no-break spaces before units, a dash for what is not known. */
final class Figures {
    /** Stands for a figure that is not known. */
    static final String UNKNOWN = "\u2013";

    private static final BigDecimal HUNDRED_MILLION = new BigDecimal(100_000_000);
    private static final char NO_BREAK_SPACE = '\u00a0';
    private static final String MINUS = "\u2212";

    private Figures() {}

    static String count(Number value) {
        return value == null ? UNKNOWN : minus(String.format(Locale.ROOT, "%,d", value.longValue()));
    }

    /** "1 customer", "2,000 customers". */
    static String counted(long count, String singular, String plural) {
        return count(count) + NO_BREAK_SPACE + (count == 1 ? singular : plural);
    }

    /** In whole units of the currency, which the caller names. */
    static String amount(BigDecimal value) {
        return value == null
                ? UNKNOWN
                : minus(String.format(
                        Locale.ROOT,
                        "%,d",
                        value.setScale(0, RoundingMode.HALF_UP).toBigInteger()));
    }

    static String money(BigDecimal value, String currency) {
        return value == null ? UNKNOWN : amount(value) + NO_BREAK_SPACE + currency;
    }

    /** The same, from a hundred million on in millions, where room is scarce. */
    static String shortAmount(BigDecimal value) {
        return value.abs().compareTo(HUNDRED_MILLION) < 0
                ? amount(value)
                : minus(String.format(Locale.ROOT, "%,.1f", value.movePointLeft(6))) + NO_BREAK_SPACE + "million";
    }

    /** With two decimals. */
    static String price(BigDecimal value) {
        return value == null ? UNKNOWN : minus(String.format(Locale.ROOT, "%,.2f", value));
    }

    /** A share of one as a percentage: 0.123 as "12.3 %", with as many decimals as small shares need. */
    static String percent(Double share) {
        if (share == null || !Double.isFinite(share)) {
            return UNKNOWN;
        }
        double percent = share * 100;
        double size = Math.abs(percent);
        String format = size == 0 || (size >= 99.95 && size < 100.05)
                ? "%,.0f"
                : size < 0.095 ? "%,.3f" : size < 0.995 ? "%,.2f" : "%,.1f";
        if (size > 0 && size < 0.0005) {
            return "<" + NO_BREAK_SPACE + "0.001" + NO_BREAK_SPACE + "%";
        }
        // Neither all nor nothing is claimed of a share that only rounds to it.
        if (size < 100 && size >= 99.95) {
            return minus(percent < 0 ? "-99.9" : "99.9") + NO_BREAK_SPACE + "%";
        }
        return minus(String.format(Locale.ROOT, format, percent)) + NO_BREAK_SPACE + "%";
    }

    static String percentOf(long part, long whole) {
        return percent(share(part, whole));
    }

    static String percentOf(BigDecimal part, BigDecimal whole) {
        return percent(share(part, whole));
    }

    /** Null where the whole is not above zero: a share of it would mean nothing. */
    static Double share(double part, double whole) {
        return whole > 0 ? part / whole : null;
    }

    static Double share(BigDecimal part, BigDecimal whole) {
        return part == null || whole == null ? null : share(part.doubleValue(), whole.doubleValue());
    }

    /** A score such as an AUC or a lift: three decimals below ten, fewer above. */
    static String score(Double value) {
        if (value == null || !Double.isFinite(value)) {
            return UNKNOWN;
        }
        if (value == Math.rint(value) && Math.abs(value) >= 10) {
            return minus(String.format(Locale.ROOT, "%,.0f", value));
        }
        double size = Math.abs(value);
        return minus(String.format(Locale.ROOT, size >= 100 ? "%,.0f" : size >= 10 ? "%,.1f" : "%,.3f", value));
    }

    /** A probability of error: "0.013", "< 0.001". */
    static String smallProbability(double value) {
        return value < 0.001 ? "<" + NO_BREAK_SPACE + "0.001" : String.format(Locale.ROOT, "%.3f", value);
    }

    /** "partially_defected" as "Partially defected". */
    static String words(String snakeCase) {
        if (snakeCase == null || snakeCase.isBlank()) {
            return UNKNOWN;
        }
        String spaced = snakeCase.replace('_', ' ');
        return spaced.substring(0, 1).toUpperCase(Locale.ROOT) + spaced.substring(1);
    }

    private static String minus(String number) {
        return number.startsWith("-") ? MINUS + number.substring(1) : number;
    }
}
