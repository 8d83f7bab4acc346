package io.clientele.ingest.read;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;

import io.clientele.engine.config.Suggestion;
import io.clientele.engine.error.ClienteleException;
import io.clientele.ingest.mapping.Format;
import io.clientele.ingest.mapping.SourceMapping;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Delivered files as records: the declared columns, {@code source_file}, {@code source_row}, the payload as delivered and
 * why it could not be read. Blank lines of CSV and JSON are no records.
 */
public final class RecordReader {
    private RecordReader() {}

    /**
     * The records and what was noticed.
     *
     * @param rows declared columns, source_file, source_row, _payload, _malformed
     * @param notices one sentence each
     */
    public record Records(Dataset<Row> rows, List<String> notices) {}

    /**
     * Reads a delivery.
     *
     * @param watermark for a database with a watermark column: the highest value loaded so far, as text; null: read all
     */
    public static Records read(SparkSession session, SourceMapping mapping, Delivery delivery, String watermark) {
        List<String> notices = new ArrayList<>();
        Dataset<Row> rows = switch (mapping.format()) {
            case JDBC -> DatabaseReader.read(session, mapping, watermark);
            case PARQUET -> parquet(session, mapping, delivery);
            default -> lines(session, mapping, delivery, notices);
        };
        return new Records(rows, List.copyOf(notices));
    }

    /**
     * Refused records read again under the present mapping. Lines that tell all by themselves (JSON, CSV without a header) are
     * parsed anew; of others the values that were read count, and what could not be read stays malformed, since the header
     * of its file is not kept.
     *
     * @param refused rows of the raw table, and more columns
     * @param carried the names of those columns, which are kept
     */
    public static Dataset<Row> again(
            SparkSession session, SourceMapping mapping, Dataset<Row> refused, List<String> carried) {
        Column malformed = functions
                .get(
                        functions.filter(
                                col(RecordColumns.REASONS),
                                reason -> reason.getField("rule").equalTo("malformed")),
                        lit(0))
                .getField("message");
        Dataset<Row> records = refused.withColumn(RecordColumns.MALFORMED, malformed);
        boolean tellsAll = mapping.format() == Format.JSON
                || (mapping.format() == Format.CSV && !mapping.options().header());
        if (tellsAll) {
            return new LineReader(session, mapping).again(records, carried);
        }
        List<Column> columns = new ArrayList<>();
        for (String name : schema(mapping).fieldNames()) {
            columns.add(quoted(name));
        }
        carried.forEach(name -> columns.add(col(name)));
        return records.select(columns.toArray(Column[]::new));
    }

    /** The highest value of the watermark column among a source's raw rows, as text; null where there is none. */
    public static String watermark(Dataset<Row> raw, SourceMapping mapping) {
        String column = mapping.options().watermark();
        return column == null
                ? null
                : raw.agg(functions.max(quoted(column)).cast("string")).first().getString(0);
    }

    /** The columns that {@link #read} gives. */
    public static StructType schema(SourceMapping mapping) {
        return mapping.schema()
                .add(RecordColumns.SOURCE_FILE, DataTypes.StringType)
                .add(RecordColumns.SOURCE_ROW, DataTypes.LongType)
                .add(RecordColumns.PAYLOAD, DataTypes.StringType)
                .add(RecordColumns.MALFORMED, DataTypes.StringType);
    }

    private static Dataset<Row> lines(
            SparkSession session, SourceMapping mapping, Delivery delivery, List<String> notices) {
        LineReader reader = new LineReader(session, mapping);
        Configuration hadoop = session.sessionState().newHadoopConf();
        boolean hasHeader = mapping.format() == Format.CSV && mapping.options().header();
        Map<List<String>, List<DeliveredFile>> byHeader = new LinkedHashMap<>();
        for (DeliveredFile file : delivery.files()) {
            if (file.sizeBytes() == 0) {
                notices.add(file.name() + " is empty: no records");
            } else if (!hasHeader) {
                byHeader.computeIfAbsent(List.of(), any -> new ArrayList<>()).add(file);
            } else {
                Optional<List<String>> header = Header.of(file, mapping.options(), hadoop);
                if (header.isEmpty()) {
                    throw ClienteleException.data(
                            "%s: the first line is blank; expected a header with %s",
                            file.name(), List.of(mapping.schema().fieldNames()));
                }
                List<String> extra = Header.checkColumns(mapping, file, header.get());
                if (!extra.isEmpty()) {
                    notices.add(file.name() + " has columns that the schema does not declare: " + extra);
                }
                byHeader.computeIfAbsent(header.get(), any -> new ArrayList<>()).add(file);
            }
        }
        return byHeader.entrySet().stream()
                .map(group -> reader.read(group.getValue(), hasHeader ? group.getKey() : null))
                .reduce(Dataset::unionByName)
                .orElseGet(() -> session.createDataFrame(List.of(), schema(mapping)));
    }

    private static Dataset<Row> parquet(SparkSession session, SourceMapping mapping, Delivery delivery) {
        List<Dataset<Row>> parts = new ArrayList<>();
        for (DeliveredFile file : delivery.files()) {
            Dataset<Row> found = session.read().option("__globPaths__", "false").parquet(file.path());
            Column[] columns = declared(mapping, found.schema(), file.name());
            parts.add(found.select(
                            struct(Arrays.stream(found.columns())
                                            .map(RecordReader::quoted)
                                            .toArray(Column[]::new))
                                    .as("_all"),
                            struct(columns).as("_record"),
                            col("_metadata.row_index").plus(1).as("_row"))
                    .select(with(mapping, lit(file.name()), col("_row"))));
        }
        return parts.stream()
                .reduce(Dataset::unionByName)
                .orElseGet(() -> session.createDataFrame(List.of(), schema(mapping)));
    }

    static Column[] with(SourceMapping mapping, Column file, Column row) {
        List<Column> columns = new ArrayList<>();
        for (String name : mapping.schema().fieldNames()) {
            columns.add(col("_record").getField(name).as(name));
        }
        columns.add(file.as(RecordColumns.SOURCE_FILE));
        columns.add(row.as(RecordColumns.SOURCE_ROW));
        columns.add(to_json(col("_all")).as(RecordColumns.PAYLOAD));
        columns.add(lit(null).cast("string").as(RecordColumns.MALFORMED));
        return columns.toArray(Column[]::new);
    }

    /** The declared columns, cast where nothing is lost; throws a data error that lists every difference. */
    static Column[] declared(SourceMapping mapping, StructType found, String where) {
        List<String> faults = new ArrayList<>();
        List<Column> columns = new ArrayList<>();
        List<String> names = List.of(found.fieldNames());
        for (StructField field : mapping.schema().fields()) {
            if (!names.contains(field.name())) {
                String near = Suggestion.closest(field.name(), names)
                        .map(n -> " (did you mean '" + n + "'?)")
                        .orElse("");
                faults.add("no column " + field.name() + near);
                continue;
            }
            DataType type = found.apply(field.name()).dataType();
            if (!type.equals(field.dataType()) && !Cast.canUpCast(type, field.dataType())) {
                faults.add("column " + field.name() + ": expected "
                        + field.dataType().sql() + ", found " + type.sql());
            }
            columns.add(quoted(field.name()).cast(field.dataType()).as(field.name()));
        }
        if (!faults.isEmpty()) {
            throw ClienteleException.data(
                    "%s does not fit the schema in %s: %s; found columns %s",
                    where, mapping.file(), String.join("; ", faults), names);
        }
        return columns.toArray(Column[]::new);
    }

    private static Column quoted(String name) {
        return col("`" + name.replace("`", "``") + "`");
    }
}
