package dev.heddle.feed;

/// A state of the database, and the place in the log that it is no older than.
///
/// @param visible which transactions it shows, as PostgreSQL writes it
/// @param head the last event when it was taken
public record Snapshot(String visible, Token head) {}
