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
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** A table of a database as records. */
public final class DatabaseReader {
    private DatabaseReader() {}

    static Dataset<Row> read(SparkSession session, SourceMapping mapping, String watermark) {
        return read(session, mapping, watermark, System.getenv());
    }

    static Dataset<Row> read(
            SparkSession session, SourceMapping mapping, String watermark, Map<String, String> environment) {
        SourceOptions options = mapping.options();
        DataFrameReader reader = reader(session, mapping.location(), options.table());
        if (options.userEnv() != null) {
            reader = reader.option(
                    "user", secret(mapping.file() + ": options.user-env", options.userEnv(), environment));
        }
        if (options.passwordEnv() != null) {
            reader = reader.option(
                    "password", secret(mapping.file() + ": options.password-env", options.passwordEnv(), environment));
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

    /**
     * A table as it is, without a mapping.
     *
     * @param userEnv and passwordEnv the environment variables with the user and the password; null: the URL says it all
     */
    public static Dataset<Row> table(
            SparkSession session, String url, String table, String userEnv, String passwordEnv) {
        DataFrameReader reader = reader(session, url, table);
        if (userEnv != null) {
            reader = reader.option("user", secret("--user-env", userEnv, System.getenv()));
        }
        if (passwordEnv != null) {
            reader = reader.option("password", secret("--password-env", passwordEnv, System.getenv()));
        }
        try {
            return reader.load();
        } catch (Exception e) {
            throw IngestErrors.translate(e);
        }
    }

    private static DataFrameReader reader(SparkSession session, String url, String table) {
        return session.read()
                .format("jdbc")
                .option("url", url)
                .option("dbtable", table)
                .option("fetchsize", 10_000)
                .option("queryTimeout", 0)
                .option("preferTimestampNTZ", "false");
    }

    private static String secret(String key, String variable, Map<String, String> environment) {
        String value = environment.get(variable);
        if (value == null) {
            throw ClienteleException.configuration(
                    "%s: expected the environment variable %s to be set, found none", key, variable);
        }
        return value;
    }
}
