package io.clientele.mining.value.lifetime;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.exp;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sqrt;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.clientele.engine.Reuse;
import io.clientele.mining.Shape;
import io.clientele.mining.value.lifetime.MaximumLikelihood.Fit;
import io.clientele.mining.value.lifetime.PurchaseModel.Kind;
import io.clientele.warehouse.CoreTables;
import io.clientele.warehouse.LifetimeTables;
import io.clientele.warehouse.Totals;
import java.time.LocalDate;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * What each customer is worth over the horizon: purchases expected ({@link BgNbd} or {@link ParetoNbd}, whichever did better
 * in the {@link LifetimeBacktest}), times the value expected of one ({@link GammaGamma}), times the share of sales that is
 * left after returns and known costs over all customers, discounted. Where contracts bind customers, {@link
 * ContractMigration}. What cannot be computed is null and said in a note, never a guess.
 */
public final class LifetimeValues {
    private static final String IN_USE = "lifetime_value";

    private final Dataset<Row> customerDay;
    private final Dataset<Row> invoices;
    private final LifetimeConfig config;
    private final LocalDate asOf;
    private final LifetimeFigures figures;
    private final Kept kept;

    private LifetimeValues(
            Dataset<Row> customerDay, Dataset<Row> invoices, Kept kept, LifetimeConfig config, LocalDate asOf) {
        this.kept = kept;
        this.customerDay = customerDay;
        this.invoices = invoices;
        this.config = config;
        this.asOf = asOf;
        this.figures = new LifetimeFigures(config, asOf);
    }

    /**
     * All that is computed at once.
     *
     * @param values rows of {@link LifetimeTables#LIFETIME_VALUE}
     * @param backtest rows of {@link LifetimeTables#LIFETIME_BACKTEST}
     * @param figures rows of {@link LifetimeTables#LIFETIME_FIGURE}
     * @param fits rows of {@link LifetimeTables#LIFETIME_FIT}; none where no model of purchases is in use
     */
    public record Result(Dataset<Row> values, Dataset<Row> backtest, Dataset<Row> figures, Dataset<Row> fits) {}

    /**
     * What earlier dates left, of which models may be used again.
     *
     * @param fits rows of {@link LifetimeTables#LIFETIME_FIT}
     * @param figures rows of {@link LifetimeTables#LIFETIME_FIGURE}
     * @param backtest rows of {@link LifetimeTables#LIFETIME_BACKTEST}
     */
    public record Kept(Dataset<Row> fits, Dataset<Row> figures, Dataset<Row> backtest) {}

    /**
     * Lifetime values at {@code asOf}.
     *
     * @param customerDay rows of {@link CoreTables#CUSTOMER_DAY}; those after {@code asOf} change nothing
     * @param invoices rows of {@link CoreTables#INVOICE}; read only where contracts may bind customers
     * @param kept what earlier dates left; null: models are learned for this date
     */
    public static Result compute(
            Dataset<Row> customerDay, Dataset<Row> invoices, Kept kept, LifetimeConfig config, LocalDate asOf) {
        return new LifetimeValues(
                        Shape.input(customerDay, CoreTables.CUSTOMER_DAY),
                        Shape.input(invoices, CoreTables.INVOICE),
                        kept,
                        config,
                        asOf)
                .compute();
    }

