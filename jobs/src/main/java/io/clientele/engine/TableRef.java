package io.clientele.engine;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampType;

/**
 * A table of the warehouse: its name, its grain, its declared columns and how it is kept. Tables are constants of this
 * type, never strings.
 *
 * @param database the database it lives in
 * @param name its name in snake case, unique in its database
 * @param grain what one row is, in one phrase ("one customer at a date")
 * @param schema the declared columns; keys come first
 * @param key the columns that identify a row; empty only for logs
 * @param keeping how writes are kept
 * @param slice for {@link Keeping#SLICE} and {@link Keeping#SNAPSHOT} the column whose values are replaced as a whole;
 *     else null
 */
public record TableRef(
        Database database,
        String name,
        String grain,
        StructType schema,
        List<String> key,
        Keeping keeping,
        String slice)
        implements Comparable<TableRef> {

    public TableRef {
        Objects.requireNonNull(database, "database");
        Objects.requireNonNull(schema, "schema");
        key = List.copyOf(key);
        List<String> columns = Arrays.asList(schema.fieldNames());
        if (!columns.containsAll(key) || (slice != null && !columns.contains(slice))) {
            throw new IllegalArgumentException("Table " + name + " declares key " + key + " and slice " + slice
                    + " but has the columns " + columns);
        }
        boolean sliced = keeping == Keeping.SLICE || keeping == Keeping.SNAPSHOT;
        if (sliced != (slice != null)) {
            throw new IllegalArgumentException("Table " + name + " is kept by " + keeping + " with slice " + slice);
        }
    }

    /** A snapshot mart: its key starts with {@code as_of_date}, by which it is sliced. */
    public static TableRef snapshot(String name, String grain, String ddl, String... key) {
        return new TableRef(
                Database.MART,
                name,
                grain,
                StructType.fromDDL("as_of_date DATE NOT NULL, " + ddl),
                concat("as_of_date", key),
                Keeping.SNAPSHOT,
                "as_of_date");
    }

    /** A table in which new rows replace those of the same key. */
    public static TableRef upsert(Database database, String name, String grain, String ddl, String... key) {
        return new TableRef(database, name, grain, StructType.fromDDL(ddl), List.of(key), Keeping.UPSERT, null);
    }

    /** A table in which rows replace all those of the same value of {@code slice}. */
    public static TableRef sliced(
            Database database, String name, String grain, String ddl, String slice, String... key) {
        return new TableRef(database, name, grain, StructType.fromDDL(ddl), List.of(key), Keeping.SLICE, slice);
    }

    /** A table to which rows are only ever added. */
    public static TableRef log(Database database, String name, String grain, String ddl, String... key) {
        return new TableRef(database, name, grain, StructType.fromDDL(ddl), List.of(key), Keeping.APPEND, null);
    }

    /** A small table rewritten as a whole. */
    public static TableRef replaced(Database database, String name, String grain, String ddl, String... key) {
        return new TableRef(database, name, grain, StructType.fromDDL(ddl), List.of(key), Keeping.REPLACE, null);
    }

    /**
     * The columns by which files can be passed over, of which Delta keeps minima and maxima: the key and what is a time; of a
     * snapshot times alone, since its keys are spread over all of its files. To keep them of every column costs each write, and
     * helps no one where rows are not stored in their order.
     */
    public List<String> skippingColumns() {
        return Arrays.stream(schema.fields())
                .filter(f -> isTime(f.dataType())
                        || (keeping != Keeping.SNAPSHOT && key.contains(f.name()) && isOrdered(f.dataType())))
                .map(StructField::name)
                .filter(c -> keeping != Keeping.SNAPSHOT || !c.equals(slice))
                .toList();
    }

    private static boolean isTime(DataType type) {
        return type instanceof DateType || type instanceof TimestampType;
    }

    private static boolean isOrdered(DataType type) {
        return type instanceof NumericType || type instanceof StringType;
    }

    /** The name in SQL, for example {@code mart.value_segment}. */
    public String sqlName() {
        return database.sqlName() + "." + name;
    }

    @Override
    public int compareTo(TableRef other) {
        return sqlName().compareTo(other.sqlName());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TableRef table && sqlName().equals(table.sqlName());
    }

    @Override
    public int hashCode() {
        return sqlName().hashCode();
    }

    @Override
    public String toString() {
        return sqlName();
    }

    private static List<String> concat(String first, String... rest) {
        String[] all = new String[rest.length + 1];
        all[0] = first;
        System.arraycopy(rest, 0, all, 1, rest.length);
        return List.of(all);
    }
}
