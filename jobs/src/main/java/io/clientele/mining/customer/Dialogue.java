package io.clientele.mining.customer;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.max_by;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.min_by;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.slice;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.math.BigDecimal;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What passed between customer and company besides purchases: one row per customer and subject, up to a date. */
final class Dialogue {
    private final At at;
    private final Customer360Config config;

    Dialogue(At at, Customer360Config config) {
        this.at = at;
        this.config = config;
    }

    /** The decision that holds at the date, per purpose and channel. */
    Dataset<Row> consents(Dataset<Row> consents) {
        return consents.where(at.holds())
                .groupBy("customer_id")
                .agg(sort_array(collect_list(struct(
                                col("purpose"),
                                col("channel"),
                                col("is_granted"),
                                col("valid_from").as("since"))))
                        .as("consents"));
    }

    Dataset<Row> cases(Dataset<Row> cases) {
        Column isOpen = col("resolved_at").isNull().or(not(at.before("resolved_at")));
        Column open = struct("opened_at", "kind", "topic", "channel", "source", "case_id");
        Column request = struct(col("opened_at"), col("topic"), col("channel"), isOpen.as("is_open"));
        Column isRequest = coalesce(col("kind"), lit("")).equalTo("request");
        Column isLateComplaint =
                coalesce(col("kind"), lit("")).equalTo("complaint").and(at.within("opened_at", config.serviceDays()));
        return known(cases)
                .where(at.before("opened_at"))
                .groupBy("customer_id")
                .agg(
                        sum(when(isOpen, 1L).otherwise(0L)).as("count_open_cases"),
                        sum(when(isLateComplaint, 1L).otherwise(0L)).as("count_complaints"),
                        max("opened_at").as("last_case_at"),
                        newest(when(isOpen, open)).as("open_cases"),
                        newest(when(isRequest, request)).as("_requests"))
                .withColumn(
                        "special_requests",
                        when(
                                org.apache
                                        .spark
                                        .sql
                                        .functions
                                        .size(col("_requests"))
                                        .gt(0),
                                col("_requests")))
                .drop("_requests");
    }

    private Column newest(Column entry) {
        return slice(sort_array(collect_list(entry), false), 1, config.cases());
    }

    Dataset<Row> satisfaction(Dataset<Row> answers) {
        Dataset<Row> given = known(answers).where(at.within("asked_at", config.serviceDays()));
        // Topics are few; a mean per topic first, so that the worst one can be named.
        return given.groupBy("customer_id", "topic")
                .agg(
                        sum(col("satisfaction_level").cast("double")).as("levels"),
                        count("satisfaction_level").as("answers"),
                        avg("satisfaction_level").as("level"),
                        max_by(col("recommend_score"), recommended()).as("recommend_score"),
                        max(recommended()).as("recommended"),
                        max("asked_at").as("last_answer_at"))
                .groupBy("customer_id")
                .agg(
                        sum("levels")
                                .divide(org.apache.spark.sql.functions.nullif(sum("answers"), lit(0)))
                                .as("satisfaction_level"),
                        min_by(
                                        col("topic"),
                                        when(
                                                col("level")
                                                        .isNotNull()
                                                        .and(col("topic").isNotNull()),
                                                struct("level", "topic")))
                                .as("least_satisfied_topic"),
                        max_by(col("recommend_score"), col("recommended")).as("recommend_score"),
                        max("last_answer_at").as("last_answer_at"));
    }

    private static Column recommended() {
        return when(col("recommend_score").isNotNull(), struct("asked_at", "source", "answer_id"));
    }

    /** What was due before the date's end and is not paid by then. Payments count for the customer's invoice of that number. */
    Dataset<Row> arrears(Dataset<Row> invoices, Dataset<Row> payments) {
        Dataset<Row> due = known(invoices)
                .where(col("due_date").lt(lit(at.date())))
                .groupBy("customer_id", "invoice_id")
                .agg(sum("amount").as("amount"), min("due_date").as("due_date"));
        Dataset<Row> paid = payments == null
                ? due.select(col("customer_id"), col("invoice_id"), lit(0).as("paid"))
                : known(payments)
                        .where(at.before("paid_at"))
                        .groupBy("customer_id", "invoice_id")
                        .agg(sum("amount").as("paid"));
        Column open = col("amount").minus(coalesce(col("paid"), lit(0)));
        return due.join(paid, new String[] {"customer_id", "invoice_id"}, "left_outer")
                .where(open.gt(col("amount")
                        .multiply(lit(BigDecimal.ONE.subtract(BigDecimal.valueOf(config.settledShare()))))))
                .groupBy("customer_id")
                .agg(
                        sum(open).as("arrears_amount"),
                        count(lit(1)).as("count_overdue_invoices"),
                        min("due_date").as("oldest_due_date"));
    }

    Dataset<Row> campaigns(Dataset<Row> contacts) {
        return known(contacts)
                .where(not(coalesce(col("is_control"), lit(false))))
                .groupBy("customer_id")
                .agg(
                        max(when(at.before("contacted_at"), col("contacted_at")))
                                .as("last_campaign_contact_at"),
                        max(when(at.before("responded_at"), col("responded_at")))
                                .as("last_campaign_response_at"));
    }

    Dataset<Row> lifeEvents(Dataset<Row> events) {
        Column order = struct("occurred_on", "kind");
        return known(events)
                .where(col("occurred_on").leq(lit(at.date())))
                .groupBy("customer_id")
                .agg(
                        max_by(col("kind"), order).as("life_event"),
                        max("occurred_on").as("life_event_date"));
    }

    private static Dataset<Row> known(Dataset<Row> rows) {
        return rows.where(col("customer_id").isNotNull());
    }
}
