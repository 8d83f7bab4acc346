package io.clientele.ingest;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.sql.Column;

/**
 * What other currencies are worth in the reporting currency.
 *
 * @param reportingCurrency the code of the reporting currency
 * @param rates from which dates on
 */
public record CurrencyRates(String reportingCurrency, List<Rate> rates) {
    /**
     * One unit of {@code currency} is worth {@code rate} in the reporting currency from a day on (inclusive), until the next
     * rate of that currency. Before the first rate the first one holds.
     */
    public record Rate(String currency, LocalDate from, BigDecimal rate) {
        /** A rate is positive. */
        public Rate {
            if (rate != null && rate.signum() <= 0) {
                throw new IllegalArgumentException("rate: expected a positive number, found " + rate);
            }
        }
    }

    /** The rate of a currency at a date; null for a currency without a rate. */
    public Column of(Column currency, Column date) {
        Column result =
                when(currency.equalTo(reportingCurrency), lit(BigDecimal.ONE).cast("decimal(18,8)"));
        for (Rate rate : rates.stream()
                .sorted(Comparator.comparing(Rate::currency).thenComparing(Rate::from, Comparator.reverseOrder()))
                .toList()) {
            boolean isFirst = rates.stream()
                    .noneMatch(r ->
                            r.currency().equals(rate.currency()) && r.from().isBefore(rate.from()));
            Column applies = currency.equalTo(rate.currency());
            if (!isFirst) {
                applies = applies.and(date.geq(lit(rate.from())));
            }
            result = result.when(applies, lit(rate.rate()).cast("decimal(18,8)"));
        }
        return result;
    }
}
