package io.clientele.generate;

import io.clientele.generate.Person.Details;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * Contacts, special requests among them, and complaints. Who leaves by neglect has complained shortly before, the company was at fault, and the case
 * stayed open or was resolved after months; other complaints are resolved within days.
 */
final class CallCentreChannel {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final List<String> COMPLAINTS =
            List.of("late_delivery", "damaged_goods", "wrong_invoice", "rude_service");
    private static final List<String> CONTACTS =
            List.of("gift_wrapping", "order_status", "price", "opening_hours", "return");
    /** Contacts that ask for something out of the ordinary. */
    private static final Set<String> REQUESTS = Set.of("gift_wrapping");

    private record Case(
            Person person,
            LocalDateTime openedAt,
            String topic,
            boolean isComplaint,
            boolean isFault,
            int daysOpen,
            Dice dice) {
        String kind() {
            return isComplaint ? "complaint" : REQUESTS.contains(topic) ? "request" : "contact";
        }
    }

    private final Company company;

    CallCentreChannel(Company company) {
        this.company = company;
    }

    List<Delivery> deliveries() {
        List<Case> cases = new ArrayList<>();
        company.people().forEach(person -> open(person, cases));
        cases.sort(Comparator.comparing(Case::openedAt));
        Delivery file = Delivery.json("call-centre/cases.jsonl");
        for (int i = 0; i < cases.size(); i++) {
            file.add(document(cases.get(i), "K" + (50_001 + i)));
        }
        var faults = Company.faults("duplicate-document", json -> json.substring(0, json.length() * 2 / 3));
        faults.put(
                "missing-key", Company.utf8(json -> json.replaceFirst("\"case_id\":\"[^\"]*\"", "\"case_id\":null")));
        faults.put("impossible-date", Company.utf8(json -> dated(other(json, "D"), "2024-02-31")));
        faults.put("future-date", Company.utf8(json -> dated(other(json, "F"), "2099-06-01")));
        faults.put(
                "unknown-currency",
                Company.utf8(json -> other(json, "C")
                        .replaceFirst(
                                "\"compensation\":.*\\}", "\"compensation\":{\"amount\":5.00,\"currency\":\"XXX\"}}")));
        company.plant("call-centre-cases", List.of(file), faults);
        return List.of(file);
    }

    private void open(Person person, List<Case> cases) {
        Dice dice = company.dice("cases", person.index());
        GeneratorOptions options = company.options();
        LocalDate first = person.joinedOn().isBefore(options.startDate()) ? options.startDate() : person.joinedOn();
        LocalDate last = person.leaving() == null
                ? options.endDate()
                : person.leaving().on().minusDays(1);
        double years = ChronoUnit.DAYS.between(first, last) / 365.0;
        int contacts = dice.poisson(0.25 * years);
        for (int i = 0; i < contacts; i++) {
            add(person, dice.between(first, last), dice.pick(CONTACTS), false, dice.between(0, 2), dice, cases);
        }
        int complaints = person.leavesBy("neglect") ? 0 : dice.poisson(0.08 * years);
        for (int i = 0; i < complaints; i++) {
            add(person, dice.between(first, last), dice.pick(COMPLAINTS), true, dice.between(0, 6), dice, cases);
        }
        if (person.leavesBy("neglect")) {
            for (int i = dice.between(1, 3); i > 0; i--) {
                LocalDate on = person.leaving().on().minusDays(dice.between(1, 50));
                add(
                        person,
                        on,
                        dice.pick(COMPLAINTS),
                        true,
                        dice.chance(0.75) ? -1 : dice.between(60, 120),
                        dice,
                        cases);
            }
        }
        if (person.leavesBy("competitive")) {
            add(person, person.leaving().on().minusDays(dice.between(5, 60)), "price", false, 1, dice, cases);
        }
    }

    private static void add(
            Person person, LocalDate on, String topic, boolean isComplaint, int daysOpen, Dice dice, List<Case> cases) {
        LocalDateTime at = on.atTime(dice.between(8, 19), dice.between(0, 59));
        boolean isFault = isComplaint && (daysOpen < 0 || daysOpen > 30 || dice.chance(0.6));
        Dice own = Dice.of(dice.between(0, Integer.MAX_VALUE - 1), "case", person.index());
        cases.add(new Case(person, at, topic, isComplaint, isFault, daysOpen, own));
    }

    /** Callers give their customer number or, when they have none at hand, their telephone and name. */
    private String document(Case call, String id) {
        Dice dice = call.dice();
        Person person = call.person();
        Details details = person.on(call.openedAt().toLocalDate());
        String number = dice.chance(0.7) ? person.customerNumber() : null;
        String phone = Spelling.phone(person, details, dice.between(0, 3));
        String name = dice.chance(0.15) ? Lexicon.ascii(details.fullName()) : details.fullName();
        company.truth().same("call-centre-cases", number == null ? phone + "|" + name : number, person);
        LocalDateTime end = company.options().endDate().atTime(23, 59);
        boolean isOpen = call.daysOpen() < 0;
        LocalDateTime responded =
                call.openedAt().plusMinutes(isOpen ? dice.between(3_000, 20_000) : dice.between(1, 900));
        LocalDateTime resolved =
                responded.plusDays(Math.max(0, call.daysOpen())).plusMinutes(dice.between(5, 300));
        boolean isPaid = call.isFault() && !isOpen && call.daysOpen() < 30 && dice.chance(0.7);
        return "{\"case_id\":\"" + id
                + "\",\"customer_number\":" + WebChannel.text(number)
                + ",\"phone\":" + WebChannel.text(phone)
                + ",\"name\":" + WebChannel.text(name)
                + ",\"channel\":\"" + dice.pick(List.of("phone", "phone", "email", "chat"))
                + "\",\"kind\":\"" + call.kind()
                + "\",\"topic\":\"" + call.topic()
                + "\",\"opened_at\":" + instant(call.openedAt(), end)
                + ",\"first_response_at\":" + instant(responded, end)
                + ",\"resolved_at\":" + (isOpen ? "null" : instant(resolved, end))
                + ",\"company_fault\":" + call.isFault()
                + ",\"compensation\":"
                + (isPaid ? "{\"amount\":" + dice.between(1, 8) * 5 + ".00,\"currency\":\"EUR\"}" : "null")
                + "}";
    }

    private static String instant(LocalDateTime at, LocalDateTime end) {
        return at.isAfter(end) ? "null" : '"' + DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(at.atZone(BERLIN)) + '"';
    }

    private static String other(String json, String suffix) {
        return json.replaceFirst("\"case_id\":\"([^\"]*)\"", "\"case_id\":\"$1-" + suffix + "\"");
    }

    private static String dated(String json, String date) {
        return json.replaceFirst("\"opened_at\":\"[^T]*T", "\"opened_at\":\"" + date + "T");
    }
}
