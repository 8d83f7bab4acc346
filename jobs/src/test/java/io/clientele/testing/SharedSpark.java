package io.clientele.testing;

import io.clientele.engine.Sessions;
import org.apache.spark.sql.SparkSession;

/** The one Spark session that all tests share; it lives until the JVM ends. */
public final class SharedSpark {
    private static SparkSession session;

    private SharedSpark() {}

    /** Whether any test has asked for the session so far. */
    public static synchronized boolean isStarted() {
        return session != null;
    }

    /**
     * The session, started on first use with two cores and two shuffle partitions; the calling thread's active one, also where
     * another thread started it.
     */
    public static synchronized SparkSession session() {
        if (session == null) {
            session = Sessions.builder("clientele-tests")
                    .master("local[2]")
                    .config("spark.sql.shuffle.partitions", "2")
                    .config("spark.sql.warehouse.dir", "target/spark-warehouse")
                    .getOrCreate();
        }
        SparkSession.setActiveSession(session);
        return session;
    }
}
