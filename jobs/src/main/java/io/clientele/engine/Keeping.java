package io.clientele.engine;

/** How a table keeps what a job writes to it. Each way makes writing the same rows again harmless. */
public enum Keeping {
    /** Rows are added. The runner discards unpublished ones before a job runs, so that a rerun does not add twice. */
    APPEND,
    /** Rows replace those with the same key; others stay. */
    UPSERT,
    /**
     * Rows replace <em>all</em> rows whose {@link TableRef#slice() slice column} holds one of the written values, for
     * example every row of a day or of a customer; other slices stay. A slice with no rows left is not removed by this.
     */
    SLICE,
    /** Rows of one as-of date replace that date's slice, even by nothing; other dates stay. */
    SNAPSHOT,
    /** Rows replace the whole table. */
    REPLACE
}
