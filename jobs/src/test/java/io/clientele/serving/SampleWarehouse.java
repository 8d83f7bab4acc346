package io.clientele.serving;

import io.clientele.engine.TableRef;
import io.clientele.testing.SharedSpark;
import io.clientele.warehouse.CoreTables;
import io.clientele.warehouse.CustomerTables;
import io.clientele.warehouse.LifetimeTables;
import io.clientele.warehouse.MartTables;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** A company of 4,000 customers, made by formula from the row number, with names that try to break out of the page. */
final class SampleWarehouse {
    static final String AS_OF = "2011-12-09";

    /** A name that ends a script, opens an element and holds what old JavaScript took for a line's end. */
    static final String NAUGHTY_NAME =
            "</script><script>console.error('broken out')</script><img src=x onerror=\"console.error('img')\"> \u2028 {{data}} $1 \\ ' &amp;";

    static final StructType BATCH_BALANCE = StructType.fromDDL(
            "source STRING, batch_id STRING, run_id STRING, rows_read BIGINT, rows_accepted BIGINT, rows_duplicate BIGINT, "
                    + "rows_quarantined BIGINT, amount_read DECIMAL(18,4), amount_accepted DECIMAL(18,4), "
                    + "amount_duplicate DECIMAL(18,4), amount_quarantined DECIMAL(18,4), currency STRING");
    static final StructType QUARANTINE = StructType.fromDDL(
            "source STRING, batch_id STRING, source_file STRING, source_row BIGINT, "
                    + "reasons ARRAY<STRUCT<rule: STRING, column: STRING, message: STRING>>, status STRING, payload STRING");
    static final StructType RUN = StructType.fromDDL(
            "run_id STRING, job STRING, as_of_date DATE, status STRING, started_at TIMESTAMP, finished_at TIMESTAMP, "
                    + "rows_read BIGINT, rows_written BIGINT, table_versions MAP<STRING, BIGINT>, configuration_hash STRING, "
                    + "error STRING");
    static final StructType CHECK_RESULT = StructType.fromDDL(
            "run_id STRING, table_name STRING, check_name STRING, is_passed BOOLEAN, observed STRING, expected STRING");

    private static final SparkSession SPARK = SharedSpark.session();

    private SampleWarehouse() {}

    static ReportData.Header header(String companyName) {
        return new ReportData.Header(companyName, AS_OF, "EUR", "42", "20111210T041500-7f3a", "sha256:9c1f0e7a22");
    }

    /** A warehouse into which nothing was ever written. */
    static ReportTables noTables() {
        return table -> empty(table.schema());
    }

    static OperationsRows noOperations() {
        return new OperationsRows(empty(BATCH_BALANCE), empty(QUARANTINE), empty(RUN), empty(CHECK_RESULT));
    }

    static Dataset<Row> empty(StructType schema) {
        return SPARK.createDataFrame(List.of(), schema);
    }

