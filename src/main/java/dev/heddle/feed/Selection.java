package dev.heddle.feed;

import java.util.Set;

/// Which events a reader wants.
///
/// @param topics their topics
/// @param types their types; empty: any
/// @param keys their keys; empty: any
public record Selection(Topics topics, Set<String> types, Set<String> keys) {
    public Selection {
        types = Set.copyOf(types);
        keys = Set.copyOf(keys);
    }

    /// All events of topics.
    public static Selection of(Topics topics) {
        return new Selection(topics, Set.of(), Set.of());
    }

    boolean contains(FeedEvent event) {
        return topics.contains(event.topic())
                && (types.isEmpty() || types.contains(event.type()))
                && (keys.isEmpty() || keys.contains(event.key()));
    }
}
