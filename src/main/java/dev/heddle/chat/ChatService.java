package dev.heddle.chat;

import dev.heddle.chat.v1.ChatEvent;
import dev.heddle.chat.v1.ChatRequest;
import dev.heddle.chat.v1.ChatServiceGrpc;
import dev.heddle.chat.v1.WatchRoomRequest;
import dev.heddle.db.Database;
import dev.heddle.db.PageTokens;
import dev.heddle.feed.Feed;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.Inbound;
import dev.heddle.rpc.Outbound;
import dev.heddle.rpc.Rpcs;
import dev.heddle.rpc.Validation;

/// Serves `heddle.chat.v1.ChatService`; what each method promises is in
/// `proto/heddle/chat/v1/chat.proto`.
public final class ChatService implements Rpcs.Service {
    /// For how many intervals it matters that somebody typed.
    private static final int TYPING_LIFE = 3;

    private final Rooms rooms;
    private final Messages messages;
    private final Subscriptions subscriptions;
    private final Presence presence;
    private final ChatParts parts;

    private ChatService(Database database, Feed feed, PageTokens pageTokens, Settings settings) {
        var store = new RoomStore();
        var presenceStore = new PresenceStore();
        var events = new ChatEvents(feed);
        var typingLife = settings.typingInterval().multipliedBy(TYPING_LIFE);
        this.rooms = new Rooms(database, store, events, pageTokens);
        this.messages = new Messages(database, store, events, rooms, pageTokens);
        this.subscriptions =
                new Subscriptions(database, store, presenceStore, rooms, feed, typingLife);
        this.presence = new Presence(database, presenceStore, events, settings.sessionLease());
        this.parts = new ChatParts(settings, messages, presence, subscriptions, new Validation());
    }

    /// Starts to look after who is there, until it is closed.
    public static ChatService start(
            Database database, Feed feed, PageTokens pageTokens, Settings settings) {
        var service = new ChatService(database, feed, pageTokens, settings);
        service.presence.start();
        return service;
    }

    @Override
    public void register(Rpcs.Builder rpcs) {
        rpcs.unary(ChatServiceGrpc.getCreateRoomMethod(), rooms::create)
                .unary(ChatServiceGrpc.getGetRoomMethod(), rooms::get)
                .unary(ChatServiceGrpc.getListRoomsMethod(), rooms::list)
                .unary(ChatServiceGrpc.getDeleteRoomMethod(), rooms::delete)
                .unary(ChatServiceGrpc.getSendMessageMethod(), messages::send)
                .unary(ChatServiceGrpc.getListMessagesMethod(), messages::list)
                .serverStreaming(ChatServiceGrpc.getWatchRoomMethod(), this::watch)
                .bidi(ChatServiceGrpc.getChatMethod(), this::chat);
    }

    @Override
    public void close() {
        presence.close();
    }

    private void watch(WatchRoomRequest request, Outbound<ChatEvent> out, Call call)
            throws InterruptedException {
        try (var subscription = subscriptions.room(request, call.caller().subject())) {
            subscription.run(out, call);
        }
    }

    private void chat(Inbound<ChatRequest> in, Outbound<ChatEvent> out, Call call)
            throws InterruptedException {
        new ChatSession(parts, call, out).run(in);
    }
}
