package io.clientele.benchmark;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.regexp_extract;
import static org.apache.spark.sql.functions.to_timestamp;
import static org.apache.spark.sql.functions.try_to_timestamp;

import io.clientele.integrate.CustomerRecords;
import io.clientele.testing.SharedSpark;
import io.clientele.warehouse.Subject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;

/** Public sets of persons with errors and known truth, as customer records. The truth is for measuring alone. */
public record LabelledSets(String name, Dataset<Row> customerRecords, Dataset<Row> truth) {
    /** The folder named by CLIENTELE_DATASETS; null where there is none. */
    public static Path folder() {
        String folder = System.getenv("CLIENTELE_DATASETS");
        return folder == null || !Files.isDirectory(Path.of(folder)) ? null : Path.of(folder);
    }

    /** splink_fake_1000 of moj-analytical-services/splink_datasets. */
    public static LabelledSets fake1000(Path datasets) {
        Dataset<Row> rows = csv(datasets.resolve("splink_fake_1000/fake_1000.csv"));
        return of(
                "splink_fake_1000",
                rows,
                col("unique_id"),
                col("cluster"),
                made -> made.withColumn("given_name", col("_first_name"))
                        .withColumn("family_name", col("_surname"))
                        .withColumn("birth_date", date(col("_dob"), "yyyy-MM-dd"))
                        .withColumn("city", col("_city"))
                        .withColumn("email", col("_email")));
    }

    /** A set of Febrl, 1 to 4; the fourth has two files. */
    public static LabelledSets febrl(Path datasets, int number) {
        List<String> files = number == 4 ? List.of("4a", "4b") : List.of(String.valueOf(number));
        Dataset<Row> rows = files.stream()
                .map(f -> csv(datasets.resolve("febrl/dataset" + f + ".csv")))
                .reduce(Dataset::unionByName)
                .orElseThrow();
        return of(
                "febrl " + number,
                rows,
                col("rec_id"),
                regexp_extract(col("rec_id"), "rec-(\\d+)-", 1),
                made -> made.withColumn("given_name", col("_given_name"))
                        .withColumn("family_name", col("_surname"))
                        .withColumn("birth_date", date(col("_date_of_birth"), "yyyyMMdd"))
                        .withColumn("street", concat_ws(" ", col("_street_number"), col("_address_1")))
                        .withColumn("postcode", col("_postcode"))
                        .withColumn("city", col("_suburb"))
                        .withColumn("tax_number", col("_soc_sec_id")));
    }

    private static Column date(Column text, String pattern) {
        return try_to_timestamp(text, lit(pattern)).cast("date");
    }

    private static Dataset<Row> csv(Path file) {
        return SharedSpark.session()
                .read()
                .option("header", true)
                .option("ignoreLeadingWhiteSpace", true)
                .csv(file.toString());
    }

    private static LabelledSets of(
            String name, Dataset<Row> rows, Column key, Column trueId, UnaryOperator<Dataset<Row>> map) {
        Dataset<Row> raw = rows;
        Dataset<Row> keyed = raw.withColumn("source_customer_key", key).withColumn("true_id", trueId);
        for (String column : rows.columns()) {
            keyed = keyed.withColumnRenamed(column, "_" + column);
        }
        for (StructField field : Subject.CUSTOMER.schema().fields()) {
            if (!field.name().equals("source_customer_key")) {
                keyed = keyed.withColumn(field.name(), lit(null).cast(field.dataType()));
            }
        }
        Dataset<Row> mapped = map.apply(keyed)
                .withColumn("source", lit("set"))
                .withColumn("recorded_at", to_timestamp(lit("2024-01-01 00:00:00")))
                .withColumn("batch_id", lit("b"))
                .withColumn("source_file", lit("f"))
                .withColumn("source_row", lit(1L));
        Dataset<Row> truth = mapped.select(
                concat(lit("set|"), col("source_customer_key")).as("record_key"),
                coalesce(col("true_id"), col("source_customer_key")).as("true_id"));
        return new LabelledSets(name, CustomerRecords.clean(mapped, "AU"), truth);
    }
}
