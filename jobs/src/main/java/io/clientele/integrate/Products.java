package io.clientele.integrate;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;

import io.clientele.warehouse.CoreTables;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Products with the history of their names, categories and costs. */
public final class Products {
    private Products() {}

    /**
     * {@link CoreTables#PRODUCT} from all product rows of the products concerned. A product of which no source says whether it
     * is a service is none.
     */
    public static Dataset<Row> history(Dataset<Row> products) {
        return Histories.intervals(
                        products.where(col("product_id")
                                .isNotNull()
                                .and(col("recorded_at").isNotNull())),
                        List.of("product_id"),
                        "recorded_at",
                        List.of("name", "category", "unit_cost_amount", "is_service"),
                        // The values themselves come last: rows of one file line would else tie.
                        struct(
                                col("source"),
                                col("source_file"),
                                col("source_row"),
                                col("name"),
                                col("category"),
                                col("unit_cost_amount"),
                                col("is_service")))
                .withColumn("is_service", coalesce(col("is_service"), lit(false)))
                .select(Customers.columns(CoreTables.PRODUCT.schema().fieldNames()));
    }
}
