package io.clientele.engine;

import org.apache.spark.sql.SparkSessionExtensions;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/** What this program adds to Spark's planner; {@link Sessions} names it to the session. */
public final class SparkExtensions extends AbstractFunction1<SparkSessionExtensions, BoxedUnit> {
    @Override
    public BoxedUnit apply(SparkSessionExtensions extensions) {
        extensions.injectColumnar(session -> new OnePassAggregates.Last());
        return BoxedUnit.UNIT;
    }
}
