package io.clientele.serving;

import io.clientele.engine.PublishedTables;
import java.nio.file.Path;
import java.time.LocalDate;

/** The report of a warehouse. */
public final class Report {
  private Report() {}

  /** Writes the page. */
  public static void write(
      PublishedTables tables, String company, String currency, LocalDate asOf, String runId, Path file) {}
}
