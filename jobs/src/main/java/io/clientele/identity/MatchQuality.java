package io.clientele.identity;

import static org.apache.spark.sql.functions.arrays_overlap;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sum;

import io.clientele.engine.Reuse;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * How well customers agree with a known truth, over the records whose truth is known: by pairs of records, and by records
 * (B-cubed, Bagga and Baldwin 1998), in which a large customer does not count quadratically.
 *
 * @param records records with a truth
 * @param truePairs pairs of them that are one person
 * @param foundPairs pairs of them that got one customer
 * @param rightPairs pairs that are and got
 * @param bCubedPrecision mean over records of the share of its customer's records that are its person's
 * @param bCubedRecall mean over records of the share of its person's records that are its customer's
 * @param largest records of the largest customer
 * @param blockedPairs true pairs that were compared at all; -1 where not known
 * @param idChanges how often a record got another customer since it came
 * @param unknownRecords records with a truth that have no customer; each counts as alone
 */
public record MatchQuality(
        long records,
        long truePairs,
        long foundPairs,
        long rightPairs,
        double bCubedPrecision,
        double bCubedRecall,
        long largest,
        long blockedPairs,
        long idChanges,
        long unknownRecords) {

    /**
     * @param customers {@code record_key, customer_id}; of rows with {@code is_current} the current ones count, and past ones are
     *     changes of an id
     * @param truth {@code record_key, true_id}; records without a customer count as alone
     */
    public static MatchQuality of(Dataset<Row> customers, Dataset<Row> truth) {
        boolean hasHistory = Arrays.asList(customers.columns()).contains("is_current");
        Dataset<Row> now = hasHistory ? customers.where(col("is_current")) : customers;
        Dataset<Row> known = truth.select("record_key", "true_id")
                .distinct()
                .join(now.select("record_key", "customer_id"), Identities.using("record_key"), "left_outer")
                .withColumn("customer_id", coalesce(col("customer_id"), col("record_key")));
        Dataset<Row> cells =
                known.groupBy("customer_id", "true_id").agg(count(lit(1)).as("n"));
        Dataset<Row> found = known.groupBy("customer_id").agg(count(lit(1)).as("found"));
        Dataset<Row> real = known.groupBy("true_id").agg(count(lit(1)).as("real"));
        Column n = col("n").cast("double");
        Row pairs = cells.join(found, "customer_id")
                .join(real, "true_id")
                .agg(
                        coalesce(sum("n"), lit(0L)),
                        coalesce(sum(pairs("n")), lit(0L)),
                        coalesce(sum(n.multiply(n).divide(col("found"))), lit(0.0)),
                        coalesce(sum(n.multiply(n).divide(col("real"))), lit(0.0)))
                .first();
        Row of = found.agg(coalesce(sum(pairs("found")), lit(0L)), coalesce(max("found"), lit(0L)))
                .first();
        long truePairs = real.agg(coalesce(sum(pairs("real")), lit(0L))).first().getLong(0);
        long records = pairs.getLong(0);
        long changes = hasHistory
                ? customers
                        .where(not(col("is_current")))
                        .join(truth.select("record_key").distinct(), Identities.using("record_key"), "left_semi")
                        .count()
                : 0;
        long unknown = truth.select("record_key")
                .distinct()
                .join(now.select("record_key"), Identities.using("record_key"), "left_anti")
                .count();
        return new MatchQuality(
                records,
                truePairs,
                of.getLong(0),
                pairs.getLong(1),
                records == 0 ? 1 : pairs.getDouble(2) / records,
                records == 0 ? 1 : pairs.getDouble(3) / records,
                of.getLong(1),
                -1,
                changes,
                unknown);
    }

    /**
     * {@link #of(Dataset, Dataset)}, with the pairs that could be found at all: those that share a block that is used, or got
     * one customer by a number that is no block.
     *
     * @param customerRecords all rows of core.customer_record
     */
    public static MatchQuality of(
            Dataset<Row> customers, Dataset<Row> truth, Dataset<Row> customerRecords, MatchConfig config) {
        Dataset<Row> records = Reuse.settled(MatchRecords.of(customerRecords));
        Dataset<Row> now = Arrays.asList(customers.columns()).contains("is_current")
                ? customers.where(col("is_current"))
                : customers;
        Dataset<Row> known = truth.select("record_key", "true_id")
                .distinct()
                .join(
                        records.join(
                                        CandidatePairs.plan(records, records.count(), config)
                                                .open(),
                                        "record_key")
                                .select(col("record_key"), CandidatePairs.openBlocks()),
                        Identities.using("record_key"),
                        "left_outer")
                .join(now.select("record_key", "customer_id"), Identities.using("record_key"), "left_outer");
        long blocked = known.toDF("a_key", "true_id", "a_blocks", "a_customer")
                .join(known.toDF("b_key", "true_id", "b_blocks", "b_customer"), "true_id")
                .where(col("a_key")
                        .lt(col("b_key"))
                        .and(coalesce(arrays_overlap(col("a_blocks"), col("b_blocks")), lit(false))
                                .or(coalesce(col("a_customer").equalTo(col("b_customer")), lit(false)))))
                .count();
        return of(customers, truth).withBlocked(blocked);
    }

    private static Column pairs(String count) {
        return col(count).multiply(col(count).minus(1)).divide(2).cast("long");
    }

    MatchQuality withBlocked(long pairs) {
        return new MatchQuality(
                records,
                truePairs,
                foundPairs,
                rightPairs,
                bCubedPrecision,
                bCubedRecall,
                largest,
                pairs,
                idChanges,
                unknownRecords);
    }

    /** Of the pairs found, the share that is right; 1 where none was found. */
    public double precision() {
        return foundPairs == 0 ? 1 : (double) rightPairs / foundPairs;
    }

    /** Of the true pairs, the share that was found; 1 where there is none. */
    public double recall() {
        return truePairs == 0 ? 1 : (double) rightPairs / truePairs;
    }

    /** The harmonic mean of {@link #precision} and {@link #recall}. */
    public double f1() {
        return harmonic(precision(), recall());
    }

    /** The harmonic mean of both B-cubed measures. */
    public double bCubedF1() {
        return harmonic(bCubedPrecision, bCubedRecall);
    }

    /** Of the true pairs, the share that was compared: no rule behind it can find more. */
    public double blockingRecall() {
        return truePairs == 0 ? 1 : (double) blockedPairs / truePairs;
    }

    private static double harmonic(double one, double other) {
        return one + other == 0 ? 0 : 2 * one * other / (one + other);
    }

    /** Lines for people. */
    public List<String> lines() {
        return List.of(
                String.format(
                        Locale.ROOT,
                        "records with a truth  %,d, of which %,d have no customer and count as alone",
                        records,
                        unknownRecords),
                String.format(
                        Locale.ROOT,
                        "pairs                 precision %.4f  recall %.4f  F1 %.4f  (%,d true, %,d found, %,d of them right)",
                        precision(),
                        recall(),
                        f1(),
                        truePairs,
                        foundPairs,
                        rightPairs),
                String.format(
                        Locale.ROOT,
                        "B-cubed               precision %.4f  recall %.4f  F1 %.4f",
                        bCubedPrecision,
                        bCubedRecall,
                        bCubedF1()),
                blockedPairs < 0
                        ? "blocking recall       not known"
                        : String.format(
                                Locale.ROOT,
                                "blocking recall       %.4f, the most that recall can be (%,d pairs)",
                                blockingRecall(),
                                blockedPairs),
                String.format(Locale.ROOT, "largest customer      %,d records", largest),
                String.format(Locale.ROOT, "changes of an id      %,d", idChanges));
    }

    /** One line for people. */
    public String text() {
        return String.format(
                Locale.ROOT,
                "%,d records, %,d true pairs | pairs: precision %.4f recall %.4f F1 %.4f | B-cubed: precision %.4f recall %.4f"
                        + " F1 %.4f | largest customer %,d%s",
                records,
                truePairs,
                precision(),
                recall(),
                f1(),
                bCubedPrecision,
                bCubedRecall,
                bCubedF1(),
                largest,
                blockedPairs < 0 ? "" : String.format(Locale.ROOT, " | blocking recall %.4f", blockingRecall()));
    }
}
