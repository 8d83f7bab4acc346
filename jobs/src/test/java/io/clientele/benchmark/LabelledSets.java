package io.clientele.benchmark;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.regexp_extract;
import static org.apache.spark.sql.functions.to_timestamp;
import static org.apache.spark.sql.functions.try_to_timestamp;

import io.clientele.integrate.CustomerRecords;
import io.clientele.testing.SharedSpark;
import io.clientele.warehouse.CoreTables;
import io.clientele.warehouse.Subject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
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

    /**
     * An invented population: three in five persons have one record, the others two to five from several sources, with typing
     * errors, missing fields, moves and new addresses; every tenth lives with the person before.
     */
    public static LabelledSets generated(int records) {
        SparkSession session = SharedSpark.session();
        Dataset<Row> people = session.range(0, records, 1, 8)
                .withColumn("person", expr("CAST(floor(id * 0.6) AS BIGINT)"))
                .withColumn("n", expr("id"));
        String given = "element_at(array('" + String.join("','", GeneratedNames.given()) + "'), "
                + "1 + CAST(pmod(xxhash64('given', %s), "
                + GeneratedNames.given().size() + ") AS INT))";
        String family = "concat(element_at(array('" + String.join("','", GeneratedNames.family()) + "'), "
                + "1 + CAST(sqrt(pmod(xxhash64('family', %1$s), "
                + (long) GeneratedNames.family().size()
                        * GeneratedNames.family().size() + ")) AS INT)), "
                + "element_at(array('','','','er','mann','sen','berg','hof'), 1 + CAST(pmod(xxhash64('end', %1$s), 8) AS INT)))";
        String home = "CASE WHEN person % 10 = 9 THEN person - 1 ELSE person END";
        Dataset<Row> rows = people.withColumn("home", expr(home))
                .withColumn("given_name", expr(given.formatted("person")))
                .withColumn("family_name", expr(family.formatted("home")))
                .withColumn(
                        "birth_date",
                        expr("date_add(DATE'1940-01-01', CAST(pmod(xxhash64('b', person), 23000) AS INT))"))
                .withColumn(
                        "email",
                        expr(
                                "concat(lower(given_name), '.', lower(family_name), pmod(xxhash64('e', person), 9999), '@mail', person % 7, '.example')"))
                .withColumn(
                        "phone",
                        expr("concat('+49151', lpad(CAST(pmod(xxhash64('p', home), 100000000) AS STRING), 8, '0'))"))
                .withColumn("postcode", expr("lpad(CAST(10000 + pmod(xxhash64('z', home), 8000) AS STRING), 5, '0')"))
                .withColumn("city", expr("concat('Ort', pmod(xxhash64('z', home), 8000))"))
                .withColumn(
                        "street",
                        expr(
                                "concat('Strasse ', pmod(xxhash64('s', home), 900), ' ', 1 + pmod(xxhash64('h', home), 90))"))
                .withColumn("d", expr("pmod(xxhash64('dirt', n), 100)"));
        Dataset<Row> dirty = rows.withColumn(
                        "given_name",
                        expr(
                                "CASE WHEN d < 6 THEN concat(left(given_name, 2), 'x', substr(given_name, 3)) WHEN d < 9 THEN left(given_name, 1) ELSE given_name END"))
                .withColumn(
                        "family_name",
                        expr(
                                "CASE WHEN d BETWEEN 7 AND 14 THEN concat(left(family_name, 3), substr(family_name, 5)) ELSE family_name END"))
                .withColumn(
                        "birth_date",
                        expr(
                                "CASE WHEN pmod(xxhash64('nb', n), 10) < 3 THEN NULL WHEN d BETWEEN 20 AND 23 THEN date_add(birth_date, 9) ELSE birth_date END"))
                .withColumn(
                        "email",
                        expr(
                                "CASE WHEN pmod(xxhash64('ne', n), 10) < 4 THEN NULL WHEN d BETWEEN 24 AND 28 THEN concat('x', email) ELSE email END"))
                .withColumn("phone", expr("CASE WHEN pmod(xxhash64('np', n), 10) < 5 THEN NULL ELSE phone END"))
                .withColumn(
                        "street",
                        expr(
                                "CASE WHEN pmod(xxhash64('ns', n), 10) < 2 THEN NULL WHEN d BETWEEN 30 AND 39 THEN concat('Weg ', d, ' ', n % 50) ELSE street END"))
                .withColumn("postcode", expr("CASE WHEN d BETWEEN 35 AND 39 THEN '99999' ELSE postcode END"))
                .withColumn("city", expr("CASE WHEN d BETWEEN 35 AND 39 THEN 'Anderswo' ELSE city END"))
                .withColumn("source", expr("element_at(array('crm','web','till','billing'), 1 + CAST(n % 4 AS INT))"))
                .withColumn("source_customer_key", expr("concat('k', n)"))
                .withColumn("recorded_at", expr("timestamp_seconds(1700000000 + pmod(xxhash64('t', n), 10000000))"));
        Dataset<Row> shaped = dirty;
        for (StructField field : CoreTables.CUSTOMER_RECORD.schema().fields()) {
            if (!Arrays.asList(dirty.columns()).contains(field.name())) {
                shaped = shaped.withColumn(field.name(), lit(null).cast(field.dataType()));
            }
        }
        return new LabelledSets(
                String.format(java.util.Locale.ROOT, "generated %,d", records),
                shaped.select(Arrays.stream(CoreTables.CUSTOMER_RECORD.schema().fieldNames())
                        .map(c -> col(c))
                        .toArray(Column[]::new)),
                shaped.select(
                        expr("concat(source, '|', source_customer_key)").as("record_key"),
                        expr("CAST(person AS STRING)").as("true_id")));
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
