package dev.heddle.feed;

import com.google.protobuf.Message;
import dev.heddle.db.Database;
import dev.heddle.feed.v1.Synced;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.Outbound;
import io.helidon.dbclient.DbExecute;

/// Tells a caller a state and then the changes to it, without a gap or a repeat between the two,
/// and both again where changes are missing.
///
/// @param <R> the messages of the stream
public final class StateStream<R extends Message> {
    private final Database database;
    private final Feed feed;
    private final Selection changes;
    private final State<R> state;

    /// What the stream is about, and how it says it.
    public interface State<R extends Message> extends LiveStream.Words<R> {
        /// Sends what is there, as the snapshot of a [Database#snapshot] has it.
        void tell(DbExecute db, Outbound<R> out);
    }

    /// @param database where the state is
    /// @param changes the events that change it
    public StateStream(Database database, Feed feed, Selection changes, State<R> state) {
        this.database = database;
        this.feed = feed;
        this.changes = changes;
        this.state = state;
    }

    /// Streams until the call ends.
    ///
    /// @param from what the caller wrote: a token, or empty for now
    /// @param withState whether to begin with the state, and to tell it again where changes are
    ///   missing; where there is a token, only the latter
    /// @throws dev.heddle.rpc.RpcException as [Feed#open], [Feed#behind] and [LiveStream#run] do
    public void run(String from, boolean withState, Outbound<R> out, Call call)
            throws InterruptedException {
        var start = Start.parse(from, "from");
        if (start instanceof Start.Now && withState) {
            start = tellState(out);
        }
        while (true) {
            follow(start, out, call);
            start = withState ? tellState(out) : new Start.Earliest();
        }
    }

    private void follow(Start start, Outbound<R> out, Call call) throws InterruptedException {
        try (var cursor = feed.open(changes, start, call.caller().subject())) {
            var stream = feed.stream(cursor, state);
            stream.greet(out);
            stream.run(out, call);
        }
    }

    private Start tellState(Outbound<R> out) {
        var snapshot =
                database.snapshot(db -> {
                    var taken = feed.snapshot(db);
                    state.tell(db, out);
                    return taken;
                });
        var token = feed.behind(snapshot, changes.topics());
        out.send(state.of(token, Synced.getDefaultInstance()));
        return new Start.After(token);
    }
}
