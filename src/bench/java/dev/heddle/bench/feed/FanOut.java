package dev.heddle.bench.feed;

import dev.heddle.diagnostics.v1.DiagnosticsServiceGrpc;
import dev.heddle.diagnostics.v1.EchoResponse;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.Outbound;
import dev.heddle.rpc.Shared;
import dev.heddle.testing.ServiceServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// How many messages a second go out to subscribers who all get the same and take what they can:
/// the facade's part of the feed alone, without a database.
public final class FanOut {
    private static final int RING = 4096;

    /// Gives each message, with its number, the same length.
    private static final int FIRST = 1_000_000;

    private static final String TEXT = "x".repeat(100);

    private FanOut() {}

    /// What came of it.
    ///
    /// @param framing how the subscribers were served
    /// @param perSecond how many messages arrived a second, at all subscribers together
    /// @param bytesEach how long each was on the wire
    public record Result(String framing, double perSecond, double bytesEach) {}

    /// Serves subscribers in another process for a while.
    ///
    /// @param batch how many messages a subscriber finds at once; a divisor of 4096
    public static Result measure(String framing, int subscribers, int batch, Duration duration)
            throws IOException {
        var ring = IntStream.range(0, RING).mapToObj(i -> Shared.of(message(FIRST + i))).toList();
        try (var server =
                new ServiceServer(rpcs ->
                        rpcs.serverStreaming(
                                DiagnosticsServiceGrpc.getEchoStreamMethod(),
                                (_, out, call) -> publish(out, call, ring, batch)))) {
            return Subscribers.run(server.port(), framing, subscribers, duration);
        }
    }

    public static void main(String[] arguments) throws IOException {
        var subscribers = Integer.parseInt(arguments[0]);
        var batch = Integer.parseInt(arguments[1]);
        for (var framing : List.of("sse", "websocket", "connect")) {
            var result = measure(framing, subscribers, batch, Duration.ofSeconds(8));
            System.out.printf(
                    Locale.ROOT,
                    "%s: %d subscribers, %,.0f deliveries/s of %.0f bytes%n",
                    result.framing(),
                    subscribers,
                    result.perSecond(),
                    result.bytesEach());
        }
        System.exit(0);
    }

    private static void publish(
            Outbound<EchoResponse> out, Call call, List<Shared<EchoResponse>> ring, int batch) {
        var at = 0;
        while (!call.isCancelled()) {
            out.sendAll(ring.subList(at, at + batch));
            at = (at + batch) % RING;
        }
    }

    private static EchoResponse message(long number) {
        return EchoResponse.newBuilder().setMessage(TEXT).setIndex(number).build();
    }
}
