package dev.heddle.rpc;

import io.grpc.Status.Code;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/// The one place where whatever a handler throws becomes what its caller gets to see.
public final class Failures {
    private static final Logger LOGGER = System.getLogger(Failures.class.getName());

    private Failures() {}

    /// What the caller of a method sees of a failure. One that was not meant for callers becomes
    /// INTERNAL with a reference id, and is logged once under that id.
    ///
    /// @param method the name of the method, for the log
    public static RpcException toRpcException(Throwable failure, String method) {
        return switch (failure) {
            case RpcException e -> e;
            case StatusRuntimeException e ->
                    RpcException.of(
                            StatusProto.fromStatusAndTrailers(e.getStatus(), e.getTrailers()));
            case StatusException e ->
                    RpcException.of(
                            StatusProto.fromStatusAndTrailers(e.getStatus(), e.getTrailers()));
            default -> unexpected(failure, method);
        };
    }

    private static RpcException unexpected(Throwable failure, String method) {
        var reference = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
        LOGGER.log(Level.ERROR, "%s failed, reference %s".formatted(method, reference), failure);
        return new RpcException(Code.INTERNAL, "internal error, reference %s".formatted(reference))
                .withCause(failure);
    }
}
