package dev.heddle.contract;

import static dev.heddle.testing.FacadeCalls.SERVICE;

import dev.heddle.testing.FacadeCalls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/// Every framing in which a caller can go on to send while it is answered.
enum Framing {
    GRPC(2, "application/grpc", "*/*"),
    GRPC_WEB(1, "application/grpc-web+proto", "*/*"),
    GRPC_WEB_OVER_HTTP2(2, "application/grpc-web+proto", "*/*"),
    CONNECT(1, "application/connect+proto", "*/*"),
    CONNECT_JSON(1, "application/connect+json", "*/*"),
    CONNECT_OVER_HTTP2(2, "application/connect+proto", "*/*"),
    NDJSON(1, "application/x-ndjson", "application/x-ndjson"),
    NDJSON_OVER_HTTP2(2, "application/x-ndjson", "application/x-ndjson"),
    JSON_ARRAY(1, "application/x-ndjson", "application/json"),
    EVENTS(1, "application/x-ndjson", "text/event-stream"),
    EVENTS_OVER_HTTP2(2, "application/x-ndjson", "text/event-stream"),
    CSV(1, "application/x-ndjson", "text/csv"),
    WEB_SOCKET(0, "", "");

    private final int httpVersion;
    private final String type;
    private final String accept;

    /// @param type the type of the request
    /// @param accept the type of the answer
    Framing(int httpVersion, String type, String accept) {
        this.httpVersion = httpVersion;
        this.type = type;
        this.accept = accept;
    }

    /// Begins a call of `EchoChat`.
    Conversation open(int port) throws IOException {
        var path = isPlain() ? "/v1/echo:chat" : SERVICE + "EchoChat";
        return switch (httpVersion) {
            case 1 -> new Http1Conversation(port, path, type, accept, requests());
            case 2 -> new Http2Conversation(port, path, type, accept, requests());
            default -> new WebSocketConversation(port, path);
        };
    }

    private boolean isPlain() {
        return type.equals("application/x-ndjson");
    }

    private Function<String, byte[]> requests() {
        if (isPlain()) {
            return message -> json(message + "\"}\n");
        }
        return type.endsWith("json")
                ? message -> FacadeCalls.envelope(0, json(message + "\"}"))
                : message -> FacadeCalls.envelope(0, FacadeCalls.request(message).toByteArray());
    }

    private static byte[] json(String rest) {
        return ("{\"message\":\"" + rest).getBytes(StandardCharsets.UTF_8);
    }
}
