package dev.heddle.activity;

import com.google.protobuf.Timestamp;
import dev.heddle.activity.v1.Action;
import dev.heddle.activity.v1.ActivityServiceGrpc;
import dev.heddle.activity.v1.Analytics;
import dev.heddle.activity.v1.GetAnalyticsRequest;
import dev.heddle.activity.v1.ListActionsRequest;
import dev.heddle.activity.v1.ListActionsResponse;
import dev.heddle.activity.v1.RecordActionRequest;
import dev.heddle.db.Database;
import dev.heddle.db.IdShelf;
import dev.heddle.db.Ids;
import dev.heddle.db.PageTokens;
import dev.heddle.db.Pages;
import dev.heddle.db.RequestIds;
import dev.heddle.db.Times;
import dev.heddle.feed.EventHandlers;
import dev.heddle.feed.Feed;
import dev.heddle.feed.FeedEvent;
import dev.heddle.feed.NewEvent;
import dev.heddle.feed.Payloads;
import dev.heddle.feed.Selection;
import dev.heddle.feed.Topics;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.Ownership;
import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Rpcs;
import dev.heddle.users.Directory;
import io.helidon.dbclient.DbExecute;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;

/// Serves `heddle.activity.v1.ActivityService`; what each method promises is in
/// `proto/heddle/activity/v1/activity.proto`.
public final class ActivityService implements Rpcs.Service {
    private static final String TOPIC = "activity";
    private static final String RECORDED = "action.recorded";
    private static final int MAX_DETAILS = 16 << 10;
    private static final Duration DEFAULT_TIME = Duration.ofHours(24);
    private static final Duration LONGEST_TIME = Duration.ofDays(31);

    /// Comes behind every id.

    private final Database database;

    private final Feed feed;
    private final Directory directory;
    private final Pages pages;
    private final Clock clock;
    private final ActivityStore store = new ActivityStore();
    private final Ids ids = new Ids();

    private ActivityService(
            Database database, Feed feed, Directory directory, PageTokens pageTokens, Clock clock) {
        this.database = database;
        this.feed = feed;
        this.directory = directory;
        this.pages = new Pages(pageTokens);
        this.clock = clock;
    }

    /// Starts to log and to count what is recorded.
    public static ActivityService start(
            Database database,
            Feed feed,
            EventHandlers handlers,
            Directory directory,
            PageTokens pageTokens,
            Clock clock)
            throws InterruptedException {
        var service = new ActivityService(database, feed, directory, pageTokens, clock);
        // one handler, so that the actions of a user are in the log before it is told to forget
        // them
        handlers.handle(
                TOPIC,
                new Selection(
                        Topics.parse(List.of(TOPIC, Directory.TOPIC), "topics"),
                        Set.of(RECORDED, Directory.USER_DELETED),
                        Set.of()),
                service::handle);
        return service;
    }

    @Override
    public void register(Rpcs.Builder rpcs) {
        rpcs.unary(ActivityServiceGrpc.getRecordActionMethod(), this::record)
                .unary(ActivityServiceGrpc.getListActionsMethod(), this::list)
                .unary(ActivityServiceGrpc.getGetAnalyticsMethod(), this::analytics);
    }

    Action record(RecordActionRequest request, Call call) {
        checkOwner(request.getUser(), call);
        var user =
                Ids.find(request.getUser())
                        .orElseThrow(() -> Directory.notFound(request.getUser()));
        checkSize(request.getAction());
        return RequestIds.once(
                database,
                call,
                request.getRequestId(),
                request,
                Action.parser(),
                db -> {
                    if (directory.hold(db, Set.of(user)).isEmpty()) {
                        throw Directory.notFound(request.getUser());
                    }
                    var action =
                            request.getAction().toBuilder()
                                    .setId(ids.next())
                                    .setUser(user.toString())
                                    .setTime(Times.now(clock))
                                    .build();
                    feed.publish(
                            new NewEvent(TOPIC, RECORDED, action.getUser(), Payloads.of(action)));
                    return action;
                });
    }

    ListActionsResponse list(ListActionsRequest request, Call call) {
        checkOwner(request.getUser(), call);
        var user = Ids.find(request.getUser());
        if (user.isEmpty()) {
            return ListActionsResponse.getDefaultInstance();
        }
        var page =
                pages.read(
                        new Pages.Walk(
                                request.getPageSize(),
                                request.getPageToken(),
                                List.of(call.rpc().contract().name(), user.get().toString())),
                        IdShelf.newestFirst(
                                (before, limit) ->
                                        database.plain(
                                                db -> store.list(db, user.get(), before, limit)),
                                Action::getId));
        return ListActionsResponse.newBuilder()
                .addAllActions(page.items())
                .setNextPageToken(page.nextToken())
                .build();
    }

    Analytics analytics(GetAnalyticsRequest request, Call call) {
        var hours = hours(request);
        return database.snapshot(db -> store.count(db, hours)).toBuilder()
                .setStartTime(timestamp(hours.start()))
                .setEndTime(timestamp(hours.end()))
                .build();
    }

    private void handle(FeedEvent event, DbExecute db) {
        if (event.type().equals(RECORDED)) {
            store.log(db, Payloads.read(event.payload(), Action.newBuilder()).build());
        } else {
            store.deleteOf(db, event.key());
        }
    }

    private ActivityStore.Hours hours(GetAnalyticsRequest request) {
        var until = request.hasEndTime() ? instant(request.getEndTime()) : clock.instant();
        var from =
                request.hasStartTime()
                        ? instant(request.getStartTime())
                        : until.minus(DEFAULT_TIME);
        var time = Duration.between(from, until);
        if (!time.isPositive() || time.compareTo(LONGEST_TIME) > 0) {
            throw RpcException.invalidField(
                    "end_time",
                    "%s (expected: behind the start_time %s, by 31 days at most)"
                            .formatted(until, from));
        }
        var end = until.truncatedTo(ChronoUnit.HOURS);
        return new ActivityStore.Hours(
                from.truncatedTo(ChronoUnit.HOURS),
                end.equals(until) ? end : end.plus(1, ChronoUnit.HOURS));
    }

    private static void checkOwner(String user, Call call) {
        Ownership.of(call, "activity").check(Ids.canonical(user));
    }

    private static void checkSize(Action action) {
        var size = Payloads.of(action.getDetails()).getBytes(StandardCharsets.UTF_8).length;
        if (size > MAX_DETAILS) {
            throw RpcException.invalidField(
                    "action.details",
                    "%d bytes of JSON (expected: at most %d)".formatted(size, MAX_DETAILS));
        }
    }

    private static Instant instant(Timestamp time) {
        return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
    }

    private static Timestamp timestamp(Instant time) {
        return Timestamp.newBuilder().setSeconds(time.getEpochSecond()).build();
    }
}
