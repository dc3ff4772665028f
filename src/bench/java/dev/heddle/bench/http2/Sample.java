package dev.heddle.bench.http2;

/// What a server did in one round.
///
/// @param perSecond calls
/// @param cpuMicros that the server spent on a call
/// @param allocatedBytes for a call
record Sample(double perSecond, double cpuMicros, double allocatedBytes) {}
