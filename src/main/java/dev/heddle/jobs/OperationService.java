package dev.heddle.jobs;

import com.google.longrunning.CancelOperationRequest;
import com.google.longrunning.DeleteOperationRequest;
import com.google.longrunning.GetOperationRequest;
import com.google.longrunning.ListOperationsRequest;
import com.google.longrunning.ListOperationsResponse;
import com.google.longrunning.Operation;
import com.google.longrunning.OperationsGrpc;
import com.google.longrunning.WaitOperationRequest;
import com.google.protobuf.Empty;
import com.google.protobuf.util.Durations;
import dev.heddle.db.Database;
import dev.heddle.db.PageTokens;
import dev.heddle.feed.Feed;
import dev.heddle.jobs.v1.Job;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.Ownership;
import dev.heddle.rpc.Policy;
import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Rpcs;
import dev.heddle.rpc.Task;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/// Serves `google.longrunning.Operations` over the jobs, for clients that know nothing of them. As
/// in `heddle.jobs.v1` callers reach the jobs alone that they asked for, unless they hold
/// `jobs.admin`.
public final class OperationService implements Rpcs.Service {
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);

    /// Of a call's time, what is left for the answer.
    private static final int RESERVE = 10;

    private final Database database;
    private final Feed feed;
    private final Steering steering;
    private final JobPages pages;
    private final JobStore store = new JobStore();

    public OperationService(Database database, Feed feed, Jobs jobs, PageTokens pageTokens) {
        this.database = database;
        this.feed = feed;
        this.steering = new Steering(jobs);
        this.pages = new JobPages(database, pageTokens);
    }

    @Override
    public void register(Rpcs.Builder rpcs) {
        rpcs.under(Policy.scoped("jobs.read"))
                .unary(OperationsGrpc.getGetOperationMethod(), this::get)
                .unary(OperationsGrpc.getListOperationsMethod(), this::list)
                .unary(OperationsGrpc.getWaitOperationMethod(), this::await);
        rpcs.under(Policy.scoped("jobs.write"))
                .unary(OperationsGrpc.getCancelOperationMethod(), this::cancel)
                .unary(OperationsGrpc.getDeleteOperationMethod(), this::delete);
    }

    Operation get(GetOperationRequest request, Call call) {
        return find(Operations.parseName(request.getName()), Steering.own(call));
    }

    ListOperationsResponse list(ListOperationsRequest request, Call call) {
        if (!request.getFilter().isEmpty()) {
            throw RpcException.invalidField(
                    "filter", "\"%s\" (expected: none)".formatted(request.getFilter()));
        }
        if (!request.getName().isEmpty() && !request.getName().equals(Operations.COLLECTION)) {
            throw Steering.notFound(request.getName());
        }
        var creator = Steering.own(call).person("");
        var page =
                pages.read(
                        JobPages.createdBy(creator),
                        Math.max(0, request.getPageSize()),
                        request.getPageToken(),
                        List.of(call.rpc().contract().name(), creator));
        return ListOperationsResponse.newBuilder()
                .addAllOperations(page.items().stream().map(Operations::of).toList())
                .setNextPageToken(page.nextToken())
                .build();
    }

    /// Waits on the feed, and answers a moment before the call's own time is over.
    Operation await(WaitOperationRequest request, Call call) throws InterruptedException {
        var id = Operations.parseName(request.getName());
        var wanted =
                request.hasTimeout()
                        ? Duration.ofMillis(Math.max(1, Durations.toMillis(request.getTimeout())))
                        : LONGEST_WAIT;
        var most =
                call.remaining()
                        .map(left -> left.minus(left.dividedBy(RESERVE)))
                        .orElse(LONGEST_WAIT);
        var own = Steering.own(call);
        var part = Task.part(wanted.compareTo(most) < 0 ? wanted : most);
        try {
            part.run(() -> {
                new JobWatch(database, feed, id, own).run("", _ -> {}, call);
                return id;
            });
        } catch (RpcException | InterruptedException e) {
            if (call.isCancelled() || !part.isCancelled()) {
                throw e;
            }
            // its time is over, which is an answer as well
        }
        return find(id, own);
    }

    Empty cancel(CancelOperationRequest request, Call call) {
        var id = Operations.parseName(request.getName());
        return database.transaction(db -> {
            steering.cancel(db, id, Steering.own(call));
            return Empty.getDefaultInstance();
        });
    }

    Empty delete(DeleteOperationRequest request, Call call) {
        var id = Operations.parseName(request.getName());
        return database.transaction(db -> {
            steering.delete(db, id, Steering.own(call));
            return Empty.getDefaultInstance();
        });
    }

    private Operation find(UUID id, Ownership own) {
        Job job =
                database.plain(db -> store.get(db, id))
                        .filter(each -> own.reaches(each.getCreator()))
                        .orElseThrow(() -> Steering.notFound(id.toString()));
        return Operations.of(job);
    }
}
