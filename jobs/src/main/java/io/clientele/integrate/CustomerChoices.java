package io.clientele.integrate;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.clientele.engine.Reuse;
import io.clientele.warehouse.CustomerTables;
import io.clientele.warehouse.Totals;
import java.math.BigInteger;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import scala.math.BigInt;

/** What customers choose and how sales are tied to them, by day, so that no mart reads all lines. */
public final class CustomerChoices {
    /** Of lines as they are stored, compressed. */
    private static final long BYTES_A_PARTITION = 16L << 20;

    private CustomerChoices() {}

    /**
     * {@link CustomerTables#CUSTOMER_CHOICE}. A sale with several channels or stores counts for the first in the alphabet.
     *
     * @param saleLines all lines of the days asked for
     * @param products all rows of core.product
     */
    public static Dataset<Row> of(Dataset<Row> saleLines, Dataset<Row> products) {
        Dataset<Row> known = saleLines.where(col("customer_id").isNotNull());
        Dataset<Row> categories = products.where(col("is_current").and(not(col("is_service"))))
                .select(col("product_id"), col("category"));
        Dataset<Row> choices = Reuse.of(choices(known, categories));
        Column isSold = not(col("is_return"));
        // Sent to their customers once, where all groupings then stay; doubled after that, one row for the
        // category and one for the sale, so that the lines are read once.
        Dataset<Row> lines = known.join(
                        broadcast(coded(categories, choices, "category")), new String[] {"product_id"}, "left_outer")
                .withColumn("channel", when(isSold, col("channel")))
                .withColumn("store", when(isSold, col("store")));
        for (String trait : List.of("channel", "store", "source")) {
            lines = coded(lines, choices, trait);
        }
        lines = lines.select(
                        col("customer_id"),
                        col("sold_on"),
                        col("source_code"),
                        col("sale_id"),
                        col("category_code"),
                        isSold.as("is_sold"),
                        col("channel_code"),
                        col("store_code"),
                        coalesce(Totals.parts(col("net_amount")), lit(0L)).as("net"),
                        Totals.parts(col("cost_amount")).as("cost"))
                .repartition(partitions(known), col("customer_id"))
                .withColumn("is_sale", explode(array(lit(true), lit(false))))
                .where(col("is_sale").or(col("category_code").isNotNull()))
                .withColumn("category_code", when(not(col("is_sale")), col("category_code")));
        // Summed per sale first, so that sales are counted without a distinct.
        Dataset<Row> ofSale = lines.groupBy("customer_id", "sold_on", "source_code", "sale_id", "category_code")
                .agg(
                        max("is_sold").as("is_sold"),
                        min("channel_code").as("channel_code"),
                        min("store_code").as("store_code"),
                        Totals.sum(when(col("is_sold"), col("net")).otherwise(lit(0L)))
                                .as("amount"),
                        Totals.sum(col("net")).as("net"),
                        Totals.sum(when(col("cost").isNotNull(), col("net"))).as("costed_net"),
                        Totals.sum(col("cost")).as("cost"));
        Column isCategory = col("category_code").isNotNull();
        return ofSale.where(isCategory.or(col("is_sold")))
                .select(
                        col("customer_id"),
                        col("sold_on"),
                        explode(when(isCategory, array(col("category_code")))
                                        .otherwise(array(col("channel_code"), col("store_code"), col("source_code"))))
                                .as("code"),
                        col("is_sold"),
                        col("amount"),
                        when(isCategory, col("net")).as("net"),
                        when(isCategory, col("costed_net")).as("costed_net"),
                        when(isCategory, col("cost")).as("cost"))
                .where(col("code").isNotNull())
                .groupBy("customer_id", "sold_on", "code")
                .agg(
                        sum(when(col("is_sold"), 1).otherwise(0)).cast("int").as("count_sales"),
                        Totals.total(col("amount")).as("sales_amount"),
                        Totals.total(col("net")).as("net_amount"),
                        Totals.total(col("costed_net")).as("costed_net_amount"),
                        Totals.total(col("cost")).as("cost_amount"))
                .join(broadcast(choices), "code")
                .select(Customers.columns(
                        CustomerTables.CUSTOMER_CHOICE.schema().fieldNames()))
                // Who asks for one trait passes over the others.
                .sortWithinPartitions("trait", "customer_id");
    }

