package io.clientele.identity;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.integrate.Given;
import io.clientele.testing.SharedSpark;
import io.clientele.warehouse.CoreTables;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** Values that very many share bring neither pairs nor links. */
class SkewTest {
    private static final int RECORDS = 50_000;

    @Test
    void onePhoneForFiftyThousandAndBlankNamesJoinNobody() {
        Column[] columns = Arrays.stream(CoreTables.CUSTOMER_RECORD.schema().fields())
                .map(field -> (switch (field.name()) {
                            case "source" -> lit("till");
                            case "source_customer_key" -> expr("CAST(id AS STRING)");
                            case "recorded_at" -> expr("timestamp_seconds(1700000000 + id)");
                            case "phone" -> lit("+4915100000000");
                            case "postcode" -> lit("10115");
                            case "city" -> lit("Berlin");
                            case "family_name" -> expr("IF(id % 2 = 0, 'Kunde', NULL)");
                            // Two real people, with two records each.
                            case "email" -> expr("IF(id < 4, concat('p', id % 2, '@mail.example'), NULL)");
                            default -> lit(null).cast(field.dataType());
                        })
                        .as(field.name()))
                .toArray(Column[]::new);
        Dataset<Row> records = SharedSpark.session().range(RECORDS).toDF("id").select(columns);

        Identities.Resolution resolution = Identities.resolution(
                records, Given.of(CoreTables.IDENTITY.schema(), List.of()), MatchConfig.defaults(), Decisions.none());

        assertThat(resolution.identity().select("customer_id").distinct().count())
                .isEqualTo(RECORDS - 2);
        assertThat(resolution
                        .weakIdentifiers()
                        .select("identifier", "count_records", "reason")
                        .collectAsList()
                        .toString())
                .isEqualTo("[[phone,50000,more than 20 records]]");
        Row phone = resolution
                .model()
                .where(col("part").equalTo("rule").and(col("name").equalTo("phone")))
                .first();
        assertThat(phone.<Long>getAs("count_refused_blocks")).isEqualTo(1);
        assertThat(phone.<Long>getAs("largest_block")).isEqualTo(RECORDS);
        assertThat(phone.<Long>getAs("count_pairs")).isZero();
    }
}
