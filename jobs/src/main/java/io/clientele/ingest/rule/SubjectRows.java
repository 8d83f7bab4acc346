package io.clientele.ingest.rule;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.clientele.ingest.CurrencyRates;
import io.clientele.ingest.mapping.Expressions;
import io.clientele.ingest.mapping.SourceMapping;
import io.clientele.ingest.mapping.SubjectMapping;
import io.clientele.warehouse.Subject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;

/** What accepted records say about a subject. */
public final class SubjectRows {
    private static final List<String> TRACE =
            List.of("batch_id", "loaded_at", "source_file", "source_row", "is_correction");

    private SubjectRows() {}

    /**
     * Rows in the subject's columns, amounts in the reporting currency, then {@code source, customer_source, batch_id,
     * loaded_at, source_file, source_row, is_correction}. Where the subject has a channel and the mapping gives none or null, the
     * source's applies. Rows about customers whose key is null are left out: they say nothing.
     *
     * @param accepted accepted rows of the raw table
     */
    public static Dataset<Row> of(Dataset<Row> accepted, SourceMapping mapping, Subject subject, CurrencyRates rates) {
        SubjectMapping columns = mapping.subjects().get(subject);
        if (columns == null) {
            throw new IllegalArgumentException("Source " + mapping.name() + " says nothing about " + subject.key());
        }
        Expressions expressions = new Expressions(accepted.sparkSession(), mapping.timeZone());
        Dataset<Row> rows = exploded(Parsing.parse(accepted, mapping), columns, expressions);
        if (columns.when() != null) {
            rows = rows.where(expressions.column(columns.when()));
        }
        List<Column> selected = new ArrayList<>();
        for (StructField field : subject.schema().fields()) {
            selected.add(value(field, columns, mapping, expressions).as("_s_" + field.name()));
        }
        boolean hasMoney = columns.columns().keySet().stream().anyMatch(subject.amounts()::contains);
        if (hasMoney) {
            selected.add(Parsing.currency(mapping, expressions).as("_currency"));
        }
        for (String trace : TRACE) {
            selected.add(col(trace));
        }
        Dataset<Row> said = rows.select(selected.toArray(Column[]::new));
        List<Column> converted = new ArrayList<>();
        for (StructField field : subject.schema().fields()) {
            Column value = col("_s_" + field.name());
            if (hasMoney && subject.amounts().contains(field.name())) {
                Column factor = rates.factor(
                        col("_currency"), col("_s_" + dateOf(subject)).cast("date"));
                value = mapping.hasOneCurrency() && mapping.currency().equals(rates.reportingCurrency())
                        ? value
                        : value.multiply(factor).cast(field.dataType());
            }
            converted.add(value.as(field.name()));
        }
        String customers = columns.customerOf() == null ? mapping.name() : columns.customerOf();
        converted.add(lit(mapping.name()).as("source"));
        converted.add(lit(customers).as("customer_source"));
        for (String trace : TRACE) {
            converted.add(col(trace));
        }
        Dataset<Row> result = said.select(converted.toArray(Column[]::new));
        return isOptional(subject) ? result.where(col("source_customer_key").isNotNull()) : result;
    }

    private static Dataset<Row> exploded(Dataset<Row> parsed, SubjectMapping columns, Expressions expressions) {
        if (columns.explode() == null) {
            return parsed;
        }
        return parsed.select(
                        col("*"),
                        functions
                                .posexplode(expressions.column(columns.explode()))
                                .as(new String[] {"_pos", "item"}))
                .withColumn("item_number", col("_pos").plus(1));
    }

    private static Column value(
            StructField field, SubjectMapping columns, SourceMapping mapping, Expressions expressions) {
        String sql = columns.columns().get(field.name());
        Column value = sql == null
                ? lit(null).cast(field.dataType())
                : expressions.column(sql).cast(field.dataType());
        return field.name().equals("channel") && sql == null
                ? lit(mapping.channel())
                : field.name().equals("channel") ? coalesce(value, lit(mapping.channel())) : value;
    }

    /** The column whose date decides about the rate. */
    private static String dateOf(Subject subject) {
        return switch (subject) {
            case PRODUCT -> "recorded_at";
            case SALE_LINE -> "sold_at";
            case INVOICE -> "issued_on";
            case PAYMENT -> "paid_at";
            case SERVICE_CASE -> "opened_at";
            case CAMPAIGN_CONTACT -> "contacted_at";
            default -> throw new IllegalStateException(subject + " has no amounts");
        };
    }

    /** Columns without which a row of the core table cannot be. */
    static List<String> identity(Subject subject) {
        return switch (subject) {
            case CUSTOMER -> List.of("recorded_at");
            case SALE_LINE -> List.of("sale_id", "line_number", "sold_at");
            case PRODUCT -> List.of("product_id", "recorded_at");
            case SURVEY_ANSWER -> List.of("survey_id", "answer_id");
            case CAMPAIGN_CONTACT -> List.of("campaign_id", "contact_id");
            case CONSENT -> List.of("purpose", "channel", "is_granted", "decided_at");
            default -> List.of(subject.required().get(0));
        };
    }

    /** Whether a row without a customer's key just says nothing. */
    static boolean isOptional(Subject subject) {
        return Arrays.asList(Subject.CUSTOMER, Subject.CONSENT).contains(subject);
    }
}
