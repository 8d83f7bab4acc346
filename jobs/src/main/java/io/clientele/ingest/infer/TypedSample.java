package io.clientele.ingest.infer;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** A sample of records whose columns have types: documents, Parquet, a table of a database. */
final class TypedSample {
    private static final int RECORDS = 2_000;

    private TypedSample() {}

    /**
     * The first records.
     *
     * @param isDocument whether numbers are to be declared as text, which holds whatever number comes later
     */
    static Sample of(Dataset<Row> data, String format, String location, List<String> options, boolean isDocument) {
        Dataset<Row> some = data.limit(RECORDS).localCheckpoint();
        List<List<String>> paths = new ArrayList<>();
        List<DataType> types = new ArrayList<>();
        leaves(some.schema(), List.of(), paths, types);
        List<Sample.Column> columns = new ArrayList<>(columns(some, paths, types, isDocument));
        String array = null;
        for (StructField field : some.schema().fields()) {
            if (array == null
                    && field.dataType() instanceof ArrayType list
                    && list.elementType() instanceof StructType of) {
                array = field.name();
                List<List<String>> ofItem = new ArrayList<>();
                List<DataType> itemTypes = new ArrayList<>();
                leaves(of, List.of(Sample.ITEM), ofItem, itemTypes);
                Dataset<Row> items = some.select(
                                explode(col(Sample.Column.tick(array))).as(Sample.ITEM))
                        .limit(RECORDS);
                columns.addAll(columns(items, ofItem, itemTypes, isDocument));
            }
        }
        columns.addAll(whole(some.schema(), isDocument));
        return new Sample(format, location, options, columns, array, (int) some.count());
    }

    /** Records and arrays at the top, which are declared whole; they have no values of their own. */
    private static List<Sample.Column> whole(StructType schema, boolean isDocument) {
        List<Sample.Column> columns = new ArrayList<>();
        for (StructField field : schema.fields()) {
            if (field.dataType() instanceof StructType || field.dataType() instanceof ArrayType) {
                columns.add(new Sample.Column(
                        List.of(field.name()),
                        declared(field.dataType(), isDocument).sql(),
                        List.of()));
            }
        }
        return columns;
    }

    private static void leaves(StructType schema, List<String> above, List<List<String>> paths, List<DataType> types) {
        for (StructField field : schema.fields()) {
            List<String> path = new ArrayList<>(above);
            path.add(field.name());
            if (field.dataType() instanceof StructType inner) {
                leaves(inner, path, paths, types);
            } else if (!(field.dataType() instanceof ArrayType)) {
                paths.add(path);
                types.add(field.dataType());
            }
        }
    }

    private static List<Sample.Column> columns(
            Dataset<Row> rows, List<List<String>> paths, List<DataType> types, boolean isDocument) {
        org.apache.spark.sql.Column[] texts = IntStream.range(0, paths.size())
                .mapToObj(i -> col(String.join(
                                ".",
                                paths.get(i).stream().map(Sample.Column::tick).toList()))
                        .cast("string")
                        .as("c" + i))
                .toArray(org.apache.spark.sql.Column[]::new);
        List<Row> collected = rows.select(texts).collectAsList();
        return IntStream.range(0, paths.size())
                .mapToObj(i -> new Sample.Column(
                        paths.get(i),
                        declared(types.get(i), isDocument).sql(),
                        collected.stream()
                                .filter(row ->
                                        !row.isNullAt(i) && !row.getString(i).isBlank())
                                .map(row -> row.getString(i))
                                .toList()))
                .toList();
    }

    private static DataType declared(DataType found, boolean isDocument) {
        if (found instanceof StructType struct) {
            StructType result = new StructType();
            for (StructField field : struct.fields()) {
                result = result.add(field.name(), declared(field.dataType(), isDocument));
            }
            return result;
        }
        if (found instanceof ArrayType list) {
            return DataTypes.createArrayType(declared(list.elementType(), isDocument));
        }
        boolean isAsText = found.equals(DataTypes.NullType) || (isDocument && found instanceof NumericType);
        return isAsText ? DataTypes.StringType : found;
    }
}
