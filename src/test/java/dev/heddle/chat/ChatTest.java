package dev.heddle.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.chat.v1.ChatEvent.KindCase;
import dev.heddle.chat.v1.CreateRoomRequest;
import dev.heddle.chat.v1.Room;
import dev.heddle.testing.TestPostgres;
import io.grpc.Status;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class ChatTest {
    private static final ChatReplica REPLICA = ChatReplica.start(TestPostgres.createDatabase());

    @AfterAll
    static void stop() {
        REPLICA.close();
    }

    @Test
    void twoPeopleTalk() {
        var room = room();
        try (var ada = REPLICA.session("ada");
                var bob = REPLICA.session("bob")) {
            ada.join(room);
            bob.join(room);
            assertThat(ada.await(event -> event.getJoined().getPerson().equals("bob")).getToken())
                    .isNotEmpty();

            var ack = ada.say(room, "hello").getAck().getMessage();
            var heard = bob.await(KindCase.MESSAGE);

            assertThat(ack.getNumber()).isEqualTo(1);
            assertThat(ack.getSender()).isEqualTo("ada");
            assertThat(heard.getMessage()).isEqualTo(ack);
            assertThat(heard.getRoom()).isEqualTo(room);
            assertThat(bob.leave()).isEqualTo(Status.OK);
            assertThat(ada.await(KindCase.LEFT).getLeft().getPerson()).isEqualTo("bob");
        }
    }

    private static String room() {
        return REPLICA.as("tester")
                .createRoom(
                        CreateRoomRequest.newBuilder()
                                .setRoomId("r" + UUID.randomUUID().toString().substring(0, 8))
                                .setRoom(Room.newBuilder().setTitle("Test"))
                                .build())
                .getId();
    }
}
