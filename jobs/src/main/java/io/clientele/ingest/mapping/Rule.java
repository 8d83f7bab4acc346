package io.clientele.ingest.mapping;

/**
 * What a record must satisfy.
 *
 * @param name its name, unique in the source
 * @param column the delivered column it is about, or null
 * @param when SQL: the rule applies only where this is true; null: always
 * @param check SQL: true passes, false refuses, null refuses as not evaluated
 * @param message what is wrong with a refused record
 */
public record Rule(String name, String column, String when, String check, String message) {}
