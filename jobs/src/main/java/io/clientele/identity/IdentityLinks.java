package io.clientele.identity;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.startswith;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import io.clientele.engine.Reuse;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Which source records name the same customer: records that share an issued number, or an e-mail or phone together with a
 * corroborating family name, birth date or postcode. Never an e-mail or phone alone, and never against a differing given
 * name or birth date, since households share the rest.
 */
final class IdentityLinks {
    /** What an exact rule counts, in bits, beside learned weights. */
    static final double EXACT_BITS = 12;

    private static final List<String> CORROBORATING = List.of("family_name", "birth_date", "postcode");

    private IdentityLinks() {}

    /**
     * One row per pair of records and identifier that links them: {@code record_key, rank} of the later record, {@code
     * anchor_key, anchor} of the earlier one, {@code rule} and {@code is_issued}. A weak link is vetoed where the two
     * contradict each other ({@link #contradict}).
     *
     * @param sharedIdentifiers as {@link IdentifierUse#shared} makes them
     */
    static Dataset<Row> edges(Dataset<Row> records, Dataset<Row> sharedIdentifiers) {
        Dataset<Row> held = IdentifierUse.held(records).drop("person");
        Dataset<Row> shared = sharedIdentifiers.where(col("reason").isNull()).select("identifier", "value");
        Dataset<Row> holders = Reuse.settled(held.join(shared, new String[] {"identifier", "value"}, "inner")
                .join(records.withColumn("holder", struct(col("*"))).select("record_key", "holder"), "record_key")
                .select("identifier", "value", "is_issued", "holder"));
        Dataset<Row> pairs = holders.withColumnRenamed("holder", "b")
                .join(
                        holders.drop("is_issued").withColumnRenamed("holder", "a"),
                        new String[] {"identifier", "value"},
                        "inner")
                .where(col("a.rank").lt(col("b.rank")));
        return pairs.withColumn("corroborated_by", corroboration())
                .where(col("is_issued").or(col("corroborated_by").isNotNull().and(not(contradict()))))
                .select(
                        col("b.record_key").as("record_key"),
                        col("b.rank").as("rank"),
                        col("a.record_key").as("anchor_key"),
                        col("a.rank").as("anchor"),
                        when(col("is_issued"), col("identifier"))
                                .otherwise(concat_ws("+", col("identifier"), col("corroborated_by")))
                                .as("rule"),
                        col("is_issued"),
                        lit(1.0).as("probability"),
                        lit(EXACT_BITS).as("weight"));
    }

    /** The first of the corroborating columns in which both records agree; null where they agree in none. */
    private static Column corroboration() {
        return coalesce(CORROBORATING.stream()
                .map(c -> when(col("a." + c).equalTo(col("b." + c)), lit(c)))
                .toArray(Column[]::new));
    }

    /**
     * Whether two records cannot be one customer: different customer numbers of one source, different tax numbers or birth
     * dates, given names of which neither begins the other, or different family names with no given name to say that one
     * person changed hers. What either does not state contradicts nothing.
     */
    private static Column contradict() {
        Column givenA = col("a.given_name");
        Column givenB = col("b.given_name");
        Column sameGiven = startswith(givenA, givenB).or(startswith(givenB, givenA));
        return differ("customer_number")
                .and(col("a.source").equalTo(col("b.source")))
                .or(differ("tax_number"))
                .or(differ("birth_date"))
                .or(not(coalesce(sameGiven, lit(true))))
                .or(differ("family_name").and(not(coalesce(sameGiven, lit(false)))));
    }

    private static Column differ(String column) {
        return coalesce(col("a." + column).notEqual(col("b." + column)), lit(false));
    }
}
