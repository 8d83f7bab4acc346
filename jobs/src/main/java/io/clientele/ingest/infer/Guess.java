package io.clientele.ingest.infer;

import io.clientele.warehouse.Subject;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.NumericType;

/**
 * What a file probably speaks about, told from the names of its columns.
 *
 * @param subject the subject most of whose required columns have a counterpart
 * @param columns the file's column by the subject's
 */
record Guess(Subject subject, Map<String, Sample.Column> columns) {
    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry(
                    "source_customer_key",
                    "customer(id|no|number|key|nr)?|kunde(n(nr|nummer|id))?|cust(id|no)|account(id|no)?|card(no|number)?|client(id)?|member(id|no)?"),
            Map.entry("customer_number", "customer(no|number|nr)|kundennr|kundennummer"),
            Map.entry("loyalty_card", "loyaltycard|card(no|number)?|karte(nnr|nnummer)?"),
            Map.entry(
                    "recorded_at",
                    "updated(at|on)?|changed(at|on)?|created(at|on)?|modified(at)?|date|geaendertam|angelegtam|validfrom"),
            Map.entry("full_name", "(full)?name|customername"),
            Map.entry("given_name", "(first|given)name|vorname"),
            Map.entry("family_name", "(last|family|sur)name|nachname"),
            Map.entry("email", "e?mail(address|adresse)?"),
            Map.entry("phone", "(tele)?(phone|fon)(no|number|nummer)?|mobile|tel"),
            Map.entry("birth_date", "birth(date|day)|dateofbirth|dob|geburtsdatum|geburtstag"),
            Map.entry("street", "street|strasse|address(line)?1?"),
            Map.entry("postcode", "post(al)?code|zip(code)?|plz"),
            Map.entry("city", "city|town|ort|stadt"),
            Map.entry("country", "country(code)?|land"),
            Map.entry(
                    "product_id",
                    "product(id|no|code)?|sku|stockcode|item(id|no|code)?|article(no|id)?|artikel(nr|nummer)?"),
            Map.entry("name", "(product|item|article)?name|description|title|bezeichnung"),
            Map.entry("category", "category|group|warengruppe|department"),
            Map.entry("unit_cost_amount", "(unit)?cost|einkaufspreis"),
            Map.entry(
                    "sale_id",
                    "sale(id|no)?|order(id|no|number)?|receipt(id|no|number)?|invoice(id|no)?|transaction(id|no)?|bon(nr|nummer)?|belegnr"),
            Map.entry("line_number", "line(no|number)?|pos(ition)?|row(no)?|no"),
            Map.entry(
                    "sold_at",
                    "(sold|ordered|bought|purchased)(at|on)?|(order|invoice|sale|purchase|transaction)?(date|time|datetime|at)|datum|verkauftam"),
            Map.entry("quantity", "quantity|qty|menge|anzahl|units"),
            Map.entry("net_amount", "net(amount|price|to)?|amount|total|sales|revenue|betrag|umsatz|price"),
            Map.entry("invoice_id", "invoice(id|no|number)?|rechnung(snr|snummer)?"),
            Map.entry("due_date", "due(date|on)?|faellig(am|keit)?"),
            Map.entry("amount", "amount|total|sum|betrag|summe"),
            Map.entry("issued_on", "(issued|invoiced)(on|at)?|invoicedate|rechnungsdatum"),
            Map.entry("payment_id", "payment(id|no)?|zahlung(snr|sid)?"),
            Map.entry("paid_at", "paid(at|on)?|paymentdate|bezahltam|zahlungsdatum"),
            Map.entry("case_id", "case(id|no)?|ticket(id|no)?|complaint(id)?|vorgang(snr)?"),
            Map.entry("kind", "kind|type|art"),
            Map.entry("topic", "topic|subject|reason|thema|product"),
            Map.entry("opened_at", "opened(at|on)?|received(at|on)?|datereceived|eroeffnetam"),
            Map.entry("resolved_at", "(resolved|closed)(at|on)?"),
            Map.entry("survey_id", "survey(id)?|umfrage(id)?"),
            Map.entry("answer_id", "answer(id)?|response(id)?"),
            Map.entry("asked_at", "asked(at|on)?|answered(at|on)?|date"),
            Map.entry("satisfaction_level", "satisfaction(level)?|zufriedenheit|rating"),
            Map.entry("campaign_id", "campaign(id)?|kampagne(id)?"),
            Map.entry("contact_id", "contact(id)?"),
            Map.entry("contacted_at", "contacted(at|on)?|sent(at|on)?|date"),
            Map.entry("purpose", "purpose|zweck"),
            Map.entry("is_granted", "(is)?granted|consent|optin"),
            Map.entry("decided_at", "decided(at|on)?|date"),
            Map.entry("event_id", "event(id)?"),
            Map.entry("occurred_on", "occurred(on|at)?|eventdate"));

    static Guess of(List<Sample.Column> sample, Map<Sample.Column, String> kinds) {
        Guess best = null;
        int bestScore = Integer.MIN_VALUE;
        for (Subject subject : Subject.values()) {
            Guess guess = of(subject, sample, kinds);
            // What a subject needs weighs more than what it may have: orders often carry a whole address.
            int score = 3 * subject.required().size()
                    + guess.columns().size()
                    - 6 * guess.missing().size();
            if (score > bestScore) {
                bestScore = score;
                best = guess;
            }
        }
        return best;
    }

    /** What records about something else say about the customer too: who it is and a name or an address. */
    static Optional<Guess> customerBeside(Guess main, List<Sample.Column> sample, Map<Sample.Column, String> kinds) {
        if (main.subject() == Subject.CUSTOMER) {
            return Optional.empty();
        }
        List<Sample.Column> ofRecord =
                sample.stream().filter(column -> !column.isOfItem()).toList();
        Guess customer = of(Subject.CUSTOMER, ofRecord, kinds);
        main.columns().entrySet().stream()
                .filter(e ->
                        main.subject().schema().apply(e.getKey()).dataType().equals(DataTypes.TimestampType))
                .findFirst()
                .ifPresent(e -> customer.columns().putIfAbsent("recorded_at", e.getValue()));
        boolean saysWho = List.of("email", "phone", "full_name", "family_name").stream()
                .anyMatch(customer.columns()::containsKey);
        return customer.missing().isEmpty() && saysWho ? Optional.of(customer) : Optional.empty();
    }

    private static Guess of(Subject subject, List<Sample.Column> sample, Map<Sample.Column, String> kinds) {
        Map<String, Sample.Column> columns = new LinkedHashMap<>();
        for (String column : subject.schema().fieldNames()) {
            DataType type = subject.schema().apply(column).dataType();
            sample.stream()
                    .filter(from -> fits(type, kinds.get(from)) && names(from).anyMatch(name -> matches(column, name)))
                    .findFirst()
                    .ifPresent(from -> columns.put(column, from));
        }
        boolean hasItems = columns.values().stream().anyMatch(Sample.Column::isOfItem);
        // The total of an order is not the amount of each of its lines.
        columns.entrySet()
                .removeIf(e -> hasItems
                        && !e.getValue().isOfItem()
                        && subject.schema().apply(e.getKey()).dataType() instanceof NumericType);
        return new Guess(subject, columns);
    }

    /** What looks like the price of one piece, among the elements of the array if there are any. */
    static Optional<Sample.Column> unitPrice(List<Sample.Column> sample) {
        boolean hasItems = sample.stream().anyMatch(Sample.Column::isOfItem);
        return sample.stream()
                .filter(column -> column.isOfItem() == hasItems)
                .filter(column -> column.path()
                        .get(column.path().size() - 1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^a-z]", "")
                        .matches("(unit|item|piece|einzel)?(price|preis)"))
                .findFirst();
    }

    private List<String> missing() {
        return subject.required().stream()
                .filter(column -> !columns.containsKey(column))
                .toList();
    }

    /** The name of a column; inside a record {@code name.first} is also {@code namefirst} and {@code firstname}. */
    private static Stream<String> names(Sample.Column column) {
        List<String> path = column.path();
        String leaf = path.get(path.size() - 1);
        if (path.size() == 1 || (path.size() == 2 && column.isOfItem())) {
            return Stream.of(leaf);
        }
        String above = path.get(path.size() - 2);
        return Stream.of(above + leaf, leaf + above, leaf).filter(name -> !name.matches("(?i)id|no|name|date|type"));
    }

    private static boolean matches(String column, String name) {
        String plain = name.toLowerCase(Locale.ROOT)
                .replace("ä", "ae")
                .replace("ö", "oe")
                .replace("ü", "ue")
                .replace("ß", "ss")
                .replaceAll("[^a-z0-9]", "");
        return plain.equals(column.replace("_", "")) || (NAMES.containsKey(column) && plain.matches(NAMES.get(column)));
    }

    private static boolean fits(DataType type, String found) {
        boolean isInstant =
                Arrays.asList(DataTypes.TimestampType, DataTypes.DateType).contains(type);
        return !found.equals("nested")
                && isInstant == found.equals("date")
                && (!found.equals("boolean") || type.equals(DataTypes.BooleanType));
    }

    /** SQL that gives a value of the type, so that the mapping passes until a person finishes it. */
    static String fallback(DataType type, String key) {
        if (type.equals(DataTypes.TimestampType)) {
            return "TIMESTAMP '1970-01-01'";
        }
        if (type.equals(DataTypes.DateType)) {
            return "DATE '1970-01-01'";
        }
        if (type.equals(DataTypes.BooleanType)) {
            return "false";
        }
        return type.equals(DataTypes.IntegerType) || type instanceof DecimalType ? "1" : key;
    }
}
