package dev.heddle.feed;

import com.google.protobuf.Timestamp;

/// An event that a handler has failed to handle as often as it tries.
///
/// @param handler the handler's name
/// @param event the event
/// @param error what it failed with the last time
/// @param attempts how often it tried
/// @param time when it was parked
public record ParkedEvent(
        String handler, FeedEvent event, String error, int attempts, Timestamp time) {}
