package dev.heddle.facade.grpc.helidon;

import dev.heddle.facade.grpc.GrpcFacade;
import dev.heddle.rpc.Authenticator;
import dev.heddle.rpc.Caller;
import dev.heddle.rpc.Pipeline;
import dev.heddle.rpc.Rpcs;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.helidon.webserver.WebServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// A server of some methods on a port of its own.
public final class GrpcServer implements AutoCloseable {
    private static final Authenticator ANYBODY = _ -> new Caller("test", Set.of("*"));

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Pipeline pipeline;
    private final WebServer server;

    public GrpcServer(Rpcs.Service... services) {
        this(ANYBODY, HelidonGrpc.Settings.DEFAULT, services);
    }

    public GrpcServer(
            Authenticator authenticator, HelidonGrpc.Settings settings, Rpcs.Service... services) {
        var rpcs = Rpcs.builder();
        for (var service : services) {
            rpcs.add(service);
        }
        this.pipeline =
                new Pipeline(
                        authenticator,
                        new Pipeline.Settings(Duration.ofSeconds(30), 10_000),
                        meters,
                        OpenTelemetry.noop());
        var builder = WebServer.builder().host("127.0.0.1").port(0).shutdownHook(false);
        HelidonGrpc.configure(
                builder,
                rpcs.build(),
                new GrpcFacade(pipeline, GrpcFacade.Settings.DEFAULT),
                settings);
        this.server = builder.build().start();
    }

    public int port() {
        return server.port();
    }

    public ManagedChannel channel() {
        return NettyChannelBuilder.forAddress("127.0.0.1", port()).usePlaintext().build();
    }

    /// How many calls run now.
    public int active() {
        return (int) meters.get("rpc.server.active").gauge().value();
    }

    @Override
    public void close() {
        try {
            pipeline.drain(Duration.ofSeconds(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        server.stop();
        pipeline.close();
    }

    static void shutdown(ManagedChannel channel) throws InterruptedException {
        channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    }
}
