package io.clientele.ingest.mapping;

import java.util.Locale;

/** How a source delivers its records. */
public enum Format {
  /** Delimited text. */
  CSV,
  /** One JSON document a line. */
  JSON,
  /** Parquet files. */
  PARQUET,
  /** Lines, each a record with the one column {@code line}. */
  TEXT,
  /** A table of a database. */
  JDBC;

  /** True where records are lines of files. */
  public boolean isLines() {
    return this == CSV || this == JSON || this == TEXT;
  }

  /** The name in YAML. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
