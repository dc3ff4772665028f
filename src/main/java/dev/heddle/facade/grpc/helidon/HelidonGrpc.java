package dev.heddle.facade.grpc.helidon;

import dev.heddle.facade.envelope.MessageSettings;
import dev.heddle.http.HostRules;
import dev.heddle.rpc.Pipeline;
import dev.heddle.rpc.Rpcs;
import io.helidon.webserver.grpc.GrpcConfig;
import io.helidon.webserver.grpc.GrpcProtocolSelector;
import io.helidon.webserver.grpc.GrpcRouting;
import io.helidon.webserver.http2.Http2Config;
import io.helidon.webserver.http2.Http2ConnectionSelector;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.time.Duration;

/// Puts gRPC on a Helidon web server, and its HTTP/2 for everything else along with it.
public final class HelidonGrpc {
    /// With a larger window the threads that return window to the peer race each other, and a
    /// connection breaks now and then.
    private static final int WINDOW_SIZE = 65_535;

    /// Helidon counts every cancelled gRPC call as a rapid reset, whenever it happens, and closes
    /// the connection at the 52nd: practically no bound is better.
    private static final int MAX_RAPID_RESETS = 1_000_000;

    private final Rpcs rpcs;
    private final Pipeline pipeline;
    private final MessageSettings grpc;
    private final Settings settings;
    private final HostRules hosts;

    public HelidonGrpc(
            Rpcs rpcs,
            Pipeline pipeline,
            MessageSettings grpc,
            Settings settings,
            HostRules hosts) {
        this.rpcs = rpcs;
        this.pipeline = pipeline;
        this.grpc = grpc;
        this.settings = settings;
        this.hosts = hosts;
    }

    /// How gRPC's connections are treated.
    ///
    /// @param sendTimeout how long a message waits for a caller that does not read before the call
    ///   is ended; at least 1 s, default 5 min, key `http2.helidon.send-timeout`
    /// @param maxConcurrentStreams how many calls one connection may carry at once; at least 1,
    ///   default 1000, key `http2.helidon.max-concurrent-streams`
    /// @param maxQueuedMessages how many request messages of one call wait for its handler; a
    ///   caller that sends more is made to wait; at least 1, default 16, key
    ///   `http2.helidon.max-queued-messages`
    public record Settings(Duration sendTimeout, int maxConcurrentStreams, int maxQueuedMessages) {
        public static final Settings DEFAULT = new Settings(Duration.ofMinutes(5), 1000, 16);

        public Settings {
            if (sendTimeout.compareTo(Duration.ofSeconds(1)) < 0) {
                throw new IllegalArgumentException(
                        "http2.helidon.send-timeout: %s (expected: >= 1 s)".formatted(sendTimeout));
            }
            atLeastOne("http2.helidon.max-concurrent-streams", maxConcurrentStreams);
            atLeastOne("http2.helidon.max-queued-messages", maxQueuedMessages);
        }

        private static void atLeastOne(String key, int value) {
            if (value < 1) {
                throw new IllegalArgumentException("%s: %d (expected: >= 1)".formatted(key, value));
            }
        }
    }

    /// The gRPC methods, as Helidon routes them.
    public GrpcRouting.Builder routing() {
        var routing = GrpcRouting.builder().intercept(new HelidonServerCall.Interceptor());
        new HelidonServices(pipeline, grpc, settings.maxQueuedMessages())
                .of(rpcs)
                .forEach(routing::service);
        return routing;
    }

    /// Serves HTTP/2 connections: gRPC by [#routing], everything else as Helidon does.
    ///
    /// @param config the bounds of HTTP/2, of which gRPC sets its own
    public ServerConnectionSelector connections(Http2Config.Builder config) {
        var stock = GrpcProtocolSelector.create(GrpcConfig.create());
        return new HelidonConnections(
                Http2ConnectionSelector.builder()
                        .http2Config(
                                config.initialWindowSize(WINDOW_SIZE)
                                        .flowControlTimeout(settings.sendTimeout())
                                        .maxConcurrentStreams(settings.maxConcurrentStreams())
                                        .maxRapidResets(MAX_RAPID_RESETS)
                                        .build())
                        .addSubProtocolSelector(
                                new HelidonStreams(stock, rpcs, grpc, hosts, pipeline.audit()))
                        .build());
    }
}
