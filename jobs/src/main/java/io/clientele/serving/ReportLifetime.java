package io.clientele.serving;

import java.math.BigDecimal;
import java.util.List;

/**
 * What the report shows of lifetime value.
 *
 * @param model bg_nbd, pareto_nbd, migration or none; null where no customer has a lifetime value row
 * @param countCustomers customers at the date
 * @param lifetimeValueAmount the sum over all of them; null where nothing could be valued
 * @param expectedPurchases their expected purchases in the horizon; null without a model
 * @param horizonDays days ahead
 * @param proof how the model did in its backtest; null where there was none
 * @param notes what could not be done or should be known, in sentences
 * @param classes expected and actual purchases by class of customers; empty without a backtest
 * @param weeks expected and actual purchases summed up by week; empty without a backtest
 */
public record ReportLifetime(
        String model,
        long countCustomers,
        BigDecimal lifetimeValueAmount,
        Double expectedPurchases,
        Double horizonDays,
        Proof proof,
        List<String> notes,
        List<BacktestClass> classes,
        List<BacktestWeek> weeks) {

    /** Nothing is known. */
    static final ReportLifetime NONE =
            new ReportLifetime(null, 0, null, null, null, null, List.of(), List.of(), List.of());

    public ReportLifetime {
        notes = List.copyOf(notes);
        classes = List.copyOf(classes);
        weeks = List.copyOf(weeks);
    }

    /**
     * The model in use against the holdout.
     *
     * @param cutoffDate the last day from which it learned, ISO 8601
     * @param holdoutDays days on which it was judged; null where classes alone are judged
     * @param expectedToActual expected over actual purchases; null where nothing was bought
     * @param gainOverLastPeriod by which share its error is smaller than that of repeating the last period
     * @param gainOverAverage the same, than that of the average for all
     */
    public record Proof(
            String cutoffDate,
            Double holdoutDays,
            Double expectedToActual,
            Double gainOverLastPeriod,
            Double gainOverAverage) {}

    /** One class of customers: purchases per customer in the holdout. */
    public record BacktestClass(String label, long countCustomers, double actual, double expected) {}

    /** Repeat purchases up to the end of a week. */
    public record BacktestWeek(int week, double actual, double expected, boolean isHoldout) {}
}
