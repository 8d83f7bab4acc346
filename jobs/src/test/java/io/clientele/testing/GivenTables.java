package io.clientele.testing;

import io.clientele.engine.TableRef;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;

/** Tables with a few rows each, given as queries; columns that a query does not give are null. */
public final class GivenTables {
    private final Map<TableRef, Dataset<Row>> tables = new HashMap<>();

    /** The table holds the query's rows. */
    public GivenTables with(TableRef table, String query) {
        Dataset<Row> rows = SharedSpark.session().sql(query);
        List<String> given = Arrays.asList(rows.columns());
        List<String> known = Arrays.asList(table.schema().fieldNames());
        if (!known.containsAll(given)) {
            throw new IllegalArgumentException(table + " has " + known + ", given are " + given);
        }
        tables.put(
                table,
                rows.select(Arrays.stream(table.schema().fields())
                        .map(f -> value(f, given).as(f.name()))
                        .toArray(Column[]::new)));
        return this;
    }

    private static Column value(StructField field, List<String> given) {
        return (given.contains(field.name()) ? functions.col(field.name()) : functions.lit(null))
                .cast(field.dataType());
    }

    /** The tables given, and these others without rows. */
    public Map<TableRef, Dataset<Row>> and(List<TableRef> empty) {
        Map<TableRef, Dataset<Row>> all = new HashMap<>(tables);
        for (TableRef table : empty) {
            all.computeIfAbsent(table, t -> SharedSpark.session().createDataFrame(List.of(), t.schema()));
        }
        return all;
    }
}
