package dev.heddle.facade.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.facade.envelope.MessageSettings;
import dev.heddle.facade.grpc.helidon.HelidonGrpc;
import dev.heddle.http.HostRules;
import dev.heddle.http.carrier.Settings;
import dev.heddle.http.h2.Http2Settings;
import dev.heddle.http.helidon.HelidonCarrier;
import dev.heddle.http.tls.TlsSettings;
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
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// A server of some methods on a port of its own.
public final class GrpcServer implements AutoCloseable {
    private static final Authenticator ANYBODY = _ -> new Caller("test", Set.of("*"));

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Pipeline pipeline;
    private final WebServer server;

    /// Who carries HTTP/2.
    public enum Engine {
        /// Ours, and [GrpcFacade] over it.
        HEDDLE,
        /// Helidon's, and its gRPC module.
        HELIDON
    }

    /// How a server is set up; the defaults are Heddle's, and everybody may call everything.
    ///
    /// @param writeTimeout how long a caller may not read
    public record Options(
            Engine engine,
            Authenticator authenticator,
            MessageSettings grpc,
            Duration writeTimeout) {
        public static final Options DEFAULT =
                new Options(Engine.HEDDLE, ANYBODY, MessageSettings.DEFAULT, Duration.ofMinutes(1));

        public Options with(Engine value) {
            return new Options(value, authenticator, grpc, writeTimeout);
        }

        public Options with(Authenticator value) {
            return new Options(engine, value, grpc, writeTimeout);
        }

        public Options with(MessageSettings value) {
            return new Options(engine, authenticator, value, writeTimeout);
        }

        public Options with(Duration value) {
            return new Options(engine, authenticator, grpc, value);
        }
    }

    public GrpcServer(Rpcs.Service... services) {
        this(Options.DEFAULT, services);
    }

    public GrpcServer(Options options, Rpcs.Service... services) {
        var builder = Rpcs.builder();
        for (var service : services) {
            builder.add(service);
        }
        var rpcs = builder.build();
        this.pipeline =
                new Pipeline(
                        options.authenticator(),
                        new Pipeline.Settings(Duration.ofSeconds(30), 10_000),
                        meters,
                        OpenTelemetry.noop());
        var carrier =
                new HelidonCarrier(
                        carrierSettings(options),
                        Http2Settings.DEFAULT,
                        TlsSettings.NONE,
                        new GrpcFacade(rpcs, pipeline, options.grpc()));
        var config = WebServer.builder().shutdownHook(false);
        switch (options.engine()) {
            case HEDDLE -> carrier.attach(config);
            case HELIDON -> {
                var settings = new HelidonGrpc.Settings(options.writeTimeout(), 1000, 16);
                var grpc = new HelidonGrpc(rpcs, pipeline, options.grpc(), settings, HostRules.ANY);
                carrier.attach(config, grpc.connections(carrier.stockConfig()));
                config.addRouting(grpc.routing());
            }
        }
        this.server = config.build().start();
    }

    private static Settings carrierSettings(Options options) {
        return new Settings(
                "127.0.0.1",
                0,
                1000,
                8 * 1024,
                16 * 1024,
                16 * 1024 * 1024,
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                Duration.ofMinutes(5),
                options.writeTimeout());
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
