package dev.heddle.http.h2;

import java.time.Duration;

/// The bounds of HTTP/2.
///
/// @param maxConcurrentStreams how many requests one connection may carry at once; more are
///   refused, to be sent again; 1 to 100,000, default 250, key `http2.max-concurrent-streams`
/// @param streamWindow how many bytes of one request may wait for its handler; 65,535 bytes to 1
///   GiB, default 256 KiB, key `http2.stream-window`
/// @param connectionWindow how many bytes of all requests of a connection may wait for their
///   handlers; 65,535 bytes to 1 GiB, default 16 MiB, key `http2.connection-window`
/// @param maxFrameSize the longest frame that is taken, in bytes; 16 KiB to 16 MiB - 1, default 16
///   KiB, key `http2.max-frame-size`
/// @param keepAlive how long a connection that carries requests may be silent before the peer is
///   asked whether it is there; more than zero, default 30 s, key `http2.keep-alive`
/// @param keepAliveTimeout how long it may take to answer that, before the connection is cut; more
///   than zero, default 10 s, key `http2.keep-alive-timeout`
/// @param maxAge after how long a connection is wound up, so that callers spread over replicas,
///   give or take a tenth; 0 for never, default 0, key `http2.max-age`
/// @param maxResets how many streams of a connection may be reset in a second, by the peer or for
///   its faults; at least 1, default 500, key `http2.max-resets`
/// @param maxControlFrames how many frames that carry nothing a connection may bring in a second:
///   pings, each setting, priorities, empty data and headers, window updates by less than 256 bytes
///   and unknown ones; at least 10, default 1000, key `http2.max-control-frames`
public record Http2Settings(
        int maxConcurrentStreams,
        int streamWindow,
        int connectionWindow,
        int maxFrameSize,
        Duration keepAlive,
        Duration keepAliveTimeout,
        Duration maxAge,
        int maxResets,
        int maxControlFrames) {

    public static final Http2Settings DEFAULT =
            new Http2Settings(
                    250,
                    256 * 1024,
                    16 * 1024 * 1024,
                    Frame.DEFAULT_MAX_SIZE,
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(10),
                    Duration.ZERO,
                    500,
                    1000);

    public Http2Settings {
        checkRange("http2.max-concurrent-streams", maxConcurrentStreams, 1, 100_000);
        checkRange("http2.stream-window", streamWindow, Frame.DEFAULT_WINDOW, 1 << 30);
        checkRange("http2.connection-window", connectionWindow, Frame.DEFAULT_WINDOW, 1 << 30);
        checkRange("http2.max-frame-size", maxFrameSize, Frame.DEFAULT_MAX_SIZE, (1 << 24) - 1);
        checkPositive("http2.keep-alive", keepAlive);
        checkPositive("http2.keep-alive-timeout", keepAliveTimeout);
        if (maxAge.isNegative()) {
            throw new IllegalArgumentException(
                    "http2.max-age: %s (expected: >= 0)".formatted(maxAge));
        }
        checkRange("http2.max-resets", maxResets, 1, Integer.MAX_VALUE);
        checkRange("http2.max-control-frames", maxControlFrames, 10, Integer.MAX_VALUE);
    }

    private static void checkRange(String key, int value, int min, int max) {
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
