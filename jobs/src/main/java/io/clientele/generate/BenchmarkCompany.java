package io.clientele.generate;

import io.clientele.engine.error.ClienteleException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Locale;

/**
 * Writes a large company for measuring: customers, products and exactly as many sale lines as asked for, in the order of
 * time, and a folder {@code day} with what the next day brings: one line more for every hundred, and some new customers. The
 * files of the day have names of their own, so that they can be delivered from where they are or beside the history:
 *
 * <pre>
 * crm/customers.csv                    crm/products.csv    sales/sales-2023-01.csv ... sales-2025-12.csv
 * day/crm/customers-2026-01-01.csv     day/crm/products.csv (the same)     day/sales/sales-2026-01-01.csv
 * </pre>
 *
 * <p>Memory grows with the number of customers (some 20 bytes each), not with lines. Customers buy in rhythms of their own;
 * spend is skewed, some sales are anonymous, some products are bought together. There are no faults and no returns.
 */
public final class BenchmarkCompany {
    private static final int LINES_A_NEW_CUSTOMER = 500;

    private BenchmarkCompany() {}

    /**
     * Writes the company into a folder, which is made where it is missing.
     *
     * @throws ClienteleException environment, if a file cannot be written
     */
    public static void write(GeneratorOptions options, Path directory) {
        try {
            BenchmarkProducts products = new BenchmarkProducts(options.seed());
            products.write(directory.resolve("crm/products.csv"), options.startDate());
            writeCustomers(
                    options, 0, options.customers(), options.startDate(), directory.resolve("crm/customers.csv"));

            long dayLines = Math.max(1, options.lines() / 100);
            int newcomers = (int) Math.max(1, Math.min(options.customers() / 20, dayLines / LINES_A_NEW_CUSTOMER));
            LocalDate nextDay = options.endDate().plusDays(1);
            BenchmarkSales sales = new BenchmarkSales(options, products, newcomers);
            sales.writeHistory(directory.resolve("sales"));
            writeCustomers(
                    options,
                    options.customers(),
                    newcomers,
                    nextDay,
                    directory.resolve("day/crm/customers-" + nextDay + ".csv"));
            // A source that delivers nothing stops a load.
            products.write(directory.resolve("day/crm/products.csv"), options.startDate());
            sales.writeDay(directory.resolve("day/sales"), nextDay, dayLines);
        } catch (IOException e) {
            throw ClienteleException.environment("Cannot write the company into %s: %s", directory, e.getMessage())
                    .causedBy(e);
        }
    }

    private static void writeCustomers(GeneratorOptions options, int first, int count, LocalDate on, Path file)
            throws IOException {
        byte[] recorded = ByteLines.bytes("," + on + " 00:00:00,");
        try (ByteLines out = ByteLines.to(file)) {
            out.text(
                            "customer_number,recorded_at,given_name,family_name,email,phone,birth_date,street,postcode,city,country")
                    .end();
            for (int i = first; i < first + count; i++) {
                Dice dice = Dice.of(options.seed(), "customer", i);
                Lexicon.Market market = Lexicon.MARKETS.get(0);
                String given = dice.pick(Lexicon.GIVEN);
                String family = dice.pick(Lexicon.FAMILY);
                Lexicon.Place place = dice.pick(market.places());
                out.padded(customerNumber(i), 8).text(recorded);
                out.text(given).comma().text(family).comma();
                out.text(Lexicon.plain(given)).text(".").number(i).text("@mail.example,+49151");
                out.padded(10_000_000L + i, 8).comma();
                out.text(dice.between(LocalDate.of(1940, 1, 1), LocalDate.of(2005, 12, 31))
                        .toString());
                out.comma().text(dice.pick(market.streets())).text(" ").number(dice.between(1, 140));
                out.comma()
                        .text(place.postcode())
                        .comma()
                        .text(place.city())
                        .text(",DE")
                        .end();
            }
        }
    }

    /** The number of the customer at an index, eight digits. */
    static int customerNumber(int index) {
        return 10_000_001 + index;
    }

    /** The file of a month. */
    static String salesFile(LocalDate month) {
        return String.format(Locale.ROOT, "sales-%04d-%02d.csv", month.getYear(), month.getMonthValue());
    }
}
