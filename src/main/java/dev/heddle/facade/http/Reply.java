package dev.heddle.facade.http;

import dev.heddle.facade.Cors;
import dev.heddle.facade.HttpStatus;
import dev.heddle.facade.json.Json;
import dev.heddle.http.Exchange;
import dev.heddle.rpc.Headers;
import dev.heddle.rpc.RpcException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.GZIPOutputStream;

/// Sends the response of one exchange, with what all responses have in common: the rules for caches
/// and for pages of other origins, and compression for those who accept it.
final class Reply {
    /// Below this, in bytes, compression costs more than it saves.
    private static final int MIN_COMPRESSED_SIZE = 1024;

    private final Exchange exchange;
    private final Json json;
    private final Cors cors;

    Reply(Exchange exchange, Json json, Cors cors) {
        this.exchange = exchange;
        this.json = json;
        this.cors = cors;
    }

    /// Sends a whole response.
    void send(int status, Headers headers, byte[] body) throws IOException {
        var all = common(headers);
        if (body.length >= MIN_COMPRESSED_SIZE && compresses(headers)) {
            all.set("content-encoding", "gzip");
            exchange.respond(status, all.build(), gzip(body));
        } else {
            exchange.respond(status, all.build(), body);
        }
    }

    /// Starts a response of unknown length, or of that which its headers give. Flushing the stream
    /// sends all that was written.
    OutputStream start(int status, Headers headers) throws IOException {
        var all = common(headers);
        if (!compresses(headers)) {
            return exchange.respond(status, all.build());
        }
        all.set("content-encoding", "gzip");
        return new GZIPOutputStream(exchange.respond(status, all.build()), true);
    }

    /// Sends the header of a response to HEAD whose body would be of unknown length.
    void sendHead(Headers headers) throws IOException {
        start(200, headers).close();
    }

    /// Sends a failure as a `google.rpc.Status`.
    void fail(RpcException failure, Headers headers) throws IOException {
        send(
                HttpStatus.of(failure),
                failureHeaders(failure, headers),
                json.toBytes(failure.toStatus()));
    }

    /// The same while another thread still reads the request, so that the carrier must leave what
    /// is unread alone.
    void failWhileReading(RpcException failure) throws IOException {
        var headers = common(failureHeaders(failure, Headers.empty())).build();
        try (var out = exchange.respond(HttpStatus.of(failure), headers)) {
            out.write(json.toBytes(failure.toStatus()));
        }
    }

    private static Headers failureHeaders(RpcException failure, Headers headers) {
        return Headers.builder()
                .addAll(headers)
                .addAll(HttpStatus.headers(failure))
                .set("content-type", "application/json")
                .set("cache-control", "no-store")
                .build();
    }

    private Headers.Builder common(Headers headers) {
        var all = Headers.builder().addAll(headers);
        cors.allow(exchange, all);
        return all.set(
                "vary",
                cors.dependsOnOrigin()
                        ? "accept, accept-encoding, origin"
                        : "accept, accept-encoding");
    }

    private boolean compresses(Headers headers) {
        return Accept.acceptsGzip(exchange.headers())
                && !headers.contains("content-encoding")
                // a promised length is that of the content as it is
                && !headers.contains("content-length")
                && headers.first("content-type")
                        .flatMap(MediaType::parse)
                        .filter(Reply::isText)
                        .isPresent();
    }

    /// Whether content of a type becomes smaller, and may wait in a compressor: events may not.
    private static boolean isText(MediaType type) {
        return switch (type.type()) {
            case "text" -> !type.subtype().equals("event-stream");
            case "application" ->
                    type.subtype().contains("json")
                            || type.subtype().endsWith("xml")
                            || type.subtype().equals("javascript");
            case "image" -> type.subtype().equals("svg+xml");
            default -> false;
        };
    }

    private static byte[] gzip(byte[] body) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bytes)) {
            gzip.write(body);
        }
        return bytes.toByteArray();
    }
}
