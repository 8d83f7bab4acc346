package io.clientele.integrate;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.try_sum;

import java.math.BigDecimal;
import org.apache.spark.sql.Column;

/**
 * Sums of amounts, DECIMAL(18,4), by way of whole ten-thousandths: BIGINT is summed as exactly as DECIMAL(28,4), in which Spark
 * would sum them with an object for each row. A sum that no DECIMAL(18,4) holds is null, as it is there.
 */
final class Totals {
    private static final int SCALE = 10_000;

    private Totals() {}

    /** An amount in ten-thousandths; null stays null. */
    static Column parts(Column amount) {
        return amount.multiply(lit(SCALE)).cast("long");
    }

    /** The sum of ten-thousandths. */
    static Column sum(Column parts) {
        return try_sum(parts);
    }

    /** Their sum as an amount again, DECIMAL(18,4). */
    static Column total(Column parts) {
        return sum(parts)
                .cast("decimal(19,0)")
                .multiply(lit(BigDecimal.ONE.movePointLeft(4)))
                .cast("decimal(18,4)");
    }
}
