package io.clientele.warehouse;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.negate;
import static org.apache.spark.sql.functions.shiftright;
import static org.apache.spark.sql.functions.try_sum;
import static org.apache.spark.sql.functions.when;

import java.math.BigDecimal;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.catalyst.expressions.MakeDecimal;
import org.apache.spark.sql.catalyst.expressions.UnscaledValue;
import org.apache.spark.sql.classic.ExpressionUtils;
import org.apache.spark.sql.functions;

/**
 * Sums of amounts, DECIMAL(18,4), by way of whole ten-thousandths: BIGINT is summed as exactly as DECIMAL(28,4), in which Spark
 * would sum them with an object for each row. A BIGINT holds the ten-thousandths of up to 922 trillion (9.2e14) on either side
 * of zero, more than any DECIMAL(18,4); a sum beyond that is null, never wrong.
 */
public final class Totals {
    private static final int SCALE = 10_000;
    private static final long EXACT_IN_DOUBLE = 1L << 53;
    private static final double MOST_TO_ROUND = 1e6;
    private static final double ONE_STEP_UP = 1 + 0x1p-52;

    private Totals() {}

    /**
     * An amount in ten-thousandths, BIGINT; null stays null, and so becomes what no DECIMAL(18,4) holds. Spark keeps such a
     * DECIMAL as that number already, for which it has no SQL function; multiplied, it would make an object of each amount.
     */
    public static Column parts(Column amount) {
        return ExpressionUtils.column(new UnscaledValue(ExpressionUtils.expression(amount.cast("decimal(18,4)"))));
    }

    /** The sum of ten-thousandths, BIGINT; null where all are null, or where no BIGINT holds it. */
    public static Column sum(Column parts) {
        return try_sum(parts);
    }

    /** Their sum as an amount again, DECIMAL(18,4); null where all are null, or where no DECIMAL(18,4) holds it. */
    public static Column total(Column parts) {
        return amount(sum(parts)).cast("decimal(18,4)");
    }

    /** Ten-thousandths as an amount again, in a DECIMAL of four decimals that holds every BIGINT; null stays null. */
    public static Column amount(Column parts) {
        return parts.cast("decimal(19,0)").multiply(lit(BigDecimal.ONE.movePointLeft(4)));
    }

    /** Ten-thousandths as a DOUBLE amount, that to which {@link #amount} is cast; null stays null. */
    public static Column asDouble(Column parts) {
        // A DOUBLE holds whole numbers up to 2^53; their division then rounds once, as the cast does.
        return when(
                        parts.between(-EXACT_IN_DOUBLE, EXACT_IN_DOUBLE),
                        parts.cast("double").divide((double) SCALE))
                .otherwise(amount(parts).cast("double"));
    }

    /** An amount, DECIMAL(18,2), as the DOUBLE to which it is cast; null stays null. */
    public static Column number(Column amount) {
        Column money = amount.cast("decimal(18,2)");
        Column hundredths = ExpressionUtils.column(new UnscaledValue(ExpressionUtils.expression(money)));
        return when(
                        hundredths.between(-EXACT_IN_DOUBLE, EXACT_IN_DOUBLE),
                        hundredths.cast("double").divide(100.0))
                .otherwise(money.cast("double"));
    }

    /**
     * A DOUBLE amount to the hundredth, DECIMAL(18,2), half a hundredth away from zero; null where it is null, no number, or more
     * than that DECIMAL holds. It is what a cast gives, without the text and the object that a cast makes of each number.
     */
    public static Column hundredths(Column amount) {
        Column size = abs(amount);
        // Half of a hundredth is seldom a DOUBLE; the one next to it is meant to be it. Of large amounts it may not be.
        Column whole = floor(size.multiply(100).multiply(ONE_STEP_UP).plus(.5));
        Column signed = when(amount.lt(0), negate(whole)).otherwise(whole);
        Column decimal = ExpressionUtils.column(new MakeDecimal(ExpressionUtils.expression(signed), 18, 2, true));
        return when(size.lt(MOST_TO_ROUND), decimal).otherwise(amount.cast("decimal(18,2)"));
    }

    /**
     * The sum of ten-thousandths as an amount, DECIMAL(36,4), whatever its size: for sums over customers, which a BIGINT may not
     * hold; null where all are null.
     */
    public static Column wide(Column parts) {
        Column high = functions.sum(shiftright(parts, 32)).cast("decimal(19,0)");
        Column low = functions.sum(parts.bitwiseAND(0xffff_ffffL)).cast("decimal(19,0)");
        return high.multiply(lit(BigDecimal.valueOf(1L << 32)))
                .plus(low)
                .multiply(lit(BigDecimal.ONE.movePointLeft(4)));
    }
}
