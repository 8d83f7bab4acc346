package io.clientele.engine.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.clientele.engine.error.ClienteleException;
import io.clientele.engine.error.Responsible;
import io.clientele.engine.log.Logs.Format;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.message.SimpleMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogsTest {
    private static final String SECRETS = """
            jdbc:postgresql://db/shop?user=reader&password=tiger8&ssl=true | jdbc:postgresql://db/shop?user=reader&password=***&ssl=true
            postgresql://reader:tiger8@db:5432/shop | postgresql://reader:***@db:5432/shop
            postgresql://reader:tiger8@x@db:5432/shop | postgresql://reader:***@db:5432/shop
            connecting with token=tiger8, retry 2 | connecting with token=***, retry 2
            fs.s3a.secret.key=tiger8 | fs.s3a.secret.key=***
            client_secret: tiger8 | client_secret: ***
            {"password":"tiger8 tiger8","user":"reader"} | {"password":***,"user":"reader"}
            PASSWORD = 'tiger8' | PASSWORD = ***
            Authorization: Bearer tiger8.x_y | Authorization: Bearer ***
            10 rows of http://shop/a:b read | 10 rows of http://shop/a:b read
            12 tokens read at 10:15 | 12 tokens read at 10:15
            """;

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = SECRETS)
    void secretsLeaveTextAndStayOutOfBothFormats(String text, String redacted) throws Exception {
        assertThat(Redaction.redact(text)).isEqualTo(redacted);
        assertThat(line(Format.TEXT, Level.INFO, text, null))
                .matches("\\d\\d:\\d\\d:\\d\\d .*\\R")
                .contains(" " + redacted);
        assertThat(json(text, null).get("message").textValue()).isEqualTo(redacted);
    }

    @Test
    void secretsInAnExceptionStayOut() throws Exception {
        Exception error = new IllegalStateException("refused password=tiger8");
        error.addSuppressed(new IllegalStateException("postgresql://reader:tiger8@db"));

        assertThat(line(Format.TEXT, Level.ERROR, "no luck", error))
                .contains(" ERROR no luck")
                .contains("refused password=***")
                .doesNotContain("tiger8");
        assertThat(json("no luck", error).get("error").textValue())
                .contains("refused password=***")
                .doesNotContain("tiger8");
    }

    @Test
    void theLevelIsShownUnlessItIsInfo() {
        assertThat(line(Format.TEXT, Level.INFO, "loaded", null)).doesNotContain("INFO");
        assertThat(line(Format.TEXT, Level.WARN, "loaded", null)).contains(" WARN loaded");
    }

    @Test
    void onlyThisProgramSpeaksBelowErrors() {
        Configuration configuration = Logs.configuration(Format.TEXT);
        configuration.initialize();

        assertThat(configuration
                        .getLoggerConfig("io.clientele.engine.JobRunner")
                        .getLevel())
                .isEqualTo(Level.INFO);
        assertThat(configuration
                        .getLoggerConfig("org.apache.spark.SparkContext")
                        .getLevel())
                .isEqualTo(Level.ERROR);
    }

    @ParameterizedTest
    @ValueSource(strings = {"json", "JSON", " Json "})
    void theFormatIsReadInAnyCase(String name) {
        assertThat(Format.of(name)).isEqualTo(Format.JSON);
    }

    @Test
    void anUnknownFormatIsTheCallersFault() {
        assertThatThrownBy(() -> Format.of("xml"))
                .hasMessage("CLIENTELE_LOG is 'xml': expected 'text' or 'json'.")
                .isInstanceOfSatisfying(
                        ClienteleException.class,
                        e -> assertThat(e.responsible()).isEqualTo(Responsible.CONFIGURATION));
        assertThat(Format.of(null)).isEqualTo(Format.TEXT);
    }

    private static JsonNode json(String message, Throwable error) throws Exception {
        String line = line(Format.JSON, Level.INFO, message, error);
        assertThat(line.strip()).doesNotContain("\n");
        return new ObjectMapper().readTree(line);
    }

    private static String line(Format format, Level level, String message, Throwable error) {
        Configuration configuration = Logs.configuration(format);
        configuration.initialize();
        return (String) configuration
                .getAppender(Logs.APPENDER)
                .getLayout()
                .toSerializable(Log4jLogEvent.newBuilder()
                        .setLoggerName("io.clientele.Example")
                        .setLevel(level)
                        .setMessage(new SimpleMessage(message))
                        .setThrown(error)
                        .build());
    }
}
