package io.clientele.engine;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds what its parent finds, and remembers what that does not: Spark's compiler takes each name in the code that it generates
 * for a class first, in every query again, and the JVM looks into each of two hundred jars for it. Classes must not appear later
 * under a name that was missing; jars that are added to a session come below this loader and are still found.
 */
final class MissingClasses extends ClassLoader {
    /** More names than a run asks for; the bound is there for programs that live long. */
    private static final int AT_MOST = 200_000;

    static {
        registerAsParallelCapable();
    }

    private final Set<String> missing = ConcurrentHashMap.newKeySet();

    MissingClasses(ClassLoader parent) {
        super(parent);
    }

    /** Puts such a loader over what the calling thread, and what it starts from now on, loads with; once is enough. */
    static void remember() {
        Thread thread = Thread.currentThread();
        ClassLoader present = thread.getContextClassLoader();
        if (!(present instanceof MissingClasses)) {
            thread.setContextClassLoader(new MissingClasses(present));
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (missing.contains(name)) {
            throw new ClassNotFoundException(name);
        }
        try {
            return getParent().loadClass(name);
        } catch (ClassNotFoundException e) {
            if (missing.size() < AT_MOST) {
                missing.add(name);
            }
            throw e;
        }
    }
}
