package io.clientele.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.engine.error.Responsible;
import io.clientele.ingest.read.IngestErrors;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class IngestErrorsTest {
    private static void translates(Throwable failure, Responsible responsible, String message) {
        var error = IngestErrors.translate(new RuntimeException("Job aborted", failure));
        assertThat(error).hasMessage(message);
        assertThat(error.responsible()).isEqualTo(responsible);
        assertThat(error.getCause()).hasMessage("Job aborted");
    }

    @Test
    void saysWhoMustAct() {
        translates(
                new FileNotFoundException("File file:/in/a.csv does not exist"),
                Responsible.ENVIRONMENT,
                "/in/a.csv vanished while it was being loaded. Run again.");
        translates(
                new FileNotFoundException("/in/a.csv (Permission denied)"),
                Responsible.ENVIRONMENT,
                "No permission to read /in/a.csv. Grant it to the user who runs the job.");
        translates(
                new IOException("No space left on device"),
                Responsible.ENVIRONMENT,
                "No space left on device while loading a delivered file. Free some and run again.");
        translates(
                new SQLException("no route to jdbc:postgresql://me:secret@host/db?password=secret&ssl=true", "08001"),
                Responsible.ENVIRONMENT,
                "The database cannot be reached: no route to jdbc:postgresql://***@host/db?password=***&ssl=true");
    }

    @Test
    void whatIsUnknownIsADefectWithoutItsMessage() {
        var error = IngestErrors.translate(new IllegalStateException("the value was Jane Doe"));
        assertThat(error).hasMessage("Reading a delivered file failed: IllegalStateException");
        assertThat(error.responsible()).isEqualTo(Responsible.DEFECT);
    }
}
