package dev.heddle.facade.health;

import dev.heddle.http.Exchange;
import dev.heddle.rpc.Headers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// What GET and HEAD of an endpoint get.
record Answer(int status, String contentType, String body) {
    /// Sends the answer; or 405, where the exchange is neither GET nor HEAD.
    void send(Exchange exchange) throws IOException {
        var headers = Headers.builder().set("cache-control", "no-store");
        if (isRead(exchange)) {
            exchange.respond(
                    status,
                    headers.set("content-type", contentType).build(),
                    body.getBytes(StandardCharsets.UTF_8));
        } else {
            exchange.respond(405, headers.set("allow", "GET, HEAD").build(), new byte[0]);
        }
    }

    static boolean isRead(Exchange exchange) {
        return exchange.method().equals("GET") || exchange.method().equals("HEAD");
    }
}
