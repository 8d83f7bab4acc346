package io.clientele.mining.value.lifetime;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.log;
import static org.apache.spark.sql.functions.sum;

import io.clientele.engine.Reuse;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Customers counted by what the models know of them, brought to the driver, where a maximum is sought in many steps. Never
 * more than {@code max-groups} groups, whatever the number of customers: where exact groups would be more, times and values
 * are put into ever wider bins and stand for their mean there.
 */
final class LifetimeCounts {
    private static final int MAX_BIN_DAYS = 4096;
    private static final double FIRST_BIN_OF_LOGARITHMS = .005;

    private LifetimeCounts() {}

    /** Grouped customers and how many days wide their bins are; 1: exact. */
    record Purchases(PurchaseGroups groups, int binDays) {}

    /** Groups of rows with {@code x, tx_days, age_days}; times in units of {@code time-unit-days}. */
    static Purchases purchases(Dataset<Row> customers, LifetimeConfig config) {
        Dataset<Row> exact = Reuse.of(
                customers.groupBy("x", "tx_days", "age_days").agg(count(lit(1)).as("customers")));
        int binDays = 1;
        Dataset<Row> groups = exact;
        long size = exact.count();
        // Wider bins of two times shrink the number of groups by at most the square of their width.
        while (size > config.maxGroups() && binDays < MAX_BIN_DAYS) {
            double excess = Math.sqrt((double) size / config.maxGroups());
            binDays *= Math.max(2, Integer.highestOneBit((int) excess));
            // A bin's mean lies in the bin, so wider bins can be made of narrower ones.
            groups = Reuse.of(groups.groupBy(
                            col("x"),
                            floor(col("tx_days").cast("double").divide(binDays)).as("tx_bin"),
                            floor(col("age_days").cast("double").divide(binDays))
                                    .as("age_bin"))
                    .agg(mean("tx_days"), mean("age_days"), sum("customers").as("customers")));
            size = groups.count();
        }
        double unit = config.timeUnitDays();
        List<PurchaseGroups.Group> rows = groups
                .selectExpr(
                        "CAST(x AS DOUBLE)",
                        "CAST(tx_days AS DOUBLE)",
                        "CAST(age_days AS DOUBLE)",
                        "CAST(customers AS DOUBLE)")
                .collectAsList()
                .stream()
                .map(r -> new PurchaseGroups.Group(
                        r.getDouble(0), r.getDouble(1) / unit, r.getDouble(2) / unit, r.getDouble(3)))
                .toList();
        return new Purchases(PurchaseGroups.of(rows), binDays);
    }

    /** Groups of those rows with {@code x, mean_value} that have repeat purchases of a value above zero. */
    static List<GammaGamma.Group> values(Dataset<Row> customers, LifetimeConfig config) {
        Dataset<Row> valued = customers
                .where(col("x").geq(1).and(col("mean_value").gt(0)))
                .select(col("x"), log(col("mean_value")).cast("decimal(20,9)").as("log_mean"), lit(1L).as("customers"));
        Dataset<Row> groups = valued;
        long size = valued.count();
        if (size <= config.maxGroups()) {
            groups = valued.groupBy("x", "log_mean").agg(sum("customers").as("customers"));
        }
        for (double width = FIRST_BIN_OF_LOGARITHMS; size > config.maxGroups() && width < 10; width *= 2) {
            groups = Reuse.of(groups.groupBy(
                            col("x"),
                            floor(col("log_mean").cast("double").divide(width)).as("bin"))
                    .agg(mean("log_mean"), sum("customers").as("customers")));
            size = groups.count();
        }
        return GammaGamma.sorted(groups
                .selectExpr("CAST(x AS DOUBLE)", "CAST(log_mean AS DOUBLE)", "CAST(customers AS DOUBLE)")
                .collectAsList()
                .stream()
                .map(r -> new GammaGamma.Group(r.getDouble(0), r.getDouble(1), r.getDouble(2)))
                .toList());
    }

    /** The mean over customers, as a decimal, so that the order of rows does not matter. */
    private static Column mean(String figure) {
        return sum(col(figure).multiply(col("customers")))
                .divide(sum("customers"))
                .cast("decimal(20,9)")
                .as(figure);
    }

    /** Rows of a query that is bounded by days, weeks or classes. */
    static List<Row> bounded(Dataset<Row> rows) {
        return rows.collectAsList();
    }
}
