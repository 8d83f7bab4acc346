package io.clientele.generate;

import java.nio.charset.Charset;
import java.time.YearMonth;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** The stores' receipts, a line each, as a German till writes them: semicolons, windows-1252, decimal commas. */
final class StoreChannel {
    private static final Charset WINDOWS = Charset.forName("windows-1252");
    private static final DateTimeFormatter GERMAN = DateTimeFormatter.ofPattern("dd.MM.yyyy HH:mm", Locale.ROOT);
    private static final String COLUMNS =
            "filiale;bon_nr;position;verkauft_am;kundenkarte;artikel_nr;menge;einzelpreis;rabatt;betrag;ursprungsbon";

    private final Company company;

    StoreChannel(Company company) {
        this.company = company;
    }

    List<Delivery> deliveries() {
        Map<YearMonth, Delivery> months = new TreeMap<>();
        for (Sale sale : company.sales()) {
            if (!sale.isWeb) {
                add(sale, months.computeIfAbsent(YearMonth.from(sale.at), StoreChannel::file));
            }
        }
        List<Delivery> files = new ArrayList<>(months.values());
        Map<String, Function<String, byte[]>> faults = new LinkedHashMap<>();
        faults.put("duplicate-record", bytes(line -> line));
        faults.put("broken-line", bytes(Csv.first(';', 5)));
        faults.put("missing-key", bytes(with(1, "")));
        faults.put("impossible-date", bytes(other("D").andThen(with(3, "31.02.2024 10:15"))));
        faults.put("future-date", bytes(other("F").andThen(with(3, "24.12.2099 10:15"))));
        faults.put("unknown-product", bytes(other("P").andThen(with(5, "XX-9999"))));
        faults.put(
                "negative-price",
                bytes(other("N").andThen(with(6, "1")).andThen(with(7, "-4,90")).andThen(with(9, "-4,90"))));
        faults.put(
                "return-without-sale",
                bytes(other("R").andThen(with(6, "-1")).andThen(with(10, "")).andThen(with(9, "-4,90"))));
        company.plant("store-receipts", files, faults);
        return files;
    }

    private static Delivery file(YearMonth month) {
        return new Delivery("store/receipts-" + month + ".csv", WINDOWS, COLUMNS);
    }

    private static Function<String, byte[]> bytes(Function<String, String> change) {
        return line -> change.apply(line).getBytes(WINDOWS);
    }

    private static Function<String, String> with(int column, String value) {
        return Csv.with(';', column, value);
    }

    /** Another receipt number, so that the faulty line is no correction of the good one. */
    private static Function<String, String> other(String suffix) {
        return line -> {
            int number = line.indexOf(';') + 1;
            int end = line.indexOf(';', number);
            return line.substring(0, end) + "-" + suffix + line.substring(end);
        };
    }

    private void add(Sale sale, Delivery file) {
        String card = sale.person == null ? null : sale.person.loyaltyCard();
        if (card != null) {
            company.truth().same("store-receipts", card, sale.person);
        }
        for (int i = 0; i < sale.lines.size(); i++) {
            Sale.Line line = sale.lines.get(i);
            file.add(Csv.lineOf(
                    ';',
                    sale.store,
                    sale.id,
                    i + 1,
                    GERMAN.format(sale.at),
                    card,
                    line.product().sku(),
                    line.quantity(),
                    Csv.germanMoney(line.unitPriceCents()),
                    Csv.germanMoney(line.discountCents()),
                    Csv.germanMoney(line.netCents()),
                    sale.original == null ? null : sale.original.id));
        }
    }
}
