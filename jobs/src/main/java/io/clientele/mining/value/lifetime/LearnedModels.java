package io.clientele.mining.value.lifetime;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.clientele.engine.TableRef;
import io.clientele.mining.Learned;
import io.clientele.mining.value.lifetime.MaximumLikelihood.Fit;
import io.clientele.mining.value.lifetime.PurchaseModel.Kind;
import io.clientele.warehouse.LifetimeTables;
import java.sql.Date;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;

/**
 * The models in use, with what their learning said of them: rows of {@link LifetimeTables#LIFETIME_FIT}. {@link
 * Learned} says for how long they are used; what there is to learn from are purchase days.
 *
 * @param kind the model of purchases
 * @param purchases its fit
 * @param values the fit of {@link GammaGamma}; null where means stand for it
 * @param learnedOn the date at which they were learned
 * @param countPurchaseDays purchase days of all customers known then
 * @param figures stored rows of {@link LifetimeTables#LIFETIME_FIGURE} of an earlier date; none where they were learned now
 * @param backtest rows of {@link LifetimeTables#LIFETIME_BACKTEST} at the date
 */
record LearnedModels(
        Kind kind,
        Fit purchases,
        Fit values,
        LocalDate learnedOn,
        double countPurchaseDays,
        List<Row> figures,
        List<Row> backtest) {
    static final String GAMMA_GAMMA = "gamma_gamma";

    /** Those of the last snapshot up to {@code asOf} that were learned under these settings lately enough; else null. */
    static LearnedModels kept(
            LifetimeValues.Kept kept, String configurationHash, LifetimeConfig config, LocalDate asOf) {
        LocalDate last = Learned.lastSnapshot(kept.fits(), configurationHash, config.learnEveryDays(), asOf);
        if (last == null) {
            return null;
        }
        Column isLast = col("as_of_date").equalTo(lit(last));
        Kind kind = null;
        Fit purchases = null;
        Fit values = null;
        Row any = null;
        for (Row row : LifetimeCounts.bounded(kept.fits().where(isLast))) {
            any = row;
            String model = row.getAs("model");
            if (model.equals(GAMMA_GAMMA)) {
                values = fit(row);
            } else {
                kind = Kind.ofKey(model);
                purchases = fit(row);
            }
        }
        if (purchases == null) {
            return null;
        }
        return new LearnedModels(
                kind,
                purchases,
                values,
                any.<Date>getAs("learned_on").toLocalDate(),
                any.<Long>getAs("count_purchase_days"),
                LifetimeCounts.bounded(kept.figures().where(isLast)),
                at(LifetimeCounts.bounded(kept.backtest().where(isLast)), LifetimeTables.LIFETIME_BACKTEST, asOf));
    }

    private static Fit fit(Row row) {
        List<List<Double>> deviations = row.isNullAt(row.fieldIndex("deviations"))
                ? null
                : row.getList(row.fieldIndex("deviations")).stream()
                        .map(d -> scala.jdk.javaapi.CollectionConverters.asJava((scala.collection.Seq<Double>) d))
                        .toList();
        return new Fit(
                array(row.getList(row.fieldIndex("parameters"))),
                row.getAs("log_likelihood"),
                deviations == null
                        ? null
                        : deviations.stream().map(LearnedModels::array).toArray(double[][]::new));
    }

    private static double[] array(List<Double> numbers) {
        return numbers.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** Whether about as many purchase days are known now as were when they were learned. */
    boolean isLike(double countPurchaseDaysNow) {
        return Learned.isLike(countPurchaseDaysNow, countPurchaseDays);
    }

    /** The rows to keep of these models at a date. */
    Dataset<Row> rows(SparkSession session, String configurationHash, LocalDate asOf) {
        List<Row> rows = new ArrayList<>();
        rows.add(row(kind.key(), purchases, configurationHash, asOf));
        if (values != null) {
            rows.add(row(GAMMA_GAMMA, values, configurationHash, asOf));
        }
        return session.createDataFrame(rows, LifetimeTables.LIFETIME_FIT.schema());
    }

    private Row row(String model, Fit fit, String configurationHash, LocalDate asOf) {
        return RowFactory.create(
                Date.valueOf(asOf),
                model,
                Date.valueOf(learnedOn),
                (long) countPurchaseDays,
                fit.logLikelihood(),
                fit.parameters(),
                fit.deviations(),
                configurationHash);
    }

    /** Stored rows of a snapshot as those of another date. */
    static List<Row> at(List<Row> rows, TableRef table, LocalDate asOf) {
        return rows.stream()
                .map(r -> RowFactory.create(Arrays.stream(table.schema().fieldNames())
                        .map(column -> column.equals(table.slice()) ? Date.valueOf(asOf) : r.<Object>getAs(column))
                        .toArray()))
                .toList();
    }
}