    static ReportTables tables() {
        return table -> {
            if (table.equals(MartTables.VALUE_SEGMENT)) {
                return like(table, segments());
            }
            if (table.equals(MartTables.CHURN_FLAG)) {
                return like(table, flags());
            }
            if (table.equals(MartTables.CROSS_SELL_RULE)) {
                return like(table, rules());
            }
            if (table.equals(MartTables.RECOMMENDATION)) {
                return like(
                        table,
                        "SELECT DATE'" + AS_OF + "' AS as_of_date, concat('C', id) AS customer_id, 1 AS rank, 'P1' AS "
                                + "product_id, 0.5D AS score, 'bought P2' AS because FROM range(1204)");
            }
            if (table.equals(CustomerTables.CAPTURE_SCORECARD)) {
                return like(
                        table,
                        "SELECT DATE'" + AS_OF + "' AS as_of_date, * FROM VALUES "
                                + "('web_shop', DATE'2011-11-01', 700L, 700L, 90.00, 1.0D, 0.9D, 0.6D, 1.0D, 0.3D, 0.8D), "
                                + "('web_shop', DATE'2011-12-01', 200L, 200L, 30.00, 1.0D, 0.9D, 0.6D, 1.0D, 0.2D, 0.8D), "
                                + "('store_point_of_sale', DATE'2011-11-01', 300L, 120L, 120.00, 0.4D, 0.3D, 0.2D, 0.35D, 0.4D, 0.5D), "
                                + "('store_point_of_sale', DATE'2011-12-01', 100L, 80L, 80.00, 0.8D, 0.7D, 0.2D, 0.75D, 0.8D, 0.75D) "
                                + "AS t(source, month_start, count_sales, count_known_sales, known_sales_amount, known_share, named_share, "
                                + "repeat_share, reachable_share, card_share, best_amount_share)");
            }
            if (table.equals(MartTables.MODEL_CARD)) {
                return like(table, modelCard());
            }
            if (table.equals(LifetimeTables.LIFETIME_VALUE)) {
                return like(
                        table,
                        "SELECT DATE'" + AS_OF
                                + "' AS as_of_date, concat('C', id) AS customer_id, 2.5D AS expected_purchases, "
                                + "CAST(30 AS DECIMAL(18,2)) AS lifetime_value_amount, 'bg_nbd' AS model FROM range(4000)");
            }
            if (table.equals(LifetimeTables.LIFETIME_BACKTEST)) {
                return like(table, lifetimeBacktest());
            }
            if (table.equals(LifetimeTables.LIFETIME_FIGURE)) {
                return like(table, lifetimeFigures());
            }
            if (table.equals(CoreTables.PRODUCT)) {
                return products();
            }
            if (table.equals(MartTables.VALUE_CONCENTRATION)) {
                return like(
                        table,
                        "SELECT DATE'" + AS_OF
                                + "' AS as_of_date, * FROM VALUES ('sales_share_top_20', 0.8D, 12.5, 680L, NULL), "
                                + "('gini_sales', 0.71D, 99.0, 3400L, NULL), ('existing_budget_share', NULL, 0.0, 0L, 'no source') "
                                + "AS t(name, value, amount, count_customers, note)");
            }
            if (table.equals(MartTables.VALUE_MIGRATION)) {
                return like(
                        table,
                        "SELECT DATE'" + AS_OF + "' AS as_of_date, DATE'2011-06-01' AS from_date, * FROM VALUES "
                                + "('pyramid_level', 'medium', 'big', 'behaviour', 31L, 9000.0), "
                                + "('pyramid_level', 'big', 'medium', 'moved_cut_points', 7L, 900.0), "
                                + "('pyramid_level', 'big', 'big', 'stayed', 90L, 900.0), "
                                + "('pyramid_level', 'none', 'small', 'new_customer', 60L, 900.0), "
                                + "('value_class', 'iron', 'platinum', 'behaviour', 5L, 900.0) "
                                + "AS t(dimension, from_class, to_class, reason, count_customers, sales_amount)");
            }
            throw new AssertionError("The report reads an unexpected table: " + table);
        };
    }

    static OperationsRows operations() {
        return new OperationsRows(
                SPARK.createDataFrame(
                        SPARK.sql(
                                        "SELECT source, batch_id, 'run' AS run_id, r + d + q AS rows_read, r AS rows_accepted, d AS rows_duplicate, "
                                                + "q AS rows_quarantined, CAST((r + d + q) * v AS DECIMAL(18,4)), CAST(r * v AS DECIMAL(18,4)), "
                                                + "CAST(d * v AS DECIMAL(18,4)), CAST(q * v AS DECIMAL(18,4)), currency FROM VALUES "
                                                + "('web_shop', 'b1', 612340L, 11020L, 2210L, 18.4, 'GBP'), ('web_shop', 'b2', 412001L, 902L, 1010L, 18.9, 'GBP'), "
                                                + "('store_point_of_sale', 'b1', 204312L, 0L, 4120L, 12.1, 'EUR'), ('crm', 'b1', 4420L, 37L, 12L, 0.0, 'XXX'), "
                                                + "('call_centre', 'b1', 8110L, 0L, 61L, NULL, NULL), ('billing', 'b1', 15207L, 24L, 9L, 240.0, 'EUR'), ('web_shop', 'b2', 0L, 0L, 15L, 0.0, 'XXX') "
                                                + "AS t(source, batch_id, r, d, q, v, currency)")
                                .javaRDD(),
                        BATCH_BALANCE),
                SPARK.createDataFrame(
                        SPARK.sql(
                                        "SELECT IF(id % 3 = 0, 'store_point_of_sale', 'web_shop'), 'b1', 'f.csv', id, array(CASE WHEN id % 11 = 0 THEN "
                                                + "named_struct('rule', 'required', 'column', 'product_id', 'message', 'anna@example.org is missing') WHEN id % 7 = 0 "
                                                + "THEN named_struct('rule', 'number-in-range', 'column', 'quantity', 'message', 'm') WHEN id % 101 = 0 THEN "
                                                + "named_struct('rule', 'known-currency', 'column', CAST(NULL AS STRING), 'message', 'm') ELSE "
                                                + "named_struct('rule', 'valid-date', 'column', 'sold_at', 'message', 'm') END), IF(id % 5 = 0, 'replayed', 'open'), "
                                                + "'payload of anna@example.org' FROM range(7422)")
                                .javaRDD(),
                        QUARANTINE),
                SPARK.createDataFrame(
                        SPARK.sql("SELECT IF(pos = 0, 'run-1', '20111210T041500-7f3a'), job, IF(pos < 2, NULL, DATE'"
                                        + AS_OF + "'), 'succeeded', "
                                        + "TIMESTAMP'2011-12-10 04:15:00' + make_interval(0, 0, 0, 0, 0, 0, pos), TIMESTAMP'2011-12-10 04:15:00' + "
                                        + "make_interval(0, 0, 0, 0, 0, 0, 3 * pos + 7.25), 1000L * (pos + 1) * (pos + 3), 310L * (pos + 1), "
                                        + "map('core.sale_line', pos + 10L, 'core.customer', 9L), 'hash', CAST(NULL AS STRING) FROM (SELECT "
                                        + "posexplode(array('load_web_shop', 'identity', 'customer', 'sale_line', 'customer_day', 'value_segment', "
                                        + "'churn_flag', 'cross_sell_rule', 'recommendation')) AS (pos, job))")
                                .javaRDD(),
                        RUN),
                SPARK.createDataFrame(
                        SPARK.sql(
                                        "SELECT '20111210T041500-7f3a', concat('mart.table_', id % 7), concat('check_', id), id != 40, '3', '0' "
                                                + "FROM range(48)")
                                .javaRDD(),
                        CHECK_RESULT));
    }

