package dev.heddle.facade.envelope;

import dev.heddle.facade.HttpReasons;
import dev.heddle.http.BodyMalformedException;
import dev.heddle.http.BodyReleasedException;
import dev.heddle.http.BodyTimeoutException;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.Inbound;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import java.io.IOException;

/// Whether the caller is still there, and what it means for the call if it can't be reached.
public final class Peer {
    private final Call call;
    private volatile boolean gone;

    public Peer(Call call) {
        this.call = call;
    }

    /// Whether nobody is left who could read a status.
    public boolean isGone() {
        return gone;
    }

    /// The caller has reset the stream or lost the connection.
    public void leave() {
        gone = true;
        call.cancelByCaller();
    }

    /// Why a read or a write ended early. That of a cancelled call was interrupted for it.
    public RpcException toRpcException(IOException failure) {
        if (failure instanceof BodyTimeoutException) {
            return new RpcException(
                            Code.DEADLINE_EXCEEDED,
                            "the caller sent nothing for too long: " + failure.getMessage())
                    .withReason(HttpReasons.BODY_TIMEOUT);
        }
        if (failure instanceof BodyMalformedException) {
            return new RpcException(
                    Code.INVALID_ARGUMENT, "malformed body: " + failure.getMessage());
        }
        if (failure instanceof BodyReleasedException && !call.isCancelled()) {
            return Inbound.released();
        }
        if (!call.isCancelled()) {
            leave();
        }
        return call.cancellation().orElseThrow();
    }
}
