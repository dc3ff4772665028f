package dev.heddle.feed;

import java.util.List;

/// What a cursor finds.
public sealed interface Next {
    /// Events, at least one, in the order of the log.
    record Events(List<FeedEvent> events) implements Next {
        public Events {
            events = List.copyOf(events);
        }
    }

    /// Nothing for as long as the reader wanted to wait. The cursor's token may have moved.
    record Nothing() implements Next {}

    /// Events are missing that the reader has not seen: it must forget what it knows. The cursor
    /// has moved to the first event that is still there.
    record Reset(Cause cause) implements Next {}

    /// The gateway stops: the reader is to take the cursor's token elsewhere.
    record Stopping() implements Next {}

    /// Why events are missing.
    enum Cause {
        /// They were dropped because of their age.
        EXPIRED,
        /// The log is not the one that the token is of: it was restored, or moved to another
        /// cluster.
        OTHER_HISTORY
    }
}
