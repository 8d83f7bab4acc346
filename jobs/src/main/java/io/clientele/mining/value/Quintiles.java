package io.clientele.mining.value;

/** How the scores of recency, frequency and monetary value relate. */
public enum Quintiles {
    /** Each score splits all active customers into fifths. */
    INDEPENDENT,
    /** Frequency splits each fifth of recency, and monetary value each cell of both, into fifths of their own (Hughes 1994). */
    NESTED
}
