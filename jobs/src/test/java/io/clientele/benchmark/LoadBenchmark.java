package io.clientele.benchmark;

import io.clientele.cli.ClienteleCommand;
import io.clientele.engine.PublishedTables;
import io.clientele.generate.BenchmarkCompany;
import io.clientele.generate.GeneratorOptions;
import io.clientele.mining.crosssell.BasketRulesConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The whole load and the three answers on an invented company, then a day with 1 % more, beside DuckDB computing the raw load
 * and the aggregates behind the answers from the same files on the same cores. After either the other answers are computed,
 * and given beside. Arguments: sale lines (default 10,000,000), customers (default 500,000).
 */
public final class LoadBenchmark {
    private static final String THREE_ANSWERS = "+churn_flag,+recommendation,+value_segment";

    private final Path folder;
    private final Path warehouse;
    private final LocalDate end;

    private LoadBenchmark(Path folder, LocalDate end) {
        this.folder = folder;
        this.warehouse = folder.resolve("warehouse");
        this.end = end;
    }

    public static void main(String[] arguments) throws Exception {
        GeneratorOptions options = GeneratorOptions.benchmark()
                .withLines(arguments.length > 0 ? Long.parseLong(arguments[0]) : 10_000_000)
                .withCustomers(arguments.length > 1 ? Integer.parseInt(arguments[1]) : 500_000);
        Path folder = Files.createTempDirectory("clientele-load");
        long start = System.nanoTime();
        BenchmarkCompany.write(options, folder.resolve("data"));
        System.out.printf(
                Locale.ROOT,
                "%,d sale lines of %,d customers written to %s in %.1f s%n",
                options.lines(),
                options.customers(),
                folder,
                seconds(start));
        LoadBenchmark benchmark = new LoadBenchmark(folder, options.endDate());
        Path data = folder.resolve("data");
        double full = benchmark.run("Full load and three answers", data, options.endDate(), "--jobs", THREE_ANSWERS);
        double others = benchmark.run("The other answers", data, options.endDate());
        Map<String, String> ours = benchmark.figures();
        LocalDate next = options.endDate().plusDays(1);
        double day = benchmark.run("A day with 1 % more", data.resolve("day"), next, "--jobs", THREE_ANSWERS);
        double othersOfDay = benchmark.run("The other answers of the day", data.resolve("day"), next);
        Map<String, String> theirs = new TreeMap<>();
        double duck = benchmark.duckDb(theirs);
        System.out.printf(
                Locale.ROOT,
                "%nfull %.1f s = %.1f x DuckDB (%.1f s), aim 4 x; day %.1f s = %.0f %% of full, aim 15 %%; peak memory %,d MB%n"
                        + "with all other answers: full %.1f s = %.1f x; day %.1f s = %.0f %%%n",
                full,
                full / duck,
                duck,
                day,
                100 * day / full,
                peakMegabytes(),
                full + others,
                (full + others) / duck,
                day + othersOfDay,
                100 * (day + othersOfDay) / (full + others));
        boolean isEqual = ours.equals(theirs);
        System.out.println(isEqual ? "Equal results: " + ours : "DIFFERENT results: " + ours + " and " + theirs);
        System.exit(isEqual ? 0 : 1);
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private double run(String what, Path input, LocalDate asOf, String... more) {
        System.out.printf("%n%s%n", what);
        List<String> arguments = new ArrayList<>(List.of(
                "run",
                "--conf",
                "conf/examples/benchmark",
                "--input",
                input.toString(),
                "--warehouse",
                warehouse.toString(),
                "--as-of",
                asOf.toString()));
        arguments.addAll(List.of(more));
        long start = System.nanoTime();
        int code = ClienteleCommand.execute(arguments.toArray(String[]::new));
        if (code != 0) {
            throw new IllegalStateException("The run ended with " + code);
        }
        double seconds = seconds(start);
        printJobs();
        return seconds;
    }

    private PublishedTables published() {
        return new PublishedTables(SparkSession.active(), warehouse.toString());
    }

    private void printJobs() {
        List<Row> rows = published().sql("""
                        SELECT job, unix_millis(finished_at) - unix_millis(started_at) AS millis, rows_read, rows_written
                        FROM ops.run WHERE run_id = (SELECT max_by(run_id, started_at) FROM ops.run) ORDER BY started_at, job""").collectAsList();
        System.out.printf("%n%-20s %9s %14s %14s %14s%n", "job", "seconds", "rows read", "rows written", "rows/second");
        for (Row row : rows) {
            double seconds = Math.max(0.001, row.getLong(1) / 1000.0);
            System.out.printf(
                    Locale.ROOT,
                    "%-20s %9.1f %,14d %,14d %,14.0f%n",
                    row.getString(0),
                    seconds,
                    row.getLong(2),
                    row.getLong(3),
                    Math.max(row.getLong(2), row.getLong(3)) / seconds);
        }
    }

    /** What both must agree on; asked of the tables behind the answers. */
    private Map<String, String> figures() {
        Map<String, String> figures = new TreeMap<>();
        ask(figures, "lines", "SELECT count(*) || ' ' || sum(net_amount) FROM core.sale_line");
        ask(
                figures,
                "rfm",
                "SELECT count(*) || ' ' || sum(frequency) || ' ' || sum(recency) || ' ' || sum(monetary) FROM (SELECT customer_id, count(*)"
                        + " frequency, sum(net_amount) monetary, datediff(DATE'" + end
                        + "', max(sold_on)) recency FROM core.customer_day GROUP BY customer_id)");
        ask(figures, "intervals", "SELECT sum(count_intervals) || ' ' || sum(gap_days) FROM mart.churn_flag");
        ask(
                figures,
                "pairs",
                "SELECT count(*) || ' ' || sum(count_baskets) FROM mart.cross_sell_rule WHERE antecedent[0] < consequent");
        return figures;
    }

    private void ask(Map<String, String> figures, String name, String query) {
        figures.put(name, published().sql(query).first().getString(0));
    }

    private double duckDb(Map<String, String> figures) throws SQLException, IOException {
        System.out.printf("%nDuckDB on the same files%n");
        double total = 0;
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + folder.resolve("duck.db"));
                Statement statement = connection.createStatement()) {
            statement.execute("SET threads = " + Runtime.getRuntime().availableProcessors());
            statement.execute("SET memory_limit = '4GB'");
            String data = folder.resolve("data").toString();
            total += timed(
                    statement,
                    "load",
                    List.of(
                            "CREATE TABLE sale AS SELECT * FROM read_csv('" + data
                                    + "/sales/sales-*.csv', columns = {'sale_id':'VARCHAR','line_number':'INT','sold_at':'TIMESTAMP',"
                                    + "'customer_number':'VARCHAR','sku':'VARCHAR','quantity':'DECIMAL(18,3)',"
                                    + "'unit_price':'DECIMAL(18,4)','net_amount':'DECIMAL(18,4)'}, header = true)",
                            "CREATE TABLE customer AS SELECT * FROM read_csv('" + data
                                    + "/crm/customers.csv', all_varchar = true)",
                            "CREATE TABLE product AS SELECT * FROM read_csv('" + data
                                    + "/crm/products.csv', all_varchar = true)"));
            total += timed(
                    statement,
                    "rfm",
                    List.of(
                            "CREATE TABLE day AS SELECT customer_number, CAST(sold_at AS DATE) AS sold_on,"
                                    + " count(DISTINCT sale_id) AS sales, sum(net_amount) AS net FROM sale"
                                    + " WHERE customer_number IS NOT NULL GROUP BY ALL",
                            "CREATE TABLE rfm AS SELECT customer_number, count(*) AS frequency, sum(net) AS monetary,"
                                    + " DATE '" + end + "' - max(sold_on) AS recency FROM day GROUP BY ALL"));
            total += timed(
                    statement,
                    "intervals",
                    List.of("CREATE TABLE rhythm AS SELECT customer_number, count(gap) AS intervals, avg(gap) AS mean,"
                            + " stddev(gap) AS deviation, DATE '" + end + "' - max(sold_on) AS gap_days FROM (SELECT *,"
                            + " sold_on - lag(sold_on) OVER (PARTITION BY customer_number ORDER BY sold_on) AS gap FROM day)"
                            + " GROUP BY ALL"));
            BasketRulesConfig config = BasketRulesConfig.defaults();
            total += timed(
                    statement,
                    "pairs",
                    List.of(
                            "CREATE TABLE item AS SELECT DISTINCT sale_id, sku FROM sale WHERE CAST(sold_at AS DATE) > DATE '"
                                    + end.minusDays(config.windowDays())
                                    + "' AND sku NOT IN (SELECT sku FROM product WHERE lower(is_service) = 'true')",
                            "CREATE TABLE pair AS SELECT a.sku AS a, b.sku AS b, count(*) AS baskets FROM item a JOIN item b"
                                    + " ON a.sale_id = b.sale_id AND a.sku < b.sku GROUP BY ALL"));
            figures.put("lines", one(statement, "SELECT count(*) || ' ' || sum(net_amount) FROM sale"));
            figures.put(
                    "rfm",
                    one(
                            statement,
                            "SELECT count(*) || ' ' || sum(frequency) || ' ' || sum(recency) || ' ' || sum(monetary) FROM rfm"));
            figures.put("intervals", one(statement, "SELECT sum(intervals) || ' ' || sum(gap_days) FROM rhythm"));
            figures.put("pairs", pairs(statement));
        }
        return total;
    }

    /** The baskets that DuckDB counts for the pairs of our rules. */
    private String pairs(Statement statement) throws SQLException {
        List<Row> rules = published()
                .sql("SELECT antecedent[0], consequent FROM mart.cross_sell_rule WHERE as_of_date = DATE'" + end
                        + "' AND antecedent[0] < consequent")
                .collectAsList();
        List<String> values = new ArrayList<>();
        rules.forEach(r -> values.add("('" + r.getString(0) + "', '" + r.getString(1) + "')"));
        statement.execute("CREATE TABLE rule (a VARCHAR, b VARCHAR)");
        if (!values.isEmpty()) {
            statement.execute("INSERT INTO rule VALUES " + String.join(", ", values));
        }
        return one(statement, "SELECT count(*) || ' ' || sum(baskets) FROM rule JOIN pair USING (a, b)");
    }

    private static double timed(Statement statement, String what, List<String> queries) throws SQLException {
        long start = System.nanoTime();
        for (String query : queries) {
            statement.execute(query);
        }
        double seconds = seconds(start);
        System.out.printf(Locale.ROOT, "%-20s %9.1f%n", what, seconds);
        return seconds;
    }

    private static String one(Statement statement, String query) throws SQLException {
        try (ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static long peakMegabytes() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return -1;
        }
        return Files.readAllLines(status).stream()
                .filter(l -> l.startsWith("VmHWM"))
                .mapToLong(l -> Long.parseLong(l.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElse(-1);
    }
}
