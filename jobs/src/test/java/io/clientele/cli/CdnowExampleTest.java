package io.clientele.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.data.Percentage.withPercentage;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.clientele.engine.PublishedTables;
import io.clientele.testing.SharedSpark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The published figures of the CDNOW sample (Fader, Hardie, Lee 2005; Fader, Hardie 2013) out of {@code mart.model_card}, by
 * configuration alone. The file is not part of the project: set CLIENTELE_DATASETS to a folder that holds
 * cdnow/CDNOW_sample.txt.
 */
class CdnowExampleTest {
    @TempDir
    Path warehouse;

    @Test
    void theCardHoldsThePublishedParameters() {
        String datasets = System.getProperty("CLIENTELE_DATASETS", System.getenv("CLIENTELE_DATASETS"));
        assumeTrue(datasets != null, "skipped: CLIENTELE_DATASETS names no folder with cdnow/CDNOW_sample.txt");
        Path input = Path.of(datasets, "cdnow");
        assumeTrue(Files.exists(input.resolve("CDNOW_sample.txt")), "skipped: there is no " + input);
        SharedSpark.session();
        assertThat(ClienteleCommand.execute(
                        "run",
                        "--conf",
                        "../conf/examples/cdnow",
                        "--input",
                        input.toString(),
                        "--warehouse",
                        warehouse.toString(),
                        "--jobs",
                        "load_purchases,customer_record,identity,sale_line,customer_day,lifetime_value,model_card"))
                .isZero();
        var published = new PublishedTables(SharedSpark.session(), warehouse.toString());
        assertThat(published
                        .sql("SELECT rows_read, rows_accepted, rows_duplicate, rows_quarantined FROM ops.batch_balance")
                        .first()
                        .toString())
                .isEqualTo("[6919,6919,0,0]");
        Map<String, Double> card = new TreeMap<>();
        for (Row row : published
                .sql("SELECT concat(model, '.', name), value FROM mart.model_card WHERE value IS NOT NULL"
                        + " AND as_of_date = DATE'1998-06-30' AND cutoff_date = DATE'1997-09-30'")
                .collectAsList()) {
            card.put(row.getString(0), row.getDouble(1));
        }
        Map<String, Double> expected = Map.of(
                "bg_nbd.r", .2426,
                "bg_nbd.alpha", 4.4136,
                "bg_nbd.a", .7929,
                "bg_nbd.b", 2.4259,
                "gamma_gamma.p", 6.25,
                "gamma_gamma.q", 3.74,
                "gamma_gamma.v", 15.44);
        expected.forEach((name, value) ->
                assertThat(card.get(name)).as(name).isCloseTo(value, withPercentage(name.startsWith("bg") ? .1 : .2)));
        assertThat(card.get("bg_nbd.log_likelihood")).isCloseTo(-9582.429, within(.01));
        assertThat(card.get("gamma_gamma.log_likelihood")).isCloseTo(-4055.918, within(.01));
        assertThat(card.get("bg_nbd.customers")).isEqualTo(2357);
        assertThat(published
                        .sql("SELECT count(*), count(lifetime_value_amount) FROM mart.lifetime_value")
                        .first()
                        .toString())
                .isEqualTo("[2357,2357]");
    }
}
