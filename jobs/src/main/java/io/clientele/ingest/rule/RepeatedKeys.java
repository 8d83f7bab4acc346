package io.clientele.ingest.rule;

import static io.clientele.ingest.read.RecordColumns.BATCH;
import static io.clientele.ingest.read.RecordColumns.IS_CORRECTION;
import static io.clientele.ingest.read.RecordColumns.LOADED_AT;
import static io.clientele.ingest.read.RecordColumns.OUTCOME;
import static io.clientele.ingest.read.RecordColumns.REASONS;
import static io.clientele.ingest.read.RecordColumns.RECORD_HASH;
import static io.clientele.ingest.read.RecordColumns.RECORD_KEY;
import static io.clientele.ingest.read.RecordColumns.SOURCE_FILE;
import static io.clientele.ingest.read.RecordColumns.SOURCE_ROW;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.max_by;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import io.clientele.engine.Reuse;
import io.clientele.ingest.mapping.Format;
import io.clientele.ingest.mapping.SourceMapping;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.functions;

/**
 * Tells duplicates and corrections. Of the sound records of one key in a batch the content of the last one, by file and row
 * (and before that by batch, where records of several batches are judged again), counts; its first record is accepted unless the key was accepted with that content before, all others of the key are
 * duplicates. So a batch has at most one accepted record of a key. Refused records do not take part.
 */
final class RepeatedKeys {
    private static final int FEW = 2_000_000;

    private RepeatedKeys() {}

    /**
     * The judged records with outcome and is_correction.
     *
     * @param delivered records as read
     * @param rules judges records; the few with a repeated key are picked out before, so that they alone are judged twice
     * @param isKept whether all judged records are kept instead: then they are read and judged once
     */
    static Dataset<Row> outcomes(
            Dataset<Row> delivered,
            UnaryOperator<Dataset<Row>> rules,
            SourceMapping mapping,
            Earlier earlier,
            boolean isKept) {
        Dataset<Row> judged = isKept ? rules.apply(delivered).localCheckpoint() : rules.apply(delivered);
        Dataset<Row> records = mapping.format() == Format.JDBC
                ? withCopies(judged, place(delivered))
                : judged.withColumn("_copy", lit(1));
        Dataset<Row> repeated = Reuse.settled(repeated(judged, earlier.accepted()));
        long count = Reuse.count(repeated);
        Column isSound = size(col(REASONS)).equalTo(0);
        if (count == 0) {
            Dataset<Row> all = records.withColumn(
                            OUTCOME, when(isSound, lit("accepted")).otherwise("quarantined"))
                    .withColumn(IS_CORRECTION, lit(false));
            return refusedOnce(all, mapping, earlier).drop("_copy");
        }
        Dataset<Row> rejudged = isKept
                ? judged.join(hinted(repeated, count), RECORD_KEY)
                : rules.apply(candidates(delivered, judged, hinted(repeated, count)));
        Dataset<Row> rulings = Reuse.settled(rulings(rejudged, place(delivered)));
        Column isWinner = col(RECORD_HASH)
                .equalTo(col("_hash"))
                .and(struct(place(delivered)).equalTo(col("_first")))
                .and(col("_copy").equalTo(1))
                .and(functions.not(col("_is_known")));
        Column outcome = when(functions.not(isSound), lit("quarantined"))
                .when(col("_hash").isNull().or(isWinner), lit("accepted"))
                .otherwise("duplicate");
        Dataset<Row> all = records.join(
                        hinted(rulings, count), records.col(RECORD_KEY).equalTo(rulings.col("_key")), "left")
                .withColumn(OUTCOME, outcome)
                .withColumn(IS_CORRECTION, col(OUTCOME).equalTo("accepted").and(coalesce(col("_changes"), lit(false))));
        return refusedOnce(all, mapping, earlier).drop("_copy", "_key", "_hash", "_first", "_is_known", "_changes");
    }

    /**
     * A database gives the rows that tie its watermark, or all without one, again in the next batch, and has no row numbers: a
     * row that is refused with the content with which one was refused, here or before, is a duplicate.
     */
    private static Dataset<Row> refusedOnce(Dataset<Row> records, SourceMapping mapping, Earlier earlier) {
        if (mapping.format() != Format.JDBC) {
            return records;
        }
        Column isKnown = col("_copy").gt(1);
        Dataset<Row> known = records;
        if (earlier.refused() != null) {
            known = records.join(
                    earlier.refused().select(col(RECORD_HASH).as("_refused")).distinct(),
                    col(RECORD_HASH).equalTo(col("_refused")),
                    "left");
            isKnown = isKnown.or(col("_refused").isNotNull());
        }
        return known.withColumn(
                        OUTCOME,
                        when(col(OUTCOME).equalTo("quarantined").and(isKnown), "duplicate")
                                .otherwise(col(OUTCOME)))
                .drop("_refused");
    }

