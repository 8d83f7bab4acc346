package io.clientele.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Classes are found as before; what is missing is looked for once. */
class MissingClassesTest {
    private final List<String> asked = new ArrayList<>();
    private final ClassLoader loader =
            new MissingClasses(new ClassLoader(getClass().getClassLoader()) {
                @Override
                protected Class<?> findClass(String name) throws ClassNotFoundException {
                    asked.add(name);
                    return super.findClass(name);
                }
            });

    @Test
    void whatThereIsIsTheParents() throws ClassNotFoundException {
        assertThat(loader.loadClass(MissingClassesTest.class.getName())).isSameAs(MissingClassesTest.class);
        assertThat(loader.loadClass("java.util.List")).isSameAs(List.class);
    }

    @Test
    void whatIsMissingIsLookedForOnce() {
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> loader.loadClass("io.clientele.engine.NoSuch"))
                    .isInstanceOf(ClassNotFoundException.class)
                    .hasMessage("io.clientele.engine.NoSuch");
        }
        assertThat(asked).containsExactly("io.clientele.engine.NoSuch");
    }

    @Test
    void aThreadHasOneSuchLoader() {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try {
            MissingClasses.remember();
            ClassLoader first = Thread.currentThread().getContextClassLoader();
            MissingClasses.remember();

            assertThat(first).isInstanceOf(MissingClasses.class);
            assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(first);
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }
}
