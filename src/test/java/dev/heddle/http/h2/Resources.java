package dev.heddle.http.h2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.testing.LiveThreads;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/// What a server must not leak.
final class Resources {
    private static final Pattern OF_HTTP2 = Pattern.compile("heddle-h2-.*");

    private Resources() {}

    /// How many threads of HTTP/2 there are.
    static long threads() {
        return LiveThreads.count(OF_HTTP2);
    }

    /// Waits until streams and connections have ended.
    static void awaitThreads(long expected) {
        await("end of threads", () -> threads() <= expected);
    }

    /// The heap in use, garbage left out.
    static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /// Waits until a condition holds.
    static void await(String what, BooleanSupplier condition) {
        await(what, Duration.ofSeconds(15), condition);
    }

    static void await(String what, Duration bound, BooleanSupplier condition) {
        var end = System.nanoTime() + bound.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("%s within %s", what, bound).isLessThan(end);
            LockSupport.parkNanos(5_000_000);
        }
    }
}
