package io.clientele.integrate;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.filter;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_date;
import static org.apache.spark.sql.functions.try_element_at;

import io.clientele.engine.TableRef;
import io.clientele.warehouse.CoreTables;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Facts about customers: each row of a subject gets the customer behind its source's key. */
public final class CustomerFacts {
    private CustomerFacts() {}

    /**
     * Rows of a subject with {@code customer_id}: the customer to whom ({@code customer_source}, {@code source_customer_key})
     * belongs now; null where the row names none or an unknown one. Keeps all columns.
     */
    public static Dataset<Row> withCustomer(Dataset<Row> rows, Dataset<Row> identity) {
        Dataset<Row> current = identity.where(col("is_current"))
                .select(col("source").as("_source"), col("source_customer_key").as("_key"), col("customer_id"));
        return rows.join(
                        current,
                        coalesce(rows.col("customer_source"), rows.col("source"))
                                .equalTo(col("_source"))
                                .and(rows.col("source_customer_key").equalTo(col("_key"))),
                        "left_outer")
                .drop("_source", "_key");
    }

    /** {@link #withCustomer}, in the columns of a core table that needs nothing else. */
    public static Dataset<Row> attach(Dataset<Row> rows, Dataset<Row> identity, TableRef table) {
        return withCustomer(rows, identity)
                .select(Customers.columns(table.schema().fieldNames()));
    }

    /**
     * Payments: where the payment itself names no customer, the one of its invoice: of the same source, else of the only
     * customer who has an invoice of that number.
     */
    public static Dataset<Row> payments(Dataset<Row> rows, Dataset<Row> identity, Dataset<Row> invoices) {
        Dataset<Row> owners = invoices.where(col("customer_id").isNotNull());
        Dataset<Row> ofSource =
                owners.groupBy("source", "invoice_id").agg(min("customer_id").as("_of_source"));
        Dataset<Row> anywhere = owners.groupBy("invoice_id")
                .agg(min("customer_id").as("_anywhere"), max("customer_id").as("_other"))
                .where(col("_anywhere").equalTo(col("_other")))
                .drop("_other");
        return withCustomer(rows, identity)
                .join(ofSource, new String[] {"source", "invoice_id"}, "left_outer")
                .join(anywhere, new String[] {"invoice_id"}, "left_outer")
                .withColumn("customer_id", coalesce(col("customer_id"), col("_of_source"), col("_anywhere")))
                .select(Customers.columns(CoreTables.PAYMENT.schema().fieldNames()));
    }

    /**
     * {@link CoreTables#CONSENT} of the customers concerned from all of their decisions. Decisions at the same instant: a
     * refusal wins, so consent fails closed.
     */
    public static Dataset<Row> consents(Dataset<Row> rows, Dataset<Row> identity) {
        return Histories.intervals(
                        withCustomer(rows, identity)
                                .where(col("customer_id")
                                        .isNotNull()
                                        .and(col("is_granted").isNotNull()))
                                .withColumn(
                                        "origin",
                                        struct(col("source"), col("batch_id"), col("source_file"), col("source_row"))),
                        List.of("customer_id", "purpose", "channel"),
                        "decided_at",
                        List.of("is_granted"),
                        List.of("origin"),
                        struct(not(col("is_granted")), col("source"), col("source_file"), col("source_row")))
                .select(
                        "customer_id",
                        "purpose",
                        "channel",
                        "is_granted",
                        "valid_from",
                        "valid_to",
                        "is_current",
                        "origin.*")
                .select(Customers.columns(CoreTables.CONSENT.schema().fieldNames()));
    }

    /**
     * {@link CoreTables#SALE_LINE} and {@code is_correction}. The day of a sale is its UTC date; a line is a return when its source says so or its
     * quantity is negative; its cost is the stated one, else quantity times the product's unit cost at that time (its first
     * known one for earlier sales), else null.
     *
     * @param rows subject sale_line
     * @param identity all rows of {@link CoreTables#IDENTITY}
     * @param products all rows of {@link CoreTables#PRODUCT}
     */
    public static Dataset<Row> saleLines(Dataset<Row> rows, Dataset<Row> identity, Dataset<Row> products) {
        Dataset<Row> costs = products.where(col("unit_cost_amount").isNotNull())
                .groupBy("product_id")
                .agg(sort_array(collect_list(struct(col("valid_from"), col("unit_cost_amount"))))
                        .as("_costs"));
        Column past = filter(col("_costs"), c -> c.getField("valid_from").leq(col("sold_at")));
        Column unitCost = coalesce(
                try_element_at(past, lit(-1)).getField("unit_cost_amount"),
                try_element_at(col("_costs"), lit(1)).getField("unit_cost_amount"));
        return withCustomer(rows, identity)
                .join(costs, new String[] {"product_id"}, "left_outer")
                .withColumn("sold_on", to_date(col("sold_at")))
                .withColumn(
                        "cost_amount",
                        coalesce(
                                col("cost_amount"),
                                col("quantity").multiply(unitCost).cast("decimal(18,4)")))
                .withColumn(
                        "is_return", coalesce(col("is_return"), col("quantity").lt(0), lit(false)))
                .withColumn("customer_source", coalesce(col("customer_source"), col("source")))
                .select(withCorrection(
                        Customers.columns(CoreTables.SALE_LINE.schema().fieldNames())));
    }

    private static Column[] withCorrection(Column... columns) {
        Column[] all = java.util.Arrays.copyOf(columns, columns.length + 1);
        all[columns.length] = col("is_correction");
        return all;
    }

    /**
     * The sale lines whose customer is another one now that identities changed, with the new customer and {@code is_correction} true.
     *
     * @param saleLines all rows of {@link CoreTables#SALE_LINE}
     * @param moved current identity rows that changed since the lines were written
     */
    public static Dataset<Row> redirected(Dataset<Row> saleLines, Dataset<Row> moved) {
        Dataset<Row> now = moved.select(
                col("source").as("customer_source"),
                col("source_customer_key"),
                col("customer_id").as("_customer_id"));
        return saleLines
                .join(now, new String[] {"customer_source", "source_customer_key"}, "inner")
                .where(not(col("customer_id").eqNullSafe(col("_customer_id"))))
                .withColumn("customer_id", col("_customer_id"))
                .withColumn("is_correction", lit(true))
                .select(withCorrection(
                        Customers.columns(CoreTables.SALE_LINE.schema().fieldNames())));
    }
}
