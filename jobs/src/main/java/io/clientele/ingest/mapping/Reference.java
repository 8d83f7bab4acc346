package io.clientele.ingest.mapping;

/**
 * Keys that must be known to another subject.
 *
 * @param name its name, unique among the rules
 * @param subject {@code product}
 * @param keys SQL: one key or an array of keys
 * @param message what is wrong with a refused record
 */
public record Reference(String name, String subject, String keys, String message) {}
