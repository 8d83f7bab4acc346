package io.clientele.generate;

import io.clientele.engine.error.ClienteleException;
import java.time.LocalDate;

/**
 * What to invent.
 *
 * @param seed the same seed gives the same bytes
 * @param customers true customers, 10 to 20 million
 * @param years whole years of history, 1 to 20
 * @param endDate the last day of the history, which starts {@code years} earlier on the following day
 * @param lines sale lines to reach, at least 1; only {@link BenchmarkCompany} aims at it, a company's lines follow from its
 *     customers' habits
 * @param hasFaults whether faults are planted; without them the files are the same, less the faulty rows
 */
public record GeneratorOptions(long seed, int customers, int years, LocalDate endDate, long lines, boolean hasFaults) {

    /** Checks the bounds. */
    public GeneratorOptions {
        check(customers >= 10 && customers <= 20_000_000, "customers", "10 to 20000000", customers);
        check(years >= 1 && years <= 20, "years", "1 to 20", years);
        check(
                endDate != null && endDate.getYear() >= 1990 && endDate.getYear() <= 2090,
                "end",
                "1990 to 2090",
                endDate);
        check(lines >= 1, "lines", "at least 1", lines);
    }

    private static void check(boolean isTrue, String option, String expected, Object found) {
        if (!isTrue) {
            throw ClienteleException.configuration("%s: expected %s, found %s.", option, expected, found);
        }
    }

    /** The company of {@code data-samples/}: 2,000 customers over the three years to 2025-12-31, with faults. */
    public static GeneratorOptions sample() {
        return new GeneratorOptions(20260101L, 2_000, 3, LocalDate.of(2025, 12, 31), 50_000, true);
    }

    /** The benchmark: 10 million sale lines of 500,000 customers over the three years to 2025-12-31. */
    public static GeneratorOptions benchmark() {
        return new GeneratorOptions(20260101L, 500_000, 3, LocalDate.of(2025, 12, 31), 10_000_000, false);
    }

    /** The same with another seed. */
    public GeneratorOptions withSeed(long value) {
        return new GeneratorOptions(value, customers, years, endDate, lines, hasFaults);
    }

    /** The same with another number of customers. */
    public GeneratorOptions withCustomers(int value) {
        return new GeneratorOptions(seed, value, years, endDate, lines, hasFaults);
    }

    /** The same with another number of years. */
    public GeneratorOptions withYears(int value) {
        return new GeneratorOptions(seed, customers, value, endDate, lines, hasFaults);
    }

    /** The same with another last day. */
    public GeneratorOptions withEndDate(LocalDate value) {
        return new GeneratorOptions(seed, customers, years, value, lines, hasFaults);
    }

    /** The same with another number of sale lines to reach. */
    public GeneratorOptions withLines(long value) {
        return new GeneratorOptions(seed, customers, years, endDate, value, hasFaults);
    }

    /** The same with faults. */
    public GeneratorOptions withFaults() {
        return new GeneratorOptions(seed, customers, years, endDate, lines, true);
    }

    /** The same without faults. */
    public GeneratorOptions withoutFaults() {
        return new GeneratorOptions(seed, customers, years, endDate, lines, false);
    }

    /** The first day of the history. */
    public LocalDate startDate() {
        return endDate.plusDays(1).minusYears(years);
    }
}
