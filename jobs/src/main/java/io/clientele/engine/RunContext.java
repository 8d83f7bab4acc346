package io.clientele.engine;

import java.time.Instant;
import java.time.LocalDate;

/**
 * What a job may know of the run it is part of.
 *
 * @param runId the run
 * @param startedAt when it started; only for columns such as {@code loaded_at} that say so
 * @param asOf the date for which dated jobs compute; null for others
 */
public record RunContext(String runId, Instant startedAt, LocalDate asOf) {}
