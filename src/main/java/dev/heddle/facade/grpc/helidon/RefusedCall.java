package dev.heddle.facade.grpc.helidon;

import dev.heddle.rpc.RpcException;
import io.grpc.Metadata;
import io.grpc.ServerCall;

/// A call that fails before there is anything to run.
final class RefusedCall<Q> extends ServerCall.Listener<Q> {
    private final ServerCall<Q, ?> transport;
    private final RpcException reason;
    private boolean closed;

    RefusedCall(ServerCall<Q, ?> transport, RpcException reason) {
        this.transport = transport;
        this.reason = reason;
    }

    @Override
    public void onReady() {
        if (!closed) {
            closed = true;
            transport.close(HelidonAnswer.status(reason), new Metadata());
        }
    }
}
