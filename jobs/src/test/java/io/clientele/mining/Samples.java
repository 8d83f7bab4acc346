package io.clientele.mining;

import io.clientele.engine.TableRef;
import io.clientele.testing.SharedSpark;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Rows of declared tables for tests. */
public final class Samples {
    private Samples() {}

    /** The given values as rows of {@code table}. */
    public static Dataset<Row> of(TableRef table, List<Object[]> rows) {
        List<Row> made = new ArrayList<>();
        rows.forEach(values -> made.add(RowFactory.create(values)));
        return SharedSpark.session().createDataFrame(made, table.schema());
    }

    /** The same rows in another order and in seven partitions. */
    public static Dataset<Row> shuffled(TableRef table, List<Object[]> rows, long seed) {
        List<Object[]> mixed = new ArrayList<>(rows);
        Collections.shuffle(mixed, new Random(seed));
        return of(table, mixed).repartition(7);
    }

    /** All rows as sorted texts, for comparing whole results. */
    public static List<String> texts(Dataset<Row> rows) {
        return rows.collectAsList().stream().map(Row::toString).sorted().toList();
    }
}