    /** Values fall off with the rank; the last tenth of the buyers costs money; 600 bought nothing in the window. */
    private static String segments() {
        return "SELECT DATE'" + AS_OF + "' AS as_of_date, concat('C', id) AS customer_id, CAST(v AS DECIMAL(18,2)) AS "
                + "current_value_amount, CAST(400 * (1 + (id * 37) % 10) AS DECIMAL(18,2)) AS potential_value_amount, CASE WHEN v > 900 THEN "
                + "IF((id * 37) % 10 > 4, 'platinum', 'gold') WHEN (id * 37) % 10 > 6 THEN 'iron' ELSE 'lead' END AS value_class, "
                + "'C' AS abc_class, CASE WHEN id >= 3400 THEN 'inactive' WHEN id < 34 THEN 'top' WHEN id < 170 THEN 'big' WHEN id < 680 THEN "
                + "'medium' ELSE 'small' END AS pyramid_level, 10 AS frequency, CAST(IF(id >= 3400, 0, greatest(abs(v) * 2.6, 3)) AS "
                + "DECIMAL(18,2)) AS monetary_amount, id % 50 = 0 AS is_core, id % 40 = 0 AS has_unknown_cost FROM (SELECT id, CASE WHEN id >= 3400 "
                + "THEN 0 WHEN id >= 3000 THEN -1.9 * (id - 3000) ELSE 60000 / (id + 12.0) - 18 END AS v FROM range(4000)) "
                + "UNION ALL SELECT DATE'2011-06-01', 'C0', 999999999, 1, 'gold', 'A', 'top', 1, 1, true, false";
    }

    private static String flags() {
        return "SELECT DATE'" + AS_OF
                + "' AS as_of_date, concat('C', id) AS customer_id, CASE WHEN id >= 3400 THEN 'lost' WHEN id % 17 = 0 "
                + "THEN 'new' WHEN id % 9 = 4 THEN 'cooling' WHEN id % 23 = 5 THEN 'partially_defected' ELSE 'active' END AS state, "
                + "IF(id % 9 = 4, 0.61D, 0.18D) AS churn_probability, 70 AS gap_days, 12 AS count_intervals, "
                + "array(concat(60 + id % 60, ' days since the last purchase; usual are ', 14 + id % 9), 'spend fell by 42 % against the "
                + "year before') AS reasons FROM range(4000)";
    }

