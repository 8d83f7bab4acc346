package io.clientele.mining.customer;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.max_by;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.negate;
import static org.apache.spark.sql.functions.slice;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.when;

import io.clientele.engine.TableRef;
import io.clientele.warehouse.CoreTables;
import io.clientele.warehouse.CustomerTables;
import io.clientele.warehouse.MartTables;
import java.sql.Date;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.StructField;

/** The whole customer in one row, from compact tables: the work grows with customers and their days, not with sale lines. */
public final class Customer360 {
    /** What is shown only where a source speaks of it. */
    public static final List<TableRef> OPTIONAL = List.of(
            CoreTables.CONSENT,
            CoreTables.SERVICE_CASE,
            CoreTables.SURVEY_ANSWER,
            CoreTables.INVOICE,
            CoreTables.PAYMENT,
            CoreTables.CAMPAIGN_CONTACT,
            CoreTables.LIFE_EVENT);

    /** What is always there. */
    public static final List<TableRef> NEEDED = List.of(
            CoreTables.CUSTOMER,
            CoreTables.CUSTOMER_DAY,
            CustomerTables.CUSTOMER_CHOICE,
            CoreTables.PRODUCT,
            MartTables.VALUE_SEGMENT,
            MartTables.CHURN_FLAG,
            MartTables.RECOMMENDATION);

    private static final Set<String> COUNTED_WITHOUT_ROWS = Set.of(
            "count_open_cases",
            "count_complaints",
            "open_cases",
            "consents",
            "arrears_amount",
            "count_overdue_invoices");

    private final Map<TableRef, Dataset<Row>> tables;
    private final Customer360Config config;
    private final At at;

    private Customer360(Map<TableRef, Dataset<Row>> tables, Customer360Config config, LocalDate asOf) {
        this.tables = tables;
        this.config = config;
        this.at = new At(asOf);
    }

    /**
     * {@link CustomerTables#CUSTOMER_360}, sorted by customer within each partition so that one customer is
     * found without reading all.
     *
     * @param tables all rows of the {@link #NEEDED} core tables, of the marts those of the date, and of those {@link #OPTIONAL}
     *     tables that have a source
     */
    public static Dataset<Row> of(Map<TableRef, Dataset<Row>> tables, Customer360Config config, LocalDate asOf) {
        return new Customer360(tables, config, asOf).rows();
    }

    private Dataset<Row> rows() {
        Dialogue dialogue = new Dialogue(at, config);
        Dataset<Row> rows = contacts().join(purchases(), using(), "full_outer");
        for (Dataset<Row> more : List.of(habits(), value(), churn(), offers())) {
            rows = rows.join(more, using(), "left_outer");
        }
        for (TableRef table : OPTIONAL) {
            Dataset<Row> given = tables.get(table);
            if (given == null || table.equals(CoreTables.PAYMENT)) {
                continue;
            }
            Dataset<Row> more = switch (table.name()) {
                case "consent" -> dialogue.consents(given);
                case "service_case" -> dialogue.cases(given);
                case "survey_answer" -> dialogue.satisfaction(given);
                case "invoice" -> dialogue.arrears(given, tables.get(CoreTables.PAYMENT));
                case "campaign_contact" -> dialogue.campaigns(given);
                case "life_event" -> dialogue.lifeEvents(given);
                default -> throw new IllegalStateException("No columns come from " + table);
            };
            rows = rows.join(more, using(), "left_outer");
        }
        return rows.select(columns(rows)).sortWithinPartitions("customer_id");
    }

    private static String[] using() {
        return new String[] {"customer_id"};
    }

    /** All columns of the table: null where no source gives one, none where one does but not of this customer. */
    private Column[] columns(Dataset<Row> rows) {
        Set<String> given = Set.of(rows.columns());
        List<Column> columns = new ArrayList<>();
        for (StructField field : CustomerTables.CUSTOMER_360.schema().fields()) {
            String name = field.name();
            if (name.equals("as_of_date")) {
                columns.add(lit(Date.valueOf(at.date())).as(name));
                continue;
            }
            Column value = given.contains(name) ? col(name) : lit(null);
            boolean isFilled = !field.nullable() || COUNTED_WITHOUT_ROWS.contains(name);
            if (given.contains(name) && isFilled && !name.equals("customer_id")) {
                value = coalesce(value, field.dataType() instanceof ArrayType ? array() : lit(0));
            }
            columns.add(value.cast(field.dataType()).as(name));
        }
        return columns.toArray(Column[]::new);
    }

