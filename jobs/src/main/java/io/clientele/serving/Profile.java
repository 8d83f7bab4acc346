package io.clientele.serving;

import static io.clientele.serving.Figures.count;
import static io.clientele.serving.Figures.counted;
import static io.clientele.serving.Figures.percent;
import static io.clientele.serving.Figures.price;
import static io.clientele.serving.Figures.words;

import java.io.PrintStream;
import java.math.BigDecimal;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;

/** One row of mart.customer_360 as text for a clerk: what is not known is said so, or left out where no source speaks of it. */
public final class Profile {
    private static final int LABEL = 14;

    private final Row row;
    private final String currency;
    private final PrintStream out;

    private Profile(Row row, String currency, PrintStream out) {
        this.row = row;
        this.currency = currency;
        this.out = out;
    }

    /** Prints the row. */
    public static void print(Row row, String currency, PrintStream out) {
        new Profile(row, currency, out).print();
    }

    private void print() {
        String name = text("full_name");
        out.println((name == null ? "(no name known)" : name) + "  ·  " + text("customer_id") + "  ·  as of "
                + date("as_of_date"));
        contact();
        out.println();
        purchases();
        relation();
        service();
        offers();
    }

    private void contact() {
        String since = day("customer_since");
        line(
                "Customer",
                joined(
                        ", ",
                        text("kind"),
                        text("language") == null ? null : "speaks " + text("language"),
                        date("birth_date") == null ? null : "born " + date("birth_date"),
                        since == null ? null : "known since " + since));
        line("E-mail", text("email"));
        line("Phone", text("phone"));
        line("Address", joined(", ", text("street"), joined(" ", text("postcode"), text("city")), text("country")));
        List<Row> consents = rows("consents");
        if (consents != null) {
            line(
                    "Consent",
                    consents.isEmpty()
                            ? "none given: do not contact for marketing"
                            : consents.stream()
                                    .map(c -> "%s by %s %s since %s"
                                            .formatted(
                                                    c.getString(0),
                                                    c.getString(1),
                                                    c.getBoolean(2) ? "allowed" : "REFUSED",
                                                    day(c.getTimestamp(3))))
                                    .collect(Collectors.joining("; ")));
        }
        String event = text("life_event");
        line(
                "Life event",
                event == null ? null : words(event).toLowerCase(Locale.ROOT) + " on " + date("life_event_date"));
    }

    private void purchases() {
        long sales = number("count_sales");
        if (sales == 0) {
            line("Purchases", "none");
        } else {
            line(
                    "Purchases",
                    "%s on %s from %s to %s, %s"
                            .formatted(
                                    counted(sales, "sale", "sales"),
                                    counted(number("count_purchase_days"), "day", "days"),
                                    date("first_purchase_date"),
                                    date("last_purchase_date"),
                                    money("sales_amount")));
        }
        if (number("count_return_days") > 0) {
            line(
                    "Returns",
                    "%s on %s"
                            .formatted(
                                    money(amount("return_amount").negate()),
                                    counted(number("count_return_days"), "day", "days")));
        }
        Double gap = row.getAs("typical_gap_days");
        Integer quiet = row.getAs("gap_days");
        line(
                "Rhythm",
                joined(
                        "; ",
                        gap == null ? null : "buys every " + Math.round(gap) + " days or so",
                        quiet == null ? null : "last " + counted(quiet, "day", "days") + " ago"));
        line(
                "Likes",
                joined(
                        "; ",
                        rows("favourite_categories").stream()
                                .map(c -> c.getString(0) + " (" + counted(c.getLong(1), "sale", "sales") + ")")
                                .collect(Collectors.joining(", ")),
                        text("preferred_channel") == null ? null : "mostly by " + text("preferred_channel"),
                        text("preferred_store") == null ? null : "in " + text("preferred_store")));
    }

    private void relation() {
        String valueClass = text("value_class");
        if (valueClass != null) {
            line(
                    "Value",
                    joined(
                            ", ",
                            valueClass,
                            "class " + text("abc_class"),
                            text("pyramid_level") + " level",
                            Boolean.TRUE.equals(row.<Boolean>getAs("is_core")) ? "core customer" : null,
                            "contribution " + money("current_value_amount") + " in the value window"));
        }
        String state = text("churn_state");
        if (state != null) {
            Double probability = row.getAs("churn_probability");
            line(
                    "State",
                    joined(
                            ", ",
                            words(state).toLowerCase(Locale.ROOT),
                            text("churn_kind") == null ? null : "kind of loss: " + text("churn_kind"),
                            probability == null ? null : "risk " + percent(probability)));
            List<String> reasons = row.getList(row.fieldIndex("churn_reasons"));
            reasons.forEach(reason -> line("", reason));
        }
    }

