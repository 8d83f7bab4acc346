package io.clientele.serving;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.clientele.engine.Database;
import io.clientele.engine.PublishedTables;
import io.clientele.engine.TableRef;
import io.clientele.engine.error.ClienteleException;
import io.clientele.engine.ledger.LedgerTables;
import io.clientele.warehouse.OpsTables;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The report of a warehouse: from its published tables to one HTML file. */
public final class Report {
    private Report() {}

    /** Writes the page for a date. */
    public static void write(
            PublishedTables tables, String company, String currency, LocalDate asOf, String runId, Path file) {
        ReportData.Header header = new ReportData.Header(
                company,
                asOf.toString(),
                currency,
                String.valueOf(tables.publicationNumber()),
                runId,
                tables.configurationHash());
        OperationsRows operations = new OperationsRows(
                tables.read(OpsTables.BATCH_BALANCE),
                tables.read(OpsTables.QUARANTINE),
                tables.read(LedgerTables.RUN),
                tables.read(LedgerTables.CHECK_RESULT));
        String page = ReportPage.html(ReportQueries.collect(header, table -> at(tables, table, asOf), operations));
        try {
            Files.writeString(file, page, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw ClienteleException.environment(
                            "The report %s cannot be written (%s): check the folder's permissions.",
                            file, e.getClass().getSimpleName())
                    .causedBy(e);
        }
    }

    private static Dataset<Row> at(PublishedTables tables, TableRef table, LocalDate asOf) {
        Dataset<Row> rows = tables.read(table);
        return table.database() == Database.MART ? rows.where(col("as_of_date").equalTo(lit(asOf))) : rows;
    }
}
