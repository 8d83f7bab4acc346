package io.clientele.engine.log;

import io.clientele.engine.error.ClienteleException;
import java.util.Locale;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.appender.ConsoleAppender;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.builder.api.ConfigurationBuilder;
import org.apache.logging.log4j.core.config.builder.api.ConfigurationBuilderFactory;
import org.apache.logging.log4j.core.config.builder.api.LayoutComponentBuilder;
import org.apache.logging.log4j.core.config.builder.impl.BuiltConfiguration;

/**
 * The log of the program. It goes to standard error, holds no secrets (see {@link Redaction}), and has this program's
 * lines from level info and everybody else's from level error.
 */
public final class Logs {
    /** The environment variable that chooses the {@link Format}. */
    public static final String FORMAT_VARIABLE = "CLIENTELE_LOG";

    /** The system property by which an operator brings a log configuration; it is then left alone. */
    public static final String OPERATORS_CONFIGURATION = "clientele.log4j2.configurationFile";

    static final String APPENDER = "console";

    /** How a line looks. */
    public enum Format {
        /** {@code 14:03:59 message}, with the level where it is not info. */
        TEXT,
        /** One JSON object a line: {@code at, level, logger, message, thread} and, with an exception, {@code error}. */
        JSON;

        /**
         * The format of that name in any case; text for null and blank.
         *
         * @throws ClienteleException of the caller for another name
         */
        public static Format of(String name) {
            if (name == null || name.isBlank()) {
                return TEXT;
            }
            return switch (name.strip().toLowerCase(Locale.ROOT)) {
                case "text" -> TEXT;
                case "json" -> JSON;
                default ->
                    throw ClienteleException.configuration(
                            "%s is '%s': expected 'text' or 'json'.", FORMAT_VARIABLE, name);
            };
        }
    }

    private Logs() {}

    /** Sets the log up as {@link #FORMAT_VARIABLE} says; to be called before the first Spark session. */
    public static void configure() {
        configure(Format.of(System.getenv(FORMAT_VARIABLE)));
    }

    /** Sets the log up in that format, unless the operator brought a configuration. */
    public static void configure(Format format) {
        String operators = System.getProperty(OPERATORS_CONFIGURATION);
        if (operators == null) {
            Configurator.reconfigure(configuration(format));
        } else {
            Configurator.reconfigure(java.nio.file.Path.of(operators).toUri());
        }
    }

    static Configuration configuration(Format format) {
        ConfigurationBuilder<BuiltConfiguration> builder = ConfigurationBuilderFactory.newConfigurationBuilder();
        builder.setStatusLevel(Level.ERROR).setConfigurationName("clientele").setShutdownHook("disable");
        builder.add(builder.newAppender(APPENDER, "Console")
                .addAttribute("target", ConsoleAppender.Target.SYSTEM_ERR)
                .add(format == Format.JSON ? json(builder) : text(builder)));
        builder.add(builder.newLogger("io.clientele", Level.INFO));
        builder.add(builder.newRootLogger(Level.ERROR).add(builder.newAppenderRef(APPENDER)));
        return builder.build(false);
    }

    private static LayoutComponentBuilder text(ConfigurationBuilder<BuiltConfiguration> builder) {
        return builder.newLayout("PatternLayout")
                .addAttribute("pattern", "%d{HH:mm:ss} %replace{%p }{^INFO }{}" + redacted("%m%n%ex"))
                .addAttribute("alwaysWriteExceptions", false);
    }

    private static LayoutComponentBuilder json(ConfigurationBuilder<BuiltConfiguration> builder) {
        String template = """
                {"at": {"$resolver": "timestamp",
                        "pattern": {"format": "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", "timeZone": "UTC"}},
                 "level": {"$resolver": "level", "field": "name"},
                 "logger": {"$resolver": "logger", "field": "name"},
                 "message": {"$resolver": "pattern", "pattern": "%s", "stackTraceEnabled": false},
                 "thread": {"$resolver": "thread", "field": "name"},
                 "error": {"$resolver": "pattern", "pattern": "%s", "stackTraceEnabled": false}}
                """.formatted(quoted(redacted("%m")), quoted(redacted("%ex")));
        return builder.newLayout("JsonTemplateLayout").addAttribute("eventTemplate", template);
    }

    /** The pattern with all secrets of what it prints replaced. */
    private static String redacted(String pattern) {
        String result = pattern;
        for (String secret : new String[] {Redaction.URL_PASSWORD, Redaction.AUTHORIZATION, Redaction.NAMED_SECRET}) {
            result = "%replace{" + result + "}{" + secret + "}{" + Redaction.REPLACEMENT + "}";
        }
        return result;
    }

    private static String quoted(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"");
    }
}
