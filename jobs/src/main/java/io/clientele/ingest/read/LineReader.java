package io.clientele.ingest.read;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.from_csv;
import static org.apache.spark.sql.functions.from_json;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.ltrim;
import static org.apache.spark.sql.functions.octet_length;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.when;

import io.clientele.ingest.mapping.Format;
import io.clientele.ingest.mapping.SourceMapping;
import io.clientele.ingest.mapping.SourceOptions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Records that are lines: CSV, JSON, text. */
final class LineReader {
    private static final String CORRUPT = "_corrupt";
    private static final int KEPT_BYTES = 1024;
    private static final String INVALID = "bytes are not valid in ";
    private static final String TOO_LARGE = ", more than max-record-bytes ";

    private final SparkSession session;
    private final SourceMapping mapping;
    private final SourceOptions options;

    LineReader(SparkSession session, SourceMapping mapping) {
        this.session = session;
        this.mapping = mapping;
        this.options = mapping.options();
    }

    /** The records of files that share one header; {@code header} is null where there is none. */
    Dataset<Row> read(List<DeliveredFile> files, List<String> header) {
        Dataset<Row> lines = options.multiLine() && mapping.format() == Format.CSV ? multiLine(files) : lines(files);
        Column size = octet_length(col("value"));
        Column tooLarge = size.gt(options.maxRecordBytes());
        Column bytes = when(tooLarge, functions.substring(col("value").cast("binary"), 1, KEPT_BYTES))
                .otherwise(col("value").cast("binary"));
        boolean isUtf8 = options.charset().equals(StandardCharsets.UTF_8);
        Column text =
                isUtf8 ? functions.make_valid_utf8(bytes.cast("string")) : functions.decode(bytes, options.encoding());
        Column invalid = isUtf8 ? functions.not(functions.is_valid_utf8(col("value"))) : text.contains("\uFFFD");
        Column first = col("source_row").equalTo(1);
        Column clean = when(first, functions.regexp_replace(text, lit("^(\uFEFF|ï»¿)"), lit("")))
                .otherwise(text);
        Dataset<Row> decoded = lines.select(
                clean.as(RecordColumns.PAYLOAD),
                col("source_file"),
                col("source_row"),
                when(
                                tooLarge,
                                concat(
                                        lit("the record has "),
                                        size.cast("string"),
                                        lit(" bytes" + TOO_LARGE + options.maxRecordBytes()
                                                + "; only its beginning is kept")))
                        .when(invalid, lit(INVALID + options.encoding()))
                        .as("_unread"));
        Column payload = col(RecordColumns.PAYLOAD);
        // The parsed struct and a non-deterministic column share a projection, so that no filter is pushed below the
        // parser.
        Dataset<Row> parsed = decoded.select(Stream.of(
                        payload,
                        col("source_file"),
                        col("source_row")
                                .plus(functions.spark_partition_id().multiply(0))
                                .as("source_row"),
                        col("_unread"),
                        when(col("_unread").isNull(), parse(payload, header)).as("_record"))
                .toArray(Column[]::new));
        if (mapping.format() == Format.CSV && options.header()) {
            parsed = parsed.where(col("source_row").gt(1));
        }
        if (mapping.format() != Format.TEXT) {
            parsed = parsed.where(functions.length(trim(payload)).gt(0));
        }
        return parsed.select(columns().toArray(Column[]::new));
    }

    /**
     * Payloads parsed again. Where bytes were replaced or cut off when they were read first, the record stays unread.
     *
     * @param refused columns _payload, _malformed, source_file, source_row and those that are carried
     */
    Dataset<Row> again(Dataset<Row> refused, List<String> carried) {
        Column malformed = col(RecordColumns.MALFORMED);
        Column isDamaged = malformed.startsWith(INVALID).or(malformed.contains(TOO_LARGE));
        List<Column> columns = new ArrayList<>(List.of(
                col(RecordColumns.PAYLOAD),
                col("source_file"),
                col("source_row")
                        .plus(functions.spark_partition_id().multiply(0))
                        .as("source_row"),
                when(isDamaged, malformed).as("_unread"),
                when(functions.not(coalesce(isDamaged, lit(false))), parse(col(RecordColumns.PAYLOAD), null))
                        .as("_record")));
        carried.forEach(name -> columns.add(col(name)));
        List<Column> read = columns();
        carried.forEach(name -> read.add(col(name)));
        return refused.select(columns.toArray(Column[]::new)).select(read.toArray(Column[]::new));
    }

