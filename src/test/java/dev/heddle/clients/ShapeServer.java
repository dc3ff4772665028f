package dev.heddle.clients;

import dev.heddle.facade.envelope.MessageSettings;
import dev.heddle.facade.grpc.GrpcFacade;
import dev.heddle.facade.http.HttpFacade;
import dev.heddle.facade.http.Settings;
import dev.heddle.facade.json.Json;
import dev.heddle.facade.route.RouteTable;
import dev.heddle.http.ExchangeHandler;
import dev.heddle.http.h2.Http2Settings;
import dev.heddle.http.helidon.HelidonCarrier;
import dev.heddle.http.tls.TlsSettings;
import dev.heddle.rpc.Pipeline;
import dev.heddle.rpc.Rpcs;
import dev.heddle.testing.FacadeCalls;
import dev.heddle.testing.v1.ShapeServiceGrpc;
import io.helidon.webserver.WebServer;
import java.time.Duration;

/// A server of the unary methods of `ShapeService`, which answer with their request, over gRPC and
/// HTTP. Everybody may call.
final class ShapeServer implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final Pipeline pipeline = FacadeCalls.pipeline();
    private final WebServer server;

    ShapeServer() {
        var rpcs = Rpcs.builder().add(ShapeServer::register).build();
        var grpc = new GrpcFacade(rpcs, pipeline, MessageSettings.DEFAULT);
        var http = new HttpFacade(RouteTable.of(rpcs), pipeline, Json.of(rpcs), Settings.DEFAULTS);
        ExchangeHandler both =
                exchange -> (GrpcFacade.isGrpc(exchange) ? grpc : http).handle(exchange);
        var config = WebServer.builder().shutdownHook(false);
        new HelidonCarrier(carrierSettings(), Http2Settings.DEFAULT, TlsSettings.NONE, both)
                .attach(config);
        server = config.build().start();
    }

    private static void register(Rpcs.Builder rpcs) {
        rpcs.unary(ShapeServiceGrpc.getQueryMethod(), (shape, _) -> shape)
                .unary(ShapeServiceGrpc.getQueryLenientlyMethod(), (shape, _) -> shape)
                .unary(ShapeServiceGrpc.getPathMethod(), (shape, _) -> shape)
                .unary(ShapeServiceGrpc.getTailMethod(), (shape, _) -> shape)
                .unary(ShapeServiceGrpc.getWholeMethod(), (shape, _) -> shape)
                .unary(ShapeServiceGrpc.getChildMethod(), (shape, _) -> shape)
                .unary(ShapeServiceGrpc.getChildrenMethod(), (shape, _) -> shape)
                .unary(ShapeServiceGrpc.getScalarMethod(), (shape, _) -> shape)
                .unary(ShapeServiceGrpc.getChoiceMethod(), (shape, _) -> shape);
    }

    private static dev.heddle.http.carrier.Settings carrierSettings() {
        return new dev.heddle.http.carrier.Settings(
                "127.0.0.1",
                0,
                100,
                64 * 1024,
                64 * 1024,
                1024 * 1024,
                TIMEOUT,
                TIMEOUT,
                TIMEOUT,
                TIMEOUT);
    }

    int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.stop();
    }
}
