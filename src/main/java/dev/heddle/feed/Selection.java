package dev.heddle.feed;

import java.util.Set;

/// Which events a reader wants.
///
/// @param topics their topics
/// @param types their types; empty: any
/// @param keys their keys; empty: any
/// @param withheld topics of which the reader gets none, though a pattern may name them
public record Selection(Topics topics, Set<String> types, Set<String> keys, Topics withheld) {
    public Selection {
        types = Set.copyOf(types);
        keys = Set.copyOf(keys);
    }

    public Selection(Topics topics, Set<String> types, Set<String> keys) {
        this(topics, types, keys, Topics.NONE);
    }

    /// All events of topics.
    public static Selection of(Topics topics) {
        return new Selection(topics, Set.of(), Set.of());
    }

    boolean contains(FeedEvent event) {
        return topics.contains(event.topic())
                && (types.isEmpty() || types.contains(event.type()))
                && (keys.isEmpty() || keys.contains(event.key()))
                && !withheld.contains(event.topic());
    }
}
