package io.clientele.ingest.read;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;

import io.clientele.engine.error.ClienteleException;
import io.clientele.ingest.mapping.SourceMapping;
import io.clientele.ingest.mapping.SourceOptions;
import java.util.Arrays;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** A table of a database as records. */
final class DatabaseReader {
    private DatabaseReader() {}

    static Dataset<Row> read(SparkSession session, SourceMapping mapping, String watermark) {
        return read(session, mapping, watermark, System.getenv());
    }

    static Dataset<Row> read(
            SparkSession session, SourceMapping mapping, String watermark, Map<String, String> environment) {
        SourceOptions options = mapping.options();
        var reader = session.read()
                .format("jdbc")
                .option("url", mapping.location())
                .option("dbtable", options.table())
                .option("fetchsize", 10_000)
                .option("queryTimeout", 0)
                .option("preferTimestampNTZ", "false");
        if (options.userEnv() != null) {
            reader = reader.option("user", secret(mapping, "user-env", options.userEnv(), environment));
        }
        if (options.passwordEnv() != null) {
            reader = reader.option("password", secret(mapping, "password-env", options.passwordEnv(), environment));
        }
        try {
            Dataset<Row> found = reader.load();
            if (options.partitionColumn() != null && options.partitions() > 1) {
                Row bounds = found.selectExpr(
                                "min(`" + options.partitionColumn() + "`)", "max(`" + options.partitionColumn() + "`)")
                        .first();
                if (!bounds.isNullAt(0)) {
                    found = reader.option("partitionColumn", options.partitionColumn())
                            .option("lowerBound", bounds.get(0).toString())
                            .option("upperBound", bounds.get(1).toString())
                            .option("numPartitions", options.partitions())
                            .load();
                }
            }
            if (watermark != null && options.watermark() != null) {
                Column column = col("`" + options.watermark() + "`");
                // Rows that tie the highest value may have come after it was read; those loaded already are duplicates.
                found = found.where(column.geq(lit(watermark)
                        .cast(found.schema().apply(options.watermark()).dataType())));
            }
            Column[] columns = RecordReader.declared(mapping, found.schema(), options.table());
            return found.select(
                            struct(Arrays.stream(found.columns())
                                            .map(name -> col("`" + name + "`"))
                                            .toArray(Column[]::new))
                                    .as("_all"),
                            struct(columns).as("_record"))
                    .select(RecordReader.with(
                            mapping, lit("jdbc:" + options.table()), lit(null).cast("bigint")));
        } catch (Exception e) {
            throw IngestErrors.translate(e);
        }
    }

    private static String secret(SourceMapping mapping, String key, String variable, Map<String, String> environment) {
        String value = environment.get(variable);
        if (value == null) {
            throw ClienteleException.configuration(
                    "%s: options.%s: expected the environment variable %s to be set, found none",
                    mapping.file(), key, variable);
        }
        return value;
    }
}
