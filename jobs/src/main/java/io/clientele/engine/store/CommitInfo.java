package io.clientele.engine.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/**
 * What a Delta commit says of itself, read straight from its file: Delta's own history would read every commit.
 *
 * @param operation for example WRITE, MERGE or RESTORE
 * @param restoredVersion the version that a RESTORE went back to; null for others
 * @param rowsWritten rows inserted or changed by the commit
 */
record CommitInfo(String operation, Long restoredVersion, long rowsWritten) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Reads a commit; one whose file was cleaned away behind a checkpoint has nothing to say. */
    static CommitInfo read(SparkSession session, String tablePath, long version) {
        Path file = new Path(tablePath, String.format("_delta_log/%020d.json", version));
        try {
            var fileSystem = file.getFileSystem(session.sessionState().newHadoopConf());
            if (!fileSystem.exists(file)) {
                return new CommitInfo("", null, 0);
            }
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(fileSystem.open(file), StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.startsWith("{\"commitInfo\"")) {
                        return parse(JSON.readTree(line).path("commitInfo"));
                    }
                }
            }
            return new CommitInfo("", null, 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static CommitInfo parse(JsonNode info) {
        String operation = info.path("operation").asText();
        JsonNode metrics = info.path("operationMetrics");
        long rows = operation.equals("MERGE")
                ? metrics.path("numTargetRowsInserted").asLong()
                        + metrics.path("numTargetRowsUpdated").asLong()
                : metrics.path("numOutputRows").asLong();
        JsonNode restored = info.path("operationParameters").path("version");
        return new CommitInfo(
                operation,
                operation.equals("RESTORE") && !restored.isMissingNode() ? (Long) restored.asLong() : null,
                rows);
    }
}
