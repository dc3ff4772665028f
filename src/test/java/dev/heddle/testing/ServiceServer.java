package dev.heddle.testing;

import dev.heddle.facade.connect.ConnectFacade;
import dev.heddle.facade.envelope.MessageSettings;
import dev.heddle.facade.grpc.GrpcFacade;
import dev.heddle.facade.grpcweb.GrpcWebFacade;
import dev.heddle.facade.http.HttpFacade;
import dev.heddle.facade.json.Json;
import dev.heddle.facade.route.RouteTable;
import dev.heddle.facade.websocket.Settings;
import dev.heddle.facade.websocket.WebSocketFacade;
import dev.heddle.http.Exchange;
import dev.heddle.http.ExchangeHandler;
import dev.heddle.http.h2.Http2Settings;
import dev.heddle.http.helidon.HelidonCarrier;
import dev.heddle.http.tls.TlsSettings;
import dev.heddle.rpc.Pipeline;
import dev.heddle.rpc.Rpcs;
import dev.heddle.websocket.v1.Envelope;
import io.helidon.webserver.WebServer;
import java.time.Duration;
import java.util.Set;

/// A server on a free port that serves any service over every framing. Everybody may call.
public final class ServiceServer implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    /// So many requests that no client has to wait for credit.
    private static final int QUEUED = 100_000;

    private final Pipeline pipeline;
    private final GrpcFacade grpc;
    private final WebSocketFacade webSocket;
    private final GrpcWebFacade grpcWeb;
    private final ConnectFacade connect;
    private final HttpFacade http;
    private final WebServer server;

    public ServiceServer(Rpcs.Service service) {
        this(service, FacadeCalls.pipeline(1000));
    }

    /// @param pipeline ends with this
    public ServiceServer(Rpcs.Service service, Pipeline pipeline) {
        this.pipeline = pipeline;
        var rpcs = Rpcs.builder().add(service).build();
        var routes = RouteTable.of(rpcs);
        var json = Json.of(rpcs, Envelope.getDefaultInstance());
        var messages = MessageSettings.DEFAULT;
        grpc = new GrpcFacade(rpcs, pipeline, messages);
        grpcWeb = new GrpcWebFacade(rpcs, pipeline, json, messages, FacadeCalls.CORS);
        connect = new ConnectFacade(rpcs, routes, pipeline, json, messages, FacadeCalls.CORS);
        webSocket =
                new WebSocketFacade(
                        rpcs,
                        routes,
                        pipeline,
                        json,
                        new Settings(
                                QUEUED,
                                TIMEOUT,
                                Set.of(),
                                dev.heddle.http.websocket.Settings.DEFAULTS));
        http = new HttpFacade(routes, pipeline, json, dev.heddle.facade.http.Settings.DEFAULTS);
        ExchangeHandler all = exchange -> of(exchange).handle(exchange);
        var config = WebServer.builder().shutdownHook(false);
        new HelidonCarrier(carrierSettings(), Http2Settings.DEFAULT, TlsSettings.NONE, all)
                .attach(config);
        server = config.build().start();
    }

    private ExchangeHandler of(Exchange exchange) {
        if (GrpcFacade.isGrpc(exchange)) {
            return grpc;
        }
        if (WebSocketFacade.isWebSocket(exchange)) {
            return webSocket;
        }
        if (GrpcWebFacade.isGrpcWeb(exchange)) {
            return grpcWeb;
        }
        return connect.isConnect(exchange) ? connect : http;
    }

    private static dev.heddle.http.carrier.Settings carrierSettings() {
        return new dev.heddle.http.carrier.Settings(
                "127.0.0.1",
                0,
                1000,
                64 * 1024,
                64 * 1024,
                1024 * 1024,
                TIMEOUT,
                TIMEOUT,
                TIMEOUT,
                TIMEOUT);
    }

    public int port() {
        return server.port();
    }

    public Pipeline pipeline() {
        return pipeline;
    }

    @Override
    public void close() {
        server.stop();
    }
}
