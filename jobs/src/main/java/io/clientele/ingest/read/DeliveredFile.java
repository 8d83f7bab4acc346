package io.clientele.ingest.read;

import java.time.Instant;
import java.util.List;

/**
 * One delivered file.
 *
 * @param path the whole path, as Spark reads it
 * @param name relative to the input root; what people see
 * @param sizeBytes its size
 * @param modifiedAt when its file system says it was last written
 * @param contentHash SHA-256 of its bytes, in hexadecimal
 * @param header the names in its first line, for CSV with a header; else empty
 */
public record DeliveredFile(
        String path, String name, long sizeBytes, Instant modifiedAt, String contentHash, List<String> header) {}
