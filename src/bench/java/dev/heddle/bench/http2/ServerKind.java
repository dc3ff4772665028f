package dev.heddle.bench.http2;

import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.grpc.GrpcService;
import dev.heddle.BareGateway;
import dev.heddle.bench.v1.BenchProto;
import io.grpc.netty.NettyServerBuilder;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.grpc.GrpcRouting;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Locale;

/// The servers, each set up as its users would.
enum ServerKind {
    /// A gateway, from its engine to its pipeline.
    HEDDLE {
        @Override
        int start() {
            return BareGateway.start(HeddleBenchService.rpcs());
        }
    },

    /// Helidon's own gRPC.
    STOCK {
        @Override
        int start() {
            return WebServer.builder()
                    .address(InetAddress.getLoopbackAddress())
                    .port(0)
                    .connectionOptions(options -> options.tcpNoDelay(true))
                    .addRouting(
                            GrpcRouting.builder()
                                    .service(BenchProto.getDescriptor(), new GrpcBenchService()))
                    .build()
                    .start()
                    .port();
        }
    },

    /// grpc-java on Netty, with its default executor.
    GRPC_JAVA {
        @Override
        int start() throws IOException {
            return NettyServerBuilder.forAddress(loopback())
                    .addService(new GrpcBenchService())
                    .build()
                    .start()
                    .getPort();
        }
    },

    /// Armeria, which calls a service on its event loops.
    ARMERIA {
        @Override
        int start() {
            var server =
                    Server.builder()
                            .http(loopback())
                            .service(
                                    GrpcService.builder()
                                            .addService(new GrpcBenchService())
                                            .build())
                            .build();
            server.start().join();
            return server.activeLocalPort();
        }
    };

    /// Starts the server on a free port of the loopback, for as long as the process lives.
    ///
    /// @return the port
    abstract int start() throws IOException;

    /// The one of a name.
    ///
    /// @throws IllegalArgumentException if there is none
    static ServerKind of(String name) {
        return Arrays.stream(values())
                .filter(kind -> kind.toString().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "%s (expected: of %s)".formatted(name, Arrays.toString(values()))));
    }

    /// As the command line writes it.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }
}
