package io.clientele.ingest;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.posexplode;
import static org.apache.spark.sql.functions.to_date;

import io.clientele.ingest.mapping.SourceMapping;
import io.clientele.ingest.mapping.SubjectMapping;
import io.clientele.ingest.rule.RecordRules;
import io.clientele.warehouse.Subject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;

/** What accepted records say about a subject, by the mapping's expressions. */
public final class SubjectRows {
    /** The column whose date picks the exchange rate. */
    private static final Map<Subject, String> DATES = Map.of(
            Subject.PRODUCT, "recorded_at",
            Subject.SALE_LINE, "sold_at",
            Subject.INVOICE, "due_date",
            Subject.PAYMENT, "paid_at",
            Subject.SERVICE_CASE, "opened_at",
            Subject.CAMPAIGN_CONTACT, "contacted_at");

    private SubjectRows() {}

    /**
     * The subject's columns plus {@code source, customer_source, batch_id, source_file, source_row, is_correction}; amounts are
     * in the reporting currency.
     *
     * @param raw rows of the source's raw table; only accepted ones count
     */
    public static Dataset<Row> of(Dataset<Row> raw, SourceMapping mapping, Subject subject, CurrencyRates rates) {
        SubjectMapping said = mapping.subjects().get(subject);
        Dataset<Row> rows = RecordRules.parsed(raw.where(col("outcome").equalTo("accepted")), mapping);
        if (said.explode() != null) {
            rows = rows.withColumn("_items", expr(said.explode()))
                    .select(col("*"), posexplode(col("_items")).as(new String[] {"_position", "item"}))
                    .withColumn("item_number", col("_position").plus(1))
                    .drop("_items", "_position");
        }
        if (said.when() != null) {
            rows = rows.where(expr(said.when()));
        }
        List<Column> columns = new ArrayList<>();
        for (StructField field : subject.schema().fields()) {
            String sql = said.columns().get(field.name());
            Column value = sql == null ? lit(null) : expr(sql);
            if (sql == null && field.name().equals("channel")) {
                value = lit(mapping.channel());
            }
            columns.add(value.cast(field.dataType()).as(field.name()));
        }
        for (String column : List.of("batch_id", "source_file", "source_row", "is_correction")) {
            columns.add(col(column));
        }
        columns.add(lit(mapping.rawName()).as("source"));
        columns.add(lit(said.customerOf() == null
                        ? mapping.rawName()
                        : said.customerOf().replace('-', '_'))
                .as("customer_source"));
        if (!subject.amounts().isEmpty()) {
            columns.add(
                    (mapping.hasOneCurrency() ? lit(mapping.currency()) : expr(mapping.currency())).as("_currency"));
        }
        Dataset<Row> mapped = rows.select(columns.toArray(Column[]::new));
        boolean isReporting = mapping.hasOneCurrency() && mapping.currency().equals(rates.reportingCurrency());
        if (!subject.amounts().isEmpty() && !isReporting) {
            Column rate = rates.of(
                    col("_currency"),
                    coalesce(to_date(col(DATES.get(subject))), lit("9999-12-31").cast("date")));
            for (String amount : subject.amounts()) {
                mapped = mapped.withColumn(amount, col(amount).multiply(rate).cast("decimal(18,4)"));
            }
        }
        return mapped.select(Arrays.stream(mapped.columns())
                .filter(c -> !c.equals("_currency"))
                .map(c -> col(c))
                .toArray(Column[]::new));
    }
}
