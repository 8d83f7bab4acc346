package io.clientele.ingest.rule;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_compact;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_utc_timestamp;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;
import static scala.jdk.javaapi.CollectionConverters.asScala;

import io.clientele.ingest.CurrencyRates;
import io.clientele.ingest.mapping.Reference;
import io.clientele.ingest.mapping.Rule;
import io.clientele.ingest.mapping.SourceMapping;
import io.clientele.ingest.read.RecordReader;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/** Decides of each record whether it is accepted, a duplicate or refused, by native expressions evaluated once. */
public final class RecordRules {
    /** The type of {@code reasons}. */
    public static final String REASONS = "ARRAY<STRUCT<rule: STRING, column: STRING, message: STRING>>";

    private RecordRules() {}

    /** The records with the mapping's {@code parse} names; wall times of the source's zone become UTC. */
    public static Dataset<Row> parsed(Dataset<Row> records, SourceMapping mapping) {
        Dataset<Row> result = records;
        for (Map.Entry<String, String> entry : mapping.parse().entrySet()) {
            result = result.withColumn(entry.getKey(), expr(entry.getValue()));
            boolean isTime = result.schema().apply(entry.getKey()).dataType().equals(DataTypes.TimestampType);
            if (isTime && !mapping.timeZone().normalized().equals(ZoneOffset.UTC)) {
                result = result.withColumn(
                        entry.getKey(),
                        to_utc_timestamp(col(entry.getKey()), mapping.timeZone().getId()));
            }
        }
        return result;
    }

    /**
     * Adds {@code record_key}, {@code record_hash}, {@code outcome} (accepted, duplicate, quarantined), {@code is_correction},
     * {@code reasons}, {@code currency} and {@code amount} (in that currency) to the records, and drops the parsed names.
     *
     * @param products {@code product_id} of the known products; null where no reference asks
     * @param earlier {@code record_key, record_hash} of what was accepted before; null on a first load
     */
    public static Dataset<Row> evaluate(
            Dataset<Row> records,
            SourceMapping mapping,
            Dataset<Row> products,
            Dataset<Row> earlier,
            CurrencyRates rates) {
        Dataset<Row> parsed = parsed(records, mapping);
        parsed = parsed.withColumn("_unknown", lit(null).cast("array<string>"));
        for (Reference reference : mapping.references()) {
            parsed = mark(parsed, reference, products);
        }
        Column currency = mapping.hasOneCurrency() ? lit(mapping.currency()) : expr(mapping.currency());
        Column[] key = mapping.key().stream().map(k -> col("`" + k + "`")).toArray(Column[]::new);
        Dataset<Row> judged = parsed.withColumn("balance_currency", currency)
                .withColumn(
                        "balance_amount",
                        mapping.amount() == null
                                ? lit(null).cast("decimal(18,4)")
                                : expr(mapping.amount()).cast("decimal(18,4)"))
                .withColumn(
                        "reasons", array_compact(array(reasons(mapping, rates).toArray(Column[]::new))))
                .withColumn("record_key", xxhash64(key))
                .withColumn("record_hash", xxhash64(col(RecordReader.PAYLOAD)))
                .withColumn("_is_sound", size(col("reasons")).equalTo(0));
        Dataset<Row> placed = repeated(judged, earlier);
        List<Column> kept = new ArrayList<>();
        for (String column : mapping.schema().fieldNames()) {
            kept.add(col("`" + column + "`"));
        }
        for (String column : List.of(
                "source_file",
                "source_row",
                "record_key",
                "record_hash",
                "outcome",
                "is_correction",
                "reasons",
                "balance_currency",
                "balance_amount",
                RecordReader.PAYLOAD)) {
            kept.add(col(column));
        }
        return placed.select(kept.toArray(Column[]::new));
    }

    private static List<Column> reasons(SourceMapping mapping, CurrencyRates rates) {
        List<Column> reasons = new ArrayList<>();
        Column isRecord = col(RecordReader.MALFORMED).isNull();
        reasons.add(reason(isRecord.equalTo(false), "well-formed", null, col(RecordReader.MALFORMED)));
        for (String key : mapping.key()) {
            reasons.add(reason(
                    isRecord.and(col("`" + key + "`").isNull()),
                    "key-present",
                    key,
                    lit("a part of the record's key is missing")));
        }
        for (Rule rule : mapping.rules()) {
            Column check = expr(rule.check()).cast("boolean");
            Column applies = rule.when() == null ? isRecord : isRecord.and(coalesce(expr(rule.when()), lit(false)));
            reasons.add(when(
                    applies.and(coalesce(check, lit(false)).equalTo(false)),
                    struct(
                            lit(rule.name()).as("rule"),
                            lit(rule.column()).cast("string").as("column"),
                            when(
                                            check.isNull(),
                                            lit("not evaluated, since a value it needs is missing: " + rule.message()))
                                    .otherwise(lit(rule.message()))
                                    .as("message"))));
        }
        for (Reference reference : mapping.references()) {
            reasons.add(reason(
                    isRecord.and(coalesce(
                            org.apache.spark.sql.functions.array_contains(col("_unknown"), reference.name()),
                            lit(false))),
                    reference.name(),
                    null,
                    lit(reference.message())));
        }
        if (!mapping.hasOneCurrency() || !mapping.currency().equals(rates.reportingCurrency())) {
            reasons.add(reason(
                    isRecord.and(
                            rates.of(col("balance_currency"), lit("9999-12-31").cast("date"))
                                    .isNull()),
                    "known-currency",
                    null,
                    lit("there is no exchange rate for the record's currency in exchange-rates")));
        }
        return reasons;
    }

