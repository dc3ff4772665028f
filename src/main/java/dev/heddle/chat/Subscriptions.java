package dev.heddle.chat;

import dev.heddle.chat.v1.ChatEvent;
import dev.heddle.chat.v1.Member;
import dev.heddle.chat.v1.Members;
import dev.heddle.chat.v1.Message;
import dev.heddle.chat.v1.WatchRoomRequest;
import dev.heddle.db.Database;
import dev.heddle.feed.Feed;
import dev.heddle.feed.Snapshot;
import dev.heddle.feed.Start;
import dev.heddle.feed.Token;
import dev.heddle.feed.Topics;
import dev.heddle.feed.v1.Synced;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Opens subscriptions to rooms and to inboxes.
final class Subscriptions {
    private static final int DEFAULT_LAST = 50;
    private static final int MEMBERS_AT_ONCE = 1000;
    private static final String FROM = "from";

    private final Database database;
    private final RoomStore store;
    private final PresenceStore presenceStore;
    private final Rooms rooms;
    private final Feed feed;
    private final Duration typingLife;

    /// A room as it is at a moment.
    private record State(Snapshot snapshot, List<Message> newest, List<Member> members) {}

    /// @param typingLife the age at which it no longer matters that somebody types
    Subscriptions(
            Database database,
            RoomStore store,
            PresenceStore presenceStore,
            Rooms rooms,
            Feed feed,
            Duration typingLife) {
        this.database = database;
        this.store = store;
        this.presenceStore = presenceStore;
        this.rooms = rooms;
        this.feed = feed;
        this.typingLife = typingLife;
    }

    /// Subscribes to a room.
    ///
    /// @throws dev.heddle.rpc.RpcException NOT_FOUND; INVALID_ARGUMENT for a token that can't be
    ///   read; RESOURCE_EXHAUSTED, reason `TOO_MANY_STREAMS`; ABORTED, reason `SNAPSHOT_TOO_BUSY`
    Subscription room(WatchRoomRequest request, String caller) throws InterruptedException {
        var room = request.getRoom();
        var last = request.hasLast() ? request.getLast() : DEFAULT_LAST;
        var source =
                new Subscription.Source(
                        room, ChatEvents.roomTopic(room), _ -> state(room, last), typingLife);
        return Subscription.open(
                feed,
                source,
                caller,
                request.getFrom().isEmpty() ? state(room, last) : resumed(room, request.getFrom()));
    }

    /// Subscribes to what is said to a person alone.
    ///
    /// @param from the token to go on behind; empty: from now
    Subscription inbox(String person, String from) throws InterruptedException {
        var source =
                new Subscription.Source(
                        "", ChatEvents.inboxTopic(person), Subscriptions::behind, typingLife);
        var start = from.isEmpty() ? new Start.Now() : new Start.After(Token.parse(from, FROM));
        return Subscription.open(
                feed, source, person, new Subscription.Beginning(List.of(), start));
    }

    private Subscription.Beginning resumed(String room, String from) {
        var token = Token.parse(from, FROM);
        var _ = database.plain(db -> rooms.get(db, room));
        return behind(token);
    }

    private static Subscription.Beginning behind(Token token) {
        return new Subscription.Beginning(List.of(), new Start.After(token));
    }

    /// What was said last and who is there, and the place from which events go on.
    private Subscription.Beginning state(String room, int last) {
        var state =
                database.snapshot(db -> {
                    var snapshot = feed.snapshot(db);
                    var id = rooms.get(db, room).getId();
                    return new State(
                            snapshot,
                            store.newest(db, id, Long.MAX_VALUE, last),
                            presenceStore.members(db, id));
                });
        var token = feed.behind(state.snapshot(), Topics.of(ChatEvents.roomTopic(room)));
        var events = new ArrayList<ChatEvent>();
        state.newest()
                .reversed()
                .forEach(message -> events.add(in(room).setEarlier(message).build()));
        for (int from = 0; from < state.members().size(); from += MEMBERS_AT_ONCE) {
            var to = Math.min(from + MEMBERS_AT_ONCE, state.members().size());
            var some = Members.newBuilder().addAllMembers(state.members().subList(from, to));
            events.add(in(room).setMembers(some).build());
        }
        events.add(ChatWords.at(token, room).setSynced(Synced.getDefaultInstance()).build());
        return new Subscription.Beginning(events, new Start.After(token));
    }

    private static ChatEvent.Builder in(String room) {
        return ChatEvent.newBuilder().setRoom(room);
    }
}