    private Result compute() {
        LearnedModels models =
                kept == null ? null : LearnedModels.kept(kept, figures.configurationHash(), config, asOf);
        Dataset<Row> histories = Reuse.of(
                models == null
                        ? CustomerHistories.toLearn(customerDay, config, asOf)
                        : CustomerHistories.of(customerDay, asOf));
        Sums sums = Sums.of(LifetimeCounts.bounded(Sums.query(histories)).get(0));
        figures.population(IN_USE, "customers", sums.customers(), asOf);
        figures.population(IN_USE, "repeat_customers", sums.repeatCustomers(), asOf);
        figures.parameter(IN_USE, "horizon_days", config.horizonDays(), asOf);
        figures.parameter(IN_USE, "yearly_discount_rate", config.yearlyDiscountRate(), asOf);
        boolean hasRepeats = sums.repeatCustomers() >= config.minRepeatCustomers();
        if (config.business() == LifetimeConfig.Business.CONTRACTS
                || (config.business() == LifetimeConfig.Business.AUTO && !hasRepeats)) {
            ContractMigration migration = new ContractMigration(invoices, config, asOf, figures);
            if (migration.countRepeat() >= config.minRepeatCustomers()) {
                return result(migration.values(), migration.backtest(), null);
            }
        }
        Dataset<Row> customers = CustomerHistories.atAsOf(histories, asOf);
        if (!hasRepeats) {
            return result(unknown(customers, sums), List.of(), null);
        }
        if (models != null && models.isLike(sums.days())) {
            figures.learned(models);
            return purchases(customers, models, sums);
        }
        customers = Reuse.of(customers);
        Dataset<Row> toLearn =
                models == null ? histories : Reuse.of(CustomerHistories.toLearn(customerDay, config, asOf));
        return purchases(customers, learn(toLearn, customers, sums), sums);
    }

    private Result result(Dataset<Row> values, List<Row> backtest, LearnedModels models) {
        SparkSession session = customerDay.sparkSession();
        return new Result(
                Shape.output(values.withColumn("as_of_date", lit(asOf)), LifetimeTables.LIFETIME_VALUE),
                session.createDataFrame(backtest, LifetimeTables.LIFETIME_BACKTEST.schema()),
                figures.rows(session),
                models == null
                        ? session.createDataFrame(List.of(), LifetimeTables.LIFETIME_FIT.schema())
                        : models.rows(session, figures.configurationHash(), asOf));
    }

    private Dataset<Row> unknown(Dataset<Row> customers, Sums sums) {
        String why = sums.customers() == 0
                ? "Nobody has bought anything up to %s.".formatted(asOf)
                : "No model: %s of %s customers bought on a second day up to %s, %s are needed."
                        .formatted(
                                LifetimeFigures.count(sums.repeatCustomers()),
                                LifetimeFigures.count(sums.customers()),
                                asOf,
                                LifetimeFigures.count(config.minRepeatCustomers()));
        figures.note(IN_USE, "model", asOf, why);
        Column unknown = lit(null);
        return customers
                .withColumn("expected_purchases", unknown)
                .withColumn("expected_value_amount", unknown)
                .withColumn("lifetime_value_amount", unknown)
                .withColumn("lifetime_value_low_amount", unknown)
                .withColumn("lifetime_value_high_amount", unknown)
                .withColumn("probability_alive", unknown)
                .withColumn("model", lit("none"))
                .withColumn("value_model", unknown)
                .withColumn("count_repeat_days", col("x"))
                .withColumn("note", lit(why));
    }

    private Result purchases(Dataset<Row> customers, LearnedModels models, Sums sums) {
        boolean isGamma = models.values() != null;
        Dataset<Row> predicted = LifetimePredictions.purchases(
                customers,
                models.kind(),
                models.purchases(),
                config.timeUnitDays(),
                config.horizonDays(),
                config.discountPerDay());
        predicted = isGamma
                ? LifetimePredictions.values(predicted, models.values())
                : LifetimePredictions.meanValues(predicted, sums.meanSales());
        Double share = sums.contributionShare();
        figures.add(IN_USE, "contribution_share", "parameter", share, null, null, null, asOf, sums.note());
        // A null share would leave the type of the product to chance.
        Column worth = col("discounted_purchases")
                .multiply(col("expected_value"))
                .multiply(lit(share).cast("double"));
        Column error = sqrt(col("purchases_log_variance").plus(coalesce(col("value_log_variance"), lit(0.0))))
                .multiply(1.96);
        // A value below zero turns the interval round.
        Column sign = when(worth.lt(0), -1.0).otherwise(1.0);
        return result(
                predicted
                        .withColumn("expected_value_amount", col("expected_value"))
                        .withColumn("lifetime_value_amount", worth)
                        .withColumn(
                                "lifetime_value_low_amount",
                                worth.multiply(exp(error.multiply(sign).multiply(-1))))
                        .withColumn("lifetime_value_high_amount", worth.multiply(exp(error.multiply(sign))))
                        .withColumn("model", lit(models.kind().key()))
                        .withColumn("value_model", lit(isGamma ? "gamma_gamma" : "mean"))
                        .withColumn("count_repeat_days", col("x"))
                        .withColumn("note", lit(sums.note()).cast("string")),
                models.backtest(),
                models);
    }

