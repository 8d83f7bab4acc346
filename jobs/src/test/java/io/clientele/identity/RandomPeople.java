package io.clientele.identity;

import static io.clientele.integrate.Given.at;
import static io.clientele.integrate.Given.record;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/** Invented records with errors, of people who share names, phones and addresses, and what may come later. */
final class RandomPeople {
    private static final List<String> GIVEN =
            List.of("Anna", "Bernd", "Clara", "David", "Emma", "Franz", "Greta", "Hans", "Ines", "Jakob", "Karla");
    private static final List<String> FAMILY = List.of(
            "Meier", "Huber", "Gruber", "Wagner", "Steiner", "Moser", "Bauer", "Fischer", "Schmidt", "Weber", "Winkler",
            "Hofmann", "Lang", "Brunner", "Leitner", "Wallner", "Koch", "Vogel", "Berger", "Egger");
    private static final List<String> SOURCES = List.of("crm", "web", "till");

    private final Random random;
    private final List<Map<String, Object>> people = new ArrayList<>();
    private final List<Map<String, Object>> records = new ArrayList<>();
    private final Set<String> events = new TreeSet<>();
    private int number;

    RandomPeople(Random random) {
        this.random = random;
        for (int i = 0; i < 90; i++) {
            // Every third lives with the one before.
            Map<String, Object> home = i % 3 == 2 ? people.get(i - 1) : null;
            Map<String, Object> person = new HashMap<>();
            String given = of(GIVEN);
            String family = home == null ? of(FAMILY) : (String) home.get("family_name");
            person.put("given_name", given);
            person.put("family_name", family);
            person.put(
                    "birth_date",
                    java.sql.Date.valueOf("19%02d-0%d-1%d"
                            .formatted(50 + random.nextInt(40), 1 + random.nextInt(9), random.nextInt(9))));
            person.put("email", given + "." + family + i + "@x.org");
            person.put("phone", home == null ? "+43660" + (100_000 + i) : home.get("phone"));
            person.put("postcode", home == null ? "10" + (10 + random.nextInt(12)) : home.get("postcode"));
            person.put("street", home == null ? "Ringweg " + random.nextInt(50) : home.get("street"));
            person.put("city", "Wien");
            people.add(person);
        }
    }

    /** What the deliveries held beside records of known and new people. */
    Set<String> events() {
        return events;
    }

    List<Map<String, Object>> first(int count) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(of(people.get(random.nextInt(60)), 1 + i / 10));
        }
        records.addAll(rows);
        return new ArrayList<>(rows);
    }

    /** A few records more, and changes of earlier ones. */
    List<Map<String, Object>> delivery(int n) {
        int day = 30 + 10 * n;
        List<Map<String, Object>> rows = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            rows.add(of(people.get(random.nextInt(people.size())), day));
        }
        switch (n) {
            case 1 -> {
                happens("a phone that few hold comes to be held by too many", rows);
                for (Map<String, Object> known : distinct(5)) {
                    rows.add(changed(known, day, "phone", "+43660100000"));
                }
                happens("a record bridges two customers", rows);
                rows.add(bridge(day));
            }
            case 2 -> {
                happens("a block outgrows its limit", rows);
                for (Map<String, Object> known : distinct(7)) {
                    rows.add(changed(
                            known,
                            day,
                            "birth_date",
                            people.get(random.nextInt(60)).get("birth_date")));
                    rows.add(changed(known, day + 1, "family_name", "Meier", "postcode", "1010"));
                }
                happens("an earlier row of a record comes late", rows);
                rows.add(changed(records.get(random.nextInt(100)), -5, "loyalty_card", "L1"));
            }
            case 3 -> {
                happens("a phone is held by few again, a block is small again", rows);
                int given = 0;
                for (Map<String, Object> known : List.copyOf(records)) {
                    if ("+43660100000".equals(known.get("phone")) && given++ < 4) {
                        rows.add(changed(known, day, "phone", "+43660200" + given, "family_name", "Neumann" + given));
                    }
                }
                happens("issued numbers tie and conflict", rows);
                for (Map<String, Object> known : distinct(3)) {
                    rows.add(
                            changed(known, day, "tax_number", "T" + random.nextInt(2), "customer_number", "" + number));
                }
            }
            default -> {
                happens("a record is confirmed", rows);
                Map<String, Object> known = new HashMap<>(records.get(random.nextInt(records.size())));
                known.put("recorded_at", at(day));
                rows.add(known);
                happens("near duplicates", rows);
                rows.add(of(people.get(3), day));
                rows.add(of(people.get(3), day));
                rows.add(bridge(day));
            }
        }
        records.addAll(rows);
        return rows;
    }

    private void happens(String event, List<Map<String, Object>> rows) {
        events.add(event + (rows.isEmpty() ? "?" : ""));
    }

    private Map<String, Object> bridge(int day) {
        Map<String, Object> one = people.get(random.nextInt(30));
        Map<String, Object> other = people.get(30 + random.nextInt(30));
        return record(
                key(),
                day,
                "email",
                one.get("email"),
                "phone",
                other.get("phone"),
                "birth_date",
                one.get("birth_date"),
                "family_name",
                other.get("family_name"),
                "postcode",
                other.get("postcode"));
    }

    private List<Map<String, Object>> distinct(int count) {
        Map<Object, Map<String, Object>> chosen = new HashMap<>();
        while (chosen.size() < count) {
            Map<String, Object> known = records.get(random.nextInt(records.size()));
            chosen.put(known.get("source") + "|" + known.get("source_customer_key"), known);
        }
        return List.copyOf(chosen.values());
    }

    private static Map<String, Object> changed(Map<String, Object> known, int day, Object... namesAndValues) {
        Map<String, Object> row =
                record(known.get("source") + "|" + known.get("source_customer_key"), day, namesAndValues);
        return row;
    }

    private Map<String, Object> of(Map<String, Object> person, int day) {
        Map<String, Object> row = record(key(), day);
        for (Map.Entry<String, Object> field : person.entrySet()) {
            if (random.nextInt(10) > 2) {
                Object value = field.getValue();
                if (value instanceof String text && random.nextInt(12) == 0) {
                    value = text.substring(0, 2) + text.substring(3);
                }
                row.put(field.getKey(), value);
            }
        }
        if (random.nextInt(8) == 0) {
            row.put("loyalty_card", "L" + random.nextInt(20));
        }
        return row;
    }

    private String key() {
        return SOURCES.get(number % 3 == 0 ? 0 : number % 3) + "|" + number++;
    }

    private <T> T of(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }
}
