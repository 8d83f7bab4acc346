package io.clientele.serving;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.round;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.to_date;
import static org.apache.spark.sql.functions.when;

import io.clientele.engine.TableRef;
import io.clientele.engine.error.ClienteleException;
import io.clientele.warehouse.CoreTables;
import io.clientele.warehouse.MartTables;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.Date;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What would follow if customers behaved otherwise, computed on the company's own figures and said with its assumption. */
public final class WhatIf {
    private static final List<String> LEVELS = List.of("inactive", "small", "medium", "big", "top");
    private static final List<String> CLASSES = List.of("platinum", "gold", "iron", "lead");
    private static final int FEWEST_CONTACTS = 30;

    private final Function<TableRef, Dataset<Row>> tables;
    private final PrintStream out;
    private final LocalDate date;
    private final Dataset<Row> segments;

    /**
     * @param tables the published rows of a table
     * @param asOf the snapshot's date; null: the latest
     * @throws ClienteleException when there is no such snapshot
     */
    public WhatIf(Function<TableRef, Dataset<Row>> tables, LocalDate asOf, PrintStream out) {
        this.tables = tables;
        this.out = out;
        Dataset<Row> all = tables.apply(MartTables.VALUE_SEGMENT);
        Date found = (asOf == null ? all : all.where(col("as_of_date").equalTo(lit(asOf))))
                .agg(max("as_of_date"))
                .first()
                .getDate(0);
        if (found == null) {
            throw ClienteleException.configuration(
                    "No customer is valued%s: a what-if needs mart.value_segment; run 'clientele run%s' first.",
                    asOf == null ? "" : " as of " + asOf, asOf == null ? "" : " --as-of " + asOf);
        }
        this.date = found.toLocalDate();
        this.segments = all.where(col("as_of_date").equalTo(lit(date)));
    }

    /** A share of each level, in percent, moves one level up and then brings that level's mean. */
    public void move(double percent) {
        Map<String, Row> levels = byKey(segments.groupBy("pyramid_level")
                .agg(
                        count(lit(1)).as("customers"),
                        sum("monetary_amount").as("sales"),
                        sum("current_value_amount").as("profit")));
        BigDecimal sales = total(levels, "sales");
        BigDecimal profit = total(levels, "profit");
        say("If %s %% of each level moved one level up, as of %s", plain(percent), date);
        say("Who moves is taken to bring what the level above brings on average instead of what the own level does.");
        List<List<String>> lines = new ArrayList<>();
        BigDecimal moreSales = BigDecimal.ZERO;
        BigDecimal moreProfit = BigDecimal.ZERO;
        for (int i = 0; i + 1 < LEVELS.size(); i++) {
            Row own = levels.get(LEVELS.get(i));
            Row up = levels.get(LEVELS.get(i + 1));
            if (own == null || up == null) {
                lines.add(List.of(
                        LEVELS.get(i),
                        LEVELS.get(i + 1),
                        "-",
                        "-",
                        "-",
                        "nobody is in " + (own == null ? LEVELS.get(i) : LEVELS.get(i + 1))));
                continue;
            }
            long moving = (long) Math.floor(Cells.count(own, "customers") * percent / 100 + 1e-9);
            BigDecimal salesGain = gain(own, up, "sales", moving);
            BigDecimal profitGain = gain(own, up, "profit", moving);
            moreSales = moreSales.add(salesGain);
            moreProfit = moreProfit.add(profitGain);
            lines.add(List.of(
                    LEVELS.get(i),
                    LEVELS.get(i + 1),
                    moving + " of " + Cells.count(own, "customers"),
                    salesGain.toPlainString(),
                    profitGain.toPlainString(),
                    moving == 0 ? "too few for one to move" : ""));
        }
        lines.add(List.of("all", "", "", moreSales.toPlainString(), moreProfit.toPlainString(), ""));
        print(List.of("from", "to", "customers", "more_sales", "more_profit", "note"), lines);
        say(
                "Sales %s %s (%s), profit %s %s (%s).",
                sales,
                signed(moreSales),
                change(moreSales, sales),
                profit,
                signed(moreProfit),
                change(moreProfit, profit));
    }

    private static BigDecimal gain(Row own, Row up, String column, long moving) {
        BigDecimal difference = mean(up, column).subtract(mean(own, column));
        return difference.multiply(BigDecimal.valueOf(moving)).setScale(2, RoundingMode.HALF_UP);
    }

    private static BigDecimal mean(Row level, String column) {
        return Cells.sum(level, column)
                .divide(BigDecimal.valueOf(Cells.count(level, "customers")), 10, RoundingMode.HALF_UP);
    }

