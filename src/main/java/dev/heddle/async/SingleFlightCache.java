package dev.heddle.async;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Task;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Predicate;

/// Keeps what is expensive to make, for a while and within a bound.
///
/// However many ask for a key at once, it is loaded once, on a thread and in a time of its own:
/// whoever goes away does not take the loading along, unless they are the last. A failure reaches
/// all who wait and is not kept. A value serves all callers, so a loader finds no call to depend
/// on.
///
/// @param <K> the keys, known by their values
/// @param <V> the values, which nobody may change
public final class SingleFlightCache<K, V> {
    private final String name;
    private final Settings settings;
    private final Ticker ticker;
    private final AsyncCache<K, Flight.Landed<V>> flights;

    /// The bounds.
    ///
    /// @param timeToLive how long a value is kept; more than zero
    /// @param maxEntries how many are kept; at least 1
    /// @param loadTimeout how long a value may take to load, more than zero: then that is cancelled
    public record Settings(Duration timeToLive, int maxEntries, Duration loadTimeout) {
        public Settings {
            Bounds.check(timeToLive.isPositive(), "time-to-live", timeToLive, "> 0");
            Bounds.check(maxEntries >= 1, "max-entries", maxEntries, ">= 1");
            Bounds.check(loadTimeout.isPositive(), "load-timeout", loadTimeout, "> 0");
        }
    }

    /// An empty cache.
    ///
    /// @param name of what is kept, for logs and messages
    public SingleFlightCache(String name, Settings settings) {
        this(name, settings, Ticker.systemTicker());
    }

    SingleFlightCache(String name, Settings settings, Ticker ticker) {
        this.name = name;
        this.settings = settings;
        this.ticker = ticker;
        this.flights =
                Caffeine.newBuilder()
                        .expireAfterWrite(settings.timeToLive())
                        .maximumSize(settings.maxEntries())
                        .ticker(ticker)
                        .executor(Runnable::run)
                        .buildAsync();
    }

    /// The value of a key, loaded if it is not there; waits for that.
    ///
    /// @throws RpcException why it could not be loaded, or why the wait ended
    public Cached<V> get(K key, Callable<V> loader) {
        return get(key, _ -> true, loader);
    }

    /// The same, where not every value will do: one that won't is loaded again, once for all who
    /// don't want it.
    ///
    /// @param isWanted whether a value will do, of which one must be true whose loading begins now
    public Cached<V> get(K key, Predicate<? super V> isWanted, Callable<V> loader) {
        Task.current().ifPresent(Task::check);
        while (true) {
            var flight = (Flight<V>) flights.get(key, (_, _) -> flight(key, loader));
            var wasThere = flight.isDone();
            if (!flight.board()) {
                continue;
            }
            flight.start();
            try {
                var cached = cached(flight.await(), wasThere);
                if (isWanted.test(cached.value())) {
                    return cached;
                }
                flights.asMap().remove(key, flight);
            } finally {
                flight.leave();
            }
        }
    }

    /// Forgets a key: who asks from now on gets what is loaded from now on.
    public void invalidate(K key) {
        flights.asMap().remove(key);
    }

    /// Forgets all keys.
    public void invalidateAll() {
        flights.asMap().clear();
    }

    private Flight<V> flight(K key, Callable<V> loader) {
        return new Flight<>(
                name,
                settings.loadTimeout(),
                loader,
                ticker,
                flight -> flights.asMap().remove(key, flight));
    }

    private Cached<V> cached(Flight.Landed<V> landed, boolean wasThere) {
        var age = wasThere ? Duration.ofNanos(ticker.read() - landed.nanos()) : Duration.ZERO;
        return new Cached<>(landed.outcome().value(), wasThere, age);
    }
}
