package io.clientele.mining;

import io.clientele.warehouse.CoreTables;
import java.math.BigDecimal;
import java.sql.Date;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Rows of core.customer_day for tests. */
public final class CustomerDays {
    private final List<Object[]> rows = new ArrayList<>();

    /** A day with one sale, a cost of sixty percent and no return. */
    public CustomerDays buys(String customer, LocalDate day, double sales) {
        return day(customer, day, 1, sales, 0, sales * .6, 0);
    }

    public CustomerDays day(
            String customer,
            LocalDate day,
            int countSales,
            double sales,
            double returned,
            double cost,
            int withoutCost) {
        rows.add(new Object[] {
            customer,
            Date.valueOf(day),
            countSales,
            1,
            money(sales),
            money(returned),
            money(sales + returned),
            money(cost),
            withoutCost,
            null,
            null
        });
        return this;
    }

    /** Customers with rhythms of their own, some of whom stop; a few refunds and days without sales value. */
    public static CustomerDays random(int customers, LocalDate asOf, long seed) {
        var random = new Random(seed);
        var days = new CustomerDays();
        for (int customer = 0; customer < customers; customer++) {
            double scale = Math.exp(1.5 + 3 * random.nextDouble());
            double stops = random.nextDouble() < .5 ? 0 : 300 * random.nextDouble();
            double age = 20 + 1000 * random.nextDouble();
            while (age > stops) {
                double amount = Math.round(100 * Math.exp(2 + random.nextGaussian())) / 100.0;
                int countSales = random.nextInt(20) == 0 ? 0 : 1;
                double returned = countSales == 0 ? -amount : random.nextInt(10) == 0 ? -amount / 2 : 0;
                days.day(
                        "c" + customer,
                        asOf.minusDays((long) age),
                        countSales,
                        countSales * amount,
                        returned,
                        (amount + returned) * .6,
                        random.nextInt(30) == 0 ? 1 : 0);
                age -= 1 + Math.floor(-Math.log(1 - random.nextDouble()) * scale);
            }
        }
        return days;
    }

    public List<Object[]> rows() {
        return rows;
    }

    public Dataset<Row> dataset() {
        return Samples.of(CoreTables.CUSTOMER_DAY, rows);
    }

    private static BigDecimal money(double amount) {
        return BigDecimal.valueOf(Math.round(amount * 100), 2);
    }
}
