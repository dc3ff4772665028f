package dev.heddle.http.websocket;

import dev.heddle.http.Exchange;
import dev.heddle.http.Upgrade;
import dev.heddle.rpc.Headers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// A request to become a WebSocket (RFC 6455, section 4.2), checked and not yet answered.
public final class Handshake {
    /// The name under which an exchange is asked for.
    public static final String PROTOCOL = "websocket";

    /// The header that names the sub-protocols on offer, and in the answer the one that was chosen.
    public static final String SUBPROTOCOL = "sec-websocket-protocol";

    private static final String VERSION = "13";
    private static final String KEY_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int KEY_SIZE = 16;

    private final Exchange exchange;
    private final Upgrade upgrade;
    private final Optional<String> key;

    private Handshake(Exchange exchange, Upgrade upgrade, Optional<String> key) {
        this.exchange = exchange;
        this.upgrade = upgrade;
        this.key = key;
    }

    /// Checks a request.
    ///
    /// @throws HandshakeException 426 for one that does not ask for a WebSocket, or for another
    ///   version; 400 for one that is malformed
    public static Handshake of(Exchange exchange) throws HandshakeException {
        var upgrade = exchange.upgrade(PROTOCOL);
        if (upgrade.isEmpty()) {
            throw new HandshakeException(
                    426,
                    "not a WebSocket handshake (expected: GET over HTTP/1.1, with Connection: Upgrade"
                            + " and Upgrade: websocket)",
                    Headers.builder().set("upgrade", PROTOCOL).build());
        }
        var version = exchange.headers().all("sec-websocket-version");
        if (!version.equals(List.of(VERSION))) {
            throw new HandshakeException(
                    426,
                    "sec-websocket-version: %s (expected: %s)"
                            .formatted(String.join(", ", version), VERSION),
                    Headers.builder()
                            .set("upgrade", PROTOCOL)
                            .set("sec-websocket-version", VERSION)
                            .build());
        }
        return new Handshake(exchange, upgrade.get(), key(exchange));
    }

    /// The sub-protocols on offer, in the order of the client's preference.
    public List<String> subprotocols() {
        return exchange.headers().all(SUBPROTOCOL).stream()
                .flatMap(value -> Arrays.stream(value.split(",")))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
    }

    /// Accepts the request.
    ///
    /// @param headers what goes with the answer, such as the [#SUBPROTOCOL]
    public WebSocket accept(Headers headers, Settings settings) throws IOException {
        var all = Headers.builder().addAll(headers);
        key.ifPresent(value -> all.set("sec-websocket-accept", proof(value)));
        var extensions =
                settings.compresses()
                        ? Extensions.answer(exchange.headers())
                        : Optional.<String>empty();
        extensions.ifPresent(value -> all.set(Extensions.HEADER, value));
        var tunnel = upgrade.accept(all.build());
        return new WebSocket(exchange, tunnel, extensions.isPresent(), settings);
    }

    /// Over HTTP/2 there is none: a CONNECT can't be mistaken for anything else (RFC 8441).
    private static Optional<String> key(Exchange exchange) throws HandshakeException {
        if (!exchange.protocol().equals("HTTP/1.1")) {
            return Optional.empty();
        }
        var keys = exchange.headers().all("sec-websocket-key");
        if (keys.size() != 1 || !isKey(keys.getFirst())) {
            throw new HandshakeException(
                    400, "sec-websocket-key: not 16 bytes in base64", Headers.empty());
        }
        return Optional.of(keys.getFirst());
    }

    private static boolean isKey(String text) {
        try {
            return Base64.getDecoder().decode(text).length == KEY_SIZE;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    /// Shows that the key was understood.
    private static String proof(String key) {
        try {
            var digest = MessageDigest.getInstance("SHA-1");
            var bytes = digest.digest((key + KEY_SUFFIX).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }
}
