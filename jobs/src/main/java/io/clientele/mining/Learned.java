package io.clientele.mining;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;

import io.clientele.engine.ConfigurationHash;
import java.time.LocalDate;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * When what was learned for one date is used for others: for {@code learn-every-days} from that date on, under the same
 * settings, and while there is about as much to learn from.
 */
public final class Learned {
    private static final double GROWTH = .1;

    private Learned() {}

    /**
     * Stands for what decides, beside the data, on what is learned.
     *
     * @param settings all of them, as text
     * @param way raised with each change of the program after which the same settings learn something else from the same data
     */
    public static String hash(Object settings, int way) {
        return ConfigurationHash.of(settings + "|" + way);
    }

    /**
     * The date of the last snapshot up to {@code asOf} that was learned under these settings lately enough; null without one.
     *
     * @param snapshots rows with {@code as_of_date, learned_on, configuration_hash}, which are the same in all rows of a date
     * @param configurationHash as {@link #hash} gives it
     */
    public static LocalDate lastSnapshot(
            Dataset<Row> snapshots, String configurationHash, int learnEveryDays, LocalDate asOf) {
        Row last = snapshots
                .where(col("as_of_date")
                        .leq(lit(asOf))
                        .and(col("learned_on").leq(lit(asOf)))
                        .and(col("learned_on").gt(lit(asOf.minusDays(learnEveryDays))))
                        .and(col("configuration_hash").equalTo(configurationHash)))
                .agg(max("as_of_date"))
                .first();
        return last.isNullAt(0) ? null : last.getDate(0).toLocalDate();
    }

    /** Whether there is about as much to learn from now as was then: at most a tenth more or less. */
    public static boolean isLike(double countNow, double countThen) {
        return Math.abs(countNow - countThen) <= GROWTH * countThen;
    }
}
