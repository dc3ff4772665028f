package dev.heddle.facade.grpc.helidon;

import dev.heddle.rpc.RpcException;
import io.grpc.Attributes;
import io.grpc.ServerCall;
import java.util.Optional;

/// What a transport whose `sendMessage` blocks tells and does beyond [io.grpc.ServerCall]. A call
/// carries it among its attributes; a transport that never blocks needs none.
interface GrpcTransport {
    Attributes.Key<GrpcTransport> ATTRIBUTE = Attributes.Key.create("dev.heddle.grpc-transport");

    /// The transport of a call, empty where it never blocks.
    static Optional<GrpcTransport> of(ServerCall<?, ?> call) {
        return Optional.ofNullable(call.getAttributes().get(ATTRIBUTE));
    }

    /// Ends the wait of a thread that is blocked in sending to a slow caller.
    void interrupt(Thread sender);

    /// Why the transport cancels a call whose caller is still there and is owed a status; empty
    /// where the caller has gone.
    Optional<RpcException> failure();
}
