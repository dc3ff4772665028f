package dev.heddle.facade.health;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// What the gateway knows of its own state: started or not, stopping or not, and whether that on
/// which it depends answers.
///
/// A check runs on a thread of its own, for a bounded time, and its outcome holds for a second:
/// however often somebody asks, what is checked isn't burdened.
public final class Health {
    private static final Logger LOGGER = System.getLogger(Health.class.getName());
    private static final Duration CHECK_TIMEOUT = Duration.ofSeconds(3);
    private static final long FRESH_NANOS = Duration.ofSeconds(1).toNanos();

    private final Map<String, Runnable> checks;
    private volatile Phase phase = Phase.STARTING;
    private Report latest = new Report(false, Map.of());
    private long latestNanos = System.nanoTime() - FRESH_NANOS;

    private enum Phase {
        STARTING,
        SERVING,
        STOPPING
    }

    /// The outcome of all checks.
    ///
    /// @param isReady whether calls should come
    /// @param checks whether each check passed, by its name
    public record Report(boolean isReady, Map<String, Boolean> checks) {}

    /// @param checks by name; one that throws has failed
    public Health(Map<String, Runnable> checks) {
        this.checks = new LinkedHashMap<>(checks);
    }

    /// States that the gateway takes calls from now on.
    public void started() {
        phase = Phase.SERVING;
    }

    /// States that the gateway takes no new calls from now on.
    public void stopping() {
        phase = Phase.STOPPING;
    }

    /// Whether the gateway has started at some time.
    public boolean isStarted() {
        return phase != Phase.STARTING;
    }

    /// Whether calls should come now, and what stands against it.
    public Report report() {
        var outcomes = outcomes();
        return new Report(phase == Phase.SERVING && outcomes.isReady(), outcomes.checks());
    }

    private synchronized Report outcomes() {
        if (System.nanoTime() - latestNanos >= FRESH_NANOS) {
            latest = run();
            latestNanos = System.nanoTime();
        }
        return latest;
    }

    private Report run() {
        var outcomes = new LinkedHashMap<String, Boolean>();
        checks.forEach((name, check) -> outcomes.put(name, passes(name, check)));
        return new Report(!outcomes.containsValue(false), outcomes);
    }

    private static boolean passes(String name, Runnable check) {
        var task = new FutureTask<>(Executors.callable(check, true));
        Thread.ofVirtual().name("health-" + name).start(task);
        try {
            return task.get(CHECK_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            LOGGER.log(Level.WARNING, "health check %s failed: %s".formatted(name, e.getCause()));
        } catch (TimeoutException e) {
            LOGGER.log(
                    Level.WARNING,
                    "health check %s took more than %s".formatted(name, CHECK_TIMEOUT));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }
}