    /**
     * {@code trait, choice, code} of all that can be chosen, as many as there are stores and categories; codes rise with the
     * alphabet within a trait. Of numbers the least is found by hashing, of texts only by sorting all lines.
     */
    private static Dataset<Row> choices(Dataset<Row> lines, Dataset<Row> categories) {
        Dataset<Row> ofLines = lines.select("channel", "store", "source")
                .distinct()
                .select(explode(array(choice("channel"), choice("store"), choice("source")))
                        .as("chosen"));
        return ofLines.union(categories.select(choice("category").as("chosen")))
                .select("chosen.trait", "chosen.choice")
                .where(col("choice").isNotNull())
                .distinct()
                .withColumn(
                        "code",
                        row_number()
                                .over(Window.partitionBy(lit(0))
                                        .orderBy(
                                                col("trait").asc(),
                                                col("choice").asc())));
    }

    private static Column choice(String trait) {
        return struct(lit(trait).as("trait"), col(trait).as("choice"));
    }

    /** The rows with the code of their {@code trait} as {@code <trait>_code}; null stays null. */
    private static Dataset<Row> coded(Dataset<Row> rows, Dataset<Row> choices, String trait) {
        return rows.join(
                broadcast(choices.where(col("trait").equalTo(trait))
                        .select(col("choice").as(trait), col("code").as(trait + "_code"))),
                new String[] {trait},
                "left_outer");
    }

    /** So many that the sums of each fit in memory beside one another. */
    private static int partitions(Dataset<Row> lines) {
        BigInt bytes = ((org.apache.spark.sql.classic.Dataset<Row>) lines)
                .queryExecution()
                .optimizedPlan()
                .stats()
                .sizeInBytes();
        long parts =
                bytes.bigInteger().divide(BigInteger.valueOf(BYTES_A_PARTITION)).longValue();
        return (int)
                Math.min(Math.max(parts, lines.sparkSession().sparkContext().defaultParallelism()), 10_000);
    }

    /** {@link CustomerTables#SOURCE_DAY} of the days whose lines are given. */
    public static Dataset<Row> sourceDays(Dataset<Row> saleLines) {
        return saleLines
                .where(not(col("is_return")))
                .groupBy("source", "sold_on", "sale_id")
                .agg(
                        max(col("customer_id").isNotNull()).as("is_known"),
                        sum(coalesce(col("net_amount"), lit(0))).as("amount"))
                .groupBy("source", "sold_on")
                .agg(
                        count(lit(1)).as("count_sales"),
                        sum(when(col("is_known"), 1L).otherwise(0L)).as("count_known_sales"),
                        sum("amount").cast("decimal(18,4)").as("sales_amount"),
                        sum(when(col("is_known"), col("amount")).otherwise(lit(0)))
                                .cast("decimal(18,4)")
                                .as("known_sales_amount"))
                .select(Customers.columns(CustomerTables.SOURCE_DAY.schema().fieldNames()));
    }

    /**
     * {@code product_id} of the products that are classed otherwise than before: new ones, and those whose category changed or
     * that became a service or ceased to be one. The days on which they were sold are to be made again.
     *
     * @param changes rows of core.product that changed, with {@code _change_type}
     * @param products all rows of core.product
     */
    public static Dataset<Row> reclassed(Dataset<Row> changes, Dataset<Row> products) {
        Column classed = when(not(col("is_service")), col("category"));
        Dataset<Row> before = changes.where(col("is_current")
                        .and(col("_change_type").isInCollection(java.util.List.of("update_preimage", "delete"))))
                .select(col("product_id"), classed.as("_before"));
        Dataset<Row> now =
                products.where(col("is_current")).select(col("product_id"), classed.as("_now"), lit(1).as("_is"));
        return changes.select("product_id")
                .distinct()
                .join(before.withColumn("_was", lit(1)), new String[] {"product_id"}, "left_outer")
                .join(now, new String[] {"product_id"}, "left_outer")
                .where(not(col("_before").eqNullSafe(col("_now")))
                        .or(col("_was").isNull()))
                .select("product_id")
                .distinct();
    }
}
