package dev.heddle.facade.connect;

import dev.heddle.facade.Cors;
import dev.heddle.facade.HttpStatus;
import dev.heddle.facade.json.Json;
import dev.heddle.http.Exchange;
import dev.heddle.rpc.Headers;
import dev.heddle.rpc.RpcException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// Sends the responses to an exchange, with what they have in common.
record ConnectReply(Exchange exchange, Json json, Cors cors) {
    /// Sends a whole response.
    void send(int status, Headers.Builder headers, byte[] body) throws IOException {
        exchange.respond(status, visible(headers), body);
    }

    /// Sends a failure.
    ///
    /// @param headers what the handler adds
    void fail(RpcException failure, Headers headers) throws IOException {
        var all =
                Headers.builder()
                        .addAll(headers)
                        .addAll(HttpStatus.headers(failure))
                        .set("content-type", "application/json")
                        .set("cache-control", "no-store");
        // not by the reason, which Connect's table doesn't know
        send(HttpStatus.of(failure.code()), all, ConnectErrors.toBytes(failure, json));
    }

    /// Answers what is no call.
    void refuse(Refusal refusal) throws IOException {
        var headers = Headers.builder().addAll(refusal.headers()).set("content-type", "text/plain");
        send(refusal.status(), headers, refusal.reason().getBytes(StandardCharsets.UTF_8));
    }

    /// The headers of a response, so that pages of other origins can see what they may.
    Headers visible(Headers.Builder headers) {
        cors.allow(exchange, headers);
        headers.add("vary", cors.dependsOnOrigin() ? "accept-encoding, origin" : "accept-encoding");
        return headers.build();
    }
}
