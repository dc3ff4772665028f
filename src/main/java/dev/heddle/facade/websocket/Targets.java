package dev.heddle.facade.websocket;

import dev.heddle.facade.HttpReasons;
import dev.heddle.facade.bind.RequestBinder;
import dev.heddle.facade.route.Match;
import dev.heddle.facade.route.RouteTable;
import dev.heddle.http.Exchange;
import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Rpcs;
import io.grpc.Status.Code;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Finds methods: by their names, or by the http rules of those that stream.
record Targets(Rpcs rpcs, RouteTable routes) {
    /// What the paths begin with under which every method is found by its name.
    static final String PREFIX = "/ws/";

    /// @param query the query, without what is no part of the request
    /// @throws RpcException NOT_FOUND for a path that names no method; INVALID_ARGUMENT for one
    ///   that names no streaming method, or a query that its rule does not have
    Target<?, ?> find(Exchange exchange, String query) {
        return exchange.rawPath().startsWith(PREFIX)
                ? byName(exchange, query)
                : byRule(exchange, query);
    }

    private Target<?, ?> byName(Exchange exchange, String query) {
        var name = exchange.rawPath().substring(PREFIX.length());
        var rpc = rpcs.find(name);
        if (rpc.isEmpty()) {
            throw notFound("no method %s".formatted(name));
        }
        if (!query.isEmpty()) {
            throw new RpcException(
                    Code.INVALID_ARGUMENT,
                    "a query behind %s (expected: all of the request in its envelope)"
                            .formatted(exchange.rawPath()));
        }
        return new Target<>(rpc.get(), request -> request);
    }

    private Target<?, ?> byRule(Exchange exchange, String query) {
        var path = exchange.rawPath();
        var found =
                switch (routes.match("GET", path)) {
                    case Match.Found get -> List.of(get);
                    case Match.MethodNotAllowed(var methods) ->
                            methods.stream().flatMap(method -> found(method, path)).toList();
                    case Match.NotFound(var nearest) ->
                            throw notFound(
                                    "no route for %s%s"
                                            .formatted(
                                                    path,
                                                    nearest.isEmpty()
                                                            ? ""
                                                            : " (nearest: %s)"
                                                                    .formatted(
                                                                            String.join(
                                                                                    ", ",
                                                                                    nearest))));
                };
        return found.stream()
                .filter(Targets::streams)
                .findFirst()
                .<Target<?, ?>>map(match -> bind(match, exchange, query))
                .orElseThrow(() -> notStreaming(path, found.stream().findFirst()));
    }

    private Stream<Match.Found> found(String method, String path) {
        return routes.match(method, path) instanceof Match.Found found
                ? Stream.of(found)
                : Stream.empty();
    }

    private static boolean streams(Match.Found match) {
        var rpc = match.route().rpc();
        return rpc.streamsRequests() || rpc.streamsResponses();
    }

    private static Target<?, ?> bind(Match.Found match, Exchange exchange, String query) {
        var binding = RequestBinder.bind(match, query, exchange.headers());
        return new Target<>(match.route().rpc(), binding::over);
    }

    private static RpcException notFound(String message) {
        return new RpcException(Code.NOT_FOUND, message).withReason(HttpReasons.ROUTE_NOT_FOUND);
    }

    private static RpcException notStreaming(String path, Optional<Match.Found> unary) {
        var byName =
                unary.map(match -> PREFIX + match.route().rpc().contract().name())
                        .orElse(PREFIX + "<package.Service>/<Method>");
        return new RpcException(
                Code.INVALID_ARGUMENT,
                "%s: not a method that streams (expected: %s)".formatted(path, byName));
    }
}