    private static String rules() {
        return "SELECT DATE'" + AS_OF
                + "' AS as_of_date, IF(id % 6 = 0, array(concat('P', id), concat('P', id + 1)), array(concat('P', id))) "
                + "AS antecedent, concat('P', id + 2) AS consequent, 900 - 13 * id AS count_baskets, (900 - 13 * id) / 19000D AS support, "
                + "0.3D + (id % 7) / 20D AS confidence, 3D + (id * 31) % 47 + id / 9D AS lift, 0.04D - id / 2000D AS leverage, 1.4D AS "
                + "conviction, 0.00001D AS p_value, IF(id % 4 = 0, 0.0004D, 0.012D) AS q_value, CAST(IF(id % 5 = 0, NULL, 1.25 + id) AS DECIMAL(18,4)) "
                + "AS margin_amount, 0.9D AS stability, DATE'2011-12-05' AS learned_on FROM range(57)";
    }

    private static String modelCard() {
        return "SELECT DATE'" + AS_OF
                + "' AS as_of_date, 'churn' AS model, name, kind, value, low, high, baseline_value, DATE'2011-09-09' AS "
                + "cutoff_date FROM VALUES ('auc', 'metric', 0.784D, 0.766D, 0.801D, 0.712D), ('brier_score', 'metric', 0.171D, NULL, NULL, 0.22D), "
                + "('customers', 'population', 3310D, NULL, NULL, NULL), ('log_loss', 'metric', double('NaN'), NULL, NULL, NULL) "
                + "AS t(name, kind, value, low, high, baseline_value)";
    }

    /** The classes of repeat purchases, and 100 weeks of which the last 26 were not known to the model. */
    private static String lifetimeBacktest() {
        return "SELECT DATE'" + AS_OF
                + "' AS as_of_date, 'frequency' AS kind, CAST(id AS INT) AS position, 'bg_nbd' AS model, "
                + "1200 DIV (id + 1) AS count_customers, 0.3D + id * 1.1D AS actual, 0.25D + id * 1.15D AS expected, true AS "
                + "is_holdout FROM range(8) UNION ALL SELECT DATE'" + AS_OF
                + "', 'week', CAST(id AS INT), 'bg_nbd', 4000, "
                + "30 * id + 90 * sin(id / 6), 30D * id, id > 74 FROM range(1, 101)";
    }

    private static String lifetimeFigures() {
        return "SELECT DATE'" + AS_OF
                + "' AS as_of_date, model, name, kind, value, DATE'2011-06-09' AS cutoff_date, note FROM VALUES "
                + "('lifetime_value', 'horizon_days', 'parameter', 365D, NULL), ('bg_nbd', 'holdout_rmse', 'metric', 1.6D, NULL), "
                + "('bg_nbd', 'holdout_days', 'parameter', 182D, NULL), ('bg_nbd', 'holdout_expected_to_actual', 'metric', 0.94D, NULL), "
                + "('bg_nbd', 'holdout_gain_over_last_period', 'metric', 0.31D, NULL), ('bg_nbd', 'holdout_gain_over_average', 'metric', "
                + "0.24D, NULL), ('lifetime_value', 'contribution_share', 'parameter', 0.4D, 'The cost of 3 of 9 lines is unknown and "
                + "counts as zero.') AS t(model, name, kind, value, note)";
    }

    private static Dataset<Row> products() {
        return like(
                        CoreTables.PRODUCT,
                        "SELECT concat('P', id) AS product_id, TIMESTAMP'2010-01-01 00:00:00' AS valid_from, true AS is_current, false AS is_service, "
                                + "element_at(array('Red retrospot cake stand', 'White hanging heart T-light holder', 'Jumbo bag, pink polka dot', "
                                + "'Regency teacup and saucer, green', 'Party bunting', 'Lunch bag, black skull', 'Alarm clock bakelike, ivory'), "
                                + "CAST(1 + id % 7 AS INT)) AS name FROM range(2, 60)")
                .union(like(
                        CoreTables.PRODUCT,
                        "SELECT 'P0' AS product_id, TIMESTAMP'2010-01-01 00:00:00' AS valid_from, true AS is_current, false AS is_service, "
                                + "'" + NAUGHTY_NAME.replace("\\", "\\\\").replace("'", "\\'") + "' AS name"));
    }

    /** The query's rows with all of the table's columns, null where the query does not give one. */
    private static Dataset<Row> like(TableRef table, String query) {
        Dataset<Row> rows = SPARK.sql(query);
        List<String> given = List.of(rows.columns());
        String[] columns = java.util.Arrays.stream(table.schema().fields())
                .map(field -> "CAST(" + (given.contains(field.name()) ? field.name() : "NULL") + " AS "
                        + field.dataType().sql() + ") AS " + field.name())
                .toArray(String[]::new);
        return rows.selectExpr(columns);
    }
}
