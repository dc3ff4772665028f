package dev.heddle.async;

import java.time.Duration;

/// A value, and whether it was there already.
///
/// @param value the value
/// @param cached whether it had been loaded before it was asked for
/// @param age how long ago it was loaded, zero for one that was not there
public record Cached<V>(V value, boolean cached, Duration age) {}
