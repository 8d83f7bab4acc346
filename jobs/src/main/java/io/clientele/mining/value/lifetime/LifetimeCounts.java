package io.clientele.mining.value.lifetime;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.log;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.round;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.util.List;
import java.util.function.ToLongFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Customers counted by what the models know of them, brought to the driver, where a maximum is sought in many steps. Never
 * more than {@code max-groups} groups, whatever the number of customers: where exact groups might be more, times and values
 * are put into wider bins and stand for their mean there. How wide follows from how many customers there are by repeat
 * purchases, so that all customers are grouped only once.
 */
final class LifetimeCounts {
    private static final int MAX_BIN_DAYS = 4096;
    private static final double FIRST_BIN_OF_LOGARITHMS = .005;
    private static final double MAX_BIN_OF_LOGARITHMS = 10;
    /** Logarithms are summed as whole numbers of this unit, so that the order of rows does not matter. */
    private static final double UNIT_OF_LOGARITHMS = 1e-9;

    private final Dataset<Row> customers;
    private final LifetimeConfig config;
    private final List<Extent> extents;

    private LifetimeCounts(Dataset<Row> customers, LifetimeConfig config) {
        this.customers = customers;
        this.config = config;
        Column value = when(isValued(), col("mean_value"));
        this.extents = bounded(customers
                        .groupBy("x")
                        .agg(
                                count(lit(1)).as("customers"),
                                coalesce(max("age_days"), lit(0)).as("age_days"),
                                count(value).as("valued"),
                                coalesce(min(value), lit(1.0)).as("low"),
                                coalesce(max(value), lit(1.0)).as("high")))
                .stream()
                .map(r -> new Extent(
                        r.getInt(0), r.getLong(1), r.getInt(2), r.getLong(3), r.getDouble(4), r.getDouble(5)))
                .toList();
    }

    /** The customers with as many repeat purchase days: how many, the greatest age, how many have a value and its range. */
    private record Extent(int x, long customers, int ageDays, long valued, double low, double high) {}

    /** Grouped customers and how many days wide their bins are; 1: exact. */
    record Purchases(PurchaseGroups groups, int binDays) {}

    /** @param customers rows with {@code x, tx_days, age_days, mean_value}, read several times */
    static LifetimeCounts of(Dataset<Row> customers, LifetimeConfig config) {
        return new LifetimeCounts(customers, config);
    }

    /** Groups of all customers; times in units of {@code time-unit-days}. */
    Purchases purchases() {
        int binDays = 1;
        while (mostGroups(binDays) > config.maxGroups() && binDays < MAX_BIN_DAYS) {
            binDays *= 2;
        }
        Dataset<Row> groups = customers
                .groupBy(
                        col("x"),
                        bin("tx_days", binDays).as("tx_bin"),
                        bin("age_days", binDays).as("age_bin"))
                .agg(
                        count(lit(1)).as("customers"),
                        sum("tx_days").as("tx_days"),
                        sum("age_days").as("age_days"));
        double unit = config.timeUnitDays();
        List<PurchaseGroups.Group> rows =
                groups.select("x", "customers", "tx_days", "age_days").collectAsList().stream()
                        .map(r -> {
                            double count = r.getLong(1);
                            return new PurchaseGroups.Group(
                                    r.getInt(0), r.getLong(2) / count / unit, r.getLong(3) / count / unit, count);
                        })
                        .toList();
        return new Purchases(PurchaseGroups.of(rows), binDays);
    }

    private static Column bin(String days, int binDays) {
        return binDays == 1 ? col(days) : floor(col(days).divide(binDays)).cast("int");
    }

    /** No more groups than this can there be: the last purchase is no earlier than all of them take, and no later than the age. */
    private long mostGroups(int binDays) {
        return most(Extent::customers, e -> {
            long bins = e.ageDays() / binDays + 1L;
            long lastBins = Math.max(1, bins - e.x() / binDays);
            return e.x() == 0 ? bins : lastBins * (lastBins + 1) / 2;
        });
    }

    /** Groups of those customers that have repeat purchases of a value above zero. */
    List<GammaGamma.Group> values() {
        double width = 0;
        if (most(Extent::valued, e -> Long.MAX_VALUE) > config.maxGroups()) {
            width = FIRST_BIN_OF_LOGARITHMS;
            while (mostValues(width) > config.maxGroups() && width < MAX_BIN_OF_LOGARITHMS) {
                width *= 2;
            }
        }
        Column logMean =
                round(log(col("mean_value")).divide(UNIT_OF_LOGARITHMS)).cast("long");
        Dataset<Row> valued = customers.where(isValued()).select(col("x"), logMean.as("log_mean"));
        Column bin = width == 0 ? col("log_mean") : floor(col("log_mean").divide(width / UNIT_OF_LOGARITHMS));
        return GammaGamma.sorted(valued
                .groupBy(col("x"), bin.as("bin"))
                .agg(count(lit(1)).as("customers"), sum("log_mean").as("log_mean"))
                .select("x", "customers", "log_mean")
                .collectAsList()
                .stream()
                .map(r -> new GammaGamma.Group(
                        r.getInt(0), (double) r.getLong(2) / r.getLong(1) * UNIT_OF_LOGARITHMS, r.getLong(1)))
                .toList());
    }

    private long mostValues(double width) {
        return most(Extent::valued, e -> (long) (Math.log(e.high() / e.low()) / width) + 2);
    }

    /** The sum over repeat purchases of what is less: the customers, or the bins they can be in. */
    private long most(ToLongFunction<Extent> customers, ToLongFunction<Extent> bins) {
        return extents.stream()
                .mapToLong(e -> Math.min(customers.applyAsLong(e), bins.applyAsLong(e)))
                .sum();
    }

    private static Column isValued() {
        return col("x").geq(1).and(col("mean_value").gt(0));
    }

    /** Rows of a query that is bounded by days, weeks or classes. */
    static List<Row> bounded(Dataset<Row> rows) {
        return rows.collectAsList();
    }
}
