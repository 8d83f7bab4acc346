package io.clientele.mining.customer;

import io.clientele.mining.Bounds;

/**
 * How far back the capture scorecard looks.
 *
 * @param months calendar months up to and including the as-of date's; default 12
 */
public record CaptureConfig(int months) {
    public CaptureConfig {
        Bounds.within("months", months, 1, 1200);
    }

    /** A year. */
    public static CaptureConfig defaults() {
        return new CaptureConfig(12);
    }
}
