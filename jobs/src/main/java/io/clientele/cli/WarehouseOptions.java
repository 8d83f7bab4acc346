package io.clientele.cli;

import io.clientele.engine.PublishedTables;
import io.clientele.engine.Sessions;
import io.clientele.engine.store.WarehouseFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Option;

/** What every command that touches a warehouse takes. */
final class WarehouseOptions {
    @Option(
            names = "--conf",
            paramLabel = "DIR",
            defaultValue = "conf",
            description = "Folder of the settings and sources (default: ${DEFAULT-VALUE}).")
    Path conf;

    @Option(
            names = "--warehouse",
            paramLabel = "DIR",
            defaultValue = "warehouse",
            description = "Folder of the warehouse (default: ${DEFAULT-VALUE}).")
    Path warehouse;

    /** The running session, started on first use: checks that need none come before. */
    SparkSession session() {
        try {
            SparkSession.Builder builder = Sessions.builder("clientele");
            if (System.getProperty("spark.master") == null) {
                builder.master("local[*]");
            }
            if (System.getProperty("spark.sql.warehouse.dir") != null) {
                return adapted(builder.getOrCreate());
            }
            // Views of the published tables live in the session's own catalogue; Spark wants a folder for it all the
            // same.
            String catalogue = Files.createTempDirectory("clientele-catalogue").toString();
            SparkSession session =
                    adapted(builder.config("spark.sql.warehouse.dir", catalogue).getOrCreate());
            FileSystem.getLocal(session.sparkContext().hadoopConfiguration())
                    .deleteOnExit(new org.apache.hadoop.fs.Path(catalogue));
            return session;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SparkSession adapted(SparkSession session) {
        Sessions.adaptTo(session);
        return session;
    }

    /** The published tables of an existing warehouse. */
    PublishedTables published() {
        String root = WarehouseFolder.existing(warehouse).root().toString();
        return new PublishedTables(session(), root);
    }
}
