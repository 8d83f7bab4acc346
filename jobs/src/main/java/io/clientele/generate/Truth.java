package io.clientele.generate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;

/** What is true, for tests: who is who, what was planted, who left and why. */
final class Truth {
    private final TreeSet<String> samePerson = new TreeSet<>();

    /**
     * A source knows the person by this key; null and empty keys are ignored. Sources that go by the customer numbers of
     * crm-customers say nothing of their own.
     */
    void same(String source, String key, Person person) {
        if (key != null && !key.isEmpty()) {
            samePerson.add(Csv.line(source, key, person.trueId()));
        }
    }

    void write(Company company, Faults faults, Path directory) throws IOException {
        Delivery same = Delivery.csv("truth/same-person.csv", "source,source_customer_key,true_id");
        samePerson.forEach(same::add);
        Delivery rules = Delivery.csv("truth/planted-rules.csv", "antecedent,consequent");
        company.catalogue()
                .rules
                .forEach(r ->
                        rules.add(Csv.line(r.antecedent().sku(), r.consequent().sku())));
        Delivery leavers = Delivery.csv("truth/leavers.csv", "true_id,left_on,cause");
        Delivery partial = Delivery.csv("truth/partial-defectors.csv", "true_id,since,category");
        for (Person person : company.people()) {
            if (person.leaving() != null) {
                leavers.add(Csv.line(
                        person.trueId(), person.leaving().on(), person.leaving().cause()));
            }
            if (person.partial() != null) {
                String category = Catalogue.CATEGORIES.get(person.partial().category());
                partial.add(Csv.line(person.trueId(), person.partial().since(), category));
            }
        }
        Delivery planted = Delivery.csv("truth/faults.csv", "file,row,kind");
        faults.planted().forEach(f -> planted.add(Csv.line(f.file(), f.row(), f.kind())));
        for (Delivery file : List.of(same, rules, leavers, partial, planted)) {
            file.write(directory, new Faults());
        }
    }
}
