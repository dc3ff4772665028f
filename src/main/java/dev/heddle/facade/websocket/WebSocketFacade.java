package dev.heddle.facade.websocket;

import com.google.protobuf.Message;
import dev.heddle.facade.CallerCredentials;
import dev.heddle.facade.HttpReasons;
import dev.heddle.facade.HttpStatus;
import dev.heddle.facade.ServerTimeout;
import dev.heddle.facade.json.Json;
import dev.heddle.facade.route.RouteTable;
import dev.heddle.http.Exchange;
import dev.heddle.http.ExchangeHandler;
import dev.heddle.http.carrier.Watchdog;
import dev.heddle.http.websocket.Handshake;
import dev.heddle.http.websocket.HandshakeException;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.Headers;
import dev.heddle.rpc.Pipeline;
import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Rpcs;
import io.grpc.Status.Code;
import java.io.IOException;
import java.util.Optional;

/// Serves methods over WebSockets: every method at `/ws/<package.Service>/<Method>`, and those that
/// stream also at the paths of their http rules. One call a socket, by the contract in
/// `heddle/websocket/v1/websocket.proto`.
///
/// What can be refused before the handshake is refused by plain HTTP, as a `google.rpc.Status`
/// under its canonical HTTP status: an unknown method, a sub-protocol that is not known, a page of
/// another origin, credentials that are not accepted. A token may come as `authorization`, as
/// sub-protocol `bearer.<token>`, or in the metadata of the request; a ticket as query parameter
/// `ticket` or as sub-protocol `ticket.<ticket>`.
public final class WebSocketFacade implements ExchangeHandler {
    private final Targets targets;
    private final Pipeline pipeline;
    private final Json json;
    private final Settings settings;
    private final Origins origins;
    private final Watchdog watchdog = new Watchdog();
    private volatile boolean draining;

    public WebSocketFacade(
            Rpcs rpcs, RouteTable routes, Pipeline pipeline, Json json, Settings settings) {
        this.targets = new Targets(rpcs, routes);
        this.pipeline = pipeline;
        this.json = json;
        this.settings = settings;
        this.origins = new Origins(settings.allowedOrigins());
    }

    /// Whether an exchange is meant for this facade: by its path, or because it asks for a
    /// WebSocket.
    public static boolean isWebSocket(Exchange exchange) {
        return exchange.rawPath().startsWith(Targets.PREFIX)
                || exchange.upgrade(Handshake.PROTOCOL).isPresent();
    }

    /// From now on sockets close as soon as they serve no call.
    public void beginDrain() {
        draining = true;
        watchdog.drain();
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
        try {
            var query = TicketQuery.parse(exchange.rawQuery());
            var target = targets.find(exchange, query.rest());
            var handshake = Handshake.of(exchange);
            origins.check(exchange);
            serve(exchange, handshake, target, query.ticket());
        } catch (HandshakeException e) {
            refuse(exchange, toRpcException(e), e.headers());
        } catch (RpcException e) {
            pipeline.audit()
                    .refused(
                            exchange.rawPath(),
                            "websocket",
                            exchange.peer(),
                            exchange.headers(),
                            e);
            refuse(exchange, e, Headers.empty());
        }
    }

    private <Q extends Message, R extends Message> void serve(
            Exchange exchange, Handshake handshake, Target<Q, R> target, Optional<String> ticket)
            throws IOException {
        var offers = handshake.subprotocols();
        var chosen = Subprotocol.choose(offers);
        var headers = Subprotocol.withToken(exchange.headers(), offers);
        var timeout = ServerTimeout.of(headers);
        var credentials =
                CallerCredentials.of(exchange, headers)
                        .withTicket(ticket.or(() -> Subprotocol.ticket(offers)));
        var caller = pipeline.admit(target.rpc(), credentials);
        var session =
                new Session<>(
                        handshake.accept(chosen.answer(offers), settings.socket()),
                        codec(chosen),
                        pipeline,
                        target,
                        new Call.Origin(
                                "websocket",
                                credentials,
                                exchange.peer(),
                                timeout,
                                Optional.of(caller)),
                        settings);
        watchdog.add(session);
        try {
            if (draining) {
                session.drain();
            }
            session.serve();
        } finally {
            watchdog.remove(session);
        }
    }

    private EnvelopeCodec codec(Subprotocol subprotocol) {
        return switch (subprotocol) {
            case JSON -> new JsonEnvelopes(json);
            case PROTO -> new ProtoEnvelopes();
        };
    }

    private static RpcException toRpcException(HandshakeException e) {
        return e.status() == 426
                ? new RpcException(Code.UNIMPLEMENTED, e.message())
                        .withReason(HttpReasons.UPGRADE_REQUIRED)
                : new RpcException(Code.INVALID_ARGUMENT, e.message());
    }

    private void refuse(Exchange exchange, RpcException failure, Headers headers)
            throws IOException {
        exchange.respond(
                HttpStatus.of(failure),
                Headers.builder()
                        .addAll(headers)
                        .addAll(HttpStatus.headers(failure))
                        .set("content-type", "application/json")
                        .set("cache-control", "no-store")
                        .build(),
                json.toBytes(failure.toStatus()));
    }
}
