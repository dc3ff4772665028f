package dev.heddle.facade.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.diagnostics.v1.EchoRequest;
import dev.heddle.facade.json.Json;
import dev.heddle.fuzz.Fuzz;
import dev.heddle.http.websocket.WebSocketMessage;
import dev.heddle.rpc.Rpcs;
import dev.heddle.testing.FacadeCalls;
import dev.heddle.testing.TestMethods;
import dev.heddle.websocket.v1.Envelope;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Envelopes at random.
@Timeout(3600)
final class EnvelopeFuzzTest {
    private static final Json JSON =
            Json.of(Rpcs.builder().add(new TestMethods()).build(), Envelope.getDefaultInstance());

    @Test
    void envelopesInJson() {
        var codec = new JsonEnvelopes(JSON);
        Fuzz.of(
                        "JSON envelope",
                        "{\"type\":\"start\",\"message\":{\"message\":\"héllo\"},\"metadata\":{\"a\":\"b\"}}",
                        "{\"type\":\"message\",\"message\":{\"message\":\"x\"}}",
                        "{\"message\":\"text\",\"type\":\"message\"}",
                        "{\"type\":\"credit\",\"credit\":5}",
                        "{\"type\":\"end\",\"message\":null}",
                        "{\"type\":\"error\",\"status\":{\"code\":3,\"message\":\"x\",\"details\":[]}}",
                        "\0{\0\"\0m\0e\0s\0s\0a\0g\0e\0\"\0:\0001\0}",
                        "{\0\"\0m\0e\0s\0s\0a\0g\0e\0\"\0:\0001\0}\0")
                .words(
                        "{",
                        "}",
                        "[",
                        "]",
                        ",",
                        ":",
                        "\"",
                        "\"type\":",
                        "\"message\":",
                        "\"start\"",
                        "\"credit\":",
                        "\"metadata\":",
                        "1",
                        "null",
                        "\"\"",
                        "{}",
                        " ",
                        "\0",
                        "\\u006dessage")
                .refusedBy(List.of(Violation.class))
                .run(input -> {
                    var envelope = codec.decode(WebSocketMessage.text(input.bytes()));
                    if (envelope.hasMessage()) {
                        var request = EchoRequest.newBuilder();
                        codec.merge(envelope.getMessage(), request);
                        assertThat(codec.decode(codec.encode(envelope)).getMessage())
                                .isEqualTo(envelope.getMessage());
                    }
                });
    }

    @Test
    void envelopesInProto() {
        var codec = new ProtoEnvelopes();
        var message = Envelopes.message(FacadeCalls.request("héllo").toByteString()).build();
        Fuzz.of(
                        "binary envelope",
                        message.toByteArray(),
                        message.toBuilder()
                                .putMetadata("a", "b")
                                .setCredit(7)
                                .build()
                                .toByteArray())
                .refusedBy(List.of(Violation.class))
                .run(input -> {
                    var envelope = codec.decode(WebSocketMessage.binary(input.bytes()));
                    codec.merge(envelope.getMessage(), EchoRequest.newBuilder());
                });
    }
}
