package io.clientele.mining;

import io.clientele.engine.TableRef;
import io.clientele.warehouse.Totals;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** What goes into an analytic and what comes out of it, held to the declared tables. */
public final class Shape {
    private static final DataType MONEY = DataTypes.createDecimalType(18, 2);

    private Shape() {}

    /**
     * The declared columns of {@code table}, and only those.
     *
     * @throws IllegalArgumentException naming every column that is missing or of another type
     */
    public static Dataset<Row> input(Dataset<Row> rows, TableRef table) {
        List<String> present = Arrays.asList(rows.columns());
        List<String> faults = new ArrayList<>();
        for (StructField field : table.schema().fields()) {
            if (!present.contains(field.name())) {
                faults.add(field.name() + " is missing (expected "
                        + field.dataType().sql() + ")");
            } else {
                String found = rows.schema().apply(field.name()).dataType().sql();
                if (!found.equals(field.dataType().sql())) {
                    faults.add(field.name() + " is " + found + " (expected "
                            + field.dataType().sql() + ")");
                }
            }
        }
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException("Input is not " + table + ": " + String.join("; ", faults));
        }
        return rows.select(columns(table));
    }

    /** The declared columns in their order, cast to their types. */
    public static Dataset<Row> output(Dataset<Row> rows, TableRef table) {
        StructType given = rows.schema();
        return rows.select(Arrays.stream(table.schema().fields())
                .map(field -> cast(field, given.apply(field.name()).dataType()).as(field.name()))
                .toArray(Column[]::new));
    }

    private static Column cast(StructField field, DataType given) {
        Column column = functions.col(field.name());
        boolean isRounded =
                given.equals(DataTypes.DoubleType) && field.dataType().equals(MONEY);
        return isRounded ? Totals.hundredths(column) : column.cast(field.dataType());
    }

    private static Column[] columns(TableRef table) {
        return Arrays.stream(table.schema().fieldNames()).map(functions::col).toArray(Column[]::new);
    }
}
