package dev.heddle.http.h1;

import dev.heddle.http.carrier.Characters;
import dev.heddle.rpc.Headers;
import io.helidon.http.DateTime;
import io.helidon.http.Status;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import java.util.Set;

/// The head of an HTTP/1.1 response. How its body is framed is decided here, whatever the header
/// fields say, save that a length given there holds.
///
/// @param toHead whether it answers HEAD, and so has no body in any case
/// @param closes whether the connection ends behind it
record ResponseHead(int status, Headers headers, boolean toHead, boolean closes) {
    private static final Set<String> OWN_FIELDS =
            Set.of("connection", "content-length", "date", "keep-alive", "transfer-encoding");
    private static final int SWITCHING_PROTOCOLS = 101;

    ResponseHead {
        if (status < 200 || status > 999) {
            throw new IllegalArgumentException(
                    "status: %d (expected: 200 to 999)".formatted(status));
        }
        headers.forEach(ResponseHead::check);
        closes |= headers.all("connection").contains("close");
    }

    private static void check(String name, String value) {
        if (!Characters.isToken(name) || !Characters.isFieldValue(value)) {
            throw new IllegalArgumentException(
                    "header %s: can't be sent (expected: a token, and a value without controls)"
                            .formatted(name));
        }
    }

    /// The head behind which another protocol begins.
    static byte[] switchingTo(String protocol, Headers headers) {
        headers.forEach(ResponseHead::check);
        var text = statusLine(SWITCHING_PROTOCOLS);
        addFields(headers, text);
        return text.append("connection: Upgrade\r\nupgrade: ")
                .append(protocol)
                .append("\r\n\r\n")
                .toString()
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    /// Whether a body follows.
    boolean hasBody() {
        return !toHead && mayHaveLength() && status != 205;
    }

    /// The length that the header fields give.
    OptionalLong givenLength() {
        return headers.first("content-length")
                .map(value -> OptionalLong.of(Long.parseLong(value)))
                .orElse(OptionalLong.empty());
    }

    /// Where the body has a length, or would have one if the answer were not to HEAD.
    byte[] toBytes(long length) {
        return toBytes(mayHaveLength() ? "content-length: " + length + "\r\n" : "");
    }

    /// Where the length of the body, if there is one, is not known.
    byte[] toBytes() {
        return toBytes(hasBody() ? "transfer-encoding: chunked\r\n" : "");
    }

    private boolean mayHaveLength() {
        return status != 204 && status != 304;
    }

    private byte[] toBytes(String framing) {
        var text = statusLine(status);
        addFields(headers, text);
        text.append(framing).append(closes ? "connection: close\r\n\r\n" : "\r\n");
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static StringBuilder statusLine(int status) {
        return new StringBuilder(256)
                .append("HTTP/1.1 ")
                .append(status)
                .append(' ')
                .append(Status.create(status).reasonPhrase())
                .append("\r\n");
    }

    private static void addFields(Headers headers, StringBuilder text) {
        headers.forEach((name, value) -> {
            if (!OWN_FIELDS.contains(name)) {
                text.append(name).append(": ").append(value).append("\r\n");
            }
        });
        text.append("date: ").append(DateTime.rfc1123String()).append("\r\n");
    }
}
