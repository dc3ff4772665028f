package dev.heddle.facade.websocket;

import dev.heddle.http.websocket.Handshake;
import dev.heddle.rpc.Headers;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import java.util.List;
import java.util.Optional;

/// What a client can ask for by `Sec-WebSocket-Protocol`.
enum Subprotocol {
    /// What holds for a client that asks for nothing.
    JSON("heddle.json"),
    PROTO("heddle.proto");

    /// Begin sub-protocols that are none, but bring a token or a ticket: for pages, which can't set
    /// a header.
    private static final String BEARER = "bearer.";

    private static final String TICKET = "ticket.";

    private final String value;

    Subprotocol(String value) {
        this.value = value;
    }

    /// The first on offer that is known.
    ///
    /// @throws RpcException INVALID_ARGUMENT if none is
    static Subprotocol choose(List<String> offers) {
        if (offers.isEmpty()) {
            return JSON;
        }
        for (var offer : offers) {
            for (var known : values()) {
                if (offer.equals(known.value)) {
                    return known;
                }
            }
        }
        throw new RpcException(
                        Code.INVALID_ARGUMENT,
                        "%s: none that is known (expected: %s, %s or no such header)"
                                .formatted(Handshake.SUBPROTOCOL, JSON.value, PROTO.value))
                .withReason("SUBPROTOCOL_UNKNOWN");
    }

    /// The headers of a request, with the token that is among the offers as `authorization`.
    static Headers withToken(Headers headers, List<String> offers) {
        if (headers.contains("authorization")) {
            return headers;
        }
        return behind(BEARER, offers)
                .map(token ->
                        Headers.builder()
                                .addAll(headers)
                                .set("authorization", "Bearer " + token)
                                .build())
                .orElse(headers);
    }

    /// The ticket that is among the offers.
    static Optional<String> ticket(List<String> offers) {
        return behind(TICKET, offers);
    }

    private static Optional<String> behind(String prefix, List<String> offers) {
        return offers.stream()
                .filter(offer -> offer.startsWith(prefix))
                .findFirst()
                .map(offer -> offer.substring(prefix.length()));
    }

    /// What the answer to a handshake says of it; nothing to a client that asked for nothing.
    Headers answer(List<String> offers) {
        return offers.isEmpty()
                ? Headers.empty()
                : Headers.builder().set(Handshake.SUBPROTOCOL, value).build();
    }
}
