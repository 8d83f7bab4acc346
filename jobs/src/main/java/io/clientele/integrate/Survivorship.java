package io.clientele.integrate;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which of several source records gives a customer's fields. Fields that mean something only together, a name and an address,
 * survive together from one record.
 *
 * @param sources source names, most trusted first, for rules that name none of their own; those not listed come after them
 * @param kind person or company
 * @param name full, given and family name
 * @param email the e-mail
 * @param phone the phone
 * @param birthDate the date of birth
 * @param address street, postcode, city and country
 * @param language the language
 */
public record Survivorship(
        List<String> sources,
        Rule kind,
        Rule name,
        Rule email,
        Rule phone,
        Rule birthDate,
        Rule address,
        Rule language) {

    /** By what one statement is preferred to another. */
    public enum Criterion {
        /** The more trusted source. */
        SOURCE,
        /** The one made last. */
        RECENCY,
        /** The value that more of the customer's source records have stated so far. */
        FREQUENCY,
        /** More parts known of a name or an address; makes no difference to fields of one part. */
        COMPLETENESS
    }

    /**
     * How one field survives.
     *
     * @param by criteria, the most important first; what is still equal is decided by recency, then by source and key
     * @param sources most trusted first; empty: the general list
     */
    public record Rule(List<Criterion> by, List<String> sources) {
        public Rule {
            by = by == null ? List.of() : List.copyOf(by);
            sources = sources == null ? List.of() : List.copyOf(sources);
            if (by.isEmpty()) {
                throw new IllegalArgumentException(
                        "by: expected at least one of source, recency, frequency, completeness, found none");
            }
            if (new HashSet<>(by).size() < by.size()) {
                throw new IllegalArgumentException("by: expected each criterion once, found " + by);
            }
            if (new HashSet<>(sources).size() < sources.size()) {
                throw new IllegalArgumentException("sources: expected each source once, found " + sources);
            }
        }

        static Rule of(Criterion... by) {
            return new Rule(List.of(by), List.of());
        }
    }

    public Survivorship {
        sources = List.copyOf(sources);
        if (new HashSet<>(sources).size() < sources.size()) {
            throw new IllegalArgumentException("sources: expected each source once, found " + sources);
        }
        Map<String, Rule> rules = rules(kind, name, email, phone, birthDate, address, language);
        for (Map.Entry<String, Rule> rule : rules.entrySet()) {
            if (rule.getValue().by().contains(Criterion.SOURCE)
                    && rule.getValue().sources().isEmpty()
                    && sources.isEmpty()) {
                throw new IllegalArgumentException(rule.getKey().replace('_', '-')
                        + ": expected a list of sources for the criterion source, here or for all fields, found none");
            }
        }
    }

    /** The last statement survives; of names and addresses the last of the most complete ones. */
    public static Survivorship defaults() {
        Rule last = Rule.of(Criterion.RECENCY);
        Rule mostComplete = Rule.of(Criterion.COMPLETENESS, Criterion.RECENCY);
        return new Survivorship(List.of(), last, mostComplete, last, last, last, mostComplete, last);
    }

    /** The rules by the name of what they rule, in the order of {@link #PARTS}. */
    Map<String, Rule> rules() {
        return rules(kind, name, email, phone, birthDate, address, language);
    }

    /** Every source that a rule or the general list names. */
    public Set<String> namedSources() {
        Set<String> named = new LinkedHashSet<>(sources);
        rules().values().forEach(rule -> named.addAll(rule.sources()));
        return named;
    }

    /** The trust in each source that a rule goes by, best first. */
    List<String> trust(Rule rule) {
        return rule.sources().isEmpty() ? sources : rule.sources();
    }

    private static Map<String, Rule> rules(Rule... rules) {
        Map<String, Rule> named = new LinkedHashMap<>();
        int i = 0;
        for (String field : PARTS.keySet()) {
            named.put(field, rules[i++]);
        }
        return named;
    }

    /** What survives as one, and the columns it consists of. */
    static final Map<String, List<String>> PARTS = parts();

    private static Map<String, List<String>> parts() {
        Map<String, List<String>> parts = new LinkedHashMap<>();
        parts.put("kind", List.of("kind"));
        parts.put("name", List.of("full_name", "given_name", "family_name"));
        parts.put("email", List.of("email"));
        parts.put("phone", List.of("phone"));
        parts.put("birth_date", List.of("birth_date"));
        parts.put("address", List.of("street", "postcode", "city", "country"));
        parts.put("language", List.of("language"));
        return parts;
    }
}
