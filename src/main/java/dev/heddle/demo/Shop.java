package dev.heddle.demo;

import java.io.IOException;
import java.time.Duration;
import java.util.random.RandomGenerator;

/// A shop of somebody else's, which says what things cost there, with the speed and the faults that
/// it is given.
public final class Shop implements AutoCloseable {
    private static final int CHEAPEST = 5;
    private static final int SPAN = 200;
    private static final int NANOS_PER_CENT = 10_000_000;

    private final JsonServer server;

    /// How a shop behaves.
    ///
    /// @param delay how long it takes to answer
    /// @param jitter up to how much longer, at random
    /// @param failurePercent how many of a hundred requests fail, with status 503
    /// @param currency the currency of its prices, by ISO 4217
    public record Manner(Duration delay, Duration jitter, int failurePercent, String currency) {}

    private Shop(JsonServer server) {
        this.server = server;
    }

    /// Opens a shop.
    ///
    /// @param random decides what the manner leaves open; safe for use by several threads
    public static Shop open(Manner manner, RandomGenerator random) {
        return new Shop(JsonServer.start(path -> reply(path, manner, random)));
    }

    /// Opens a shop on a port of the loopback interface.
    ///
    /// @throws IOException if the port is taken
    static Shop open(int port, Manner manner, RandomGenerator random) throws IOException {
        return new Shop(JsonServer.start(port, path -> reply(path, manner, random)));
    }

    /// Where it says what a product costs, as `prices.stores` has it.
    public String template() {
        return server.address("/products/{id}/price");
    }

    /// How many were asking and went away before they had the answer.
    public int abandoned() {
        return server.abandoned();
    }

    @Override
    public void close() {
        server.close();
    }

    private static JsonServer.Reply reply(String path, Manner manner, RandomGenerator random) {
        var delay =
                manner.delay().plusNanos((long) (random.nextDouble() * manner.jitter().toNanos()));
        if (random.nextInt(100) < manner.failurePercent()) {
            return new JsonServer.Reply(503, "{}", delay);
        }
        // shops differ a little on the same thing
        var units = CHEAPEST + Math.floorMod(path.hashCode(), SPAN);
        var nanos = random.nextInt(100) * NANOS_PER_CENT;
        return new JsonServer.Reply(
                200,
                "{\"currencyCode\":\"%s\",\"units\":\"%d\",\"nanos\":%d}"
                        .formatted(manner.currency(), units, nanos),
                delay);
    }
}
