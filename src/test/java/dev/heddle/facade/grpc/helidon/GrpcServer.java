package dev.heddle.facade.grpc.helidon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.facade.grpc.GrpcFacade;
import dev.heddle.rpc.Authenticator;
import dev.heddle.rpc.Caller;
import dev.heddle.rpc.Pipeline;
import dev.heddle.rpc.Rpcs;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http2.Http2Config;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// A server of some methods on a port of its own.
public final class GrpcServer implements AutoCloseable {
    private static final Authenticator ANYBODY = _ -> new Caller("test", Set.of("*"));

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Pipeline pipeline;
    private final WebServer server;

    /// How a server is set up; the defaults are Heddle's, and everybody may call everything.
    public record Options(
            Authenticator authenticator, GrpcFacade.Settings grpc, HelidonGrpc.Settings helidon) {
        public static final Options DEFAULT =
                new Options(ANYBODY, GrpcFacade.Settings.DEFAULT, HelidonGrpc.Settings.DEFAULT);

        public Options with(Authenticator value) {
            return new Options(value, grpc, helidon);
        }

        public Options with(GrpcFacade.Settings value) {
            return new Options(authenticator, value, helidon);
        }

        public Options with(HelidonGrpc.Settings value) {
            return new Options(authenticator, grpc, value);
        }
    }

    public GrpcServer(Rpcs.Service... services) {
        this(Options.DEFAULT, services);
    }

    public GrpcServer(Options options, Rpcs.Service... services) {
        var rpcs = Rpcs.builder();
        for (var service : services) {
            rpcs.add(service);
        }
        this.pipeline =
                new Pipeline(
                        options.authenticator(),
                        new Pipeline.Settings(Duration.ofSeconds(30), 10_000),
                        meters,
                        OpenTelemetry.noop());
        var methods = rpcs.build();
        var grpc = new HelidonGrpc(methods, pipeline, options.grpc(), options.helidon());
        this.server =
                WebServer.builder()
                        .host("127.0.0.1")
                        .port(0)
                        .shutdownHook(false)
                        .connectionOptions(socket -> socket.tcpNoDelay(true))
                        .addConnectionSelector(grpc.connections(Http2Config.builder()))
                        .addRouting(grpc.routing())
                        .build()
                        .start();
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

    /// Waits until a condition holds.
    public static void await(String what, Duration bound, BooleanSupplier condition) {
        var end = System.nanoTime() + bound.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("%s within %s", what, bound).isLessThan(end);
            LockSupport.parkNanos(1_000_000);
        }
    }
}
