package dev.heddle.facade.websocket;

import dev.heddle.http.websocket.CloseStatus;
import dev.heddle.rpc.RpcException;

/// What a failure is as a close code, as `websocket.proto` has it.
final class CloseCodes {
    /// More messages than there was credit for.
    static final int CREDIT_OVERRUN = 4100;

    /// An envelope that is malformed, or out of order.
    static final int BAD_ENVELOPE = 4101;

    /// The canonical code of the failure is added to it.
    private static final int FAILURE = 4000;

    private CloseCodes() {}

    static CloseStatus of(RpcException failure) {
        return new CloseStatus(code(failure), failure.code() + ": " + failure.message());
    }

    private static int code(RpcException failure) {
        return switch (failure.code()) {
            case UNAUTHENTICATED, PERMISSION_DENIED -> CloseStatus.POLICY_VIOLATION;
            case INTERNAL, UNKNOWN -> CloseStatus.INTERNAL_ERROR;
            default ->
                    failure.reason().filter(RpcException.STOPPING::equals).isPresent()
                            ? CloseStatus.GOING_AWAY
                            : FAILURE + failure.code().value();
        };
    }
}
