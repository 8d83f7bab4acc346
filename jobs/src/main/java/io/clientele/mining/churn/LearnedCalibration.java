package io.clientele.mining.churn;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;

import io.clientele.engine.Reuse;
import io.clientele.mining.Learned;
import io.clientele.mining.Shape;
import io.clientele.warehouse.MartTables;
import java.sql.Date;
import java.time.LocalDate;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The probabilities in use at a date.
 *
 * @param positions rows of {@link MartTables#CHURN_CALIBRATION} at that date
 * @param cutoff the date whose customers became them
 */
record LearnedCalibration(Dataset<Row> positions, LocalDate cutoff) {
    private static final int WAY = 1;

    /**
     * Those of the last date that may be used at {@code asOf}; null where they have to be learned.
     *
     * @param kept rows of {@link MartTables#CHURN_CALIBRATION}
     * @param days rows of core.customer_day
     */
    static LearnedCalibration of(Dataset<Row> kept, Dataset<Row> days, ChurnConfig config, LocalDate asOf) {
        LocalDate last = Learned.lastSnapshot(kept, hash(config), config.learnEveryDays(), asOf);
        if (last == null) {
            return null;
        }
        Dataset<Row> positions = kept.where(col("as_of_date").equalTo(lit(last)));
        Row any = positions.select("count_days", "cutoff_date").first();
        return Learned.isLike(upTo(asOf, days).count(), any.getLong(0))
                ? new LearnedCalibration(
                        Shape.output(positions.withColumn("as_of_date", lit(asOf)), MartTables.CHURN_CALIBRATION),
                        any.<Date>getAs("cutoff_date").toLocalDate())
                : null;
    }

    /** Learned for {@code asOf}, from what became of customers in the last whole horizon. */
    static LearnedCalibration now(Dataset<Row> purchases, Dataset<Row> days, ChurnConfig config, LocalDate asOf) {
        LocalDate cutoff = asOf.minusDays(config.horizonDays());
        Dataset<Row> positions = ChurnCalibration.probabilities(ChurnCalibration.outcomes(purchases, config, cutoff));
        Dataset<Row> countDays = upTo(asOf, days).agg(count(lit(1)).as("count_days"));
        return new LearnedCalibration(
                Reuse.of(Shape.output(
                        positions
                                .crossJoin(broadcast(countDays))
                                .withColumn("as_of_date", lit(asOf))
                                .withColumn("cutoff_date", lit(cutoff))
                                .withColumn("learned_on", lit(asOf))
                                .withColumn("configuration_hash", lit(hash(config))),
                        MartTables.CHURN_CALIBRATION)),
                cutoff);
    }

    private static Dataset<Row> upTo(LocalDate asOf, Dataset<Row> days) {
        return days.where(col("sold_on").leq(lit(asOf)));
    }

    private static String hash(ChurnConfig config) {
        return Learned.hash(config, WAY);
    }
}
