package io.clientele.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.engine.error.ClienteleException;
import io.clientele.engine.error.Responsible;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What people read when something fails that is not the program's own check. */
class FailureTranslationTest {
    @Test
    void aRunThatIsEndedFromOutsideSaysSoHoweverItsJobsFail() {
        ClienteleException ended =
                FailureTranslation.translate(new IllegalStateException("SparkContext was shut down"), null, true);
        assertThat(ended)
                .hasMessage("ended from outside, by Ctrl-C or a signal: the warehouse is as it was; run again.");
        assertThat(ended.responsible()).isEqualTo(Responsible.ENVIRONMENT);
    }

    @Test
    void aFullDiskIsNamedFromAnyDepth() {
        Throwable failure = new RuntimeException("task", new IOException("/w/part-0: No space left on device"));
        ClienteleException full = FailureTranslation.translate(failure, null);
        assertThat(full.getMessage()).startsWith("no space is left on the disk of the warehouse");
        assertThat(full.responsible()).isEqualTo(Responsible.ENVIRONMENT);
    }

    @Test
    void whatIsNotKnownIsADefectThatQuotesNoValue() {
        ClienteleException unknown =
                FailureTranslation.translate(new IllegalStateException("jane@example.org is no number"), null);
        assertThat(unknown).hasMessage("unexpected IllegalStateException (run again with --stacktrace for details)");
        assertThat(unknown.responsible()).isEqualTo(Responsible.DEFECT);
    }
}
