package io.clientele.generate;

import io.clientele.generate.Person.Details;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/** Half-yearly surveys by e-mail. Leavers by neglect rate service and care low, those drawn away rate the price low. */
final class SurveyChannel {
    private static final List<String> TOPICS = List.of("product", "service", "communication", "care", "price");
    private static final String COLUMNS =
            "survey_id,answer_id,asked_at,email,name,topic,expected,perceived,satisfaction,recommend";

    private final Company company;

    SurveyChannel(Company company) {
        this.company = company;
    }

    List<Delivery> deliveries() {
        List<Delivery> files = new ArrayList<>();
        GeneratorOptions options = company.options();
        for (int half = 0; half < 2 * options.years(); half++) {
            LocalDate asked = options.startDate().plusMonths(6L * half + 4).plusDays(9);
            String survey = "S" + asked.getYear() + (asked.getMonthValue() <= 6 ? "H1" : "H2");
            Delivery file = Delivery.csv("survey/answers-" + asked + ".csv", COLUMNS);
            for (Person person : company.people()) {
                Dice dice = company.dice("survey " + half, person.index());
                boolean isCustomer = !person.joinedOn().isAfter(asked);
                boolean hasLeft =
                        person.leaving() != null && person.leaving().on().isBefore(asked);
                if (isCustomer && !hasLeft && dice.chance(0.12)) {
                    answer(person, survey, asked, dice, file);
                }
            }
            files.add(file);
        }
        var faults = Company.faults("duplicate-record", Csv.first(',', 5));
        faults.put("missing-key", Company.utf8(Csv.with(1, "")));
        faults.put("impossible-date", Company.utf8(Csv.with(2, "2024-02-31").andThen(Csv.with(1, "A-D"))));
        faults.put("future-date", Company.utf8(Csv.with(2, "2099-06-01").andThen(Csv.with(1, "A-F"))));
        faults.put("score-out-of-range", Company.utf8(Csv.with(7, "17").andThen(Csv.with(1, "A-S"))));
        company.plant("survey-answers", files, faults);
        return files;
    }

    private void answer(Person person, String survey, LocalDate asked, Dice dice, Delivery file) {
        Details details = person.on(asked);
        String email = dice.chance(0.02) ? Spelling.misspelt(details.email(), dice) : details.email();
        String name = dice.chance(0.03) ? Spelling.swapped(details.fullName(), dice) : details.fullName();
        company.truth().same("survey-answers", email, person);
        int recommend = -1;
        for (int t = 0; t < TOPICS.size(); t++) {
            if (t > 0 && dice.chance(0.5)) {
                continue;
            }
            String topic = TOPICS.get(t);
            int expected = dice.between(5, 9);
            int perceived = Math.max(1, Math.min(10, expected + mood(person, topic, asked) + dice.between(-2, 2)));
            int satisfaction = Math.max(1, Math.min(5, 4 + Math.floorDiv(perceived - expected, 2)));
            recommend = recommend < 0 ? Math.max(0, Math.min(10, 8 + perceived - expected)) : recommend;
            LocalDate on = asked.plusDays(dice.between(0, 12));
            String id = survey + "-" + Integer.toString(person.index() * 5 + t, 36);
            file.add(Csv.line(survey, id, on, email, name, topic, expected, perceived, satisfaction, recommend));
        }
    }

    private static int mood(Person person, String topic, LocalDate asked) {
        if (person.leaving() == null || asked.isBefore(person.leaving().on().minusDays(200))) {
            return 0;
        }
        boolean isPoor = switch (person.leaving().cause()) {
            case "neglect" -> topic.equals("service") || topic.equals("care");
            case "competitive" -> topic.equals("price") || topic.equals("product");
            default -> false;
        };
        return isPoor ? -4 : 0;
    }
}
