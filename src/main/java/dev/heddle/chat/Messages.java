package dev.heddle.chat;

import dev.heddle.chat.v1.ChatRequest;
import dev.heddle.chat.v1.DirectCommand;
import dev.heddle.chat.v1.DirectMessage;
import dev.heddle.chat.v1.ListMessagesRequest;
import dev.heddle.chat.v1.ListMessagesResponse;
import dev.heddle.chat.v1.Message;
import dev.heddle.chat.v1.SendMessageRequest;
import dev.heddle.db.Database;
import dev.heddle.db.PageTokens;
import dev.heddle.db.Pages;
import dev.heddle.db.RequestIds;
import dev.heddle.rpc.Call;
import io.helidon.dbclient.DbExecute;
import java.util.List;
import java.util.UUID;

/// What is said: written and published in one transaction, and so acknowledged exactly if it is
/// kept.
final class Messages {
    private static final String OLDEST_FIRST = "number";

    private final Database database;
    private final RoomStore store;
    private final ChatEvents events;
    private final Rooms rooms;
    private final PageTokens pageTokens;

    Messages(
            Database database,
            RoomStore store,
            ChatEvents events,
            Rooms rooms,
            PageTokens pageTokens) {
        this.database = database;
        this.store = store;
        this.events = events;
        this.rooms = rooms;
        this.pageTokens = pageTokens;
    }

    Message send(SendMessageRequest request, Call call) {
        return RequestIds.once(
                database,
                call,
                request.getRequestId(),
                request,
                Message.parser(),
                db -> {
                    var message =
                            store.addMessage(
                                            db,
                                            request.getRoom(),
                                            call.caller().subject(),
                                            request.getText())
                                    .orElseThrow(() -> Rooms.notFound(request.getRoom()));
                    events.said(message);
                    return message;
                });
    }

    /// Sends a command of a session; told apart from other commands, whose fields are the same, by
    /// the request that it came in.
    DirectMessage sendDirect(DirectCommand command, Call call) {
        return RequestIds.once(
                database,
                call,
                command.getRequestId(),
                ChatRequest.newBuilder().setDirect(command).build(),
                DirectMessage.parser(),
                db -> {
                    var message =
                            DirectMessage.newBuilder()
                                    .setId(UUID.randomUUID().toString())
                                    .setSender(call.caller().subject())
                                    .setRecipient(command.getRecipient())
                                    .setText(command.getText())
                                    .setCreateTime(store.now(db))
                                    .build();
                    events.saidTo(message);
                    return message;
                });
    }

    void typing(String room, String person) {
        var _ =
                database.transaction(db -> {
                    events.typing(room, person);
                    return room;
                });
    }

    ListMessagesResponse list(ListMessagesRequest request, Call call) {
        var parameters =
                List.of(call.rpc().contract().name(), request.getRoom(), request.getOrderBy());
        var size = Pages.size(request.getPageSize());
        var messages =
                database.plain(db -> {
                    var room = rooms.get(db, request.getRoom()).getId();
                    return page(db, room, request, parameters, size + 1);
                });
        var response = ListMessagesResponse.newBuilder();
        messages.stream().limit(size).forEach(response::addMessages);
        if (messages.size() > size) {
            var last = Long.toString(messages.get(size - 1).getNumber());
            response.setNextPageToken(pageTokens.encode(parameters, List.of(last)));
        }
        return response.build();
    }

    private List<Message> page(
            DbExecute db,
            String room,
            ListMessagesRequest request,
            List<String> parameters,
            int limit) {
        var isAscending = request.getOrderBy().equals(OLDEST_FIRST);
        var place =
                request.getPageToken().isEmpty()
                        ? (isAscending ? 0 : Long.MAX_VALUE)
                        : Long.parseLong(
                                pageTokens.decode(request.getPageToken(), parameters).getFirst());
        return isAscending
                ? store.oldest(db, room, place, limit)
                : store.newest(db, room, place, limit);
    }
}