    /**
     * Retention rises by so many points. Value: the contribution of the window, each coming year with the chance to be still
     * there, discounted: m r / (1 + d - r) (Gupta, Lehmann 2003), with r from the churn probability of each customer.
     */
    public void retention(double points, double discountPercent) {
        Dataset<Row> churn = tables.apply(MartTables.CHURN_FLAG)
                .where(col("as_of_date").equalTo(lit(date)))
                .select("customer_id", "churn_probability");
        double discount = discountPercent / 100;
        Column retention = lit(1).minus(col("churn_probability"));
        Column raised = least(retention.plus(points / 100), lit(1.0));
        Dataset<Row> valued = segments.where(col("frequency").gt(0)).join(churn, new String[] {"customer_id"}, "left");
        Map<String, Row> classes = byKey(valued.groupBy("value_class")
                .agg(
                        count(lit(1)).as("customers"),
                        count("churn_probability").as("known"),
                        sum(retention.cast("decimal(18,6)")).as("retention"),
                        sum(lifetime(retention, discount)).as("now"),
                        sum(lifetime(raised, discount)).as("then")));
        long known = classes.values().stream()
                .mapToLong(r -> Cells.count(r, "known"))
                .sum();
        long all = classes.values().stream()
                .mapToLong(r -> Cells.count(r, "customers"))
                .sum();
        say(
                "If retention rose by %s points, as of %s, discounted at %s %% a year",
                plain(points), date, plain(discountPercent));
        if (known == 0) {
            say("This cannot be computed: no active customer has a churn probability in mart.churn_flag.");
            return;
        }
        say(
                "Each active customer keeps its contribution of the last window for as long as it stays; no retention exceeds 100 %%.");
        List<List<String>> lines = new ArrayList<>();
        for (String name : CLASSES) {
            Row row = classes.get(name);
            if (row != null && Cells.count(row, "known") > 0) {
                BigDecimal now = Cells.sum(row, "now");
                BigDecimal then = Cells.sum(row, "then");
                lines.add(List.of(
                        name,
                        String.valueOf(Cells.count(row, "known")),
                        Cells.sum(row, "retention")
                                .divide(BigDecimal.valueOf(Cells.count(row, "known")), 3, RoundingMode.HALF_UP)
                                .toPlainString(),
                        now.toPlainString(),
                        then.toPlainString(),
                        then.subtract(now).toPlainString()));
            }
        }
        BigDecimal now = total(classes, "now");
        BigDecimal then = total(classes, "then");
        lines.add(List.of(
                "all",
                String.valueOf(known),
                "",
                now.toPlainString(),
                then.toPlainString(),
                then.subtract(now).toPlainString()));
        print(List.of("class", "customers", "mean_retention", "lifetime_value", "with_more_retention", "gain"), lines);
        say("Lifetime value %s %s (%s).", now, signed(then.subtract(now)), change(then.subtract(now), now));
        if (known < all) {
            say("Left out: %d active customers without a churn probability.", all - known);
        }
    }

    private static Column lifetime(Column retention, double discount) {
        return round(
                        col("current_value_amount")
                                .cast("double")
                                .multiply(retention)
                                .divide(lit(1 + discount).minus(retention)),
                        2)
                .cast("decimal(18,2)");
    }

