package dev.heddle;

import dev.heddle.facade.connect.ConnectFacade;
import dev.heddle.facade.docs.Docs;
import dev.heddle.facade.grpc.GrpcFacade;
import dev.heddle.facade.grpcweb.GrpcWebFacade;
import dev.heddle.facade.http.HttpFacade;
import dev.heddle.facade.json.Json;
import dev.heddle.facade.route.RouteTable;
import dev.heddle.facade.websocket.WebSocketFacade;
import dev.heddle.http.Exchange;
import dev.heddle.http.ExchangeHandler;
import dev.heddle.http.HostRules;
import dev.heddle.http.Paths;
import dev.heddle.http.SecurityHeaders;
import dev.heddle.rpc.AuditLog;
import dev.heddle.rpc.Headers;
import dev.heddle.rpc.Pipeline;
import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Rpcs;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/// All facades over one set of methods: gives each exchange to the one whose framing it speaks.
final class Facades implements ExchangeHandler {
    /// RFC 9110, section 7.4: for a target that the server is not there for.
    private static final int MISDIRECTED = 421;

    private static final Headers REFUSAL_HEADERS =
            Headers.builder()
                    .set("content-type", "application/json")
                    .set("cache-control", "no-store")
                    .build();

    private final GrpcFacade grpc;
    private final WebSocketFacade webSocket;
    private final GrpcWebFacade grpcWeb;
    private final ConnectFacade connect;
    private final Paths plain;
    private final HostRules hosts;
    private final SecurityHeaders security;
    private final AuditLog audit;
    private final Json json;

    /// @param paths what else is answered, by path
    Facades(
            Rpcs rpcs,
            Pipeline pipeline,
            Json json,
            Sections sections,
            Map<String, ExchangeHandler> paths) {
        var routes = RouteTable.of(rpcs);
        var grpcSettings = sections.grpc();
        var cors = sections.cors();
        this.hosts = sections.hosts();
        this.security = sections.securityHeaders();
        this.audit = pipeline.audit();
        this.json = json;
        this.grpc = new GrpcFacade(rpcs, pipeline, grpcSettings);
        this.webSocket = new WebSocketFacade(rpcs, routes, pipeline, json, sections.webSocket());
        this.grpcWeb = new GrpcWebFacade(rpcs, pipeline, json, grpcSettings, cors);
        this.connect = new ConnectFacade(rpcs, routes, pipeline, json, grpcSettings, cors);
        var allPaths = new HashMap<>(paths);
        allPaths.putAll(new Docs(rpcs, routes, json, cors, HeddleCommand.Version.text()).paths());
        this.plain = new Paths(allPaths, new HttpFacade(routes, pipeline, json, sections.http()));
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
        var isGrpc = GrpcFacade.isGrpc(exchange);
        // No browser speaks gRPC.
        var answered = isGrpc ? exchange : security.guard(exchange);
        var refusal = hosts.refusal(exchange.headers());
        if (refusal.isPresent()) {
            refuse(answered, isGrpc, refusal.get());
        } else {
            (isGrpc ? grpc : of(exchange)).handle(answered);
        }
    }

    /// Before anything else, health and metrics included.
    private void refuse(Exchange exchange, boolean isGrpc, RpcException refusal)
            throws IOException {
        audit.refused(
                exchange.rawPath(),
                isGrpc ? "grpc" : "http",
                exchange.peer(),
                exchange.headers(),
                refusal);
        if (isGrpc) {
            grpc.refuse(exchange, refusal);
        } else {
            exchange.respond(MISDIRECTED, REFUSAL_HEADERS, json.toBytes(refusal.toStatus()));
        }
    }

    private ExchangeHandler of(Exchange exchange) {
        if (WebSocketFacade.isWebSocket(exchange)) {
            return webSocket;
        }
        if (GrpcWebFacade.isGrpcWeb(exchange)) {
            return grpcWeb;
        }
        return connect.isConnect(exchange) ? connect : plain;
    }

    /// From now on sockets that carry no call are closed.
    void beginDrain() {
        webSocket.beginDrain();
    }
}
