package io.clientele.mining.value;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.datediff;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.to_date;
import static org.apache.spark.sql.functions.when;

import java.time.LocalDate;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * How promptly customers pay, and what they never paid. Days late are the mean over the invoices that fell due in the window,
 * weighted by amount: from the due date to the last payment, or to the as-of date while the invoice is open; early is zero. Bad
 * debt is the unpaid rest of the invoices that became overdue by the set number of days within the window, less what was paid
 * too much on others of them.
 */
final class PaymentBehaviour {
    private PaymentBehaviour() {}

    /**
     * Adds {@code bad_debt_amount} (null without a source of invoices and payments, else at least 0), {@code mean_days_late}
     * (null without an invoice due in the window) and {@code count_invoices} (null like the debt).
     */
    static Dataset<Row> join(
            Dataset<Row> customers,
            Dataset<Row> invoices,
            Dataset<Row> payments,
            int badDebtDays,
            int windowDays,
            LocalDate asOf) {
        if (invoices == null || payments == null) {
            return customers
                    .withColumn("bad_debt_amount", lit(null).cast("decimal(18,2)"))
                    .withColumn("mean_days_late", lit(null).cast("double"))
                    .withColumn("count_invoices", lit(null).cast("int"));
        }
        String[] key = {"customer_id", "invoice_id"};
        Dataset<Row> paid = payments.where(col("customer_id")
                        .isNotNull()
                        .and(to_date(col("paid_at")).leq(lit(asOf))))
                .groupBy("customer_id", "invoice_id")
                .agg(sum("amount").as("paid"), max(to_date(col("paid_at"))).as("last_paid_on"));
        Column isDue = CustomerContribution.within(col("due_date"), windowDays, asOf);
        Column isLost = CustomerContribution.within(col("due_date"), windowDays, asOf.minusDays(badDebtDays));
        Dataset<Row> judged = invoices.where(
                        col("customer_id").isNotNull().and(col("amount").gt(0)).and(isDue.or(isLost)))
                .select("customer_id", "invoice_id", "due_date", "amount")
                .join(paid, key, "left")
                .withColumn("rest", col("amount").minus(coalesce(col("paid"), lit(0))))
                .withColumn(
                        "settled_on",
                        when(col("rest").leq(0), col("last_paid_on")).otherwise(lit(asOf)))
                .withColumn("days_late", greatest(datediff(col("settled_on"), col("due_date")), lit(0)))
                .groupBy("customer_id")
                .agg(
                        sum(when(isLost, col("rest"))).as("lost"),
                        count(when(isDue, 1)).as("due"),
                        sum(when(isDue, col("amount"))).as("due_amount"),
                        sum(when(isDue, col("days_late").multiply(col("amount"))))
                                .as("late"));
        return customers
                .join(judged, new String[] {"customer_id"}, "left")
                .withColumn(
                        "bad_debt_amount",
                        greatest(coalesce(col("lost"), lit(0)), lit(0)).cast("decimal(18,2)"))
                .withColumn(
                        "mean_days_late",
                        when(
                                col("due_amount").gt(0),
                                col("late")
                                        .cast("double")
                                        .divide(col("due_amount").cast("double"))))
                .withColumn("count_invoices", coalesce(col("due"), lit(0)).cast("int"));
    }
}
