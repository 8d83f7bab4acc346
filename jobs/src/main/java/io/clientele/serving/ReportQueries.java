package io.clientele.serving;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.clientele.engine.SideBySide;
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
        // Many small queries: while one half computes, the other is planned.
        SideBySide.Both<Company, Customers> both = SideBySide.both(
                () -> new Company(
                        OperationsQueries.intake(operations.batchBalance(), operations.quarantine()),
                        CaptureQueries.capture(at(asOf, tables, CustomerTables.CAPTURE_SCORECARD)),
                        ValueQueries.value(segments),
                        SpreadQueries.spread(
                                at(asOf, tables, MartTables.VALUE_CONCENTRATION),
                                at(asOf, tables, MartTables.VALUE_MIGRATION)),
                        OperationsQueries.making(operations.run(), operations.checkResult(), asOf)),
                () -> new Customers(
                        ChurnQueries.churn(
                                at(asOf, tables, MartTables.CHURN_FLAG),
                                segments,
                                at(asOf, tables, MartTables.MODEL_CARD)),
                        CrossSellQueries.crossSelling(
                                at(asOf, tables, MartTables.CROSS_SELL_RULE),
                                at(asOf, tables, MartTables.RECOMMENDATION),
                                tables.rows(CoreTables.PRODUCT).where(col("is_current"))),
                        LifetimeQueries.lifetime(
                                at(asOf, tables, LifetimeTables.LIFETIME_VALUE),
                                at(asOf, tables, LifetimeTables.LIFETIME_BACKTEST),
                                at(asOf, tables, LifetimeTables.LIFETIME_FIGURE))));
        return new ReportData(
                header,
                both.one().intake(),
                both.one().capture(),
                both.one().value(),
                both.other().churn(),
                both.other().crossSelling(),
                both.one().making(),
                both.one().spread(),
                both.other().lifetime());
    }

    /** What came in and what it is worth. */
    private record Company(
            ReportData.Intake intake,
            ReportData.Capture capture,
            ReportData.Value value,
            ReportData.Spread spread,
            ReportData.Making making) {}

    /** What customers will do. */
    private record Customers(ReportData.Churn churn, ReportData.CrossSelling crossSelling, ReportLifetime lifetime) {}

    private static Dataset<Row> at(LocalDate asOf, ReportTables tables, TableRef mart) {
        return tables.rows(mart).where(col("as_of_date").equalTo(lit(Date.valueOf(asOf))));
    }
}
