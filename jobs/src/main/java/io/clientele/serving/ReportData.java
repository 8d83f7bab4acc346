package io.clientele.serving;

import java.math.BigDecimal;
import java.util.List;

/**
 * Everything the report shows, aggregated and bounded: no list is longer than a few hundred entries. Amounts are in the
 * reporting currency unless said otherwise. A figure that is not known, or that would not be finite, is null.
 */
public record ReportData(
        Header header,
        Intake intake,
        Capture capture,
        Value value,
        Churn churn,
        CrossSelling crossSelling,
        Making making,
        Spread spread,
        ReportLifetime lifetime) {

    /**
     * What the report is about.
     *
     * @param asOfDate the last day included, ISO 8601
     * @param currency the reporting currency, ISO 4217
     */
    public record Header(
            String companyName,
            String asOfDate,
            String currency,
            String warehouseVersion,
            String runId,
            String configurationHash) {}

    /**
     * What came in and what was refused, over all batches.
     *
     * @param sources rows by source, all currencies together
     * @param money the same in money, by source and currency
     * @param countRefused refused records, however many rules refused each
     * @param countOpen those neither replayed nor dismissed
     */
    public record Intake(
            List<SourceBalance> sources,
            List<MoneyBalance> money,
            List<RefusalReason> reasons,
            long countRefused,
            long countOpen) {
        public Intake {
            sources = List.copyOf(sources);
            money = List.copyOf(money);
            reasons = List.copyOf(reasons);
        }
    }

    /**
     * How sales are tied to customers, by source over the months of the scorecard, most sales first, and by month.
     *
     * @param firstMonth the first of the months, ISO 8601 without the day; null without any
     */
    public record Capture(String firstMonth, String lastMonth, List<CaptureScore> sources, List<CaptureScore> months) {
        public Capture {
            sources = List.copyOf(sources);
            months = List.copyOf(months);
        }
    }

    /**
     * Shares of all sales of a source; null where no source says.
     *
     * @param month ISO 8601 without the day; null for all months together
     * @param bestAmountShare of the money of known customers, what those above the pyramid's small level bring
     */
    public record CaptureScore(
            String source,
            String month,
            long countSales,
            Double knownShare,
            Double namedShare,
            Double repeatShare,
            Double reachableShare,
            Double permittedShare,
            Double cardShare,
            Double bestAmountShare) {}

    /** Rows of one source. */
    public record SourceBalance(
            String source,
            long countBatches,
            long rowsRead,
            long rowsAccepted,
            long rowsDuplicate,
            long rowsQuarantined) {}

    /** Money of one source in one currency. A record whose currency cannot be read counts in rows alone. */
    public record MoneyBalance(
            String source,
            String currency,
            BigDecimal amountRead,
            BigDecimal amountAccepted,
            BigDecimal amountDuplicate,
            BigDecimal amountQuarantined) {}

    /**
     * One rule on one column of one source. A record refused by two rules counts in both.
     *
     * @param column null where the rule is about the whole record
     * @param countOpen those neither replayed nor dismissed
     */
    public record RefusalReason(String source, String rule, String column, long countRows, long countOpen) {}

    /**
     * What customers are worth at the date.
     *
     * @param countUnknownCost customers with sales whose cost is not known; their contribution is overstated
     */
    public record Value(
            long countCustomers,
            long countUnknownCost,
            BigDecimal salesAmount,
            BigDecimal contributionAmount,
            List<PyramidLevel> levels,
            List<ValueClass> classes,
            WhaleCurve whale) {
        public Value {
            levels = List.copyOf(levels);
            classes = List.copyOf(classes);
        }
    }

    /** One level of the customer pyramid, best first. */
    public record PyramidLevel(
            String level, long countCustomers, BigDecimal salesAmount, BigDecimal contributionAmount) {}

    /** One class of current value by potential value. */
    public record ValueClass(
            String valueClass,
            long countCustomers,
            BigDecimal salesAmount,
            BigDecimal contributionAmount,
            BigDecimal potentialAmount) {}

    /**
     * Cumulative contribution over customers, best first. Every point is exact; only where the points lie is approximate.
     *
     * @param points from (0, 0) to (1, 1); empty where the whole contribution is not above zero
     * @param lossAmount what the customers after the peak take away, zero or negative; null without points
     */
    public record WhaleCurve(List<WhalePoint> points, WhalePoint peak, BigDecimal lossAmount) {
        public WhaleCurve {
            points = List.copyOf(points);
        }
    }

    /** One point: the best {@code customerShare} bring {@code contributionShare} of the whole. */
    public record WhalePoint(double customerShare, double contributionShare) {}

    /** Who is leaving, how well that is predicted, and whom it is worth calling first. */
    public record Churn(List<ChurnState> states, List<ModelFigure> backtest, List<AtRiskCustomer> atRisk) {
        public Churn {
            states = List.copyOf(states);
            backtest = List.copyOf(backtest);
            atRisk = List.copyOf(atRisk);
        }
    }

    /**
     * One churn state.
     *
     * @param salesAmount their sales in the value window
     * @param contributionAmount their contribution in the value window
     * @param expectedLossAmount each positive contribution times the probability of churn, summed
     */
    public record ChurnState(
            String state,
            long countCustomers,
            BigDecimal salesAmount,
            BigDecimal contributionAmount,
            BigDecimal expectedLossAmount) {}

    /** One figure of a model card. */
    public record ModelFigure(
            String name, String kind, Double value, Double low, Double high, Double baselineValue, String cutoffDate) {}

    /** A customer who cools or has partially defected, most valuable first. No names: the id leads to them. */
    public record AtRiskCustomer(
            String customerId,
            String state,
            BigDecimal contributionAmount,
            Double churnProbability,
            List<String> reasons) {
        public AtRiskCustomer {
            reasons = List.copyOf(reasons);
        }
    }

    /**
     * What to offer next.
     *
     * @param learnedOn the date on which the rules were learned; null where that is the report's, or there are none
     */
    public record CrossSelling(
            long countRules,
            List<CrossSellRule> rules,
            String learnedOn,
            long countCustomersWithOffer,
            long countOffers) {
        public CrossSelling {
            rules = List.copyOf(rules);
        }
    }

    /** One rule; products by name, or by id where no name is known. */
    public record CrossSellRule(
            List<String> antecedent,
            String consequent,
            long countBaskets,
            double support,
            double confidence,
            double lift,
            double qValue,
            double stability,
            BigDecimal marginAmount) {
        public CrossSellRule {
            antecedent = List.copyOf(antecedent);
        }
    }

    /** How the figures were made: each job's last run for the date, the versions they read, and their checks. */
    public record Making(
            List<JobRun> jobs,
            List<TableVersion> versions,
            long countChecksPassed,
            long countChecksFailed,
            List<FailedCheck> failedChecks) {
        public Making {
            jobs = List.copyOf(jobs);
            versions = List.copyOf(versions);
            failedChecks = List.copyOf(failedChecks);
        }
    }

    /** One job. {@code seconds} is null while it has not finished. */
    public record JobRun(String job, String runId, String status, Long rowsRead, Long rowsWritten, Double seconds) {}

    /** The newest version of a table that one of the jobs read. */
    public record TableVersion(String table, long version) {}

    /** One check that did not pass. */
    public record FailedCheck(String table, String check, String observed, String expected) {}

    /** How value is spread over customers, and how they moved between classes. */
    public record Spread(List<SpreadFigure> figures, List<ClassMove> moves) {
        public Spread {
            figures = List.copyOf(figures);
            moves = List.copyOf(moves);
        }
    }

    /** One figure of concentration; {@code value} is null where it cannot be given, and {@code note} then says why. */
    public record SpreadFigure(String name, Double value, BigDecimal amount, Long countCustomers, String note) {}

    /** Customers between two classes of one dimension, for one reason; none stands for not valued. */
    public record ClassMove(
            String fromDate,
            String dimension,
            String fromClass,
            String toClass,
            String reason,
            long countCustomers,
            BigDecimal salesAmount) {}
}
