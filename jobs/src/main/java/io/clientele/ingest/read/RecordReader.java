package io.clientele.ingest.read;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.decode;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.from_csv;
import static org.apache.spark.sql.functions.from_json;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.map_from_arrays;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.monotonically_increasing_id;
import static org.apache.spark.sql.functions.octet_length;
import static org.apache.spark.sql.functions.regexp_replace;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.substring;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.when;

import io.clientele.engine.error.ClienteleException;
import io.clientele.ingest.mapping.Format;
import io.clientele.ingest.mapping.SourceMapping;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Reads delivered records with what leads back to them: {@code source_file}, {@code source_row} (1 is the first line of the
 * file), {@code _payload} (the record's text) and {@code _malformed} (why it is no record, else null).
 *
 * <p>Lines are read as text and parsed by Spark's own CSV and JSON expressions, so that text and line of what is refused are
 * kept, and the number of a line is right however a file is cut into tasks.
 */
public final class RecordReader {
    /** The columns beside the declared ones. */
    public static final String PAYLOAD = "_payload";

    /** Why a record is none. */
    public static final String MALFORMED = "_malformed";

    private static final String CORRUPT = "_corrupt";

    private RecordReader() {}

    /** The records of a delivery. */
    public static Dataset<Row> read(SparkSession session, SourceMapping mapping, Delivery delivery) {
        List<DeliveredFile> files =
                delivery.files().stream().filter(f -> f.sizeBytes() > 0).toList();
        if (files.isEmpty()) {
            return session.createDataFrame(
                    List.of(),
                    mapping.schema()
                            .add("source_file", "string")
                            .add("source_row", "bigint")
                            .add(PAYLOAD, "string")
                            .add(MALFORMED, "string"));
        }
        if (mapping.format() == Format.PARQUET) {
            return parquet(session, mapping, files);
        }
        if (mapping.format() == Format.CSV && mapping.options().multiLine()) {
            return multiLineCsv(session, mapping, files);
        }
        Map<List<String>, List<DeliveredFile>> byHeader = new LinkedHashMap<>();
        files.forEach(f ->
                byHeader.computeIfAbsent(f.header(), k -> new ArrayList<>()).add(f));
        return byHeader.entrySet().stream()
                .map(e -> lines(session, mapping, e.getKey(), e.getValue()))
                .reduce(Dataset::unionByName)
                .orElseThrow();
    }

    private static Dataset<Row> lines(
            SparkSession session, SourceMapping mapping, List<String> header, List<DeliveredFile> files) {
        Dataset<Row> numbered = numbered(session, files);
        boolean isUtf8 = mapping.options().charset().name().equals("UTF-8");
        Column bytes = col("value").cast("binary");
        Column text = isUtf8
                ? col("value")
                : decode(bytes, mapping.options().charset().name());
        boolean hasHeader = mapping.format() == Format.CSV && mapping.options().header();
        Dataset<Row> lines = hasHeader ? numbered.where(col("source_row").gt(1)) : numbered;
        lines = lines.withColumn("_size", octet_length(col("value")))
                .withColumn(
                        "_is_decodable",
                        isUtf8
                                ? expr("is_valid_utf8(value)")
                                : text.contains("\uFFFD").equalTo(false))
                .withColumn(PAYLOAD, isUtf8 ? expr("make_valid_utf8(value)") : text)
                .withColumn(
                        PAYLOAD,
                        when(col("source_row").equalTo(1), regexp_replace(col(PAYLOAD), "^\uFEFF", ""))
                                .otherwise(col(PAYLOAD)))
                .withColumn(PAYLOAD, regexp_replace(col(PAYLOAD), "\r$", ""))
                .where(length(col(PAYLOAD)).gt(0));
        Column tooLong = col("_size").gt(mapping.options().maxRecordBytes());
        Column parseable = when(tooLong, lit(null)).otherwise(col(PAYLOAD));
        Dataset<Row> parsed = switch (mapping.format()) {
            case CSV -> lines.withColumn("_record", csv(mapping, header, parseable));
            case JSON -> lines.withColumn("_record", json(mapping, parseable));
            default ->
                lines.withColumn(
                        "_record",
                        struct(parseable.as("line"), lit(null).cast("string").as(CORRUPT)));
        };
        Column malformed = when(
                        tooLong,
                        lit("the record is longer than " + mapping.options().maxRecordBytes() + " bytes"))
                .when(
                        col("_is_decodable").equalTo(false),
                        lit("bytes that are not valid in "
                                + mapping.options().charset().name()))
                .when(
                        col("_record").isNull().or(col("_record." + CORRUPT).isNotNull()),
                        lit(
                                mapping.format() == Format.CSV
                                        ? "the line does not have the file's number of columns"
                                        : "the line is no JSON of the declared shape"));
        return parsed.withColumn(MALFORMED, malformed)
                .withColumn(
                        PAYLOAD, when(tooLong, substring(col(PAYLOAD), 1, 1000)).otherwise(col(PAYLOAD)))
                .select(select(mapping));
    }

    private static Column[] select(SourceMapping mapping) {
        List<Column> columns = new ArrayList<>();
        for (String column : mapping.schema().fieldNames()) {
            columns.add(col("_record.`" + column + "`").as(column));
        }
        columns.addAll(List.of(col("source_file"), col("source_row"), col(PAYLOAD), col(MALFORMED)));
        return columns.toArray(Column[]::new);
    }

    private static Column csv(SourceMapping mapping, List<String> header, Column text) {
        StructType schema = new StructType();
        List<String> names = header.isEmpty() ? List.of(mapping.schema().fieldNames()) : header;
        for (String name : names) {
            schema = schema.add(
                    mapping.schema().getFieldIndex(name).isDefined()
                            ? mapping.schema().apply(name)
                            : new StructField(
                                    name, DataTypes.StringType, true, org.apache.spark.sql.types.Metadata.empty()));
        }
        schema = schema.add(CORRUPT, DataTypes.StringType);
        return from_csv(
                text,
                lit(schema.toDDL()),
                Map.of(
                        "mode",
                        "PERMISSIVE",
                        "columnNameOfCorruptRecord",
                        CORRUPT,
                        "sep",
                        mapping.options().delimiter(),
                        "quote",
                        mapping.options().quote(),
                        "escape",
                        mapping.options().quote(),
                        "maxCharsPerColumn",
                        "-1"));
    }

    private static Column json(SourceMapping mapping, Column text) {
        return from_json(
                text,
                mapping.schema().add(CORRUPT, DataTypes.StringType),
                Map.of("mode", "PERMISSIVE", "columnNameOfCorruptRecord", CORRUPT));
    }

    /** Lines with file and number. Where files are cut into several tasks, a first pass counts the lines of each part. */
    private static Dataset<Row> numbered(SparkSession session, List<DeliveredFile> files) {
        Dataset<Row> lines = session.read()
                .text(files.stream().map(DeliveredFile::path).toArray(String[]::new))
                .select(
                        col("value"),
                        col("_metadata.file_path").as("_path"),
                        col("_metadata.file_block_start").as("_block"),
                        monotonically_increasing_id().as("_id"));
        Dataset<Row> parts = lines.groupBy("_path", "_block")
                .agg(count(lit(1)).as("_lines"), min("_id").as("_first"));
        Dataset<Row> offsets = parts.withColumn(
                "_offset",
                coalesce(
                        sum("_lines")
                                .over(Window.partitionBy("_path")
                                        .orderBy("_block")
                                        .rowsBetween(Window.unboundedPreceding(), Window.currentRow() - 1)),
                        lit(0L)));
        return lines.join(
                        broadcast(offsets.drop("_lines")),
                        scala.jdk.javaapi.CollectionConverters.asScala(List.of("_path", "_block"))
                                .toSeq())
                .withColumn(
                        "source_row",
                        col("_id").minus(col("_first")).plus(col("_offset")).plus(1))
                .withColumn("source_file", named(files))
                .select("value", "source_file", "source_row");
    }

    /** From Spark's path of a file to the name that people see. */
    private static Column named(List<DeliveredFile> files) {
        Column paths = array(files.stream().map(f -> lit(f.path())).toArray(Column[]::new));
        Column names = array(files.stream().map(f -> lit(f.name())).toArray(Column[]::new));
        Column path =
                expr("try_url_decode(replace(regexp_replace(_path, '^[a-z0-9]+:(//[^/]*)?(?=/)', ''), '+', '%2B'))");
        return element_at(map_from_arrays(paths, names), path);
    }

    private static Dataset<Row> multiLineCsv(SparkSession session, SourceMapping mapping, List<DeliveredFile> files) {
        Dataset<Row> records = session.read()
                .schema(mapping.schema().add(CORRUPT, DataTypes.StringType))
                .option("multiLine", true)
                .option("header", mapping.options().header())
                .option("enforceSchema", false)
                .option("encoding", mapping.options().encoding())
                .option("sep", mapping.options().delimiter())
                .option("quote", mapping.options().quote())
                .option("escape", mapping.options().quote())
                .option("columnNameOfCorruptRecord", CORRUPT)
                .csv(files.stream().map(DeliveredFile::path).toArray(String[]::new))
                .withColumn("_path", col("_metadata.file_path"))
                .withColumn("_id", monotonically_increasing_id());
        Dataset<Row> firsts = records.groupBy("_path").agg(min("_id").as("_first"));
        return records.join(broadcast(firsts), "_path")
                .withColumn("source_file", named(files))
                .withColumn(
                        "source_row",
                        col("_id").minus(col("_first")).plus(mapping.options().header() ? 2 : 1))
                .withColumn(PAYLOAD, coalesce(col(CORRUPT), to_json(struct(all(mapping)))))
                .withColumn(
                        MALFORMED,
                        when(col(CORRUPT).isNotNull(), lit("the record does not have the file's number of columns")))
                .select(with(mapping, "source_file", "source_row", PAYLOAD, MALFORMED));
    }

    private static Dataset<Row> parquet(SparkSession session, SourceMapping mapping, List<DeliveredFile> files) {
        Dataset<Row> rows =
                session.read().parquet(files.stream().map(DeliveredFile::path).toArray(String[]::new));
        for (StructField field : mapping.schema().fields()) {
            if (rows.schema().getFieldIndex(field.name()).isEmpty()) {
                throw ClienteleException.data(
                        "%s of source %s has no column '%s': its columns are %s. Correct the file, or 'schema' in %s.",
                        files.get(0).name(),
                        mapping.name(),
                        field.name(),
                        Arrays.toString(rows.columns()),
                        mapping.file());
            }
            String found = rows.schema().apply(field.name()).dataType().simpleString();
            if (!found.equals(field.dataType().simpleString())) {
                throw ClienteleException.data(
                        "%s of source %s: column '%s' is declared %s but is %s. Correct 'schema' in %s, or the file.",
                        files.get(0).name(),
                        mapping.name(),
                        field.name(),
                        field.dataType().simpleString(),
                        found,
                        mapping.file());
            }
        }
        return rows.withColumn("_path", col("_metadata.file_path"))
                .withColumn("source_row", col("_metadata.row_index").plus(1))
                .withColumn("source_file", named(files))
                .withColumn(PAYLOAD, to_json(struct(all(mapping))))
                .withColumn(MALFORMED, lit(null).cast("string"))
                .select(with(mapping, "source_file", "source_row", PAYLOAD, MALFORMED));
    }

    private static Column[] all(SourceMapping mapping) {
        return Arrays.stream(mapping.schema().fieldNames())
                .map(c -> col("`" + c + "`"))
                .toArray(Column[]::new);
    }

    private static Column[] with(SourceMapping mapping, String... more) {
        List<Column> columns = new ArrayList<>(List.of(all(mapping)));
        Arrays.stream(more).map(c -> col(c)).forEach(columns::add);
        return columns.toArray(Column[]::new);
    }
}
