package io.clientele.jobs;

import io.clientele.ingest.CurrencyRates;
import java.util.List;

/**
 * The file {@code clientele.yml} of a configuration.
 *
 * @param companyName the company's name, for the report
 * @param reportingCurrency the code of the one currency of all amounts in core and mart
 * @param exchangeRates what one unit of another currency is worth in the reporting one, from a date on
 * @param phoneRegion two letters: the country of phone numbers without a country code
 * @param parallelJobs how many jobs run at once; small jobs wait for commits more than for processors
 */
public record Settings(
        String companyName,
        String reportingCurrency,
        List<CurrencyRates.Rate> exchangeRates,
        String phoneRegion,
        int parallelJobs) {
    /** What holds where the file says nothing. */
    public static final Settings DEFAULTS = new Settings("Company", "EUR", List.of(), "DE", 2);

    public Settings {
        if (!reportingCurrency.matches("[A-Z]{3}")) {
            throw new IllegalArgumentException("reporting-currency: expected three capital letters such as EUR, found '"
                    + reportingCurrency + "'");
        }
        if (!phoneRegion.matches("[A-Z]{2}")) {
            throw new IllegalArgumentException(
                    "phone-region: expected two capital letters such as DE, found '" + phoneRegion + "'");
        }
        if (parallelJobs < 1 || parallelJobs > 16) {
            throw new IllegalArgumentException("parallel-jobs: expected 1 to 16, found " + parallelJobs);
        }
    }
}
