package io.clientele.ingest;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;

/**
 * How money becomes money of the one reporting currency.
 *
 * @param reportingCurrency the code of the reporting currency
 * @param rates from other currencies; a rate holds from its date to the next one's, the first also before its date
 */
public record CurrencyRates(String reportingCurrency, List<Rate> rates) {
    /**
     * One rate.
     *
     * @param currency the code of the other currency
     * @param from the first day on which it holds
     * @param rate how much of the reporting currency one unit is worth
     */
    public record Rate(String currency, LocalDate from, BigDecimal rate) {
        public Rate {
            if (currency == null || !currency.matches("[A-Z]{3}")) {
                throw new IllegalArgumentException(
                        "currency '" + currency + "' is not a code of three capital letters");
            }
            if (from == null) {
                throw new IllegalArgumentException("from is missing: the first day of the rate of " + currency);
            }
            if (rate == null || rate.signum() <= 0) {
                throw new IllegalArgumentException("rate of " + currency + " is not above zero");
            }
        }
    }

    public CurrencyRates {
        if (reportingCurrency == null || !reportingCurrency.matches("[A-Z]{3}")) {
            throw new IllegalArgumentException(
                    "reporting-currency '" + reportingCurrency + "' is not a code of three capital letters");
        }
        rates = rates == null ? List.of() : List.copyOf(rates);
        if (rates.stream().map(r -> r.currency() + r.from()).distinct().count() < rates.size()) {
            throw new IllegalArgumentException("rates hold two of one currency from the same day");
        }
    }

    /** One currency, no rates. */
    public static CurrencyRates only(String reportingCurrency) {
        return new CurrencyRates(reportingCurrency, List.of());
    }

    /** The currencies that can be converted. */
    public Set<String> known() {
        Set<String> known = rates.stream().map(Rate::currency).collect(Collectors.toCollection(TreeSet::new));
        known.add(reportingCurrency);
        return known;
    }

    /** The factor for a currency on a date (DECIMAL(20,10)); null for an unknown currency; the last rate where the date is null. */
    public Column factor(Column currency, Column date) {
        Column factor =
                when(currency.equalTo(reportingCurrency), lit(BigDecimal.ONE).cast("decimal(20,10)"));
        var byCurrency = rates.stream()
                .filter(rate -> !rate.currency().equals(reportingCurrency))
                .collect(Collectors.groupingBy(Rate::currency, TreeMap::new, Collectors.toList()));
        for (var entry : byCurrency.entrySet()) {
            List<Rate> sorted = entry.getValue().stream()
                    .sorted(Comparator.comparing(Rate::from))
                    .toList();
            Column rate = lit(sorted.get(0).rate()).cast("decimal(20,10)");
            Column chosen = when(
                    date.isNull(), lit(sorted.get(sorted.size() - 1).rate()).cast("decimal(20,10)"));
            for (int i = sorted.size() - 1; i > 0; i--) {
                chosen = chosen.when(
                        date.geq(lit(sorted.get(i).from())),
                        lit(sorted.get(i).rate()).cast("decimal(20,10)"));
            }
            factor = factor.when(currency.equalTo(entry.getKey()), chosen.otherwise(rate));
        }
        return factor;
    }
}
