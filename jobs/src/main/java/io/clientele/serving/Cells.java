package io.clientele.serving;

import io.clientele.warehouse.Totals;
import java.math.BigDecimal;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;

/** Typed cells of a collected row, and sums for them; what is null, or not finite, is null. */
final class Cells {
    private Cells() {}

    /** The sum of amounts over customers, with cents; null where all are null. Of many rows, far cheaper than Spark's own. */
    static Column total(Column amount) {
        return Totals.wide(Totals.parts(amount)).cast("decimal(38,2)");
    }

    static String text(Row row, String column) {
        return row.getAs(column);
    }

    static Long number(Row row, String column) {
        Number value = row.getAs(column);
        return value == null ? null : value.longValue();
    }

    /** A count; null counts as none. */
    static long count(Row row, String column) {
        Long value = number(row, column);
        return value == null ? 0 : value;
    }

    static Double real(Row row, String column) {
        Number value = row.getAs(column);
        return value == null || !Double.isFinite(value.doubleValue()) ? null : value.doubleValue();
    }

    static BigDecimal amount(Row row, String column) {
        return row.getAs(column);
    }

    /** A sum of amounts; null counts as zero. */
    static BigDecimal sum(Row row, String column) {
        BigDecimal value = amount(row, column);
        return value == null ? BigDecimal.ZERO : value;
    }
}
