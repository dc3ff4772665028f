package dev.heddle.jobs;

import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;

/// A job that can't be done, however often it is tried: it becomes FAILED.
public final class PermanentFailureException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final RpcException failure;

    /// @param failure why, for those who look at the job
    public PermanentFailureException(RpcException failure) {
        super(failure.message(), failure);
        this.failure = failure;
    }

    /// @param message why, for those who look at the job
    public PermanentFailureException(String message) {
        this(new RpcException(Code.FAILED_PRECONDITION, message));
    }

    RpcException failure() {
        return failure;
    }
}
