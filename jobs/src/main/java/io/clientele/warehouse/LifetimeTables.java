package io.clientele.warehouse;

import io.clientele.engine.TableRef;
import java.util.List;

/** What customers are worth over their remaining relation, and how far that is proved. */
public final class LifetimeTables {
    private LifetimeTables() {}

    /**
     * One customer with at least one purchase day (or, in a contract business, one invoice) at a date. {@code model} is
     * bg_nbd, pareto_nbd, migration, or none where nothing could be fitted: then all figures are null and {@code note} says
     * why.
     *
     * <p>{@code expected_purchases} counts purchase days (contract periods with a payment, for migration) in the horizon;
     * {@code expected_value_amount} is the sales expected of one of them, before returns and costs; {@code
     * lifetime_value_amount} is the contribution of all of them, discounted to the date, of which {@code
     * lifetime_value_low_amount} and {@code lifetime_value_high_amount} bound a 95 % interval for the uncertainty of the
     * parameters (not for the chance in what one customer will do); null without an interval. {@code probability_alive} is
     * between 0 and 1; under bg_nbd it is 1 for all without a repeat purchase, so do not rank those by it. {@code value_model}
     * is gamma_gamma, or mean where that could not be fitted.
     */
    public static final TableRef LIFETIME_VALUE = TableRef.snapshot(
            "lifetime_value",
            "one customer at a date",
            "customer_id STRING NOT NULL, expected_purchases DOUBLE, expected_value_amount DECIMAL(18,2), "
                    + "lifetime_value_amount DECIMAL(18,2), lifetime_value_low_amount DECIMAL(18,2), "
                    + "lifetime_value_high_amount DECIMAL(18,2), probability_alive DOUBLE, model STRING NOT NULL, "
                    + "value_model STRING, count_repeat_days INT NOT NULL, age_days INT NOT NULL, note STRING",
            "customer_id");

    /**
     * One class or week of the backtest of the model in use at a date. {@code kind} is frequency ({@code position}: repeat
     * purchase days before the cut-off, 7 for seven and more), recency (periods since the last payment, for migration) or
     * week (weeks since the first purchase of all). Of frequency and recency, {@code actual} and {@code expected} are
     * purchases per customer in the holdout; of week, repeat purchases of the customers won before the cut-off, summed up to
     * the week's end.
     */
    public static final TableRef LIFETIME_BACKTEST = TableRef.snapshot(
            "lifetime_backtest",
            "one class or week of the backtest at a date",
            "kind STRING NOT NULL, position INT NOT NULL, model STRING NOT NULL, count_customers BIGINT NOT NULL, "
                    + "actual DOUBLE NOT NULL, expected DOUBLE NOT NULL, is_holdout BOOLEAN NOT NULL",
            "kind",
            "position");

    /**
     * One figure of one lifetime model at a date, as it goes into {@link MartTables#MODEL_CARD}. {@code model} is bg_nbd,
     * pareto_nbd, gamma_gamma, migration (fitted up to the cut-off and judged on the holdout) or lifetime_value (fitted up to
     * the date, in use). {@code note} says in a sentence what could not be done or should be known; null otherwise.
     */
    public static final TableRef LIFETIME_FIGURE = TableRef.snapshot(
            "lifetime_figure",
            "one figure of one lifetime model at a date",
            "model STRING NOT NULL, name STRING NOT NULL, kind STRING NOT NULL, value DOUBLE, low DOUBLE, high DOUBLE, "
                    + "baseline_value DOUBLE, cutoff_date DATE, configuration_hash STRING, note STRING",
            "model",
            "name");

    /**
     * One model of purchases or of their values with which the values at a date were computed. {@code parameters} are in the
     * order of the papers, times in the configured unit; {@code deviations} is the matrix whose columns are the principal
     * directions of the uncertainty of their logarithms, each one standard deviation long; null without intervals. {@code
     * learned_on} is the date at which model and backtest were learned, no later than the snapshot's, and {@code
     * count_purchase_days} how many purchase days were known then.
     */
    public static final TableRef LIFETIME_FIT = TableRef.snapshot(
            "lifetime_fit",
            "one fitted model in use at a date",
            "model STRING NOT NULL, learned_on DATE NOT NULL, count_purchase_days BIGINT NOT NULL, "
                    + "log_likelihood DOUBLE NOT NULL, parameters ARRAY<DOUBLE> NOT NULL, deviations ARRAY<ARRAY<DOUBLE>>, "
                    + "configuration_hash STRING NOT NULL",
            "model");

    /** All of them, in the data's order. */
    public static final List<TableRef> ALL = List.of(LIFETIME_VALUE, LIFETIME_BACKTEST, LIFETIME_FIGURE, LIFETIME_FIT);
}
