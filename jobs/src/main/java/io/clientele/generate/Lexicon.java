package io.clientele.generate;

import java.util.List;

/** Names and places, all invented combinations of common words. */
final class Lexicon {
    private Lexicon() {}

    /** A place with its postcode. */
    record Place(String postcode, String city) {}

    /** A country in which customers live: its code, currency, units of it for one EUR, dialling code, language, streets, places. */
    record Market(
            String country,
            String currency,
            double rate,
            String dialling,
            String language,
            List<String> streets,
            List<Place> places) {}

    static final List<String> GIVEN = List.of(
            "Anna",
            "Lena",
            "Sophie",
            "Marie",
            "Julia",
            "Katharina",
            "Sabine",
            "Petra",
            "Ursula",
            "Monika",
            "Jürgen",
            "Günter",
            "Thomas",
            "Michael",
            "Stefan",
            "Andreas",
            "Jörg",
            "Björn",
            "Lukas",
            "Felix",
            "Paul",
            "Jonas",
            "Emma",
            "Mia",
            "Hannah",
            "Laura",
            "Claudia",
            "Birgit",
            "Heike",
            "Andrea",
            "Wolfgang",
            "Klaus",
            "Dieter",
            "Frank",
            "Uwe",
            "Ralf",
            "Markus",
            "Oliver",
            "Tobias",
            "Florian",
            "Sebastian",
            "Johannes",
            "Elif",
            "Mehmet",
            "Aylin",
            "Piotr",
            "Agnieszka",
            "Giulia",
            "Marco",
            "Nina",
            "Vera",
            "Ines",
            "René",
            "Zoë",
            "Oskar",
            "Emil",
            "Frieda",
            "Karl",
            "Greta",
            "Moritz");

    static final List<String> FAMILY = List.of(
            "Müller",
            "Schmidt",
            "Schneider",
            "Fischer",
            "Weber",
            "Meyer",
            "Wagner",
            "Becker",
            "Schulz",
            "Hoffmann",
            "Schäfer",
            "Koch",
            "Bauer",
            "Richter",
            "Klein",
            "Wolf",
            "Schröder",
            "Neumann",
            "Schwarz",
            "Zimmermann",
            "Braun",
            "Krüger",
            "Hofmann",
            "Hartmann",
            "Lange",
            "Schmitt",
            "Werner",
            "Krause",
            "Meier",
            "Lehmann",
            "Schmid",
            "Schulze",
            "Maier",
            "Köhler",
            "Herrmann",
            "König",
            "Walter",
            "Mayer",
            "Huber",
            "Kaiser",
            "Fuchs",
            "Peters",
            "Lang",
            "Scholz",
            "Möller",
            "Weiß",
            "Jung",
            "Hahn",
            "Schubert",
            "Vogel",
            "Friedrich",
            "Keller",
            "Günther",
            "Frank",
            "Berger",
            "Winkler",
            "Roth",
            "Beck",
            "Lorenz",
            "Baumann",
            "Franke",
            "Albrecht",
            "Schuster",
            "Simon",
            "Ludwig",
            "Böhm",
            "Winter",
            "Kraus",
            "Martin",
            "Schumacher",
            "Krämer",
            "Vogt",
            "Stein",
            "Jäger",
            "Otto",
            "Sommer",
            "Groß",
            "Seidel",
            "Heinrich",
            "Brandt",
            "Haas",
            "Schreiber",
            "Graf",
            "Dietrich",
            "Ziegler",
            "Kuhn",
            "Kühn",
            "Pohl",
            "Engel",
            "Horn",
            "Busch",
            "Bergmann",
            "Thomas",
            "Voigt",
            "Sauer",
            "Arnold",
            "Wolff",
            "Pfeiffer",
            "Yılmaz",
            "Nowak",
            "O'Neill",
            "von der Heide");

    static final List<String> TRADES = List.of(
            "Bau", "Logistik", "Praxis", "Kanzlei", "Handwerk", "Druck", "Metall", "Schule", "Hotel", "Agentur");

