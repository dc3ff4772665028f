package dev.heddle.jobs;

import dev.heddle.db.Database;
import dev.heddle.feed.Feed;
import dev.heddle.feed.FeedEvent;
import dev.heddle.feed.LiveStream;
import dev.heddle.feed.Next;
import dev.heddle.feed.Payloads;
import dev.heddle.feed.Selection;
import dev.heddle.feed.Start;
import dev.heddle.feed.Token;
import dev.heddle.feed.v1.Bookmark;
import dev.heddle.feed.v1.Synced;
import dev.heddle.jobs.v1.Job;
import dev.heddle.jobs.v1.WatchJobResponse;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.Outbound;
import dev.heddle.rpc.Ownership;
import dev.heddle.rpc.Shared;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/// Tells somebody how a job gets on, until it has ended.
///
/// It first notes that the job is watched, in a transaction of its own: whatever is committed
/// behind that is published.
final class JobWatch implements LiveStream.Words<WatchJobResponse> {
    private static final FeedEvent.Reading<WatchJobResponse> READING = JobWatch::toMessage;

    /// How often to see whether the feed has come to the end of a job that has ended.
    private static final Duration PATIENCE = Duration.ofMillis(50);

    private final Database database;
    private final Feed feed;
    private final UUID id;
    private final Ownership own;
    private final Selection changes;
    private final JobStore store = new JobStore();
    private Runnable onEnded = () -> {};
    private boolean isEnded;

    /// A job as the place shows it behind which its changes come.
    private record Seen(Job job, Token token) {}

    /// @param own which jobs the caller may know of
    JobWatch(Database database, Feed feed, UUID id, Ownership own) {
        this.database = database;
        this.feed = feed;
        this.id = id;
        this.own = own;
        this.changes = new Selection(JobEvents.TOPICS, Set.of(), Set.of(id.toString()));
    }

    /// Streams until the job has ended.
    ///
    /// @param from what the caller wrote: a token, or empty for the job as it is
    /// @throws dev.heddle.rpc.RpcException as [Feed#open], [Feed#behind] and [LiveStream#run] do,
    ///   and NOT_FOUND
    void run(String from, Outbound<WatchJobResponse> out, Call call) throws InterruptedException {
        var start = Start.parse(from, "from");
        if (!database.transaction(db -> store.watch(db, id, own))) {
            throw notFound();
        }
        if (start instanceof Start.After(var token)) {
            catchUp(token, out, call);
        } else {
            tell(out, call);
        }
    }

    /// Goes on behind a token. A job that has ended may have done so before it, or behind.
    private void catchUp(Token token, Outbound<WatchJobResponse> out, Call call)
            throws InterruptedException {
        var seen = see();
        if (!JobEvents.isEnded(seen.job())) {
            follow(token, out, call);
            return;
        }
        try (var cursor = feed.open(changes, new Start.After(token), call.caller().subject())) {
            while (!isEnded) {
                switch (cursor.next(PATIENCE)) {
                    case Next.Events(var events) -> out.sendAll(of(events));
                    case Next.Nothing _ -> isEnded = cursor.token().seq() >= seen.token().seq();
                    case Next.Reset _, Next.Stopping _ -> {
                        tell(out, call);
                        return;
                    }
                }
                call.check();
            }
        }
    }

    private void tell(Outbound<WatchJobResponse> out, Call call) throws InterruptedException {
        var existing = WatchJobResponse.Existing.newBuilder();
        var seen =
                database.snapshot(db -> {
                    var taken = feed.snapshot(db);
                    existing.setJob(store.getWhole(db, id).orElseThrow(this::notFound))
                            .addAllLines(store.lines(db, id));
                    return taken;
                });
        out.send(WatchJobResponse.newBuilder().setExisting(existing).build());
        var token = feed.behind(seen, changes.topics());
        out.send(of(token, Synced.getDefaultInstance()));
        if (!JobEvents.isEnded(existing.getJob())) {
            follow(token, out, call);
        }
    }

    private Seen see() {
        var job = new ArrayList<Job>();
        var snapshot =
                database.snapshot(db -> {
                    var taken = feed.snapshot(db);
                    job.add(store.get(db, id).orElseThrow(this::notFound));
                    return taken;
                });
        return new Seen(job.getFirst(), feed.behind(snapshot, changes.topics()));
    }

    private void follow(Token token, Outbound<WatchJobResponse> out, Call call)
            throws InterruptedException {
        try (var cursor = feed.open(changes, new Start.After(token), call.caller().subject())) {
            var stream = feed.stream(cursor, this);
            onEnded = stream::end;
            stream.greet(out);
            stream.run(out, call);
        }
        if (!isEnded) {
            tell(out, call);
        }
    }

    private RuntimeException notFound() {
        return Steering.notFound(id.toString());
    }

    @Override
    public List<Shared<WatchJobResponse>> of(List<FeedEvent> events) {
        var messages = new ArrayList<Shared<WatchJobResponse>>();
        for (var event : events) {
            if (!isEnded) {
                messages.add(event.as(READING));
                isEnded = event.type().equals(JobEvents.ENDED);
            }
        }
        if (isEnded) {
            onEnded.run();
        }
        return messages;
    }

    /// An event of a type that this version does not know moves the token alone.
    private static WatchJobResponse toMessage(FeedEvent event) {
        var message = WatchJobResponse.newBuilder().setToken(event.token().toString());
        return switch (event.type()) {
            case JobEvents.REPORTED ->
                    message.setReport(
                                    Payloads.read(
                                            event.payload(), WatchJobResponse.Report.newBuilder()))
                            .build();
            case JobEvents.UPDATED -> message.setUpdated(job(event)).build();
            case JobEvents.ENDED -> message.setEnded(job(event)).build();
            default -> message.setBookmark(Bookmark.getDefaultInstance()).build();
        };
    }

    private static Job.Builder job(FeedEvent event) {
        return Payloads.read(event.payload(), Job.newBuilder());
    }

    @Override
    public WatchJobResponse.Builder at(Token token) {
        return WatchJobResponse.newBuilder().setToken(token.toString());
    }
}
