package io.clientele.mining.value.lifetime;

import io.clientele.mining.Bounds;
import java.time.LocalDate;

/**
 * How lifetime values are computed.
 *
 * @param business how customers are bound to the company; default auto
 * @param timeUnitDays days of the unit of the models' parameters that are times; default 7
 * @param calibrationCutoff the last day from which the backtest learns; default {@code holdout-days} before the as-of date
 * @param holdoutDays days after the cut-off on which the backtest judges; default 182
 * @param horizonDays days ahead over which purchases and value are expected; default 365
 * @param yearlyDiscountRate what money a year ahead is worth less, 0.1 being 10 %; default 0.1
 * @param minRepeatCustomers customers with a repeat purchase that a fit needs; default 50
 * @param maxGroups groups of like customers on which a model is fitted; where exact groups are more, ages are grouped by two,
 *     four, ... days; default 50000
 * @param learnEveryDays days for which models and their backtest are used before they are learned again; 1: learned for each
 *     date; default 30
 * @param contractPeriodMonths months of the period in which a contract pays; default 1
 * @param contractClasses classes by periods since the last payment, the last being open; default 12
 */
public record LifetimeConfig(
        Business business,
        int timeUnitDays,
        LocalDate calibrationCutoff,
        int holdoutDays,
        int horizonDays,
        double yearlyDiscountRate,
        int minRepeatCustomers,
        int maxGroups,
        int learnEveryDays,
        int contractPeriodMonths,
        int contractClasses) {

    /** How customers are bound to the company. */
    public enum Business {
        /** Contracts where hardly anybody has a repeat purchase day but invoices repeat, else purchases. */
        AUTO,
        /** Customers come and go unseen; they are known by their purchase days. */
        PURCHASES,
        /** Customers pay by invoice each period, until they do not. */
        CONTRACTS
    }

    public LifetimeConfig {
        Bounds.within("time-unit-days", timeUnitDays, 1, 366);
        Bounds.within("holdout-days", holdoutDays, 1, 3650);
        Bounds.within("horizon-days", horizonDays, 1, 36_500);
        Bounds.within("yearly-discount-rate", yearlyDiscountRate, 0, 10);
        Bounds.within("min-repeat-customers", minRepeatCustomers, 2, 1_000_000);
        Bounds.within("max-groups", maxGroups, 1000, 1_000_000);
        Bounds.within("learn-every-days", learnEveryDays, 1, 366);
        Bounds.within("contract-period-months", contractPeriodMonths, 1, 12);
        Bounds.within("contract-classes", contractClasses, 2, 100);
    }

    /** A year ahead, judged on the last half year. */
    public static LifetimeConfig defaults() {
        return new LifetimeConfig(Business.AUTO, 7, null, 182, 365, .1, 50, 50_000, 30, 1, 12);
    }

    /** The last day from which the backtest learns. */
    LocalDate cutoff(LocalDate asOf) {
        return calibrationCutoff != null ? calibrationCutoff : asOf.minusDays(holdoutDays);
    }

    /** The last day on which the backtest judges. */
    LocalDate holdoutEnd(LocalDate asOf) {
        LocalDate end = cutoff(asOf).plusDays(holdoutDays);
        return end.isAfter(asOf) ? asOf : end;
    }

    /** The continuous rate of discount per day. */
    double discountPerDay() {
        return Math.log1p(yearlyDiscountRate) / 365;
    }
}
