package io.clientele.ingest.read;

import java.time.Instant;

/**
 * A file as found.
 *
 * @param name its path below the input root, or its whole path when it lies elsewhere
 * @param path where to read it
 * @param sizeBytes its size
 * @param modifiedAt when it was last written
 * @param contentHash SHA-256 of its bytes as delivered, in hex
 */
public record DeliveredFile(String name, String path, long sizeBytes, Instant modifiedAt, String contentHash) {}
