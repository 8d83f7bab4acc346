package io.clientele.ingest.mapping;

import java.util.Map;

/**
 * What a record says about one subject.
 *
 * @param explode SQL array, one row per element as {@code item}, or null
 * @param when SQL, null: always; it is asked of each row after exploding
 * @param customerOf the source whose customer keys {@code source_customer_key} holds; null: this source's own
 * @param columns SQL by column of the subject
 */
public record SubjectMapping(String explode, String when, String customerOf, Map<String, String> columns) {
  public SubjectMapping {
    columns = columns == null ? Map.of() : columns;
  }
}
