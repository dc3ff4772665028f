package dev.heddle.feed;

import dev.heddle.async.Cached;
import dev.heddle.async.SingleFlightCache;
import java.util.concurrent.Callable;

/// Keeps what was computed from the state of the database until an event says that this has
/// changed.
///
/// It is never stale, at no replica: each time it asks the log for the last event that has been
/// committed, and a value whose computation began before that event was there doesn't count. So
/// there is no time between a write and its invalidation, and nothing that could store an old value
/// behind it; asking costs two small statements. However many ask for a key at once, it is computed
/// once; those who come while it is, and behind a change that it may not have seen, share the next
/// one.
///
/// @param <K> the keys, known by their values
/// @param <V> the values, which nobody may change
public final class FreshCache<K, V> {
    private final Feed feed;
    private final SingleFlightCache<K, Computed<V>> values;

    /// @param position that of the last event that was there when the computation began
    private record Computed<V>(V value, long position) {}

    /// An empty cache.
    ///
    /// @param name of what is kept, for logs and messages
    /// @param settings its bounds: where values depend on the time as well, the time to live is how
    ///   old they may become
    public FreshCache(String name, Feed feed, SingleFlightCache.Settings settings) {
        this.feed = feed;
        this.values = new SingleFlightCache<>(name, settings);
    }

    /// The value of a key, computed if it is not there or not as new as this call; waits for that.
    ///
    /// @param topics the topics, by name, that tell of all changes on which the value depends
    /// @param computation to begin with a new transaction or snapshot, and to read no other state
    /// @throws dev.heddle.rpc.RpcException why it could not be computed, or why the wait ended
    public Cached<V> get(K key, Topics topics, Callable<V> computation) {
        var last = feed.lastPosition(topics);
        var cached =
                values.get(
                        key,
                        computed -> computed.position() >= last,
                        () -> {
                            // events that are too old to be kept may take the last one along
                            var position = Math.max(last, feed.lastPosition(topics));
                            return new Computed<>(computation.call(), position);
                        });
        return new Cached<>(cached.value().value(), cached.cached(), cached.age());
    }
}
