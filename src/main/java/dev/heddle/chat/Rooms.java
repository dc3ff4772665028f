package dev.heddle.chat;

import com.google.protobuf.Empty;
import dev.heddle.chat.v1.CreateRoomRequest;
import dev.heddle.chat.v1.DeleteRoomRequest;
import dev.heddle.chat.v1.GetRoomRequest;
import dev.heddle.chat.v1.ListRoomsRequest;
import dev.heddle.chat.v1.ListRoomsResponse;
import dev.heddle.chat.v1.Room;
import dev.heddle.db.Database;
import dev.heddle.db.PageTokens;
import dev.heddle.db.Pages;
import dev.heddle.db.RequestIds;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.Ownership;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import io.helidon.dbclient.DbExecute;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Rooms come and go.
final class Rooms {
    private final Database database;
    private final RoomStore store;
    private final ChatEvents events;
    private final PageTokens pageTokens;

    Rooms(Database database, RoomStore store, ChatEvents events, PageTokens pageTokens) {
        this.database = database;
        this.store = store;
        this.events = events;
        this.pageTokens = pageTokens;
    }

    Room create(CreateRoomRequest request, Call call) {
        var id = request.getRoomId().isEmpty() ? UUID.randomUUID().toString() : request.getRoomId();
        return RequestIds.once(
                database,
                call,
                request.getRequestId(),
                request,
                Room.parser(),
                db ->
                        store.createRoom(
                                        db,
                                        id,
                                        request.getRoom().getTitle(),
                                        call.caller().subject())
                                .orElseThrow(() -> exists(id)));
    }

    Room get(GetRoomRequest request, Call call) {
        return database.plain(db -> get(db, request.getId()));
    }

    ListRoomsResponse list(ListRoomsRequest request, Call call) {
        var parameters = List.of(call.rpc().contract().name());
        var after =
                request.getPageToken().isEmpty()
                        ? ""
                        : pageTokens.decode(request.getPageToken(), parameters).getFirst();
        var size = Pages.size(request.getPageSize());
        var rooms = database.plain(db -> store.rooms(db, after, size + 1));
        var response = ListRoomsResponse.newBuilder();
        rooms.stream().limit(size).forEach(response::addRooms);
        if (rooms.size() > size) {
            response.setNextPageToken(
                    pageTokens.encode(parameters, List.of(rooms.get(size - 1).getId())));
        }
        return response.build();
    }

    Empty delete(DeleteRoomRequest request, Call call) {
        return RequestIds.once(
                database,
                call,
                request.getRequestId(),
                request,
                Empty.parser(),
                db -> {
                    var room =
                            store.lockRoom(db, request.getId())
                                    .orElseThrow(() -> notFound(request.getId()));
                    Ownership.of(call, "chat").check(room.getCreator());
                    store.deleteRoom(db, room.getId());
                    events.closed(room);
                    return Empty.getDefaultInstance();
                });
    }

    /// A room that should be there.
    ///
    /// @throws RpcException NOT_FOUND, reason `ROOM_NOT_FOUND`
    Room get(DbExecute db, String id) {
        return store.room(db, id).orElseThrow(() -> notFound(id));
    }

    static RpcException notFound(String id) {
        return new RpcException(Code.NOT_FOUND, "no room \"%s\"".formatted(id))
                .withReason("ROOM_NOT_FOUND", Map.of("id", id));
    }

    private static RpcException exists(String id) {
        return new RpcException(Code.ALREADY_EXISTS, "there is a room \"%s\"".formatted(id))
                .withReason("ROOM_EXISTS", Map.of("id", id));
    }
}