    private LearnedModels learn(Dataset<Row> histories, Dataset<Row> customers, Sums sums) {
        LifetimeBacktest backtest = new LifetimeBacktest(customerDay, histories, config, asOf, figures);
        Kind kind = backtest.better();
        LifetimeCounts like = LifetimeCounts.of(customers, config);
        LifetimeCounts.Purchases counts = like.purchases();
        Fit fit = LifetimeFits.purchases(kind, counts.groups());
        figures.fit(IN_USE, kind.parameterNames(), fit, asOf);
        figures.parameter(IN_USE, "time_unit_days", config.timeUnitDays(), asOf);
        figures.parameter(IN_USE, "bin_days", counts.binDays(), asOf);
        List<GammaGamma.Group> values = like.values();
        double valued = values.stream().mapToDouble(GammaGamma.Group::count).sum();
        Fit ofValues = valued < config.minRepeatCustomers() ? null : LifetimeFits.values(values);
        boolean isGamma = ofValues != null && ofValues.parameters()[1] > 1;
        if (isGamma) {
            figures.parameters(IN_USE, GammaGamma.PARAMETER_NAMES, ofValues, asOf);
        } else {
            figures.note(
                    IN_USE,
                    "value_model",
                    asOf,
                    ofValues == null
                            ? "No model of values: %s customers have repeat purchases of a value above zero, %s are needed."
                                    .formatted(
                                            LifetimeFigures.count(valued),
                                            LifetimeFigures.count(config.minRepeatCustomers()))
                            : "The values of customers spread so widely that they have no finite mean (q is not above 1):"
                                    + " a customer's own mean, mixed with that of all, stands for the model.");
        }
        return new LearnedModels(
                kind, fit, isGamma ? ofValues : null, asOf, sums.days(), List.of(), backtest.classes());
    }

    static double countRepeat(PurchaseGroups groups) {
        double repeat = 0;
        for (int g = 0; g < groups.size(); g++) {
            repeat += groups.distinctRepeats()[groups.repeatsOf(g)] > 0 ? groups.countOf(g) : 0;
        }
        return repeat;
    }

    /** Sums over all customers. */
    private record Sums(
            double customers,
            double repeatCustomers,
            double days,
            double sales,
            double net,
            double cost,
            double lines,
            double linesWithoutCost) {

        static Dataset<Row> query(Dataset<Row> histories) {
            return histories.agg(
                    count(when(col("count_days").geq(1), 1)).cast("double").as("customers"),
                    count(when(col("count_days").geq(2), 1)).cast("double"),
                    of("count_days"),
                    amount("sales"),
                    amount("net"),
                    amount("cost"),
                    of("count_lines"),
                    of("count_lines_without_cost"));
        }

        private static Column of(String column) {
            return coalesce(sum(col(column)).cast("double"), lit(0.0));
        }

        private static Column amount(String parts) {
            return coalesce(Totals.wide(col(parts)).cast("double"), lit(0.0));
        }

        static Sums of(Row row) {
            return new Sums(
                    row.getDouble(0),
                    row.getDouble(1),
                    row.getDouble(2),
                    row.getDouble(3),
                    row.getDouble(4),
                    row.getDouble(5),
                    row.getDouble(6),
                    row.getDouble(7));
        }

        /** Sales of one purchase day. */
        double meanSales() {
            return days > 0 ? sales / days : 0;
        }

        /** What is left of sales after returns and known costs; null without sales. */
        Double contributionShare() {
            return sales > 0 ? (net - cost) / sales : null;
        }

        String note() {
            if (!(sales > 0)) {
                return "Sales add up to nothing, so there is no value.";
            }
            if (linesWithoutCost > 0) {
                return linesWithoutCost >= lines
                        ? "No cost is known: values are sales after returns, not contribution."
                        : "The cost of %s of %s lines is unknown and counts as zero."
                                .formatted(LifetimeFigures.count(linesWithoutCost), LifetimeFigures.count(lines));
            }
            return null;
        }
    }
}
