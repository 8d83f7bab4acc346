package io.clientele.ingest.mapping;

import java.nio.charset.Charset;

/**
 * How files or tables are read.
 *
 * @param delimiter between columns of CSV
 * @param quote around columns of CSV; doubled inside one
 * @param encoding of CSV, JSON and text
 * @param header whether the first line of each CSV file names its columns
 * @param multiLine whether quoted fields hold line breaks
 * @param maxRecordBytes above this size a record is refused and only its beginning kept
 * @param table the table of a database
 * @param userEnv the environment variable that holds the user
 * @param passwordEnv the environment variable that holds the password
 * @param watermark the column that only grows, or null
 * @param partitionColumn a number, date or timestamp column by which a database is read in parallel, or null
 * @param partitions into how many parts
 */
public record SourceOptions(
    String delimiter,
    String quote,
    String encoding,
    boolean header,
    boolean multiLine,
    long maxRecordBytes,
    String table,
    String userEnv,
    String passwordEnv,
    String watermark,
    String partitionColumn,
    int partitions) {

  /** What applies where a source says nothing. */
  public static final SourceOptions DEFAULTS =
      new SourceOptions(",", "\"", "UTF-8", true, false, 1L << 20, null, null, null, null, null, 1);

  public SourceOptions {
    if (delimiter.length() != 1) {
      throw new IllegalArgumentException("delimiter '" + delimiter + "' is not one character");
    }
    if (quote.length() != 1) {
      throw new IllegalArgumentException("quote '" + quote + "' is not one character");
    }
    if (!isKnown(encoding)) {
      throw new IllegalArgumentException("encoding '" + encoding + "' is unknown to Java");
    }
    if (!"\n,a\r".equals(new String("\n,a\r".getBytes(Charset.forName(encoding)), Charset.forName("US-ASCII")))) {
      throw new IllegalArgumentException(
          "encoding '" + encoding + "' does not contain ASCII, so lines cannot be found; convert the files to UTF-8");
    }
    if (maxRecordBytes < 1 || maxRecordBytes > (64L << 20)) {
      throw new IllegalArgumentException("max-record-bytes " + maxRecordBytes + " is not between 1 and 67108864");
    }
    if (partitions < 1) {
      throw new IllegalArgumentException("partitions " + partitions + " is less than 1");
    }
  }

  /** The encoding. */
  public Charset charset() {
    return Charset.forName(encoding);
  }

  private static boolean isKnown(String encoding) {
    try {
      return Charset.isSupported(encoding);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
