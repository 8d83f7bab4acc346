package io.clientele.mining.value;

import io.clientele.mining.Bounds;
import java.time.LocalDate;

/**
 * With which earlier snapshot a date is compared.
 *
 * @param compareDays the latest snapshot that lies at least so many days before the date, 1 to 36500; default 1
 * @param fromDate the one snapshot with which all later dates are compared; null, the default: see {@code compare-days}
 */
public record MigrationConfig(int compareDays, LocalDate fromDate) {
    public MigrationConfig {
        Bounds.within("compare-days", compareDays, 1, 36_500);
    }

    /** The snapshot before. */
    public static MigrationConfig defaults() {
        return new MigrationConfig(1, null);
    }
}