    private List<Column> columns() {
        List<Column> columns = new ArrayList<>();
        for (String name : mapping.schema().fieldNames()) {
            Column value = col("_record").getField(name);
            columns.add(
                    mapping.format() == Format.TEXT
                            ? value.as(name)
                            : when(col("_record").getField(CORRUPT).isNull(), value)
                                    .as(name));
        }
        columns.add(col("source_file"));
        columns.add(col("source_row"));
        columns.add(col(RecordColumns.PAYLOAD));
        Column reason = when(col("_unread").isNotNull(), col("_unread"));
        if (mapping.format() == Format.CSV) {
            reason = reason.when(
                    col("_record").getField(CORRUPT).isNotNull(), lit("wrong number of columns or an open quote"));
        } else if (mapping.format() == Format.JSON) {
            Column isObject = ltrim(col(RecordColumns.PAYLOAD)).startsWith("{");
            reason = reason.when(functions.not(isObject), lit("no JSON object on the line"))
                    .when(hasSecondDocument(col(RecordColumns.PAYLOAD)), lit("more than one JSON document on the line"))
                    .when(
                            col("_record").getField(CORRUPT).isNotNull(),
                            lit("broken JSON, or a value that does not fit its declared type"));
        }
        columns.add(reason.as(RecordColumns.MALFORMED));
        return columns;
    }

    /** Spark's parser reads the first document and drops the rest. Text in quotes may hold braces of its own. */
    private static Column hasSecondDocument(Column line) {
        Column withoutStrings = functions.regexp_replace(line, lit("\"(\\\\.|[^\"\\\\])*\""), lit("0"));
        return coalesce(when(line.rlike("\\}\\s*\\{"), withoutStrings.rlike("\\}\\s*\\{")), lit(false));
    }

    private Column parse(Column text, List<String> header) {
        Map<String, String> parser = new HashMap<>();
        parser.put("mode", "PERMISSIVE");
        parser.put("columnNameOfCorruptRecord", CORRUPT);
        switch (mapping.format()) {
            case CSV:
                parser.put("sep", options.delimiter());
                parser.put("quote", options.quote());
                parser.put("escape", options.quote());
                parser.put("maxCharsPerColumn", "-1");
                parser.put("multiLine", String.valueOf(options.multiLine()));
                parser.put("unescapedQuoteHandling", "STOP_AT_DELIMITER");
                return from_csv(text, lit(csvSchema(header).toDDL()), parser);
            case JSON:
                return when(
                        ltrim(text).startsWith("{"),
                        from_json(text, mapping.schema().add(CORRUPT, DataTypes.StringType), parser));
            default:
                return functions.struct(text.as("line"));
        }
    }

    private StructType csvSchema(List<String> header) {
        List<String> names = header == null ? Arrays.asList(mapping.schema().fieldNames()) : header;
        StructType schema = new StructType();
        for (int i = 0; i < names.size(); i++) {
            boolean isDeclared = Arrays.asList(mapping.schema().fieldNames()).contains(names.get(i));
            schema = schema.add(isDeclared ? names.get(i) : "_extra_" + i, DataTypes.StringType);
        }
        return schema.add(CORRUPT, DataTypes.StringType);
    }

    private Dataset<Row> lines(List<DeliveredFile> files) {
        Map<String, String> names = new HashMap<>();
        files.forEach(file -> names.put(
                org.apache.spark.paths.SparkPath.fromPathString(file.path()).urlEncoded(), file.name()));
        Dataset<Row> lines = session.read()
                .option("__globPaths__", "false")
                .text(files.stream().map(DeliveredFile::path).toArray(String[]::new));
        return LineNumbers.number(lines, names);
    }

    private Dataset<Row> multiLine(List<DeliveredFile> files) {
        return MultiLineRecords.read(session, files, options.quote().charAt(0), options.maxRecordBytes());
    }
}
