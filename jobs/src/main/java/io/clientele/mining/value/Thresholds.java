package io.clientele.mining.value;

import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.lit;

import org.apache.spark.sql.Column;

/** The values of cut points by their names; null where one is not known. */
@FunctionalInterface
interface Thresholds {
    /** The value of a cut point, a double. */
    Column of(String cut);

    /** Those that a column of maps holds. */
    static Thresholds in(Column map) {
        return cut -> element_at(map, lit(cut));
    }
}
