package dev.heddle.facade.grpc;

import com.google.protobuf.Message;
import dev.heddle.facade.envelope.BinaryMetadata;
import dev.heddle.facade.envelope.Compression;
import dev.heddle.facade.envelope.GrpcStatuses;
import dev.heddle.facade.envelope.Gzip;
import dev.heddle.facade.envelope.MessageSettings;
import dev.heddle.http.Exchange;
import dev.heddle.http.ExchangeHandler;
import dev.heddle.rpc.Headers;
import dev.heddle.rpc.Pipeline;
import dev.heddle.rpc.Rpc;
import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Rpcs;
import io.grpc.Status.Code;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/// Serves the methods of a gateway as gRPC over HTTP/2, as gRPC's `PROTOCOL-HTTP2.md` has it.
///
/// Messages are Protobuf, each compressed with gzip or not at all. What is no call, such as another
/// method than POST, is answered by plain HTTP; every call ends with a status.
public final class GrpcFacade implements ExchangeHandler {
    private static final String MEDIA_TYPE = "application/grpc";
    private static final String PROTO = "+proto";
    private static final Headers NONE = Headers.empty();
    private static final Headers ACCEPTED_ENCODINGS =
            Headers.builder().set("grpc-accept-encoding", Gzip.ACCEPTED).build();

    private final Map<String, GrpcMethod<?, ?>> byPath = new HashMap<>();
    private final MessageSettings settings;

    public GrpcFacade(Rpcs rpcs, Pipeline pipeline, MessageSettings settings) {
        this.settings = settings;
        rpcs.all().forEach(rpc -> add(rpc, pipeline));
    }

    private <Q extends Message, R extends Message> void add(Rpc<Q, R> rpc, Pipeline pipeline) {
        byPath.put("/" + rpc.contract().name(), new GrpcMethod<>(rpc, pipeline, settings));
    }

    /// Whether an exchange is meant for this facade: by its content type, which is not that of
    /// gRPC-Web.
    public static boolean isGrpc(Exchange exchange) {
        return exchange.headers().first("content-type").filter(GrpcFacade::isGrpc).isPresent();
    }

    private static boolean isGrpc(String contentType) {
        return contentType.regionMatches(true, 0, MEDIA_TYPE, 0, MEDIA_TYPE.length())
                && (isSubtypeEnd(contentType, MEDIA_TYPE.length())
                        || contentType.charAt(MEDIA_TYPE.length()) == '+');
    }

    private static boolean isProto(String contentType) {
        return isSubtypeEnd(contentType, MEDIA_TYPE.length())
                || (contentType.regionMatches(true, MEDIA_TYPE.length(), PROTO, 0, PROTO.length())
                        && isSubtypeEnd(contentType, MEDIA_TYPE.length() + PROTO.length()));
    }

    private static boolean isSubtypeEnd(String contentType, int index) {
        return contentType.length() == index
                || (contentType.length() > index
                        && (contentType.charAt(index) == ';' || contentType.charAt(index) == ' '));
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
        if (!exchange.protocol().equals("HTTP/2")) {
            // not 426: there is no upgrade to HTTP/2 (RFC 9113, section 3.1)
            refuse(exchange, 505, NONE, "gRPC needs HTTP/2, not " + exchange.protocol());
        } else if (!exchange.method().equals("POST")) {
            var allow = Headers.builder().set("allow", "POST").build();
            refuse(exchange, 405, allow, "gRPC needs POST, not " + exchange.method());
        } else if (!isProto(exchange.headers().first("content-type").orElse(""))) {
            refuse(exchange, 415, NONE, "gRPC messages are understood as application/grpc+proto");
        } else {
            serve(exchange);
        }
    }

    private void serve(Exchange exchange) throws IOException {
        var headers = exchange.headers();
        var method = byPath.get(exchange.rawPath());
        if (method == null) {
            refuse(exchange, NONE, unknown(exchange.rawPath()));
            return;
        }
        Compression compression;
        try {
            compression = Compression.ofGrpc(headers, settings);
        } catch (RpcException e) {
            refuse(exchange, ACCEPTED_ENCODINGS, e);
            return;
        }
        try {
            method.serve(exchange, BinaryMetadata.normalized(headers), compression);
        } catch (RpcException e) {
            refuse(exchange, NONE, e);
        }
    }

    private static RpcException unknown(String path) {
        return new RpcException(Code.UNIMPLEMENTED, "there is no method " + path.substring(1));
    }

    /// Answers a call that is not to be begun.
    public void refuse(Exchange exchange, RpcException reason) throws IOException {
        refuse(exchange, NONE, reason);
    }

    /// Answers a call that can't be begun.
    private static void refuse(Exchange exchange, Headers headers, RpcException reason)
            throws IOException {
        GrpcAnswer.refuse(exchange, GrpcStatuses.trailers(headers, reason));
    }

    /// Answers what is no call.
    private static void refuse(Exchange exchange, int status, Headers headers, String reason)
            throws IOException {
        var all = Headers.builder().addAll(headers).set("content-type", "text/plain").build();
        exchange.respond(status, all, reason.getBytes(StandardCharsets.UTF_8));
    }
}
