package io.clientele.mining.customer;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import java.sql.Date;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.apache.spark.sql.Column;

/**
 * Conditions at a date; the whole day counts, in UTC.
 *
 * @param date the as-of date
 */
record At(LocalDate date) {
    private Column end() {
        return lit(Timestamp.from(date.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant()));
    }

    /** Whether an instant lies before the date's end; null where it is null. */
    Column before(String instant) {
        return col(instant).lt(end());
    }

    /** Whether an instant lies in the days that end with the date. */
    Column within(String instant, int days) {
        Timestamp begin = Timestamp.from(
                date.minusDays(days - 1L).atStartOfDay(ZoneOffset.UTC).toInstant());
        return before(instant).and(col(instant).geq(lit(begin)));
    }

    /** Whether a day is one of those that end with the date. */
    Column dayWithin(String day, int days) {
        return col(day).between(lit(Date.valueOf(date.minusDays(days - 1L))), lit(Date.valueOf(date)));
    }

    /** Whether the interval from {@code valid_from} to {@code valid_to} holds the end of the date. */
    Column holds() {
        return before("valid_from")
                .and(col("valid_to").isNull().or(col("valid_to").geq(end())));
    }
}