    static final List<String> FORMS = List.of("GmbH", "GmbH & Co. KG", "AG", "e.K.", "OHG");

    static final List<String> MAIL_HOSTS =
            List.of("mail.example", "post.example", "web.example", "inbox.example", "familie.example");

    static final List<String> STORES = List.of("München", "Köln", "Berlin", "Düsseldorf", "Nürnberg", "Hamburg");

    private static final List<String> GERMAN_STREETS = List.of(
            "Hauptstraße",
            "Schulstraße",
            "Gartenstraße",
            "Bahnhofstraße",
            "Dorfstraße",
            "Bergstraße",
            "Birkenweg",
            "Lindenstraße",
            "Kirchstraße",
            "Waldstraße",
            "Ringstraße",
            "Schillerstraße",
            "Goethestraße",
            "Jahnstraße",
            "Wiesenweg",
            "Rosenweg",
            "Ahornweg",
            "Mühlenweg",
            "Blumenstraße",
            "Amselweg",
            "Königsallee",
            "Am Anger",
            "Im Winkel",
            "Marktplatz");

    private static final List<String> ENGLISH_STREETS = List.of(
            "High Street", "Station Road", "Church Lane", "Park Avenue", "Mill Road", "Oak Street", "Maple Avenue");

    static final List<Market> MARKETS = List.of(
            new Market(
                    "DE",
                    "EUR",
                    1,
                    "49",
                    "de",
                    GERMAN_STREETS,
                    List.of(
                            new Place("80331", "München"),
                            new Place("81541", "München"),
                            new Place("50667", "Köln"),
                            new Place("50931", "Köln"),
                            new Place("10115", "Berlin"),
                            new Place("10967", "Berlin"),
                            new Place("12049", "Berlin"),
                            new Place("40210", "Düsseldorf"),
                            new Place("90402", "Nürnberg"),
                            new Place("20095", "Hamburg"),
                            new Place("22303", "Hamburg"),
                            new Place("01067", "Dresden"),
                            new Place("04109", "Leipzig"),
                            new Place("70173", "Stuttgart"),
                            new Place("60311", "Frankfurt am Main"),
                            new Place("48143", "Münster"))),
            new Market(
                    "CH",
                    "CHF",
                    0.95,
                    "41",
                    "de",
                    GERMAN_STREETS,
                    List.of(new Place("8001", "Zürich"), new Place("3011", "Bern"), new Place("4051", "Basel"))),
            new Market(
                    "GB",
                    "GBP",
                    0.85,
                    "44",
                    "en",
                    ENGLISH_STREETS,
                    List.of(
                            new Place("SW1A 1AA", "London"),
                            new Place("M1 1AE", "Manchester"),
                            new Place("EH1 1BB", "Edinburgh"))),
            new Market(
                    "US",
                    "USD",
                    1.08,
                    "1",
                    "en",
                    ENGLISH_STREETS,
                    List.of(
                            new Place("10001", "New York"),
                            new Place("60601", "Chicago"),
                            new Place("02108", "Boston"))));

    /** Shares of {@link #MARKETS}. */
    static final double[] MARKET_SHARES = {0.90, 0.04, 0.035, 0.025};

    /** The text without umlauts and accents, in lower case and with dots for anything but letters: for e-mail addresses. */
    static String plain(String text) {
        return ascii(text).toLowerCase(java.util.Locale.ROOT).replaceAll("[^a-z]+", ".");
    }

    /** The text as people type it without umlaut keys. */
    static String ascii(String text) {
        return text.replace("ä", "ae")
                .replace("ö", "oe")
                .replace("ü", "ue")
                .replace("Ä", "Ae")
                .replace("Ö", "Oe")
                .replace("Ü", "Ue")
                .replace("ß", "ss")
                .replace("é", "e")
                .replace("ë", "e")
                .replace("ı", "i");
    }
}
