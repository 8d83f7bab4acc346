package io.clientele.generate;

import io.clientele.generate.Person.Change;
import io.clientele.generate.Person.Details;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Customer and product master data, a full delivery first and what changed since in the later ones, and life events. */
final class CrmChannel {
    private static final String CUSTOMER_COLUMNS =
            "customer_number,changed_at,kind,company_name,given_name,family_name,birth_date,email,phone,street,postcode,city,"
                    + "country,language,tax_number,loyalty_card";

    private final Company company;

    CrmChannel(Company company) {
        this.company = company;
    }

    List<Delivery> deliveries() {
        List<Delivery> all = new ArrayList<>(customers());
        all.addAll(products());
        all.add(lifeEvents());
        return all;
    }

    private List<Delivery> customers() {
        List<Delivery> files = new ArrayList<>();
        GeneratorOptions options = company.options();
        LocalDate from = LocalDate.MIN;
        LocalDate to = options.startDate();
        while (true) {
            Delivery file = Delivery.csv("crm/customers-" + to + ".csv", CUSTOMER_COLUMNS);
            for (Person person : company.people()) {
                if (person.customerNumber() != null) {
                    addRecords(person, from, to, file);
                }
            }
            files.add(file);
            if (!to.isBefore(options.endDate())) {
                break;
            }
            from = to;
            LocalDate next = to.plusMonths(6);
            to = next.isBefore(options.endDate()) ? next : options.endDate();
        }
        var faults = Company.faults("duplicate-record", Csv.first(',', 4));
        faults.put("missing-key", Company.utf8(Csv.with(0, "")));
        faults.put("impossible-date", Company.utf8(Csv.with(1, "2024-02-31 10:00:00")));
        faults.put("future-date", Company.utf8(Csv.with(1, "2099-01-01 10:00:00")));
        faults.put("impossible-birth-date", Company.utf8(Csv.with(6, "1985-02-31")));
        company.plant("crm-customers", files, faults);
        return files;
    }

    /** What became known after {@code from} and up to {@code to}. */
    private void addRecords(Person person, LocalDate from, LocalDate to, Delivery file) {
        if (isBetween(person.joinedOn(), from, to)) {
            file.add(record(person, person.joinedOn(), person.details()));
        }
        for (Change change : person.changes()) {
            if (isBetween(change.on(), from, to)) {
                file.add(record(person, change.on(), change.details()));
            }
        }
    }

    private static boolean isBetween(LocalDate day, LocalDate from, LocalDate to) {
        return day.isAfter(from) && !day.isAfter(to);
    }

    private String record(Person person, LocalDate on, Details details) {
        company.truth().same("crm-customers", person.customerNumber(), person);
        Dice dice = company.dice("crm", person.index());
        boolean hasEmail = !dice.chance(0.05);
        String family = dice.chance(0.01) ? Spelling.swapped(details.family(), dice) : details.family();
        return Csv.line(
                person.customerNumber(),
                on + String.format(" %02d:%02d:00", dice.between(8, 17), dice.between(0, 59)),
                person.isCompany() ? "company" : "person",
                person.companyName(),
                details.given(),
                family,
                person.isCompany() || dice.chance(0.2) ? null : person.birthDate(),
                hasEmail ? details.email() : null,
                dice.chance(0.1) ? null : Spelling.phone(person, details, person.index() % 3),
                details.street(),
                details.place().postcode(),
                details.place().city(),
                person.market().country(),
                person.market().language(),
                person.taxNumber(),
                person.loyaltyCard());
    }

    /** A price list a year; each year's costs are three in a hundred above the last. */
    private List<Delivery> products() {
        List<Delivery> files = new ArrayList<>();
        for (int year = 0; year < company.options().years(); year++) {
            LocalDate validFrom = company.options().startDate().plusYears(year);
            Delivery file = Delivery.csv(
                    "crm/products-" + validFrom + ".csv", "sku,valid_from,name,category,unit_cost,is_service");
            for (Catalogue.Product product : company.catalogue().products) {
                long cost = Math.round(product.unitCost() * 100 * (1 + 0.03 * year));
                String category = Catalogue.CATEGORIES.get(product.category());
                file.add(Csv.line(
                        product.sku(), validFrom, product.name(), category, Csv.money(cost), product.isService()));
            }
            files.add(file);
        }
        var faults = Company.faults("duplicate-record", Csv.first(',', 3));
        faults.put("missing-key", Company.utf8(Csv.with(0, "")));
        faults.put("negative-price", Company.utf8(Csv.with(4, "-1.00").andThen(Csv.with(0, "XX-0001"))));
        faults.remove("invalid-utf8");
        company.plant("crm-products", files, faults);
        return files;
    }

    private record Event(LocalDate on, Person person, String kind) {}

    private Delivery lifeEvents() {
        GeneratorOptions options = company.options();
        List<Event> events = new ArrayList<>();
        for (Person person : company.people()) {
            if (person.customerNumber() != null && !person.isCompany()) {
                addEvents(person, events, options);
            }
        }
        events.sort(Comparator.comparing(Event::on));
        Delivery file = Delivery.csv("crm/life-events.csv", "event_id,customer_number,kind,occurred_on");
        for (int i = 0; i < events.size(); i++) {
            Event event = events.get(i);
            file.add(Csv.line("L" + (10_001 + i), event.person().customerNumber(), event.kind(), event.on()));
        }
        var faults = Company.faults("duplicate-record", Csv.first(',', 2));
        faults.put("missing-key", Company.utf8(Csv.with(0, "")));
        faults.put("impossible-date", Company.utf8(Csv.with(3, "2024-02-31").andThen(Csv.with(0, "L9"))));
        company.plant("crm-life-events", List.of(file), faults);
        return file;
    }

    private void addEvents(Person person, List<Event> events, GeneratorOptions options) {
        Dice dice = company.dice("life", person.index());
        for (Change change : person.changes()) {
            if (!change.kind().equals("email")) {
                events.add(new Event(change.on(), person, change.kind()));
            }
        }
        for (String kind : List.of("birth", "new_job", "divorce")) {
            if (dice.chance(kind.equals("divorce") ? 0.02 : 0.05)) {
                events.add(new Event(dice.between(options.startDate(), options.endDate()), person, kind));
            }
        }
        if (person.leavesBy("natural")) {
            String kind = dice.chance(0.4) ? "death" : "move";
            events.add(new Event(person.leaving().on().minusDays(dice.between(0, 10)), person, kind));
        }
    }
}
