package io.clientele.integrate;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.filter;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.lower;
import static org.apache.spark.sql.functions.max_by;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.regexp_extract;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Which source records name the same customer: records that share an issued number, or an e-mail or phone together with a
 * corroborating name, birth date or postcode. Never an e-mail or phone alone, since households share them.
 */
final class IdentityLinks {
  /** An identifier held by more records than this is no evidence: a shop's own number, a default address. */
  static final int MOST_HOLDERS = 20;

  private static final List<String> ISSUED = List.of("customer_number", "loyalty_card", "tax_number");
  private static final List<String> REACHED_BY = List.of("email", "phone");
  private static final List<String> CORROBORATING = List.of("last_name", "birth_date", "postcode");

  private IdentityLinks() {}

  /**
   * One row per source record with the newest value of each identifier, {@code record_key} ({@code source|key}) and
   * {@code rank}, the order of first appearance (time, then key).
   */
  static Dataset<Row> records(Dataset<Row> customerRecords) {
    List<Column> newest = new ArrayList<>();
    for (String column : List.of("customer_number", "loyalty_card", "tax_number", "email", "phone", "birth_date", "postcode")) {
      newest.add(max_by(col(column), when(col(column).isNotNull(), col("recorded_at"))).as(column));
    }
    Column lastName =
        lower(coalesce(col("family_name"), regexp_extract(col("full_name"), "(\\S+)$", 1)));
    newest.add(max_by(lastName, when(lastName.notEqual(""), col("recorded_at"))).as("last_name"));
    return customerRecords
        .groupBy("source", "source_customer_key")
        .agg(min("recorded_at").as("first_recorded_at"), newest.toArray(Column[]::new))
        .withColumn("record_key", concat_ws("|", col("source"), col("source_customer_key")))
        .withColumn("rank", struct(col("first_recorded_at"), col("record_key")));
  }

  /** One row per record and piece of evidence it holds: {@code record_key, rule, value, is_issued}. */
  static Dataset<Row> evidence(Dataset<Row> records) {
    List<Column> pieces = new ArrayList<>();
    for (String issued : ISSUED) {
      pieces.add(piece(issued, col(issued), true));
    }
    for (String reached : REACHED_BY) {
      for (String corroborating : CORROBORATING) {
        Column value =
            when(
                col(reached).isNotNull().and(col(corroborating).isNotNull()),
                concat_ws("|", col(reached), col(corroborating).cast("string")));
        pieces.add(piece(reached + "+" + corroborating, value, false));
      }
    }
    return records
        .select(
            col("record_key"),
            col("rank"),
            col("source"),
            col("customer_number"),
            col("tax_number"),
            explode(filter(array(pieces.toArray(Column[]::new)), p -> p.getField("value").isNotNull())).as("piece"))
        .select("record_key", "rank", "source", "customer_number", "tax_number", "piece.*");
  }

  private static Column piece(String rule, Column value, boolean isIssued) {
    return struct(lit(rule).as("rule"), value.cast("string").as("value"), lit(isIssued).as("is_issued"));
  }

  /**
   * Edges from each record to the first record that holds the same piece of evidence: {@code record_key, rank, anchor_key,
   * anchor, rule, is_issued}. A weak edge between different customer numbers of one source, or different tax numbers, is
   * vetoed.
   */
  static Dataset<Row> edges(Dataset<Row> evidence) {
    Dataset<Row> groups =
        evidence
            .groupBy("rule", "value")
            .agg(
                count(lit(1)).as("count_holders"),
                min(struct(col("rank"), col("source"), col("customer_number"), col("tax_number"))).as("first"))
            .where(col("count_holders").between(2, MOST_HOLDERS));
    Column otherNumber =
        not(col("is_issued"))
            .and(
                coalesce(
                        col("source").equalTo(col("first.source"))
                            .and(col("customer_number").notEqual(col("first.customer_number"))),
                        lit(false))
                    .or(coalesce(col("tax_number").notEqual(col("first.tax_number")), lit(false))));
    return evidence
        .join(groups, scala.jdk.javaapi.CollectionConverters.asScala(List.of("rule", "value")).toSeq())
        .where(col("record_key").notEqual(col("first.rank.record_key")).and(not(otherNumber)))
        .select(
            col("record_key"),
            col("rank"),
            col("first.rank.record_key").as("anchor_key"),
            col("first.rank").as("anchor"),
            col("rule"),
            col("is_issued"));
  }
}
