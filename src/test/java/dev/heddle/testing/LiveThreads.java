package dev.heddle.testing;

import java.lang.reflect.Method;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Which threads there are, virtual ones included.
///
/// No interface of the JDK tells but a dump of all threads with their stacks, which can crash the
/// JVM while virtual threads end (seen with 25.0.3: SIGSEGV in `GetThreadSnapshotClosure`). This
/// asks for the threads alone, where the dump finds them, and needs `--add-exports
/// java.base/jdk.internal.vm=ALL-UNNAMED`.
public final class LiveThreads {
    private static final Class<?> CONTAINER = container("ThreadContainer");
    private static final Method ROOT = method(container("ThreadContainers"), "root");
    private static final Method CHILDREN = method(CONTAINER, "children");
    private static final Method THREADS = method(CONTAINER, "threads");

    private LiveThreads() {}

    /// How many have a name that a pattern matches.
    public static long count(Pattern name) {
        return threads(call(ROOT, null))
                .filter(thread -> name.matcher(thread.getName()).matches())
                .count();
    }

    private static Stream<Thread> threads(Object container) {
        return Stream.concat(
                ((Stream<?>) call(THREADS, container)).map(Thread.class::cast),
                ((Stream<?>) call(CHILDREN, container)).flatMap(LiveThreads::threads));
    }

    private static Class<?> container(String name) {
        try {
            return Class.forName("jdk.internal.vm." + name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Method method(Class<?> owner, String name) {
        try {
            return owner.getMethod(name);
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Object call(Method method, @Nullable Object container) {
        try {
            return method.invoke(container);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