    /**
     * A budget goes to the classes by expected gain per unit of cost, best first, one contact per customer. The gain of a contact
     * is the share of contacted customers who responded, less that of the control group, times the mean contribution of a
     * purchase day, less the mean cost of a contact; all of the company's own campaigns up to the date.
     */
    public void budget(BigDecimal budget) {
        Dataset<Row> contacts = tables.apply(CoreTables.CAMPAIGN_CONTACT)
                .where(to_date(col("contacted_at"))
                        .leq(lit(date))
                        .and(col("customer_id").isNotNull()));
        Column isControl = coalesce(col("is_control"), lit(false));
        Column isAnswer = col("responded_at").isNotNull();
        Map<String, Row> tried = byKey(contacts.join(
                        segments.select("customer_id", "value_class"), new String[] {"customer_id"}, "inner")
                .groupBy("value_class")
                .agg(
                        count(when(isControl, 1)).as("controls"),
                        count(when(isControl.and(isAnswer), 1)).as("control_answers"),
                        count(when(isControl, null).otherwise(1)).as("contacts"),
                        count(when(isControl.equalTo(false).and(isAnswer), 1)).as("answers"),
                        count(when(isControl.equalTo(false), col("cost_amount")))
                                .as("priced"),
                        sum(when(isControl.equalTo(false), col("cost_amount"))).as("cost")));
        Map<String, Row> worth = byKey(segments.groupBy("value_class")
                .agg(
                        count(lit(1)).as("customers"),
                        sum("frequency").as("days"),
                        sum("current_value_amount").as("profit")));
        say("If %s were spent on campaign contacts, as of %s", budget, date);
        Rates all = Rates.of(tried.values());
        if (all.contacts == 0 || all.priced == 0 || all.cost.signum() <= 0) {
            say(
                    "This cannot be computed: %s.",
                    all.contacts == 0
                            ? "no campaign contact of a valued customer is known"
                            : "no campaign contact has a cost above zero");
            return;
        }
        say(
                "Each customer is contacted once; a contact works as the company's campaigns did so far%s.",
                all.controls == 0 ? ", and since there is no control group every response counts as gained" : "");
        double contactCost = all.cost.doubleValue() / all.priced;
        List<Offer> offers = new ArrayList<>();
        for (String name : CLASSES) {
            Row row = worth.get(name);
            if (row != null) {
                Rates own = tried.containsKey(name) ? Rates.of(List.of(tried.get(name))) : Rates.of(List.of());
                boolean isOwn =
                        own.contacts >= FEWEST_CONTACTS && (own.controls >= FEWEST_CONTACTS || all.controls == 0);
                long days = Cells.count(row, "days");
                double perDay = days == 0 ? 0 : Cells.sum(row, "profit").doubleValue() / days;
                offers.add(new Offer(
                        name, Cells.count(row, "customers"), (isOwn ? own : all).uplift() * perDay, isOwn, days));
            }
        }
        offers.sort(Comparator.comparingDouble((Offer o) -> -o.gross).thenComparing(o -> o.name));
        BigDecimal cost = BigDecimal.valueOf(contactCost).setScale(4, RoundingMode.HALF_UP);
        BigDecimal left = budget;
        BigDecimal gained = BigDecimal.ZERO;
        List<List<String>> lines = new ArrayList<>();
        for (Offer offer : offers) {
            boolean isWorth = offer.gross > contactCost;
            long contactable = isWorth
                    ? Math.min(
                            offer.customers,
                            left.divide(cost, 0, RoundingMode.DOWN).longValue())
                    : 0;
            BigDecimal spent = cost.multiply(BigDecimal.valueOf(contactable)).setScale(2, RoundingMode.HALF_UP);
            BigDecimal gain = BigDecimal.valueOf((offer.gross - contactCost) * contactable)
                    .setScale(2, RoundingMode.HALF_UP);
            left = left.subtract(spent);
            gained = gained.add(gain);
            lines.add(List.of(
                    offer.name,
                    String.valueOf(offer.customers),
                    money(offer.gross),
                    cost.toPlainString(),
                    String.valueOf(contactable),
                    spent.toPlainString(),
                    gain.toPlainString(),
                    offer.days == 0
                            ? "nobody bought in the window"
                            : (isWorth ? "" : "a contact costs more than it brings; ")
                                    + (offer.isOwn ? "own rates" : "rates of all classes: too few contacts")));
        }
        print(
                List.of(
                        "class",
                        "customers",
                        "gain_per_contact",
                        "cost_per_contact",
                        "contacts",
                        "spent",
                        "expected_gain",
                        "note"),
                lines);
        say("Spent %s, expected gain after cost %s; %s stays unspent.", budget.subtract(left), gained, left);
    }

    private record Offer(String name, long customers, double gross, boolean isOwn, long days) {}

    /** What campaigns did. */
    private record Rates(
            long contacts, long answers, long controls, long controlAnswers, long priced, BigDecimal cost) {
        static Rates of(Iterable<Row> rows) {
            Rates sum = new Rates(0, 0, 0, 0, 0, BigDecimal.ZERO);
            for (Row row : rows) {
                sum = new Rates(
                        sum.contacts + Cells.count(row, "contacts"),
                        sum.answers + Cells.count(row, "answers"),
                        sum.controls + Cells.count(row, "controls"),
                        sum.controlAnswers + Cells.count(row, "control_answers"),
                        sum.priced + Cells.count(row, "priced"),
                        sum.cost.add(Cells.sum(row, "cost")));
            }
            return sum;
        }

        double uplift() {
            double control = controls == 0 ? 0 : (double) controlAnswers / controls;
            return contacts == 0 ? 0 : (double) answers / contacts - control;
        }
    }

    private static Map<String, Row> byKey(Dataset<Row> groups) {
        Map<String, Row> rows = new HashMap<>();
        groups.collectAsList().forEach(row -> rows.put(row.getString(0), row));
        return rows;
    }

    private static BigDecimal total(Map<String, Row> rows, String column) {
        return rows.values().stream().map(r -> Cells.sum(r, column)).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    /** A share of the whole in percent; words where there is no whole. */
    private static String change(BigDecimal more, BigDecimal whole) {
        return whole.signum() <= 0
                ? "no share: the whole is not above zero"
                : signed(more.multiply(BigDecimal.valueOf(100)).divide(whole, 1, RoundingMode.HALF_UP)) + " %";
    }

    private static String signed(BigDecimal value) {
        return (value.signum() < 0 ? "" : "+") + value.toPlainString();
    }

    private static String money(double value) {
        return BigDecimal.valueOf(value).setScale(4, RoundingMode.HALF_UP).toPlainString();
    }

    private static String plain(double value) {
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }

    private void say(String format, Object... values) {
        out.println(format.formatted(values));
    }

    private void print(List<String> header, List<List<String>> lines) {
        List<List<String>> all = new ArrayList<>(List.of(header));
        all.addAll(lines);
        int[] widths = new int[header.size()];
        all.forEach(line -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        });
        for (List<String> line : all) {
            StringBuilder text = new StringBuilder("  ");
            for (int i = 0; i < widths.length; i++) {
                text.append(line.get(i))
                        .append(" ".repeat(widths[i] - line.get(i).length() + 2));
            }
            out.println(text.toString().stripTrailing());
        }
    }
}
