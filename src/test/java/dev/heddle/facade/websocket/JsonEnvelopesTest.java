package dev.heddle.facade.websocket;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.facade.json.Json;
import dev.heddle.http.websocket.WebSocketMessage;
import dev.heddle.rpc.Rpcs;
import dev.heddle.websocket.v1.Envelope;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class JsonEnvelopesTest {
    private final JsonEnvelopes envelopes =
            new JsonEnvelopes(Json.of(Rpcs.builder().build(), Envelope.getDefaultInstance()));

    private void assertMalformed(byte[] text) {
        assertThatThrownBy(() -> envelopes.decode(WebSocketMessage.text(text)))
                .isInstanceOf(Violation.class)
                .hasMessageContaining("malformed JSON");
    }

    /// Which is UTF-8 too, of many null characters.
    @Test
    void envelopeInUtf16IsMalformed() {
        var text = "{\"message\":{}}";

        assertMalformed(text.getBytes(StandardCharsets.UTF_16BE));
        assertMalformed(text.getBytes(StandardCharsets.UTF_16LE));
    }

    @Test
    void envelopeThatIsNestedTooDeeplyIsMalformed() {
        assertMalformed("{\"message\":".repeat(200).getBytes(StandardCharsets.UTF_8));
    }
}
