package dev.heddle.jobs;

import com.google.protobuf.Struct;

/// Does the jobs of a type. It blocks for as long as that takes, on a virtual thread.
///
/// An attempt may be one of several, and may follow one that was cut off anywhere: what it does
/// must bear to be done again. While it runs it is the only one, unless its gateway is presumed
/// dead: what must not happen twice at a time carries [JobContext#fencingToken].
@FunctionalInterface
public interface JobHandler {
    /// Does a job.
    ///
    /// @return the result
    /// @throws PermanentFailureException if no further attempt could succeed
    /// @throws Exception whatever makes this attempt fail. An [dev.heddle.rpc.RpcException] is kept
    ///   as it is, and its time to retry after is kept to, up to `jobs.last-pause`; of anything
    ///   else only a reference id is shown, under which it is logged
    Struct run(Struct payload, JobContext context) throws Exception;
}
