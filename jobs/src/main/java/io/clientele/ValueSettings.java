package io.clientele;

import io.clientele.mining.value.ContributionConfig;
import io.clientele.mining.value.ValueConfig;

/**
 * How customers are valued.
 *
 * @param contribution the file {@code jobs/customer-contribution.yml} of a configuration
 * @param value the file {@code jobs/value-segment.yml}
 */
record ValueSettings(ContributionConfig contribution, ValueConfig value) {}
