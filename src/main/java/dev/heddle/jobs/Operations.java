package dev.heddle.jobs;

import com.google.longrunning.Operation;
import com.google.protobuf.Any;
import com.google.rpc.Status;
import dev.heddle.jobs.v1.Job;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import java.util.UUID;

/// Jobs as `google.longrunning` has them: `operations/` and the job's id.
final class Operations {
    static final String COLLECTION = "operations";

    private static final String PREFIX = COLLECTION + "/";

    private Operations() {}

    /// The id of the job that an operation is.
    ///
    /// @throws RpcException NOT_FOUND for the name of nothing
    static UUID parseName(String name) {
        if (!name.startsWith(PREFIX)) {
            throw Steering.notFound(name);
        }
        return Steering.parseId(name.substring(PREFIX.length()));
    }

    /// The job is the metadata, save for its result, which is the response.
    static Operation of(Job job) {
        var operation =
                Operation.newBuilder()
                        .setName(PREFIX + job.getId())
                        .setMetadata(Any.pack(job.toBuilder().clearResult().build()));
        return switch (job.getState()) {
            case SUCCEEDED ->
                    operation.setDone(true).setResponse(Any.pack(job.getResult())).build();
            case FAILED, DEAD -> operation.setDone(true).setError(job.getError()).build();
            case CANCELLED -> operation.setDone(true).setError(cancelled(job)).build();
            case PENDING, RUNNING, STATE_UNSPECIFIED, UNRECOGNIZED -> operation.build();
        };
    }

    /// A job that was cancelled before it began has no error of its own.
    private static Status cancelled(Job job) {
        return job.getError().getCode() == Code.CANCELLED.value()
                ? job.getError()
                : new RpcException(Code.CANCELLED, "the job was cancelled").toStatus();
    }
}
