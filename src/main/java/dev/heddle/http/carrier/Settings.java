package dev.heddle.http.carrier;

import java.time.Duration;

/// Where the server listens, and the bounds of what it takes from a peer.
///
/// @param host the address to listen on, `0.0.0.0` for all; default `127.0.0.1`, key `server.host`
/// @param port the TCP port, 0 for any that is free; 0 to 65535, default 8080, key `server.port`
/// @param maxConnections how many connections may be open at once, more wait to be accepted; at
///   least 1, default 10,000, key `server.max-connections`
/// @param maxConnectionsPerPeer how many of them may come from one address, of IPv6 from one
///   network of 64 bits; more are closed at once; at least 1, default 5,000, key
///   `server.max-connections-per-peer`
/// @param maxPrologueSize the longest request line, in bytes, beyond it 414; at least 64, default 8
///   KiB, key `server.max-prologue-size`
/// @param maxHeaderSize the most that all header fields of a request may take, in bytes, beyond it
///   431; at least 256, default 16 KiB, key `server.max-header-size`
/// @param maxBodySize the longest body of a request, in bytes, where its method does not take a
///   stream, beyond it 413; at least 0, default 16 MiB, key `server.max-body-size`
/// @param headerTimeout from the first byte of a request to the end of its header, beyond it 408;
///   also for a TLS handshake; more than zero, default 10 s, key `server.header-timeout`
/// @param bodyTimeout how long the body of a request may pause, beyond it 408; more than zero,
///   default 30 s, key `server.body-timeout`
/// @param minBodyRate how many bytes a second the body of a request must bring on average, beyond a
///   first `server.body-timeout`, where its method does not take a stream; the time in which nobody
///   waits for it does not count; below it 408; at least 0, which is no bound, default 240, key
///   `server.min-body-rate`
/// @param idleTimeout how long a connection stays open between requests; more than zero, default 5
///   min, key `server.idle-timeout`
/// @param writeTimeout how long a peer may take to accept the next 64 KiB of a response, before the
///   connection is cut; more than zero, default 5 min, key `server.write-timeout`
public record Settings(
        String host,
        int port,
        int maxConnections,
        int maxConnectionsPerPeer,
        int maxPrologueSize,
        int maxHeaderSize,
        long maxBodySize,
        Duration headerTimeout,
        Duration bodyTimeout,
        int minBodyRate,
        Duration idleTimeout,
        Duration writeTimeout) {

    public Settings {
        checkRange("server.port", port, 0, 65_535);
        checkRange("server.max-connections", maxConnections, 1, Integer.MAX_VALUE);
        checkRange("server.max-connections-per-peer", maxConnectionsPerPeer, 1, Integer.MAX_VALUE);
        checkRange("server.max-prologue-size", maxPrologueSize, 64, 1 << 20);
        checkRange("server.max-header-size", maxHeaderSize, 256, 1 << 20);
        checkRange("server.max-body-size", maxBodySize, 0, Long.MAX_VALUE);
        checkPositive("server.header-timeout", headerTimeout);
        checkPositive("server.body-timeout", bodyTimeout);
        checkRange("server.min-body-rate", minBodyRate, 0, Integer.MAX_VALUE);
        checkPositive("server.idle-timeout", idleTimeout);
        checkPositive("server.write-timeout", writeTimeout);
    }

    /// With no bound to the connections of one peer but that of all, and none to the pace of a
    /// body.
    public Settings(
            String host,
            int port,
            int maxConnections,
            int maxPrologueSize,
            int maxHeaderSize,
            long maxBodySize,
            Duration headerTimeout,
            Duration bodyTimeout,
            Duration idleTimeout,
            Duration writeTimeout) {
        this(
                host,
                port,
                maxConnections,
                maxConnections,
                maxPrologueSize,
                maxHeaderSize,
                maxBodySize,
                headerTimeout,
                bodyTimeout,
                0,
                idleTimeout,
                writeTimeout);
    }

    private static void checkRange(String key, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    "%s: %d (expected: %d to %d)".formatted(key, value, min, max));
        }
    }

    private static void checkPositive(String key, Duration value) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException("%s: %s (expected: > 0)".formatted(key, value));
        }
    }
}
