package io.clientele.integrate;

import static org.apache.spark.sql.functions.bool_or;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.when;

import io.clientele.engine.Reuse;
import io.clientele.warehouse.CoreTables;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The customer as all of its source records together describe it, with history. */
public final class Customers {
    private Customers() {}

    /**
     * {@link CoreTables#CUSTOMER} of the customers in {@code touched}, made anew from all of their records: a late record lands
     * in its interval, and neither the order of delivery nor a replay makes a difference.
     *
     * @param customerRecords all rows of {@link CoreTables#CUSTOMER_RECORD}
     * @param identity all rows of {@link CoreTables#IDENTITY}
     * @param touched {@code customer_id} of the customers to make; null for all
     * @param survivorship which record gives each field
     */
    public static Dataset<Row> history(
            Dataset<Row> customerRecords, Dataset<Row> identity, Dataset<Row> touched, Survivorship survivorship) {
        Dataset<Row> members = identity.where(col("is_current")).select("source", "source_customer_key", "customer_id");
        if (touched != null) {
            members = Reuse.settled(members.join(touched.select("customer_id").distinct(), "customer_id"));
        }
        Dataset<Row> observations =
                customerRecords.join(members, new String[] {"source", "source_customer_key"}, "inner");
        return Histories.ofStates(
                        Survivors.states(observations, survivorship),
                        List.of("customer_id"),
                        "recorded_at",
                        Survivors.attributes())
                .select(columns(CoreTables.CUSTOMER.schema().fieldNames()));
    }

    /**
     * The histories of customers that have no record left, since another customer took them all in: their last interval is
     * closed at the time of that.
     *
     * @param customers all rows of {@link CoreTables#CUSTOMER}
     * @param identity all rows of {@link CoreTables#IDENTITY}
     */
    public static Dataset<Row> closed(Dataset<Row> customers, Dataset<Row> identity) {
        Dataset<Row> gone = identity.groupBy("customer_id")
                .agg(bool_or(col("is_current")).as("_lives"), max("valid_to").as("_ended"))
                .where(not(col("_lives")))
                .select("customer_id", "_ended");
        Dataset<Row> open = customers.where(col("is_current")).select("customer_id");
        Column end = greatest(col("_ended"), col("valid_from").plus(expr("INTERVAL 1 SECOND")));
        return customers
                .join(gone, "customer_id")
                .join(open, new String[] {"customer_id"}, "left_semi")
                .withColumn("valid_to", when(col("is_current"), end).otherwise(col("valid_to")))
                .withColumn("is_current", lit(false))
                .select(columns(CoreTables.CUSTOMER.schema().fieldNames()));
    }

    static Column[] columns(String[] names) {
        return Arrays.stream(names).map(c -> col(c)).toArray(Column[]::new);
    }
}