    private Dataset<Row> contacts() {
        List<String> shown = List.of(
                "kind",
                "language",
                "country",
                "birth_date",
                "phone",
                "email",
                "full_name",
                "given_name",
                "family_name",
                "street",
                "postcode",
                "city");
        Column state = struct(shown.stream().map(c -> col(c)).toArray(Column[]::new));
        return tables.get(CoreTables.CUSTOMER)
                .where(at.before("valid_from"))
                .groupBy("customer_id")
                .agg(
                        min("valid_from").as("customer_since"),
                        max(at.holds()).as("_is_held"),
                        max_by(state, col("valid_from")).as("_state"))
                // Who belongs to another customer by then has no interval that holds.
                .where(col("_is_held"))
                .select(col("customer_id"), col("customer_since"), col("_state.*"));
    }

    private Dataset<Row> purchases() {
        Column isPurchase = col("count_sales").gt(0);
        Column isReturn = col("return_amount").lt(0);
        return tables.get(CoreTables.CUSTOMER_DAY)
                .where(col("sold_on").leq(lit(Date.valueOf(at.date()))))
                .groupBy("customer_id")
                .agg(
                        min(when(isPurchase, col("sold_on"))).as("first_purchase_date"),
                        max(when(isPurchase, col("sold_on"))).as("last_purchase_date"),
                        sum("count_sales").as("count_sales"),
                        sum(when(isPurchase, 1L).otherwise(0L)).as("count_purchase_days"),
                        sum("sales_amount").as("sales_amount"),
                        sum(when(isReturn, 1L).otherwise(0L)).as("count_return_days"),
                        sum("return_amount").as("return_amount"),
                        sum("net_amount").as("net_amount"));
    }

    /** By number of sales, then money, then name. */
    private Dataset<Row> habits() {
        Column rank = struct(
                negate(col("count_sales")).as("fewer"),
                negate(col("sales_amount")).as("less"),
                col("choice").as("choice"));
        Column isCategory = col("trait").equalTo("category");
        Column ranked = slice(sort_array(collect_list(when(isCategory, rank))), 1, config.favouriteCategories());
        return tables.get(CustomerTables.CUSTOMER_CHOICE)
                .where(at.dayWithin("sold_on", config.habitDays())
                        .and(col("count_sales").gt(0))
                        .and(col("trait").isin("category", "channel", "store")))
                .groupBy("customer_id", "trait", "choice")
                .agg(sum("count_sales").as("count_sales"), sum("sales_amount").as("sales_amount"))
                .groupBy("customer_id")
                .agg(
                        transform(
                                        ranked,
                                        c -> struct(
                                                c.getField("choice").as("category"),
                                                negate(c.getField("fewer")).as("count_sales"),
                                                negate(c.getField("less")).as("sales_amount")))
                                .as("favourite_categories"),
                        preferred("channel", rank),
                        preferred("store", rank));
    }

    private static Column preferred(String trait, Column rank) {
        return min(when(col("trait").equalTo(trait), rank)).getField("choice").as("preferred_" + trait);
    }

    private Dataset<Row> value() {
        return tables.get(MartTables.VALUE_SEGMENT)
                .select(
                        "customer_id",
                        "value_class",
                        "abc_class",
                        "pyramid_level",
                        "current_value_amount",
                        "potential_value_amount",
                        "is_core");
    }

    private Dataset<Row> churn() {
        return tables.get(MartTables.CHURN_FLAG)
                .select(
                        col("customer_id"),
                        col("typical_gap_days"),
                        col("gap_days"),
                        col("state").as("churn_state"),
                        col("churn_probability"),
                        col("kind").as("churn_kind"),
                        col("reasons").as("churn_reasons"));
    }

    private Dataset<Row> offers() {
        Dataset<Row> names =
                tables.get(CoreTables.PRODUCT).where(col("is_current")).select("product_id", "name");
        return tables.get(MartTables.RECOMMENDATION)
                .where(col("rank").leq(config.offers()))
                .join(names, new String[] {"product_id"}, "left_outer")
                .groupBy("customer_id")
                .agg(sort_array(collect_list(struct("rank", "product_id", "name", "because")))
                        .as("offers"));
    }
}
