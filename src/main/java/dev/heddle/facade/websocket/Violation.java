package dev.heddle.facade.websocket;

import dev.heddle.http.websocket.CloseStatus;
import dev.heddle.http.websocket.WebSocketException;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;

/// A client that does not do what the contract of the socket says: its call ends, and the socket
/// with it.
final class Violation extends Exception {
    private static final long serialVersionUID = 1L;

    private final RpcException failure;
    private final transient CloseStatus status;

    private Violation(RpcException failure, CloseStatus status) {
        super(failure.message(), failure);
        this.failure = failure;
        this.status = status;
    }

    /// The WebSocket itself is not as it should be.
    static Violation of(WebSocketException e) {
        var code =
                e.status().code() == CloseStatus.TOO_BIG
                        ? Code.RESOURCE_EXHAUSTED
                        : Code.INVALID_ARGUMENT;
        return new Violation(
                new RpcException(code, e.status().reason()).withReason("WEBSOCKET_BROKEN"),
                e.status());
    }

    /// A frame of the wrong kind.
    static Violation unsupported(String message) {
        return of(
                new RpcException(Code.INVALID_ARGUMENT, message).withReason("FRAME_UNSUPPORTED"),
                CloseStatus.UNSUPPORTED_DATA);
    }

    static Violation badEnvelope(String message) {
        return badEnvelope(new RpcException(Code.INVALID_ARGUMENT, message));
    }

    static Violation badEnvelope(RpcException failure) {
        return of(failure.withReason("ENVELOPE_MALFORMED"), CloseCodes.BAD_ENVELOPE);
    }

    static Violation creditOverrun() {
        return of(
                new RpcException(
                                Code.RESOURCE_EXHAUSTED,
                                "a message without credit (expected: to wait for {\"type\":\"credit\"})")
                        .withReason("CREDIT_OVERRUN"),
                CloseCodes.CREDIT_OVERRUN);
    }

    private static Violation of(RpcException failure, int code) {
        return new Violation(failure, new CloseStatus(code, failure.message()));
    }

    /// What the client gets to see.
    RpcException failure() {
        return failure;
    }

    /// What the socket is closed with.
    CloseStatus status() {
        return status;
    }
}
