package io.clientele.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.RuntimeConfig;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A class whose many small queries see few rows: what Spark does for large ones, generated code and plans made anew between
 * stages, would take most of the time. Other classes run the same transforms as they run for users.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(FewRows.Settings.class)
public @interface FewRows {
    /** What is set. */
    Map<String, String> SETTINGS = Map.of(
            "spark.sql.adaptive.enabled", "false",
            "spark.sql.codegen.wholeStage", "false",
            "spark.sql.codegen.factoryMode", "NO_CODEGEN");

    /** Sets it, and afterwards what was there. */
    final class Settings implements BeforeAllCallback, AfterAllCallback {
        private final Map<String, String> before = new HashMap<>();

        @Override
        public void beforeAll(ExtensionContext context) {
            RuntimeConfig settings = SharedSpark.session().conf();
            SETTINGS.forEach((name, value) -> {
                before.put(name, settings.get(name));
                settings.set(name, value);
            });
        }

        @Override
        public void afterAll(ExtensionContext context) {
            before.forEach(SharedSpark.session().conf()::set);
        }
    }
}
