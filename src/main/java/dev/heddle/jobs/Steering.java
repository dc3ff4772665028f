package dev.heddle.jobs;

import dev.heddle.db.Ids;
import dev.heddle.jobs.v1.Job;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.Ownership;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import io.helidon.dbclient.DbExecute;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Changes jobs on somebody's request, within a transaction.
final class Steering {
    private final Jobs jobs;
    private final JobStore store = new JobStore();
    private final TriggerStore triggers = new TriggerStore();
    private final KeyStore keys = new KeyStore();

    Steering(Jobs jobs) {
        this.jobs = jobs;
    }

    /// The id of a job that should be there.
    ///
    /// @throws RpcException NOT_FOUND for text that is no job's id
    static UUID parseId(String id) {
        return Ids.find(id).orElseThrow(() -> notFound(id));
    }

    static RpcException notFound(String id) {
        return new RpcException(Code.NOT_FOUND, "no job \"%s\"".formatted(id))
                .withReason("JOB_NOT_FOUND", Map.of("id", id));
    }

    /// Which jobs a call reaches: those that its caller asked for.
    static Ownership own(Call call) {
        return Ownership.of(call, "jobs");
    }

    /// Cancels a job, or asks whoever runs it to.
    Job cancel(DbExecute db, UUID id, Ownership own) {
        var withdrawn = triggers.withdraw(db, id);
        var job = lock(db, id, own);
        if (JobEvents.isEnded(job)) {
            if (job.getState() == Job.State.CANCELLED) {
                return job;
            }
            throw state(job, "PENDING or RUNNING");
        }
        if (withdrawn.isPresent() || store.isWaiting(db, id)) {
            store.cancel(db, id, withdrawn.orElse(0L));
            if (!job.getConcurrencyKey().isEmpty() && keys.wakeNext(db, job.getConcurrencyKey())) {
                jobs.signal(job.getType());
            }
        } else {
            store.requestCancel(db, id);
        }
        return told(db, id);
    }

    /// Has a job run again that has not succeeded.
    Job retry(DbExecute db, UUID id, Ownership own) {
        var job = lock(db, id, own);
        switch (job.getState()) {
            case FAILED, DEAD, CANCELLED -> restart(db, List.of(id));
            case PENDING, RUNNING, SUCCEEDED, STATE_UNSPECIFIED, UNRECOGNIZED ->
                    throw state(job, "FAILED, DEAD or CANCELLED");
        }
        return told(db, id);
    }

    /// Has dead jobs run again.
    ///
    /// @param type of this type; empty: of any
    /// @return how many
    int redrive(DbExecute db, String type, int limit) {
        var ids = store.lockDead(db, type, limit);
        if (!ids.isEmpty()) {
            restart(db, ids);
            store.get(db, ids).stream()
                    .filter(job -> store.isWatched(db, parseId(job.getId())))
                    .forEach(jobs.events()::changed);
        }
        return ids.size();
    }

    /// Removes a job that has ended.
    void delete(DbExecute db, UUID id, Ownership own) {
        var job = lock(db, id, own);
        if (!JobEvents.isEnded(job)) {
            throw state(job, "SUCCEEDED, FAILED, CANCELLED or DEAD");
        }
        store.delete(db, id);
    }

    /// A job that nobody else can change until the transaction ends.
    ///
    /// @throws RpcException NOT_FOUND, for another's too
    Job lock(DbExecute db, UUID id, Ownership own) {
        return store.lock(db, id)
                .filter(job -> own.reaches(job.getCreator()))
                .orElseThrow(() -> notFound(id.toString()));
    }

    private void restart(DbExecute db, List<UUID> ids) {
        store.restart(db, ids);
        jobs.types().keySet().forEach(jobs::signal);
    }

    /// The job as it is now, which its watchers are told.
    private Job told(DbExecute db, UUID id) {
        var job = store.getWhole(db, id).orElseThrow();
        if (store.isWatched(db, id)) {
            jobs.events().changed(job);
        }
        return job;
    }

    private static RpcException state(Job job, String expected) {
        return new RpcException(
                        Code.FAILED_PRECONDITION,
                        "the job is %s (expected: %s)".formatted(job.getState(), expected))
                .withReason("JOB_STATE", Map.of("state", job.getState().name()));
    }
}
