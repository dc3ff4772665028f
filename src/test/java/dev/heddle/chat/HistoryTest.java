package dev.heddle.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.heddle.chat.v1.CreateRoomRequest;
import dev.heddle.chat.v1.GetRoomRequest;
import dev.heddle.chat.v1.ListMessagesRequest;
import dev.heddle.chat.v1.ListRoomsRequest;
import dev.heddle.chat.v1.Message;
import dev.heddle.chat.v1.Room;
import dev.heddle.chat.v1.SendMessageRequest;
import dev.heddle.testing.TestPostgres;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Rooms and what was said in them.
@Timeout(60)
final class HistoryTest {
    private static final ChatReplica REPLICA = ChatReplica.start(TestPostgres.createDatabase());

    @AfterAll
    static void stop() {
        REPLICA.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "number", "number desc"})
    void historyComesInPages(String orderBy) {
        var room = REPLICA.room();
        for (int i = 1; i <= 7; i++) {
            REPLICA.say("ada", room, "message " + i);
        }
        var numbers = new ArrayList<Long>();
        var request =
                ListMessagesRequest.newBuilder().setRoom(room).setOrderBy(orderBy).setPageSize(3);
        do {
            var page = REPLICA.as("bob").listMessages(request.build());
            assertThat(page.getMessagesCount()).isLessThanOrEqualTo(3);
            page.getMessagesList().forEach(message -> numbers.add(message.getNumber()));
            request.setPageToken(page.getNextPageToken());
        } while (!request.getPageToken().isEmpty());

        var oldestFirst = LongStream.rangeClosed(1, 7).boxed().toList();
        assertThat(numbers)
                .isEqualTo(orderBy.equals("number") ? oldestFirst : oldestFirst.reversed());
    }

    @Test
    void roomsComeInPages() {
        var created = IntStream.range(0, 5).mapToObj(_ -> REPLICA.room()).sorted().toList();
        var listed = new ArrayList<String>();
        var request = ListRoomsRequest.newBuilder().setPageSize(2);
        do {
            var page = REPLICA.as("bob").listRooms(request.build());
            page.getRoomsList().forEach(room -> listed.add(room.getId()));
            request.setPageToken(page.getNextPageToken());
        } while (!request.getPageToken().isEmpty());

        assertThat(listed).isSorted().doesNotHaveDuplicates().containsAll(created);
    }

    @Test
    void numbersOfMessagesAtTheSameTimeAreDense() throws Exception {
        var room = REPLICA.room();
        Callable<Message> say = () -> REPLICA.say("ada", room, "hello");
        var said = new ArrayList<Message>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var each : threads.invokeAll(IntStream.range(0, 50).mapToObj(_ -> say).toList())) {
                said.add(each.get());
            }
        }
        assertThat(said.stream().map(Message::getNumber).collect(Collectors.toSet()))
                .isEqualTo(LongStream.rangeClosed(1, 50).boxed().collect(Collectors.toSet()));
    }

    @Test
    void repeatedRequestIsHarmless() {
        var room = REPLICA.room();
        var request =
                SendMessageRequest.newBuilder()
                        .setRoom(room)
                        .setText("once")
                        .setRequestId("1 in " + room)
                        .build();
        var creation =
                CreateRoomRequest.newBuilder()
                        .setRoom(Room.newBuilder().setTitle("Named by the server"))
                        .setRequestId(room)
                        .build();

        assertThat(REPLICA.as("ada").sendMessage(request))
                .isEqualTo(REPLICA.as("ada").sendMessage(request));
        assertThat(REPLICA.as("bob").sendMessage(request).getNumber()).isEqualTo(2);
        assertThat(REPLICA.as("ada").createRoom(creation))
                .isEqualTo(REPLICA.as("ada").createRoom(creation));
    }

    @Test
    void whatIsWrongIsSaid() {
        var ada = REPLICA.as("ada");
        var room = REPLICA.room();

        assertFails(
                Code.NOT_FOUND, () -> ada.getRoom(GetRoomRequest.newBuilder().setId("x").build()));
        assertFails(Code.NOT_FOUND, () -> REPLICA.say("ada", "x", "hello"));
        assertFails(Code.INVALID_ARGUMENT, () -> REPLICA.say("ada", room, ""));
        assertFails(Code.INVALID_ARGUMENT, () -> REPLICA.say("ada", room, "x".repeat(4001)));
        assertFails(Code.PERMISSION_DENIED, () -> REPLICA.say("rita-reader", room, "hello"));
        assertFails(
                Code.NOT_FOUND,
                () -> ada.listMessages(ListMessagesRequest.newBuilder().setRoom("x").build()));
        assertFails(
                Code.INVALID_ARGUMENT,
                () ->
                        ada.listMessages(
                                ListMessagesRequest.newBuilder()
                                        .setRoom(room)
                                        .setPageToken("made up")
                                        .build()));
        for (var id : List.of("Upper", "-a", "a-", "a.b", "x".repeat(64))) {
            assertFails(Code.INVALID_ARGUMENT, () -> ada.createRoom(creation(id)));
        }
        assertFails(Code.ALREADY_EXISTS, () -> ada.createRoom(creation(room)));
    }

    private static CreateRoomRequest creation(String id) {
        return CreateRoomRequest.newBuilder()
                .setRoomId(id)
                .setRoom(Room.newBuilder().setTitle("Test"))
                .build();
    }

    private static void assertFails(Code code, Runnable call) {
        var failure = catchThrowableOfType(StatusRuntimeException.class, call::run);
        assertThat(failure).isNotNull();
        assertThat(failure.getStatus().getCode()).as(failure.getMessage()).isEqualTo(code);
    }
}