    /** Rows of a database have no number, so that like ones are told apart by counting. */
    private static Dataset<Row> withCopies(Dataset<Row> judged, Column[] place) {
        var copies = Window.partitionBy(
                        Stream.concat(Stream.of(col(RECORD_KEY), col(RECORD_HASH)), Arrays.stream(place))
                                .toArray(Column[]::new))
                .orderBy(size(col(REASONS)));
        return judged.withColumn("_copy", functions.row_number().over(copies));
    }

    /** Where a record stands among those judged with it. */
    private static Column[] place(Dataset<Row> delivered) {
        List<String> columns = Arrays.asList(delivered.columns());
        return Stream.of(LOADED_AT, BATCH, SOURCE_FILE, SOURCE_ROW)
                .filter(columns::contains)
                .map(c -> col(c))
                .toArray(Column[]::new);
    }

    private static Dataset<Row> hinted(Dataset<Row> few, long count) {
        return count <= FEW ? broadcast(few) : few;
    }

    /** record_key and earlier_hash (null where it is new) of keys that come more than once, here or before. */
    private static Dataset<Row> repeated(Dataset<Row> judged, Dataset<Row> earlierKeys) {
        Dataset<Row> keys = judged.where(col(RECORD_KEY).isNotNull())
                .groupBy(RECORD_KEY)
                .agg(functions.count(lit(1)).as("n"));
        if (earlierKeys == null) {
            return keys.where(col("n").gt(1))
                    .select(col(RECORD_KEY), lit(null).cast("bigint").as("earlier_hash"));
        }
        boolean isOrdered = Arrays.asList(earlierKeys.columns()).contains("loaded_at");
        Column latest = isOrdered
                ? max_by(col(RECORD_HASH), when(col(RECORD_HASH).isNotNull(), col("loaded_at")))
                : functions.collect_set(col(RECORD_HASH)).getItem(0);
        Dataset<Row> batch = Reuse.settled(keys);
        Dataset<Row> earlier = earlierKeys
                .where(col(RECORD_KEY).isNotNull())
                .join(hinted(batch.select(RECORD_KEY), Reuse.count(batch)), RECORD_KEY)
                .groupBy(RECORD_KEY)
                .agg(latest.as("earlier_hash"));
        return batch.join(earlier, batch.col(RECORD_KEY).equalTo(earlier.col(RECORD_KEY)), "left")
                .where(col("n").gt(1).or(col("earlier_hash").isNotNull()))
                .select(batch.col(RECORD_KEY), col("earlier_hash"));
    }

    /** The delivered records, as read, whose key is repeated; kept, since rules must not be pushed below the join. */
    private static Dataset<Row> candidates(Dataset<Row> delivered, Dataset<Row> judged, Dataset<Row> repeated) {
        Column[] asRead = Arrays.stream(delivered.columns())
                .map(name -> col("`" + name + "`"))
                .toArray(Column[]::new);
        return Reuse.settled(judged.select(Stream.concat(
                                Arrays.stream(asRead), Stream.of(col(RECORD_KEY).as("_candidate")))
                        .toArray(Column[]::new))
                .join(repeated.withColumnRenamed(RECORD_KEY, "_candidate"), "_candidate")
                .drop("_candidate"));
    }

    private static Dataset<Row> rulings(Dataset<Row> judged, Column[] places) {
        Column place = struct(places);
        Column position = struct(place.as("place"), col(RECORD_HASH));
        return judged.where(size(col(REASONS)).equalTo(0))
                .groupBy(RECORD_KEY, RECORD_HASH)
                .agg(
                        min(position).as("first"),
                        max(position).as("last"),
                        max("earlier_hash").as("earlier_hash"))
                .groupBy(RECORD_KEY)
                .agg(
                        max_by(struct(col(RECORD_HASH).as("hash"), col("first")), col("last"))
                                .as("winner"),
                        functions.count(lit(1)).as("n"),
                        max("earlier_hash").as("earlier_hash"))
                .select(
                        col(RECORD_KEY).as("_key"),
                        col("winner.hash").as("_hash"),
                        col("winner.first.place").as("_first"),
                        coalesce(col("earlier_hash").equalTo(col("winner.hash")), lit(false))
                                .as("_is_known"),
                        col("n").gt(1).or(col("earlier_hash").isNotNull()).as("_changes"));
    }
}
