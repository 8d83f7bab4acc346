package io.clientele.generate;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.SplittableRandom;

/**
 * Sells day by day. A day has a fixed number of lines by season; who is due to buy does so, those for whom the day has no
 * lines left come on the next one, and passers-by buy the rest.
 */
final class BenchmarkSales {
    private static final int OPENS_AT_SECOND = 7 * 3600;
    private static final int OPEN_SECONDS = 14 * 3600;
    private static final double MEAN_LINES = 2.6;
    private static final double ANONYMOUS_SHARE = 0.15;
    private static final int GAP_SHAPE = 3;
    private static final double SHORTEST_GAP_DAYS = 2;
    private static final int NEVER = Integer.MAX_VALUE;
    private static final byte[] HEADER =
            ByteLines.bytes("sale_id,line_number,sold_at,customer_number,sku,quantity,unit_price,net_amount");

    private final GeneratorOptions options;
    private final BenchmarkProducts products;
    private final SplittableRandom random;
    private final int days;

    /** For each customer the day of the next purchase, the mean interval in days, and what a basket is worth. */
    private final int[] nextDay;

    private final float[] meanGapDays;
    private final float[] wealth;
    private final int[] basket = new int[16];

    private long saleNumber;
    private long linesLeft;
    private long linesOfDay;
    private byte[] date;

    BenchmarkSales(GeneratorOptions options, BenchmarkProducts products, int newcomers) {
        this.options = options;
        this.products = products;
        this.random = new SplittableRandom(options.seed() ^ 0x5DEECE66DL);
        this.days = (int) ChronoUnit.DAYS.between(options.startDate(), options.endDate()) + 1;
        int all = options.customers() + newcomers;
        this.nextDay = new int[all];
        this.meanGapDays = new float[all];
        this.wealth = new float[all];
        invent(all);
    }

    private void invent(int all) {
        double known = options.lines() * (1 - ANONYMOUS_SHARE) / MEAN_LINES / options.customers();
        double[] busyness = new double[all];
        double sum = 0;
        for (int i = 0; i < all; i++) {
            Dice dice = Dice.of(options.seed(), "habits", i);
            busyness[i] = dice.logNormal(0.9);
            wealth[i] = (float) dice.logNormal(1.2);
            sum += busyness[i];
        }
        for (int i = 0; i < all; i++) {
            double sales = known * busyness[i] * all / sum;
            meanGapDays[i] = (float) Math.max(SHORTEST_GAP_DAYS, days / sales);
            boolean isNew = i >= options.customers();
            nextDay[i] = isNew ? days : (int) Math.min(NEVER, random.nextDouble() * meanGapDays[i]);
        }
    }

    /** Writes all days up to the last one, a file a month. */
    void writeHistory(Path folder) throws IOException {
        double[] season = new double[days];
        double sum = 0;
        for (int day = 0; day < days; day++) {
            LocalDate on = options.startDate().plusDays(day);
            season[day] = Catalogue.season(on.getMonth())
                    * (1 + 0.15 * (on.getDayOfWeek().getValue() % 6));
            sum += season[day];
        }
        ByteLines out = null;
        try {
            double reached = 0;
            long written = 0;
            for (int day = 0; day < days; day++) {
                LocalDate on = options.startDate().plusDays(day);
                if (out == null || on.getDayOfMonth() == 1) {
                    close(out);
                    out = ByteLines.to(folder.resolve(BenchmarkCompany.salesFile(on)));
                    out.text(HEADER).end();
                }
                reached += season[day];
                long until = day == days - 1 ? options.lines() : Math.round(reached / sum * options.lines());
                sellDay(out, on, day, until - written);
                written = until;
            }
        } finally {
            close(out);
        }
    }

    private static void close(ByteLines out) throws IOException {
        if (out != null) {
            out.close();
        }
    }

    /** Writes the day after the last one; the new customers come on it first. */
    void writeDay(Path folder, LocalDate on, long lines) throws IOException {
        try (ByteLines out = ByteLines.to(folder.resolve("sales-" + on + ".csv"))) {
            out.text(HEADER).end();
            sellDay(out, on, days, lines);
        }
    }

    private void sellDay(ByteLines out, LocalDate on, int day, long lines) throws IOException {
        date = ByteLines.bytes(on.toString());
        linesOfDay = lines;
        linesLeft = lines;
        int all = nextDay.length;
        for (int i = options.customers(); i < all && linesLeft > 0; i++) {
            if (nextDay[i] <= day) {
                buy(out, i, day);
            }
        }
        // A random start, so that nobody is always served first.
        int start = random.nextInt(options.customers());
        int customer = start;
        do {
            if (nextDay[customer] <= day) {
                buy(out, customer, day);
                if (random.nextDouble() < ANONYMOUS_SHARE) {
                    sell(out, -1);
                }
            }
            customer = customer + 1 == options.customers() ? 0 : customer + 1;
        } while (customer != start && linesLeft > 0);
        while (linesLeft > 0) {
            sell(out, -1);
        }
    }

    private void buy(ByteLines out, int customer, int day) throws IOException {
        sell(out, customer);
        double product = (1 - random.nextDouble()) * (1 - random.nextDouble()) * (1 - random.nextDouble());
        double gap = -StrictMath.log(product) * meanGapDays[customer] / GAP_SHAPE;
        nextDay[customer] = (int) Math.min(NEVER, day + Math.max(1, Math.round(gap)));
    }

    /** One sale; the time of day follows from how many of the day's lines are sold. */
    private void sell(ByteLines out, int customer) throws IOException {
        if (linesLeft <= 0) {
            return;
        }
        int size = fillBasket();
        saleNumber++;
        long second = OPENS_AT_SECOND + (linesOfDay - linesLeft) * OPEN_SECONDS / linesOfDay;
        double worth = customer < 0 ? 1 : wealth[customer];
        for (int i = 0; i < size; i++) {
            int pieces =
                    1 + (random.nextInt(4) == 0 ? random.nextInt(3) : 0) + (int) (worth * random.nextDouble() * 1.6);
            out.padded(saleNumber, 10).comma().number(i + 1L).comma();
            out.text(date).text(SPACE).padded(second / 3600, 2).text(COLON).padded(second / 60 % 60, 2);
            out.text(COLON).padded(second % 60, 2).comma();
            if (customer >= 0) {
                out.padded(BenchmarkCompany.customerNumber(customer), 8);
            }
            int price = products.price(basket[i]);
            out.comma().text(products.sku(basket[i])).comma().number(pieces).comma();
            out.money(price).comma().money((long) price * pieces).end();
        }
        linesLeft -= size;
    }

    private static final byte[] SPACE = {' '};
    private static final byte[] COLON = {':'};

    private int fillBasket() {
        int wanted = 1;
        while (wanted < 8 && random.nextInt(100) < 58) {
            wanted++;
        }
        int size = 0;
        while (size < wanted && size < linesLeft) {
            int product = products.pick(random);
            size = put(product, size);
            int drawn = products.drawnBy(product);
            if (drawn >= 0 && size < linesLeft && random.nextInt(100) < 40) {
                size = put(drawn, size);
            }
        }
        return size;
    }

    /** Each product once: a further one of the same is left out. */
    private int put(int product, int size) {
        for (int i = 0; i < size; i++) {
            if (basket[i] == product) {
                return size;
            }
        }
        basket[size] = product;
        return size + 1;
    }
}
