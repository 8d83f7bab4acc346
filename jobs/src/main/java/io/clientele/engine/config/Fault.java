package io.clientele.engine.config;

import java.util.Objects;

/**
 * One fault of a configuration.
 *
 * @param file the file, as the user knows it
 * @param key the path of the key, for example {@code subjects.sale_line.columns.sold_at}; empty for the whole file
 * @param expected what would be right
 * @param found what is there
 * @param suggestion the name that was probably meant, or null
 */
public record Fault(String file, String key, String expected, String found, String suggestion) {
  public Fault {
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(key, "key");
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(file);
    if (!key.isEmpty()) {
      text.append(": ").append(key);
    }
    text.append(": expected ").append(expected).append(", found ").append(found);
    if (suggestion != null) {
      text.append("; did you mean '").append(suggestion).append("'?");
    }
    return text.toString();
  }
}