    private static Column reason(Column applies, String rule, String column, Column message) {
        return when(
                applies,
                struct(
                        lit(rule).as("rule"),
                        lit(column).cast("string").as("column"),
                        message.cast("string").as("message")));
    }

    /** Adds the reference's name to {@code _unknown} where one of its keys is none of the products'. */
    private static Dataset<Row> mark(Dataset<Row> records, Reference reference, Dataset<Row> products) {
        Column keys = expr(reference.keys());
        boolean isArray = records.select(keys.as("k")).schema().apply("k").dataType()
                instanceof org.apache.spark.sql.types.ArrayType;
        Dataset<Row> known = products.select(col("product_id").as("_known")).distinct();
        Column marked = org.apache.spark.sql.functions.array_append(
                coalesce(col("_unknown"), array().cast("array<string>")), lit(reference.name()));
        if (!isArray) {
            return records.withColumn("_key", keys)
                    .join(known, col("_key").equalTo(col("_known")), "left_outer")
                    .withColumn(
                            "_unknown",
                            when(col("_key").isNotNull().and(col("_known").isNull()), marked)
                                    .otherwise(col("_unknown")))
                    .drop("_key", "_known");
        }
        Dataset<Row> unknown = records.select(explode(keys).as("_key"))
                .distinct()
                .join(known, col("_key").equalTo(col("_known")), "left_anti")
                .agg(org.apache.spark.sql.functions.collect_set("_key").as("_unknown_keys"));
        return records.crossJoin(broadcast(unknown))
                .withColumn(
                        "_unknown",
                        when(
                                        coalesce(
                                                org.apache.spark.sql.functions.arrays_overlap(
                                                        keys, col("_unknown_keys")),
                                                lit(false)),
                                        marked)
                                .otherwise(col("_unknown")))
                .drop("_unknown_keys");
    }

    /** Tells first deliveries from duplicates and corrections, among the sound records of the batch and against earlier ones. */
    private static Dataset<Row> repeated(Dataset<Row> judged, Dataset<Row> earlier) {
        Column position = struct(col("source_file"), col("source_row"));
        // Only keys that occur more than once are joined back; they are few.
        Dataset<Row> repeats = judged.where(col("_is_sound"))
                .groupBy("record_key")
                .agg(
                        count(lit(1)).as("_times"),
                        min(struct(col("record_hash"), position.as("at"))).as("_low"),
                        max(struct(col("record_hash"), position.as("at"))).as("_high"))
                .where(col("_times").gt(1))
                .select("record_key");
        Dataset<Row> firsts = judged.where(col("_is_sound"))
                .select(col("record_key"), col("record_hash"), position.as("at"))
                .join(broadcast(repeats), asScala(List.of("record_key")).toSeq(), "left_semi")
                .groupBy("record_key", "record_hash")
                .agg(min("at").as("_first_at"))
                .withColumn(
                        "_last_at",
                        max("_first_at").over(org.apache.spark.sql.expressions.Window.partitionBy("record_key")))
                .withColumn(
                        "_very_first_at",
                        min("_first_at").over(org.apache.spark.sql.expressions.Window.partitionBy("record_key")));
        Dataset<Row> placed = judged.join(
                        broadcast(firsts),
                        asScala(List.of("record_key", "record_hash")).toSeq(),
                        "left_outer")
                .withColumn("_is_repeat", coalesce(position.notEqual(col("_first_at")), lit(false)))
                .withColumn(
                        "_is_later_version", coalesce(col("_first_at").notEqual(col("_very_first_at")), lit(false)));
        if (earlier == null) {
            return outcome(placed.withColumn("_was_same", lit(false)).withColumn("_was_other", lit(false)));
        }
        Dataset<Row> known = earlier.join(
                        judged.where(col("_is_sound")).select("record_key").distinct(),
                        asScala(List.of("record_key")).toSeq(),
                        "left_semi")
                .groupBy("record_key")
                .agg(org.apache.spark.sql.functions.collect_set("record_hash").as("_hashes"));
        return outcome(placed.join(known, asScala(List.of("record_key")).toSeq(), "left_outer")
                .withColumn(
                        "_was_same",
                        coalesce(
                                org.apache.spark.sql.functions.array_contains(col("_hashes"), col("record_hash")),
                                lit(false)))
                .withColumn(
                        "_was_other",
                        col("_hashes").isNotNull().and(col("_was_same").equalTo(false))));
    }

    private static Dataset<Row> outcome(Dataset<Row> placed) {
        Column sound = col("_is_sound");
        return placed.withColumn(
                        "outcome",
                        when(sound.equalTo(false), lit("quarantined"))
                                .when(col("_is_repeat").or(col("_was_same")), lit("duplicate"))
                                .otherwise(lit("accepted")))
                .withColumn(
                        "is_correction",
                        col("outcome")
                                .equalTo("accepted")
                                .and(col("_is_later_version").or(col("_was_other"))));
    }
}
