package io.clientele.integrate;

import io.clientele.testing.SharedSpark;
import io.clientele.warehouse.CoreTables;
import io.clientele.warehouse.Subject;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Small datasets in declared schemas: columns by name, the rest null. */
public final class Given {
    private Given() {}

    /** Columns by name: {@code row("source", "crm", "quantity", "2")}. Dates, instants and decimals may be texts. */
    public static Map<String, Object> row(Object... namesAndValues) {
        Map<String, Object> row = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            row.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return row;
    }

    /** A row of core.customer_record; {@code key} is {@code source|key}, {@code day} a day of January 2024. */
    public static Map<String, Object> record(String key, int day, Object... namesAndValues) {
        Map<String, Object> row = row(namesAndValues);
        row.put("source", key.substring(0, key.indexOf('|')));
        row.put("source_customer_key", key.substring(key.indexOf('|') + 1));
        row.put("recorded_at", at(day));
        return row;
    }

    public static Timestamp at(int dayOfJanuary) {
        return Timestamp.from(Instant.parse("2024-01-01T00:00:00Z").plusSeconds(86_400L * (dayOfJanuary - 1)));
    }

    public static Dataset<Row> records(List<Map<String, Object>> rows) {
        return of(CoreTables.CUSTOMER_RECORD.schema(), rows);
    }

    /** Rows of a subject as they come to the integration, from source {@code shop} unless they say otherwise. */
    @SafeVarargs
    public static Dataset<Row> subject(Subject subject, Map<String, Object>... rows) {
        StructType schema = subject.schema()
                .add("source", DataTypes.StringType)
                .add("batch_id", DataTypes.StringType)
                .add("source_file", DataTypes.StringType)
                .add("source_row", DataTypes.LongType)
                .add("is_correction", DataTypes.BooleanType)
                .add("customer_source", DataTypes.StringType);
        List<Map<String, Object>> complete = new ArrayList<>();
        long line = 0;
        for (Map<String, Object> row : rows) {
            Map<String, Object> full =
                    row("source", "shop", "source_file", "a.csv", "source_row", ++line, "is_correction", false);
            full.putAll(row);
            complete.add(full);
        }
        return of(schema, complete);
    }

    public static Dataset<Row> of(StructType schema, List<Map<String, Object>> rows) {
        List<Row> made = new ArrayList<>();
        for (Map<String, Object> row : rows) {
            for (String name : row.keySet()) {
                schema.fieldIndex(name);
            }
            made.add(RowFactory.create(Arrays.stream(schema.fields())
                    .map(f -> value(f, row.get(f.name())))
                    .toArray()));
        }
        return SharedSpark.session().createDataFrame(made, schema);
    }

    private static Object value(StructField field, Object value) {
        if (!(value instanceof String text) || field.dataType().equals(DataTypes.StringType)) {
            return value;
        }
        if (field.dataType().equals(DataTypes.TimestampType)) {
            return Timestamp.from(Instant.parse(text));
        }
        if (field.dataType().equals(DataTypes.DateType)) {
            return java.sql.Date.valueOf(text);
        }
        if (field.dataType() instanceof DecimalType type) {
            return Decimal.apply(new java.math.BigDecimal(text), type.precision(), type.scale())
                    .toJavaBigDecimal();
        }
        throw new IllegalArgumentException("No text for " + field);
    }

    /** The rows as texts, sorted: for comparing two datasets regardless of order. */
    public static List<String> sorted(Dataset<Row> rows) {
        return rows.collectAsList().stream().map(Row::toString).sorted().toList();
    }
}
