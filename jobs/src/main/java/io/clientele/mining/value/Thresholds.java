package io.clientele.mining.value;

import org.apache.spark.sql.Column;

/** The values of cut points by their names; null where one is not known. */
@FunctionalInterface
interface Thresholds {
    /** The value of a cut point, a double. */
    Column of(String cut);
}
