package io.clientele.engine;

/** The four databases of a warehouse, in the order in which data flows through them. */
public enum Database {
    /** What came: records as delivered. */
    RAW,
    /** What is true: cleaned, integrated, with history. */
    CORE,
    /** What it means: snapshots by as-of date. */
    MART,
    /** How we know: runs, balances, refused records, checks. */
    OPS;

    /** The name that people type in SQL, in lower case. */
    public String sqlName() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
