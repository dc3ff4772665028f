package dev.heddle.http.carrier;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// Looks at every open connection in turn, from one thread, which lives while there are any. So
/// that a request costs no timer: it only notes when it began.
public final class Watchdog {
    /// Peers that have gone are noticed within about two of these.
    public static final Duration TICK = Duration.ofMillis(40);

    private static final Logger LOGGER = System.getLogger(Watchdog.class.getName());

    private final Set<Watched> all = ConcurrentHashMap.newKeySet();
    private boolean running;

    /// A connection as the watchdog sees it.
    public interface Watched {
        /// Ends what has taken too long. Must not block.
        ///
        /// @param now the current [System#nanoTime]
        void tick(long now);

        /// Ends the connection as soon as it serves no request. Must not block.
        void drain();

        /// Cuts the connection, whatever it is doing.
        void abort();
    }

    public void add(Watched watched) {
        all.add(watched);
        synchronized (this) {
            if (!running) {
                running = true;
                Thread.ofPlatform().daemon().name("heddle-watchdog").start(this::run);
            }
        }
    }

    public void remove(Watched watched) {
        all.remove(watched);
    }

    public void drain() {
        forEach(Watched::drain);
    }

    private void run() {
        while (hasWork()) {
            LockSupport.parkNanos(TICK.toNanos());
            var now = System.nanoTime();
            forEach(watched -> watched.tick(now));
        }
    }

    private synchronized boolean hasWork() {
        running = !all.isEmpty();
        return running;
    }

    private void forEach(Consumer<Watched> action) {
        for (var watched : all) {
            try {
                action.accept(watched);
            } catch (RuntimeException e) {
                LOGGER.log(Level.WARNING, "a connection could not be looked after", e);
            }
        }
    }
}
