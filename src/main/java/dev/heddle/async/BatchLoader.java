package dev.heddle.async;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.heddle.rpc.Deadlines;
import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Task;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Loads together what many ask for one by one.
///
/// While few loads are under way, who asks loads at once, on their own thread. Who asks while
/// enough are is gathered with the others who do, and what they want is loaded in one as soon as
/// one of those ends: nobody waits for a batch to fill, and the busier it is, the more a batch
/// saves. What is loaded is never older than the question, and nothing of it is kept.
///
/// A batch is a task of its own: whoever goes away does not take it along, unless they are the
/// last. Its failure reaches all who are in it.
///
/// @param <K> the keys, known by their values
/// @param <V> the values, which nobody may change
public final class BatchLoader<K, V> {
    private final String name;
    private final Settings settings;
    private final int concurrency;
    private final Function<? super Set<K>, Map<K, V>> loader;
    // No more than there are callers who wait.
    private final Deque<Batch> gathering = new ArrayDeque<>();
    private int loading;

    /// The bounds.
    ///
    /// @param concurrency how many loads are under way before keys are gathered; 0 to 1,000,
    ///   default 0: as many as there are cores; key `lookups.concurrency`
    /// @param maxKeys how many keys a batch has at most; 1 to 10,000, default 128; key
    ///   `lookups.max-keys`
    /// @param maxWait how long a batch waits for its turn at most: then it goes beside the others,
    ///   so that one that is stuck does not hold up the rest; more than zero, default 100 ms; key
    ///   `lookups.max-wait`
    /// @param timeout how long a batch may take, the wait included: then it is cancelled; more than
    ///   zero, default 30 s; key `lookups.timeout`
    public record Settings(int concurrency, int maxKeys, Duration maxWait, Duration timeout) {
        public static final Settings DEFAULT =
                new Settings(0, 128, Duration.ofMillis(100), Duration.ofSeconds(30));

        public Settings {
            Bounds.check(
                    concurrency >= 0 && concurrency <= 1000,
                    "lookups.concurrency",
                    concurrency,
                    "0 to 1000");
            Bounds.check(
                    maxKeys >= 1 && maxKeys <= 10_000, "lookups.max-keys", maxKeys, "1 to 10000");
            Bounds.check(maxWait.isPositive(), "lookups.max-wait", maxWait, "> 0");
            Bounds.check(timeout.isPositive(), "lookups.timeout", timeout, "> 0");
        }

        private int count() {
            return concurrency == 0 ? Runtime.getRuntime().availableProcessors() : concurrency;
        }
    }

    /// Keys that are loaded in one.
    private final class Batch {
        private final Set<K> keys = new HashSet<>();
        private final Flight<Map<K, V>> flight =
                new Flight<>(
                        name,
                        settings.timeout(),
                        () -> loader.apply(keys),
                        Ticker.systemTicker(),
                        _ -> forget(this));
        private final Task.Registration turn =
                Deadlines.after(settings.maxWait(), () -> overtake(this));

        /// Takes a key along.
        ///
        /// @return whether there is room for it, and somebody whom the batch is for
        boolean add(K key) {
            if (keys.size() == settings.maxKeys() || !flight.board()) {
                return false;
            }
            keys.add(key);
            return true;
        }

        Map<K, V> await() {
            try {
                return flight.await().outcome().value();
            } finally {
                flight.leave();
            }
        }

        void start() {
            turn.close();
            var _ = flight.whenComplete((_, _) -> loaded());
            flight.start();
        }
    }

    /// @param name of what is loaded, for logs and messages
    /// @param loader finds what is there of some keys
    public BatchLoader(String name, Settings settings, Function<? super Set<K>, Map<K, V>> loader) {
        this.name = name;
        this.settings = settings;
        this.concurrency = settings.count();
        this.loader = loader;
    }

    /// The value of a key, as it is now or later; waits for it.
    ///
    /// @return empty if there is none
    /// @throws RpcException why it could not be loaded, or why the wait ended
    public Optional<V> load(K key) {
        Task.current().ifPresent(Task::check);
        var batch = gather(key);
        var values = batch.isPresent() ? batch.get().await() : loadNow(key);
        return Optional.ofNullable(values.get(key));
    }

    /// How many loads are under way now.
    synchronized int loading() {
        return loading;
    }

    /// How many wait for the turn of their batch now.
    synchronized int waiting() {
        return gathering.stream().mapToInt(batch -> batch.flight.waiting()).sum();
    }

    private Map<K, V> loadNow(K key) {
        try {
            return loader.apply(Set.of(key));
        } finally {
            loaded();
        }
    }

    /// The batch that a key goes with; empty if it need not wait.
    private synchronized Optional<Batch> gather(K key) {
        if (loading < concurrency) {
            loading++;
            return Optional.empty();
        }
        var last = gathering.peekLast();
        if (last == null || !last.add(key)) {
            last = new Batch();
            last.add(key);
            gathering.add(last);
        }
        return Optional.of(last);
    }

    private void loaded() {
        next().ifPresent(Batch::start);
    }

    /// The batch that comes in the place of a load that has ended.
    private synchronized Optional<Batch> next() {
        var next = Optional.ofNullable(gathering.poll());
        if (next.isEmpty()) {
            loading--;
        }
        return next;
    }

    private void overtake(Batch batch) {
        if (admit(batch)) {
            batch.start();
        }
    }

    /// Lets a batch go beside the others, unless its turn has come or nobody waits for it.
    private synchronized boolean admit(Batch batch) {
        if (!gathering.remove(batch)) {
            return false;
        }
        loading++;
        return true;
    }

    private synchronized void forget(Batch batch) {
        if (gathering.remove(batch)) {
            batch.turn.close();
        }
    }
}
