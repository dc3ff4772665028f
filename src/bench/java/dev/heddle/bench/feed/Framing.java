package dev.heddle.bench.feed;

import dev.heddle.events.v1.EventServiceGrpc;
import dev.heddle.events.v1.SubscribeRequest;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// How a subscriber asks for the events of a topic.
enum Framing {
    SSE,
    WEBSOCKET,
    CONNECT;

    private static final String PATH = EventServiceGrpc.getSubscribeMethod().getFullMethodName();

    /// Its name in words.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    byte[] request(String topic, String token) {
        var bytes = new ByteArrayOutputStream();
        switch (this) {
            case SSE -> {
                head(
                        bytes,
                        "GET /v1/topics/%s/events".formatted(topic),
                        token,
                        "Accept: text/event-stream");
            }
            case WEBSOCKET -> {
                head(
                        bytes,
                        "GET /ws/" + PATH,
                        token,
                        "Connection: Upgrade",
                        "Upgrade: websocket",
                        "Sec-WebSocket-Version: 13",
                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                        "Sec-WebSocket-Protocol: heddle.json");
                var message =
                        "{\"type\":\"request\",\"message\":{\"topic\":\"%s\"}}".formatted(topic);
                // the last four: masked with zeros
                bytes.writeBytes(
                        new byte[] {(byte) 0x81, (byte) (0x80 | message.length()), 0, 0, 0, 0});
                bytes.writeBytes(message.getBytes(StandardCharsets.US_ASCII));
            }
            case CONNECT -> {
                var message = SubscribeRequest.newBuilder().setTopic(topic).build().toByteArray();
                head(
                        bytes,
                        "POST /" + PATH,
                        token,
                        "Content-Type: application/connect+proto",
                        "Content-Length: " + (message.length + 5));
                bytes.writeBytes(new byte[] {0, 0, 0, 0, (byte) message.length});
                bytes.writeBytes(message);
            }
        }
        return bytes.toByteArray();
    }

    private static void head(
            ByteArrayOutputStream bytes, String start, String token, String... fields) {
        var head =
                "%s HTTP/1.1\r\nhost: localhost\r\nAuthorization: Bearer %s\r\n%s\r\n\r\n"
                        .formatted(start, token, String.join("\r\n", fields));
        bytes.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
    }
}
