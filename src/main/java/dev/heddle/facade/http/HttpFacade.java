package dev.heddle.facade.http;

import com.google.protobuf.Message;
import dev.heddle.facade.CallerCredentials;
import dev.heddle.facade.Cors;
import dev.heddle.facade.ServerTimeout;
import dev.heddle.facade.bind.SystemParameters;
import dev.heddle.facade.json.Json;
import dev.heddle.facade.route.Match;
import dev.heddle.facade.route.RouteTable;
import dev.heddle.http.Exchange;
import dev.heddle.http.ExchangeHandler;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.Headers;
import dev.heddle.rpc.Pipeline;
import dev.heddle.rpc.Rpc;
import dev.heddle.rpc.RpcException;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Serves methods over plain HTTP, by the `google.api.http` rules in their contract.
///
/// A request is JSON, or arbitrary content where the rule takes a `google.api.HttpBody`; a method
/// that takes a stream takes NDJSON or a JSON array, and content piece by piece, as the body or as
/// the file of a form. A response is JSON, or arbitrary content; a stream is what `Accept` asks
/// for: `application/x-ndjson` (also where the caller doesn't care), `application/json` for an
/// array, `text/event-stream` or `text/csv`. Each shows in its own way that it is complete.
/// Failures are `google.rpc.Status` as JSON under the canonical HTTP status.
///
/// - `Accept: application/json;int64=number` has 64-bit integers as numbers.
/// - `X-Server-Timeout: 2.5` gives the call two and a half seconds.
/// - `Content-Encoding: gzip` and `Accept-Encoding: gzip` are understood.
/// - The query parameters `$alt` and `$prettyPrint` stand in for `Accept` where a caller can't set
///   it.
public final class HttpFacade implements ExchangeHandler {
    private static final List<String> EXPOSED =
            List.of("content-disposition", "retry-after", "server-timing", "www-authenticate");

    private final RouteTable routes;
    private final Pipeline pipeline;
    private final Json json;
    private final Settings settings;
    private final Cors cors;
    private final Representation representation;

    public HttpFacade(RouteTable routes, Pipeline pipeline, Json json, Settings settings) {
        this.routes = routes;
        this.pipeline = pipeline;
        this.json = json;
        this.settings = settings;
        this.cors = new Cors(settings.cors(), EXPOSED);
        this.representation = new Representation(json, settings);
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
        var reply = new Reply(exchange, json, cors);
        try {
            switch (routes.match(exchange.method(), exchange.rawPath())) {
                case Match.Found found -> serve(exchange, found, reply);
                case Match.MethodNotAllowed(var allow) when isOptions(exchange) ->
                        answerOptions(exchange, allow, reply);
                case Match.MethodNotAllowed(var allow) ->
                        throw Refusal.methodNotAllowed(
                                exchange.method(), exchange.rawPath(), allow);
                case Match.NotFound(var nearest) ->
                        throw Refusal.notFound(exchange.method(), exchange.rawPath(), nearest);
            }
        } catch (Refusal e) {
            reply.fail(e.failure(), e.headers());
        } catch (RpcException e) {
            reply.fail(e, Headers.empty());
        }
    }

    private static boolean isOptions(Exchange exchange) {
        return exchange.method().equals("OPTIONS");
    }

    private void answerOptions(Exchange exchange, Collection<String> allow, Reply reply)
            throws IOException {
        var headers = Headers.builder().set("allow", String.join(", ", allow));
        if (Cors.isPreflight(exchange)) {
            cors.allowPreflight(exchange, allow, headers);
        }
        reply.send(204, headers.build(), new byte[0]);
    }

    private void serve(Exchange exchange, Match.Found found, Reply reply)
            throws IOException, Refusal {
        var route = found.route();
        var line = RequestLine.of(found, exchange);
        var format =
                representation.choose(
                        route,
                        exchange.headers(),
                        line.systemParameter(SystemParameters.ALT),
                        line.systemParameter(SystemParameters.PRETTY_PRINT)
                                .filter("true"::equals)
                                .isPresent());
        var kind = BodyKind.of(exchange, route);
        if (exchange.method().equals("HEAD")
                && route.rpc().streamsResponses()
                && route.download().isEmpty()) {
            var headers = Headers.builder();
            format.headers(Optional.empty(), headers);
            reply.sendHead(headers.build());
            return;
        }
        serve(exchange, route.rpc(), line, kind, format, reply);
    }

    private <Q extends Message, R extends Message> void serve(
            Exchange exchange,
            Rpc<Q, R> rpc,
            RequestLine line,
            BodyKind kind,
            StreamFormat format,
            Reply reply)
            throws IOException {
        var origin =
                new Call.Origin(
                        format.name(),
                        CallerCredentials.of(exchange),
                        exchange.peer(),
                        ServerTimeout.of(exchange.headers()));
        var call = pipeline.open(rpc, origin);
        exchange.onPeerGone(call::cancelByCaller);
        var strictness =
                rpc.contract().policy().ignoresUnknownParameters() ? json.ignoringUnknown() : json;
        var requests = new RequestReader<Q>(exchange, line, strictness, settings.maxMessageSize());
        if (rpc instanceof Rpc.Unary) {
            new UnaryCall(pipeline, exchange, reply, format)
                    .serve(rpc, call, requests.single(kind));
            return;
        }
        if (rpc.streamsRequests()) {
            exchange.liftBodyBound();
            exchange.liftBodyPace();
        }
        new StreamCall(exchange, reply, format, settings.heartbeat(), call)
                .serve(
                        pipeline,
                        rpc,
                        rpc.streamsRequests() ? requests.many(kind) : requests.single(kind));
    }
}