    private void service() {
        if (row.getAs("count_open_cases") != null) {
            long open = number("count_open_cases");
            line(
                    "Cases",
                    joined(
                            "; ",
                            open == 0 ? "none open" : counted(open, "case", "cases") + " OPEN",
                            counted(number("count_complaints"), "complaint", "complaints") + " in the service window",
                            day("last_case_at") == null ? null : "last contact " + day("last_case_at")));
            rows("open_cases")
                    .forEach(c -> line(
                            "",
                            joined(
                                    ", ",
                                    "open since " + day(c.getTimestamp(0)),
                                    c.getString(1),
                                    c.getString(2) == null
                                            ? null
                                            : words(c.getString(2)).toLowerCase(Locale.ROOT),
                                    c.getString(3) == null ? null : "by " + c.getString(3),
                                    "case " + c.getString(5))));
        }
        List<Row> requests = rows("special_requests");
        if (requests != null) {
            requests.forEach(r -> line("Request", joined(", ", r.getString(1), "of " + day(r.getTimestamp(0)))));
        }
        Double level = row.getAs("satisfaction_level");
        if (level != null) {
            line(
                    "Satisfaction",
                    joined(
                            ", ",
                            String.format(Locale.ROOT, "%.1f of 5", level),
                            text("least_satisfied_topic") == null
                                    ? null
                                    : "least with "
                                            + words(text("least_satisfied_topic"))
                                                    .toLowerCase(Locale.ROOT),
                            row.getAs("recommend_score") == null
                                    ? null
                                    : "would recommend " + number("recommend_score") + " of 10",
                            day("last_answer_at") == null ? null : "last asked " + day("last_answer_at")));
        }
        if (row.getAs("arrears_amount") != null) {
            line(
                    "Arrears",
                    amount("arrears_amount").signum() == 0
                            ? "none"
                            : "%s on %s, the oldest due %s"
                                    .formatted(
                                            money("arrears_amount"),
                                            counted(number("count_overdue_invoices"), "invoice", "invoices"),
                                            dueSince()));
        }
        line(
                "Campaigns",
                joined(
                        ", ",
                        day("last_campaign_contact_at") == null
                                ? null
                                : "last contacted " + day("last_campaign_contact_at"),
                        day("last_campaign_response_at") == null
                                ? null
                                : "last answered " + day("last_campaign_response_at")));
    }

    private String dueSince() {
        Date due = row.getAs("oldest_due_date");
        Date asOf = row.getAs("as_of_date");
        return due + " (" + counted(ChronoUnit.DAYS.between(due.toLocalDate(), asOf.toLocalDate()), "day", "days")
                + " ago)";
    }

    private void offers() {
        List<Row> offers = rows("offers");
        if (offers.isEmpty()) {
            return;
        }
        out.println();
        out.println("To offer next");
        for (Row offer : offers) {
            out.println("  " + count(offer.getInt(0)) + ". "
                    + (offer.getString(2) == null
                            ? offer.getString(1)
                            : offer.getString(2) + " (" + offer.getString(1) + ")")
                    + ": " + offer.getString(3));
        }
    }

    private void line(String label, String value) {
        if (value != null && !value.isBlank()) {
            out.println(label + " ".repeat(LABEL - label.length()) + value.replace('\u00a0', ' '));
        }
    }

    private static String joined(String between, String... parts) {
        String text = Stream.of(parts)
                .filter(Objects::nonNull)
                .filter(p -> !p.isBlank())
                .collect(Collectors.joining(between));
        return text.isEmpty() ? null : text;
    }

    private String text(String column) {
        return row.getAs(column);
    }

    private long number(String column) {
        return Cells.count(row, column);
    }

    private BigDecimal amount(String column) {
        return row.getAs(column);
    }

    private String money(String column) {
        return money(amount(column));
    }

    private String money(BigDecimal amount) {
        return price(amount) + " " + currency;
    }

    private String date(String column) {
        Date date = row.getAs(column);
        return date == null ? null : date.toString();
    }

    private String day(String column) {
        return day(row.<Timestamp>getAs(column));
    }

    private static String day(Timestamp instant) {
        return instant == null
                ? null
                : instant.toInstant().atZone(ZoneOffset.UTC).toLocalDate().toString();
    }

    private List<Row> rows(String column) {
        int index = row.fieldIndex(column);
        return row.isNullAt(index) ? null : row.getList(index);
    }
}
