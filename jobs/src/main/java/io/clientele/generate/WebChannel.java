package io.clientele.generate;

import io.clientele.generate.Person.Details;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The web shop's orders and returns: one nested document a line, a file a month. */
final class WebChannel {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final Pattern HEAD =
            Pattern.compile("^\\{\"order_id\":\"[^\"]*\",(.*\"currency\":\"[A-Z]*\"),\"lines\":.*$");

    private final Company company;

    WebChannel(Company company) {
        this.company = company;
    }

    List<Delivery> deliveries() {
        Map<YearMonth, Delivery> months = new TreeMap<>();
        for (Sale sale : company.sales()) {
            if (sale.isWeb) {
                months.computeIfAbsent(YearMonth.from(sale.at), m -> Delivery.json("web/orders-" + m + ".jsonl"))
                        .add(document(sale));
            }
        }
        List<Delivery> files = new ArrayList<>(months.values());
        var faults = Company.faults("duplicate-document", json -> json.substring(0, json.length() * 2 / 3));
        faults.put(
                "missing-key", Company.utf8(json -> json.replaceFirst("\"order_id\":\"[^\"]*\"", "\"order_id\":null")));
        faults.put("impossible-date", Company.utf8(json -> dated(other(json, "D"), "2024-02-31")));
        faults.put("future-date", Company.utf8(json -> dated(other(json, "F"), "2099-06-01")));
        faults.put(
                "unknown-product",
                Company.utf8(json -> other(json, "P").replaceFirst("\"sku\":\"[^\"]*\"", "\"sku\":\"XX-9999\"")));
        faults.put(
                "unknown-currency",
                Company.utf8(json -> other(json, "C").replaceFirst("\"currency\":\"[A-Z]*\"", "\"currency\":\"XXX\"")));
        faults.put(
                "negative-price",
                Company.utf8(json -> other(json, "N").replaceFirst("\"unit_price\":", "\"unit_price\":-")));
        faults.put("return-without-sale", Company.utf8(WebChannel::orphan));
        company.plant("web-orders", files, faults);
        return files;
    }

    private String document(Sale sale) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < sale.lines.size(); i++) {
            Sale.Line line = sale.lines.get(i);
            lines.append(i == 0 ? "" : ",");
            lines.append("{\"no\":")
                    .append(i + 1)
                    .append(",\"sku\":\"")
                    .append(line.product().sku());
            lines.append("\",\"quantity\":").append(line.quantity());
            lines.append(",\"unit_price\":").append(Csv.money(line.unitPriceCents()));
            lines.append(",\"discount\":").append(Csv.money(line.discountCents()));
            if (sale.original != null) {
                lines.append(",\"original_order_id\":\"")
                        .append(sale.original.id)
                        .append('"');
            }
            lines.append('}');
        }
        String content = sale.original == null ? "[" + lines + "]" : "[],\"returns\":[" + lines + "]";
        return "{\"order_id\":\""
                + sale.id
                + "\",\"ordered_at\":\""
                + DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
                        sale.at.withNano(0).atZone(BERLIN))
                + "\",\"account\":"
                + account(sale)
                + ",\"currency\":\""
                + sale.currency()
                + "\",\"lines\":"
                + content
                + ",\"total\":"
                + Csv.money(sale.netCents())
                + "}";
    }

    /** As typed by the customer: without umlauts, with a slip or in capitals now and then, but always the same way. */
    private String account(Sale sale) {
        Person person = sale.person;
        Details details = person.on(sale.at.toLocalDate());
        company.truth().same("web-orders", person.webAccount(), person);
        Dice dice = company.dice("account", person.index());
        String family = dice.chance(0.10) ? Lexicon.ascii(details.family()) : details.family();
        family = dice.chance(0.02) ? Spelling.swapped(family, dice) : family;
        String email = dice.chance(0.05) ? details.email().toUpperCase(java.util.Locale.ROOT) : details.email();
        email = dice.chance(0.015) ? Spelling.misspelt(email, dice) : email;
        String phone = dice.chance(0.25) ? null : Spelling.phone(person, details, dice.between(0, 3));
        return "{\"id\":"
                + text(person.webAccount())
                + ",\"email\":"
                + text(email)
                + ",\"name\":{\"first\":"
                + text(details.given())
                + ",\"last\":"
                + text(family)
                + "},\"phone\":"
                + text(phone)
                + ",\"address\":{\"street\":"
                + text(details.street())
                + ",\"postcode\":"
                + text(details.place().postcode())
                + ",\"city\":"
                + text(details.place().city())
                + ",\"country\":"
                + text(person.market().country())
                + "}}";
    }

    /** A JSON string; null is null. */
    static String text(String value) {
        return value == null ? "null" : '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static String other(String json, String suffix) {
        return json.replaceFirst("\"order_id\":\"([^\"]*)\"", "\"order_id\":\"$1-" + suffix + "\"");
    }

    private static String dated(String json, String date) {
        return json.replaceFirst("\"ordered_at\":\"[^T]*T", "\"ordered_at\":\"" + date + "T");
    }

    private static String orphan(String json) {
        Matcher head = HEAD.matcher(other(json, "R"));
        String rest = head.matches() ? head.group(1) : "";
        String id = json.substring(json.indexOf(":\"") + 2, json.indexOf("\",")) + "-R";
        return "{\"order_id\":\"" + id + "\"," + rest + ",\"lines\":[],\"returns\":[{\"no\":1,\"sku\":\"BK-1001\","
                + "\"quantity\":-1,\"unit_price\":11.90,\"discount\":0.00,\"original_order_id\":null}],\"total\":-11.90}";
    }
}
