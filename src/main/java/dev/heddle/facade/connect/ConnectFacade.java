package dev.heddle.facade.connect;

import com.google.protobuf.Message;
import dev.heddle.facade.Cors;
import dev.heddle.facade.envelope.MessageSettings;
import dev.heddle.facade.json.Json;
import dev.heddle.facade.route.Match;
import dev.heddle.facade.route.RouteTable;
import dev.heddle.http.Exchange;
import dev.heddle.http.ExchangeHandler;
import dev.heddle.rpc.Headers;
import dev.heddle.rpc.Pipeline;
import dev.heddle.rpc.Rpc;
import dev.heddle.rpc.Rpcs;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Serves the methods of a gateway by the Connect protocol, version 1, each at `/` and its name.
///
/// A unary call is a POST of `application/json` or `application/proto`, or, where the contract says
/// that the method has no side effects, a GET with the message in the query. The others are POSTs
/// of `application/connect+json` or `application/connect+proto`. Over HTTP/1.1 a stream of both
/// directions is served as well; there it is for the caller to read while it sends, or to be done
/// sending before much is answered.
///
/// The path of a method is this facade's, with two exceptions: what the content type claims for
/// gRPC and gRPC-Web, and, where an HTTP rule has the same path, what does not itself say that it
/// is Connect. It answers browsers that ask what other origins may do there, for gRPC-Web too.
public final class ConnectFacade implements ExchangeHandler {
    private final Map<String, ConnectMethod> byPath = new HashMap<>();
    private final Set<String> pathsOfRules = new HashSet<>();
    private final Json json;
    private final Cors cors;

    /// @param routes the HTTP rules that may have paths in common with methods
    /// @param cors whose pages may call
    public ConnectFacade(
            Rpcs rpcs,
            RouteTable routes,
            Pipeline pipeline,
            Json json,
            MessageSettings settings,
            Cors.Settings cors) {
        this.json = json;
        this.cors = new Cors(cors, List.of());
        for (var rpc : rpcs.all()) {
            var path = "/" + rpc.contract().name();
            byPath.put(path, method(rpc, pipeline, json, settings));
            if (!(routes.match("POST", path) instanceof Match.NotFound)) {
                pathsOfRules.add(path);
            }
        }
    }

    private static <Q extends Message, R extends Message> ConnectMethod method(
            Rpc<Q, R> rpc, Pipeline pipeline, Json json, MessageSettings settings) {
        var binding = new MethodBinding<>(rpc, pipeline, json, settings);
        return rpc instanceof Rpc.Unary ? new UnaryMethod<>(binding) : new StreamMethod<>(binding);
    }

    /// Whether an exchange is meant for this facade, if it is neither gRPC nor gRPC-Web.
    public boolean isConnect(Exchange exchange) {
        var path = exchange.rawPath();
        if (!byPath.containsKey(path)) {
            return hasType(exchange, ConnectType.STREAM_PREFIX);
        }
        return !pathsOfRules.contains(path) || saysSo(exchange);
    }

    private static boolean saysSo(Exchange exchange) {
        return exchange.headers().contains(ConnectHeaders.VERSION)
                || hasType(exchange, ConnectType.STREAM_PREFIX)
                || hasType(exchange, "application/proto")
                || ("&" + exchange.rawQuery() + "&").contains("&connect=v1&");
    }

    private static boolean hasType(Exchange exchange, String prefix) {
        return exchange.headers()
                .first("content-type")
                .filter(type -> type.regionMatches(true, 0, prefix, 0, prefix.length()))
                .isPresent();
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
        var reply = new ConnectReply(exchange, json, cors);
        try {
            var method = byPath.get(exchange.rawPath());
            if (method == null) {
                throw Refusal.unknown(exchange.rawPath());
            }
            if (exchange.method().equals("OPTIONS")) {
                answerOptions(exchange, method.httpMethods(), reply);
            } else if (!method.httpMethods().contains(exchange.method())) {
                throw Refusal.methodNotAllowed(exchange.method(), method.httpMethods());
            } else {
                method.handle(exchange, reply);
            }
        } catch (Refusal e) {
            reply.refuse(e);
        }
    }

    private void answerOptions(Exchange exchange, List<String> methods, ConnectReply reply)
            throws IOException {
        var headers = Headers.builder().set("allow", String.join(", ", methods));
        if (Cors.isPreflight(exchange)) {
            cors.allowPreflight(exchange, methods, headers);
        }
        reply.send(204, headers, new byte[0]);
    }
}
