package dev.heddle.facade.grpcweb;

import dev.heddle.facade.Cors;
import dev.heddle.facade.envelope.GrpcStatuses;
import dev.heddle.facade.envelope.Gzip;
import dev.heddle.http.Exchange;
import dev.heddle.rpc.Headers;
import dev.heddle.rpc.RpcException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// What all responses to an exchange have in common.
record WebReply(Exchange exchange, WebType type, Cors cors) {
    /// The header of a response.
    ///
    /// @param custom what the handler adds
    /// @param compresses whether messages may be compressed
    Headers headers(Headers custom, boolean compresses) {
        var headers = Headers.builder().addAll(custom).set("content-type", type.name());
        if (compresses) {
            headers.set("grpc-encoding", Gzip.NAME);
        }
        return visible(exchange, cors, headers);
    }

    /// The body of a response, to be written envelope by envelope.
    OutputStream coded(OutputStream body) {
        return type.isText() ? new Base64Output(body) : body;
    }

    /// Answers a call that can't be begun.
    void refuse(RpcException reason) throws IOException {
        var trailers = TrailersEnvelope.of(GrpcStatuses.trailers(Headers.empty(), reason));
        exchange.respond(
                200,
                headers(Headers.empty(), false),
                type.isText() ? Base64.getEncoder().encode(trailers) : trailers);
    }

    /// Answers what is no call.
    static void refuse(Exchange exchange, Cors cors, int status, Headers headers, String reason)
            throws IOException {
        var all = Headers.builder().addAll(headers).set("content-type", "text/plain");
        exchange.respond(
                status, visible(exchange, cors, all), reason.getBytes(StandardCharsets.UTF_8));
    }

    private static Headers visible(Exchange exchange, Cors cors, Headers.Builder headers) {
        cors.allow(exchange, headers);
        if (cors.dependsOnOrigin()) {
            headers.add("vary", "origin");
        }
        return headers.build();
    }
}
