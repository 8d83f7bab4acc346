package io.clientele.serving;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.clientele.engine.TableRef;
import io.clientele.warehouse.CoreTables;
import io.clientele.warehouse.CustomerTables;
import io.clientele.warehouse.LifetimeTables;
import io.clientele.warehouse.MartTables;
import java.sql.Date;
import java.time.LocalDate;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * From tables to what the report shows. Spark aggregates; what is collected is bounded by a constant for each list,
 * whatever the number of customers.
 */
public final class ReportQueries {
    private ReportQueries() {}

    /** The report's data at the header's as-of date. */
    public static ReportData collect(ReportData.Header header, ReportTables tables, OperationsRows operations) {
        LocalDate asOf = LocalDate.parse(header.asOfDate());
        Dataset<Row> segments = at(asOf, tables, MartTables.VALUE_SEGMENT);
        Dataset<Row> currentProducts = tables.rows(CoreTables.PRODUCT).where(col("is_current"));
        return new ReportData(
                header,
                OperationsQueries.intake(operations.batchBalance(), operations.quarantine()),
                CaptureQueries.capture(at(asOf, tables, CustomerTables.CAPTURE_SCORECARD)),
                ValueQueries.value(segments),
                ChurnQueries.churn(
                        at(asOf, tables, MartTables.CHURN_FLAG), segments, at(asOf, tables, MartTables.MODEL_CARD)),
                CrossSellQueries.crossSelling(
                        at(asOf, tables, MartTables.CROSS_SELL_RULE),
                        at(asOf, tables, MartTables.RECOMMENDATION),
                        currentProducts),
                OperationsQueries.making(operations.run(), operations.checkResult(), asOf),
                SpreadQueries.spread(
                        at(asOf, tables, MartTables.VALUE_CONCENTRATION), at(asOf, tables, MartTables.VALUE_MIGRATION)),
                LifetimeQueries.lifetime(
                        at(asOf, tables, LifetimeTables.LIFETIME_VALUE),
                        at(asOf, tables, LifetimeTables.LIFETIME_BACKTEST),
                        at(asOf, tables, LifetimeTables.LIFETIME_FIGURE)));
    }

    private static Dataset<Row> at(LocalDate asOf, ReportTables tables, TableRef mart) {
        return tables.rows(mart).where(col("as_of_date").equalTo(lit(Date.valueOf(asOf))));
    }
}
