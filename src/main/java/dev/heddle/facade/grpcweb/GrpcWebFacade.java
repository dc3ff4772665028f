package dev.heddle.facade.grpcweb;

import com.google.protobuf.Message;
import dev.heddle.facade.Cors;
import dev.heddle.facade.envelope.BinaryMetadata;
import dev.heddle.facade.envelope.Compression;
import dev.heddle.facade.envelope.MessageSettings;
import dev.heddle.facade.json.Json;
import dev.heddle.http.Exchange;
import dev.heddle.http.ExchangeHandler;
import dev.heddle.rpc.Headers;
import dev.heddle.rpc.Pipeline;
import dev.heddle.rpc.Rpc;
import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Rpcs;
import io.grpc.Status.Code;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Serves the methods of a gateway as gRPC-Web, by `application/grpc-web` and, for callers who
/// can't read bytes, `application/grpc-web-text`; each with `+proto`, which is meant where there is
/// no suffix, or `+json`.
///
/// A caller sends an ordinary request, and is answered 200 and messages, the last of them the
/// trailers. All four kinds of method are served: that browsers can't send a stream is theirs.
/// Answers to the questions that browsers ask before are Connect's, for the path alone tells there
/// what is asked for.
public final class GrpcWebFacade implements ExchangeHandler {
    private static final Headers POST_ALONE = Headers.builder().set("allow", "POST").build();
    private static final List<String> EXPOSED =
            List.of("grpc-encoding", "grpc-message", "grpc-status", "grpc-status-details-bin");

    private final Map<String, GrpcWebMethod<?, ?>> byPath = new HashMap<>();
    private final MessageSettings settings;
    private final Cors cors;

    /// @param cors whose pages may call
    public GrpcWebFacade(
            Rpcs rpcs, Pipeline pipeline, Json json, MessageSettings settings, Cors.Settings cors) {
        this.settings = settings;
        this.cors = new Cors(cors, EXPOSED);
        rpcs.all().forEach(rpc -> add(rpc, pipeline, json));
    }

    private <Q extends Message, R extends Message> void add(
            Rpc<Q, R> rpc, Pipeline pipeline, Json json) {
        byPath.put("/" + rpc.contract().name(), new GrpcWebMethod<>(rpc, pipeline, json, settings));
    }

    /// Whether an exchange is meant for this facade: by its content type.
    public static boolean isGrpcWeb(Exchange exchange) {
        return exchange.headers()
                .first("content-type")
                .filter(type ->
                        type.regionMatches(true, 0, WebType.PREFIX, 0, WebType.PREFIX.length()))
                .isPresent();
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
        var type = exchange.headers().first("content-type").flatMap(WebType::of);
        if (!exchange.method().equals("POST")) {
            WebReply.refuse(
                    exchange,
                    cors,
                    405,
                    POST_ALONE,
                    "gRPC-Web needs POST, not " + exchange.method());
        } else if (type.isEmpty()) {
            WebReply.refuse(
                    exchange,
                    cors,
                    415,
                    Headers.empty(),
                    "gRPC-Web messages are understood as +proto and +json");
        } else {
            serve(exchange, new WebReply(exchange, type.get(), cors));
        }
    }

    private void serve(Exchange exchange, WebReply reply) throws IOException {
        var method = byPath.get(exchange.rawPath());
        if (method == null) {
            reply.refuse(
                    new RpcException(
                            Code.UNIMPLEMENTED,
                            "there is no method " + exchange.rawPath().substring(1)));
            return;
        }
        try {
            method.serve(
                    reply,
                    BinaryMetadata.normalized(exchange.headers()),
                    Compression.ofGrpc(exchange.headers(), settings));
        } catch (RpcException e) {
            reply.refuse(e);
        }
    }
}
