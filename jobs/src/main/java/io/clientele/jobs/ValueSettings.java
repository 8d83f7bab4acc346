package io.clientele.jobs;

import io.clientele.mining.value.ContributionConfig;
import io.clientele.mining.value.HeadroomConfig;
import io.clientele.mining.value.MigrationConfig;
import io.clientele.mining.value.ValueConfig;

/**
 * How customers are valued.
 *
 * @param contribution the file {@code jobs/customer-contribution.yml} of a configuration
 * @param headroom the file {@code jobs/category-headroom.yml}
 * @param value the file {@code jobs/value-segment.yml}
 * @param migration the file {@code jobs/value-migration.yml}
 * @param isReferralTold whether a source says who brought whom
 */
record ValueSettings(
        ContributionConfig contribution,
        HeadroomConfig headroom,
        ValueConfig value,
        MigrationConfig migration,
        boolean isReferralTold) {}
