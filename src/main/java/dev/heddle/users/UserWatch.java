package dev.heddle.users;

import dev.heddle.db.Condition;
import dev.heddle.db.Database;
import dev.heddle.feed.Feed;
import dev.heddle.feed.Selection;
import dev.heddle.feed.Start;
import dev.heddle.feed.Token;
import dev.heddle.feed.v1.Synced;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.Outbound;
import dev.heddle.users.v1.WatchUsersRequest;
import dev.heddle.users.v1.WatchUsersResponse;
import java.util.Map;
import java.util.Set;

/// One watcher of users: state and stream, and both again where the stream has a gap.
final class UserWatch {
    private final Database database;
    private final Feed feed;
    private final UserStore store;
    private final UserEvents events;
    private final WatchUsersRequest request;
    private final Outbound<WatchUsersResponse> out;
    private final Call call;
    private final Selection selection;

    UserWatch(
            Database database,
            Feed feed,
            UserStore store,
            UserEvents events,
            WatchUsersRequest request,
            Outbound<WatchUsersResponse> out,
            Call call) {
        this.database = database;
        this.feed = feed;
        this.store = store;
        this.events = events;
        this.request = request;
        this.out = out;
        this.call = call;
        this.selection =
                new Selection(
                        UserEvents.TOPICS,
                        Set.of(),
                        request.getId().isEmpty() ? Set.of() : Set.of(request.getId()));
    }

    void run() throws InterruptedException {
        var start = Start.parse(request.getFrom(), "from");
        if (start instanceof Start.Now && request.getSnapshot()) {
            start = new Start.After(tellState());
        }
        while (true) {
            follow(start);
            start = request.getSnapshot() ? new Start.After(tellState()) : new Start.Earliest();
        }
    }

    /// Streams changes until some are missing.
    private void follow(Start start) throws InterruptedException {
        try (var cursor = feed.open(selection, start, call.caller().subject())) {
            var stream = feed.stream(cursor, events);
            stream.greet(out);
            stream.run(out, call);
        }
    }

    /// Sends the users as they are.
    ///
    /// @return the place behind which the changes are that they don't show
    private Token tellState() {
        var snapshot =
                database.snapshot(db -> {
                    var taken = feed.snapshot(db);
                    store.export(
                            db,
                            condition(),
                            user ->
                                    out.send(
                                            WatchUsersResponse.newBuilder()
                                                    .setExisting(user)
                                                    .build()));
                    return taken;
                });
        var token = feed.behind(snapshot, selection.topics());
        out.send(UserEvents.at(token).setSynced(Synced.getDefaultInstance()).build());
        return token;
    }

    private Condition condition() {
        return request.getId().isEmpty()
                ? Condition.TRUE
                : new Condition(
                        "(id = CAST(:id AS uuid))",
                        Map.of("id", UserIds.parse(request.getId()).toString()));
    }
}
