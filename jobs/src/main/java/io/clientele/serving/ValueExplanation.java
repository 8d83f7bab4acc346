package io.clientele.serving;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.to_date;

import io.clientele.engine.TableRef;
import io.clientele.warehouse.CoreTables;
import io.clientele.warehouse.MartTables;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** From a customer's contribution to its amounts and the delivered lines behind each of them. */
final class ValueExplanation {
    private static final int MOST_LINES = 10;

    private final Function<TableRef, Dataset<Row>> tables;
    private final PrintStream out;

    ValueExplanation(Function<TableRef, Dataset<Row>> tables, PrintStream out) {
        this.tables = tables;
        this.out = out;
    }

    void contribution(String customerId, LocalDate date) {
        List<Row> found = tables.apply(MartTables.CUSTOMER_CONTRIBUTION)
                .where(col("customer_id")
                        .equalTo(customerId)
                        .and(col("as_of_date").equalTo(lit(date))))
                .limit(1)
                .collectAsList();
        if (found.isEmpty()) {
            out.println("Of " + customerId + " no contribution is kept as of " + date + ".\n");
            return;
        }
        Row row = found.get(0);
        int days = row.<Integer>getAs("window_days");
        out.println("What the contribution is made of, over the " + days + " days up to " + date);
        amount("sales at list prices", row, "list_sales_amount", false);
        amount("discounts", row, "discount_amount", true);
        amount("returns", row, "return_amount", false);
        amount("cost of goods", row, "goods_cost_amount", true);
        amount("service cases (" + known(row, "count_cases") + ")", row, "case_cost_amount", true);
        amount("compensation", row, "compensation_amount", true);
        amount("deliveries (" + known(row, "count_deliveries") + ")", row, "delivery_cost_amount", true);
        amount("campaign contacts (" + known(row, "count_campaign_contacts") + ")", row, "campaign_cost_amount", true);
        amount("bad debt", row, "bad_debt_amount", true);
        amount("contribution", row, "contribution_amount", false);
        List<String> leftOut = row.getList(row.fieldIndex("left_out"));
        leftOut.forEach(what -> out.println("  left out: " + what));
        lines(customerId, date, days);
    }

    private void lines(String customerId, LocalDate date, int days) {
        print(
                "The latest sale lines of these days",
                CoreTables.SALE_LINE,
                customerId,
                within(col("sold_on"), date, days),
                "sold_on",
                "source",
                "sale_id",
                "line_number",
                "product_id",
                "net_amount",
                "discount_amount",
                "cost_amount",
                "source_file",
                "source_row");
        print(
                "The latest service cases",
                CoreTables.SERVICE_CASE,
                customerId,
                within(to_date(col("opened_at")), date, days),
                "opened_at",
                "case_id",
                "kind",
                "topic",
                "compensation_amount",
                "source_file",
                "source_row");
        print(
                "The latest campaign contacts",
                CoreTables.CAMPAIGN_CONTACT,
                customerId,
                within(to_date(col("contacted_at")), date, days)
                        .and(coalesce(col("is_control"), lit(false)).equalTo(false)),
                "contacted_at",
                "campaign_id",
                "contact_id",
                "cost_amount",
                "source_file",
                "source_row");
        invoices(customerId, date, days);
        Dataset<Row> referrals = tables.apply(MartTables.REFERRAL)
                .where(col("customer_id")
                        .equalTo(customerId)
                        .and(col("as_of_date").equalTo(lit(date))))
                .select("referred_customer_id", "referred_at", "contribution_amount")
                .orderBy("referred_customer_id");
        if (!referrals.isEmpty()) {
            out.println("\nWhom it brought; their contribution is in no amount above");
            RowsText.print(referrals, RowsText.Format.TABLE, MOST_LINES, out);
        }
        out.println();
    }

    private void invoices(String customerId, LocalDate date, int days) {
        Dataset<Row> paid = tables.apply(CoreTables.PAYMENT)
                .where(col("customer_id")
                        .equalTo(customerId)
                        .and(to_date(col("paid_at")).leq(lit(date))))
                .groupBy("invoice_id")
                .agg(sum("amount").as("paid_amount"), max("paid_at").as("last_paid_at"));
        Dataset<Row> invoices = tables.apply(CoreTables.INVOICE)
                .where(col("customer_id")
                        .equalTo(customerId)
                        .and(col("due_date").leq(lit(date))))
                .join(paid, new String[] {"invoice_id"}, "left")
                .where(within(col("due_date"), date, days)
                        .or(coalesce(col("paid_amount"), lit(0)).lt(col("amount"))))
                .select("due_date", "invoice_id", "amount", "paid_amount", "last_paid_at", "source_file", "source_row")
                .orderBy(col("due_date").desc(), col("invoice_id"));
        if (!invoices.isEmpty()) {
            out.println("\nThe latest invoices of these days, and what is open of earlier ones");
            RowsText.print(invoices.limit(MOST_LINES), RowsText.Format.TABLE, MOST_LINES, out);
        }
    }

    private void print(String title, TableRef table, String customerId, Column inWindow, String by, String... columns) {
        Dataset<Row> rows =
                tables.apply(table).where(col("customer_id").equalTo(customerId).and(inWindow));
        if (rows.isEmpty()) {
            return;
        }
        out.println("\n" + title);
        RowsText.print(
                rows.select(by, columns)
                        .orderBy(col(by).desc(), col(columns[0]), col(columns[1]))
                        .limit(MOST_LINES),
                RowsText.Format.TABLE,
                MOST_LINES,
                out);
    }

    private static Column within(Column day, LocalDate date, int days) {
        return day.gt(lit(date.minusDays(days))).and(day.leq(lit(date)));
    }

    private static String known(Row row, String column) {
        return row.getAs(column) == null ? "not known" : row.getAs(column).toString();
    }

    private void amount(String name, Row row, String column, boolean isTakenOff) {
        BigDecimal value = row.getAs(column);
        String text = value == null
                ? "not known"
                : (isTakenOff && value.signum() != 0 ? value.negate() : value).toPlainString();
        out.println("  " + name + " ".repeat(Math.max(1, 34 - name.length()))
                + " ".repeat(Math.max(0, 14 - text.length())) + text);
    }
}
