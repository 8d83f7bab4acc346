package io.clientele.generate;

import java.time.Month;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What the company sells, and which products it plants as bought together. */
final class Catalogue {
    /** One product; {@code price} and {@code unitCost} in EUR before tax; {@code popularity} within its category. */
    record Product(
            String sku,
            String name,
            int category,
            double price,
            double unitCost,
            double popularity,
            boolean isService) {}

    /** Who buys the antecedent adds the consequent with the given probability. */
    record Rule(Product antecedent, Product consequent, double probability) {}

    static final List<String> CATEGORIES =
            List.of("garden", "kitchen", "electronics", "office", "toys", "sports", "diy", "books", "service");
    static final int OFFICE = 3;
    static final int SERVICE = 8;

    /** Name:price, most popular first; a name after {@code ~} is rarely bought unless a rule calls for it. */
    private static final List<String> RANGE = List.of(
            "Blumenerde 40 l:7.90|Gartenhandschuhe:6.50|Gartenschere:19.90|Samenmischung Sommerwiese:3.90|Gießkanne 10 l:14.90"
                    + "|Pflanzkübel:29.90|Rasendünger:24.90|Gartenschlauch 25 m:39.90|Rasenmäher:289.00|Hochbeet:129.00"
                    + "|Gartenstuhl:79.00|Grill:349.00|~Verlängerungskabel 25 m:34.90|~Grillzange:12.90",
            "Geschirrtücher:8.90|Kaffeebohnen 1 kg:15.90|Teller-Set:39.90|Weingläser:24.90|Pfanne 28 cm:49.90"
                    + "|Messerblock:89.00|Wasserkocher:34.90|Stabmixer:59.00|Espressomaschine:499.00|Küchenmaschine:399.00"
                    + "|Kochtopf-Set:149.00|Brotkasten:29.90|~Entkalker:11.90|~Teigschaber:5.90",
            "USB-Kabel:9.90|Batterien AA:7.50|Kopfhörer:59.00|Steckdosenleiste:19.90|Speicherkarte 128 GB:17.90"
                    + "|Lautsprecher:99.00|Tablet:329.00|Drucker:179.00|Monitor 27 Zoll:249.00|Fernseher:649.00|Powerbank:29.90"
                    + "|Smartwatch:199.00|~Toner schwarz:69.00|~Wandhalterung:49.90",
            "Kugelschreiber 10 Stück:6.90|Kopierpapier 2500 Blatt:22.90|Ordner:3.50|Haftnotizen:4.90|Schreibtischlampe:45.00"
                    + "|Locher:12.50|Aktenvernichter:119.00|Bürostuhl:259.00|Schreibtisch:399.00|Whiteboard:89.00|Kalender:14.90"
                    + "|Umschläge 500 Stück:19.90|~Whiteboard-Stifte:9.90",
            "Puzzle 1000 Teile:14.90|Kartenspiel:9.90|Brettspiel:34.90|Bausteine:49.90|Plüschbär:24.90|Holzeisenbahn:79.00"
                    + "|Puppe:39.90|Malkasten:11.90|Ferngesteuertes Auto:89.00|Roller:109.00|Experimentierkasten:44.90"
                    + "|Springseil:6.50|~Helm für Kinder:32.90",
            "Trinkflasche:16.90|Yogamatte:29.90|Sportsocken:9.90|Laufschuhe:119.00|Trikot:49.90|Fußball:24.90|Hanteln:39.90"
                    + "|Rucksack:89.00|Zelt:229.00|Fahrrad:799.00|Schwimmbrille:18.90|Stirnlampe:34.90|~Isomatte:44.90",
            "Schrauben-Set:12.90|Klebeband:4.90|Maßband:7.90|Hammer:16.90|Schraubendreher-Set:24.90|Wandfarbe 10 l:59.90"
                    + "|Leiter:119.00|Bohrmaschine:139.00|Werkzeugkoffer:89.00|Stichsäge:109.00|Dübel:5.50|Schleifpapier:6.90"
                    + "|~Malerrolle-Set:17.90",
            "Taschenbuch Krimi:11.90|Kochbuch:27.90|Kinderbuch:14.90|Reiseführer:19.90|Roman gebunden:23.90|Ratgeber:17.90"
                    + "|Bildband:49.90|Wörterbuch:29.90|Lexikon:79.00|Hörbuch:18.90|Notizbuch:12.90|Gartenbuch:24.90",
            "Lieferung:4.90|Geschenkverpackung:3.50|Montage:49.00");

    private static final List<String> PREFIXES = List.of("GA", "KU", "EL", "BU", "SP", "TR", "HW", "BK", "SV");

    /** Antecedent, consequent, probability. */
    private static final List<String> RULES = List.of(
            "Rasenmäher|Verlängerungskabel 25 m|0.60",
            "Espressomaschine|Entkalker|0.65",
            "Drucker|Toner schwarz|0.70",
            "Whiteboard|Whiteboard-Stifte|0.60",
            "Zelt|Isomatte|0.55",
            "Wandfarbe 10 l|Malerrolle-Set|0.50");

    private static final double[] MONTHS = {0.80, 0.78, 0.92, 0.98, 1.00, 0.94, 0.88, 0.86, 0.96, 1.02, 1.28, 1.75};
    private static final double[] GARDEN = {0.2, 0.5, 2.2, 3.4, 3.0, 1.6, 1.0, 0.8, 0.7, 0.5, 0.2, 0.1};
    private static final int GARDEN_CATEGORY = 0;
    private static final int TOYS_CATEGORY = 4;

    final List<Product> products = new ArrayList<>();
    final List<List<Product>> byCategory = new ArrayList<>();
    final List<Rule> rules;
    final Product delivery;
    final Product giftWrap;

    Catalogue() {
        for (int c = 0; c < RANGE.size(); c++) {
            List<Product> category = new ArrayList<>();
            String[] entries = RANGE.get(c).split("\\|");
            for (int i = 0; i < entries.length; i++) {
                boolean isRare = entries[i].startsWith("~");
                String[] parts = entries[i].substring(isRare ? 1 : 0).split(":");
                double price = Double.parseDouble(parts[1]);
                double margin = 0.25 + 0.05 * ((i * 7 + c * 3) % 8);
                category.add(new Product(
                        String.format(Locale.ROOT, "%s-%04d", PREFIXES.get(c), 1001 + i),
                        parts[0],
                        c,
                        price,
                        Math.round(price * (1 - margin) * 100) / 100.0,
                        isRare ? 0.04 : 1.0 / (i + 2),
                        c == SERVICE));
            }
            byCategory.add(List.copyOf(category));
            products.addAll(category);
        }
        Map<String, Product> byName = products.stream().collect(Collectors.toMap(Product::name, Function.identity()));
        rules = RULES.stream()
                .map(r -> r.split("\\|"))
                .map(r -> new Rule(byName.get(r[0]), byName.get(r[1]), Double.parseDouble(r[2])))
                .toList();
        delivery = byName.get("Lieferung");
        giftWrap = byName.get("Geschenkverpackung");
    }

    /** How busy a month is; 1 is a usual one. */
    static double season(Month month) {
        return MONTHS[month.ordinal()];
    }

    /** How much a category is asked for in a month; 1 is usual. */
    static double season(int category, Month month) {
        if (category == GARDEN_CATEGORY) {
            return GARDEN[month.ordinal()];
        }
        return category == TOYS_CATEGORY && month == Month.DECEMBER ? 2.5 : 1;
    }
}
