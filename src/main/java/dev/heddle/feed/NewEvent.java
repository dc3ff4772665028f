package dev.heddle.feed;

/// An event to publish.
///
/// @param topic the log that it belongs to; see [Topics#check]
/// @param type what happened, such as `user.created`
/// @param key what it happened to, such as the id of a user; empty for nothing in particular. A
///   reader that can't keep up may get the last event of each key alone
/// @param payload a JSON object
public record NewEvent(String topic, String type, String key, String payload) {}
