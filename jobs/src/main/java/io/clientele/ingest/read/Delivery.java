package io.clientele.ingest.read;

import java.util.List;

/**
 * What a source has delivered since it was last loaded.
 *
 * @param files the new files, by name
 * @param known files that say again what was loaded before (same content under any name), only to be remembered
 * @param batchId names these contents: the same files give the same id
 * @param notices what a person should know, for example that a file changed under its name
 */
public record Delivery(List<DeliveredFile> files, List<DeliveredFile> known, String batchId, List<String> notices) {
    /** Whether there is nothing new. */
    public boolean isEmpty() {
        return files.isEmpty();
    }
}
