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
import dev.heddle.http.Paths;
import dev.heddle.rpc.Pipeline;
import dev.heddle.rpc.Rpcs;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/// All facades over one set of methods: gives each exchange to the one whose framing it speaks.
final class Facades implements ExchangeHandler {
    private final GrpcFacade grpc;
    private final WebSocketFacade webSocket;
    private final GrpcWebFacade grpcWeb;
    private final ConnectFacade connect;
    private final Paths plain;

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
        of(exchange).handle(exchange);
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
        return connect.isConnect(exchange) ? connect : plain;
    }

    /// From now on sockets that carry no call are closed.
    void beginDrain() {
        webSocket.beginDrain();
    }
}
