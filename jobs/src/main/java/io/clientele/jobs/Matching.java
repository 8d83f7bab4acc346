package io.clientele.jobs;

import io.clientele.identity.Decisions;
import io.clientele.identity.MatchConfig;

/** How records are matched: {@code jobs/identity.yml} and {@code identity-decisions.csv} of a configuration. */
public record Matching(MatchConfig config, Decisions decisions) {}
