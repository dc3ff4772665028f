package dev.heddle.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.chat.v1.ChatEvent;
import dev.heddle.chat.v1.ChatEvent.KindCase;
import dev.heddle.chat.v1.ChatRequest;
import dev.heddle.chat.v1.DeleteRoomRequest;
import dev.heddle.chat.v1.DirectCommand;
import dev.heddle.chat.v1.JoinCommand;
import dev.heddle.chat.v1.LeaveCommand;
import dev.heddle.chat.v1.ListenCommand;
import dev.heddle.chat.v1.Member;
import dev.heddle.chat.v1.SendMessageRequest;
import dev.heddle.chat.v1.TypingCommand;
import dev.heddle.rpc.RpcException;
import dev.heddle.testing.TestPostgres;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Sessions, over gRPC.
@Timeout(60)
final class ChatTest {
    private static final ChatReplica REPLICA =
            ChatReplica.start(
                    TestPostgres.createDatabase(),
                    new Settings(Duration.ofSeconds(15), 2, Duration.ofSeconds(30)));

    @AfterAll
    static void stop() {
        REPLICA.close();
    }

    @Test
    void twoPeopleTalk() {
        var room = REPLICA.room();
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

    @Test
    void joinTellsWhatWasBefore() {
        var room = REPLICA.room();
        for (var text : List.of("one", "two", "three")) {
            REPLICA.say("ada", room, text);
        }
        try (var ada = REPLICA.session("ada");
                var bob = REPLICA.session("bob")) {
            ada.join(room);
            ada.await(KindCase.JOINED);

            bob.command(
                    ChatRequest.newBuilder()
                            .setJoin(JoinCommand.newBuilder().setRoom(room).setLast(2)));

            assertThat(bob.await(KindCase.EARLIER).getEarlier().getText()).isEqualTo("two");
            assertThat(bob.await(KindCase.EARLIER).getEarlier().getText()).isEqualTo("three");
            assertThat(bob.await(KindCase.MEMBERS).getMembers().getMembersList())
                    .extracting(Member::getPerson)
                    .containsExactly("ada");
            assertThat(bob.await(KindCase.SYNCED).getToken()).isNotEmpty();
            assertThat(bob.await(KindCase.JOINED).getJoined().getPerson()).isEqualTo("bob");
        }
    }

    @Test
    void badCommandIsRefusedAndTheSessionGoesOn() {
        var room = REPLICA.room();
        try (var ada = REPLICA.session("ada")) {
            assertRefused(ada, message(room, "hi"), "NOT_JOINED");
            assertRefused(ada, join("nowhere", ""), "ROOM_NOT_FOUND");
            assertRefused(ada, ChatRequest.newBuilder().setLeave(leave(room)), "NOT_JOINED");
            ada.join(room);
            assertRefused(ada, join(room, ""), "ALREADY_JOINED");
            assertThat(ada.refused(join(REPLICA.room(), "no token")).getMessage()).contains("from");
            ada.join(REPLICA.room());
            assertRefused(ada, join(REPLICA.room(), ""), "TOO_MANY_ROOMS");
            assertThat(ada.refused(message(room, "x".repeat(4001))).getMessage())
                    .contains("message.text")
                    .contains("4000");
            assertThat(ada.refused(ChatRequest.newBuilder()).getMessage())
                    .isEqualTo(
                            "command: none (expected: join, leave, message, direct, typing or listen)");
            ada.listen("");
            assertRefused(
                    ada,
                    ChatRequest.newBuilder().setListen(ListenCommand.getDefaultInstance()),
                    "ALREADY_JOINED");

            assertThat(ada.say(room, "still here").getAck().getMessage().getNumber()).isEqualTo(1);
        }
    }

    @Test
    void whoMayNotSpeakMayListen() {
        var room = REPLICA.room();
        try (var reader = REPLICA.session("rita-reader")) {
            reader.join(room);
            assertRefused(reader, message(room, "hi"), "SCOPE_MISSING");

            REPLICA.say("ada", room, "hello");

            assertThat(reader.await(KindCase.MESSAGE).getMessage().getText()).isEqualTo("hello");
        }
    }

    @Test
    void directMessageReachesOnlyItsAddressee() {
        var room = REPLICA.room();
        try (var ada = REPLICA.session("ada@example.com");
                var bob = REPLICA.session("bob@example.com");
                var bobToo = REPLICA.session("bob@example.com");
                var eve = REPLICA.session("eve@example.com")) {
            for (var session : List.of(bob, bobToo, eve)) {
                session.listen("");
                session.join(room);
            }

            var told = ada.tell("bob@example.com", "psst").getAck().getDirect();
            REPLICA.say("ada@example.com", room, "the end");

            for (var session : List.of(bob, bobToo)) {
                assertThat(session.await(KindCase.DIRECT).getDirect()).isEqualTo(told);
            }
            assertThat(kindsUntil(eve, KindCase.MESSAGE)).doesNotContain(KindCase.DIRECT);
        }
    }

    @Test
    void directMessagesGoOnBehindTheirToken() {
        try (var ada = REPLICA.session("ann")) {
            String token;
            try (var bob = REPLICA.session("ben")) {
                bob.listen("");
                bob.await(KindCase.BOOKMARK);
                ada.tell("ben", "one");
                token = bob.await(KindCase.DIRECT).getToken();
            }
            ada.tell("ben", "two");
            try (var bob = REPLICA.session("ben")) {
                bob.listen(token);
                assertThat(bob.await(KindCase.DIRECT).getDirect().getText()).isEqualTo("two");
            }
        }
    }

    @Test
    void repeatedCommandIsHarmless() {
        var room = REPLICA.room();
        var command =
                ChatRequest.newBuilder()
                        .setMessage(
                                SendMessageRequest.newBuilder()
                                        .setRoom(room)
                                        .setText("once")
                                        .setRequestId("once in " + room));
        var direct =
                ChatRequest.newBuilder()
                        .setDirect(
                                DirectCommand.newBuilder()
                                        .setRecipient("nobody")
                                        .setText("once")
                                        .setRequestId("to nobody " + room));
        try (var ada = REPLICA.session("ada");
                var again = REPLICA.session("ada")) {
            ada.join(room);
            again.join(room);
            var first = ada.command(command).getAck().getMessage();

            assertThat(again.command(command).getAck().getMessage()).isEqualTo(first);
            assertThat(again.command(direct).getAck().getDirect())
                    .isEqualTo(ada.command(direct).getAck().getDirect());
            assertRefused(
                    again,
                    ChatRequest.newBuilder()
                            .setMessage(command.getMessage().toBuilder().setText("other")),
                    "REQUEST_ID_REUSED");
            assertThat(again.say(room, "next").getAck().getMessage().getNumber()).isEqualTo(2);
        }
    }

    @Test
    void sessionsOfOnePersonAreOnePresence() {
        var room = REPLICA.room();
        try (var ada = REPLICA.session("ada")) {
            ada.join(room);
            ada.await(KindCase.JOINED);
            try (var bob = REPLICA.session("bob");
                    var bobToo = REPLICA.session("bob")) {
                bob.join(room);
                bobToo.join(room);
                bob.command(ChatRequest.newBuilder().setLeave(leave(room)));
                assertThat(bobToo.leave()).isEqualTo(Status.OK);
            }
            REPLICA.say("tester", room, "the end");

            assertThat(kindsUntil(ada, KindCase.MESSAGE))
                    .containsExactly(KindCase.JOINED, KindCase.LEFT, KindCase.MESSAGE);
        }
    }

    @Test
    void nothingComesOfARoomThatWasLeft() {
        var room = REPLICA.room();
        try (var ada = REPLICA.session("ada")) {
            ada.join(room);
            ada.await(KindCase.JOINED);
            ada.command(ChatRequest.newBuilder().setLeave(leave(room)));
            REPLICA.say("tester", room, "unheard");
            ada.listen("");

            assertThat(kindsUntil(ada, KindCase.BOOKMARK)).containsExactly(KindCase.BOOKMARK);
        }
    }

    @Test
    void typingIsToldOnceInAWhile() {
        var room = REPLICA.room();
        var typing = ChatRequest.newBuilder().setTyping(TypingCommand.newBuilder().setRoom(room));
        try (var ada = REPLICA.session("ada");
                var bob = REPLICA.session("bob")) {
            ada.join(room);
            bob.join(room);
            bob.await(event -> event.getJoined().getPerson().equals("bob"));
            for (int i = 0; i < 5; i++) {
                ada.command(typing);
            }
            ada.say(room, "done");

            assertThat(kindsUntil(bob, KindCase.MESSAGE))
                    .containsExactly(KindCase.TYPING, KindCase.MESSAGE);
        }
    }

    @Test
    void removedRoomIsClosed() {
        var room = REPLICA.room();
        try (var ada = REPLICA.session("ada")) {
            ada.join(room);

            REPLICA.as("tester").deleteRoom(DeleteRoomRequest.newBuilder().setId(room).build());

            assertThat(ada.await(KindCase.CLOSED).getClosed().getId()).isEqualTo(room);
            assertRefused(ada, join(room, ""), "ROOM_NOT_FOUND");
        }
    }

    @Test
    void sessionGoesOnBehindItsToken() {
        var room = REPLICA.room();
        String token;
        try (var ada = REPLICA.session("ada")) {
            ada.join(room);
            ada.say(room, "one");
            token = ada.await(KindCase.MESSAGE).getToken();
        }
        REPLICA.say("bob", room, "two");
        try (var ada = REPLICA.session("ada")) {
            ada.resume(room, token);
            REPLICA.say("bob", room, "three");

            var texts = new ArrayList<String>();
            while (texts.size() < 2) {
                texts.add(ada.await(KindCase.MESSAGE).getMessage().getText());
            }
            assertThat(texts).containsExactly("two", "three");
        }
    }

    @Test
    void tokenOfAnotherHistoryIsAnsweredByTheState() {
        var room = REPLICA.room();
        REPLICA.say("bob", room, "one");
        try (var ada = REPLICA.session("ada")) {
            ada.resume(room, "99:1:00000000deadbeef");

            ada.await(KindCase.RESET);
            assertThat(ada.await(KindCase.EARLIER).getEarlier().getText()).isEqualTo("one");
            assertThat(ada.await(KindCase.SYNCED).getToken()).isNotEmpty();
        }
    }

    @Test
    void stoppingGatewaySaysGoodbyeToEachRoom() {
        var replica = ChatReplica.start(TestPostgres.createDatabase());
        try (replica;
                var ada = replica.session("ada");
                var idle = replica.session("bob")) {
            var one = replica.room();
            var two = replica.room();
            ada.join(one);
            ada.join(two);
            idle.refused(message(one, "not joined"));
            var start = System.nanoTime();

            replica.drain();

            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isLessThan(Duration.ofSeconds(2));
            var byes = List.of(ada.await(KindCase.BYE), ada.await(KindCase.BYE));
            assertThat(byes).extracting(ChatEvent::getRoom).containsExactlyInAnyOrder(one, two);
            assertThat(byes).allMatch(bye -> !bye.getToken().isEmpty());
            assertThat(byes).allMatch(bye -> bye.getBye().getRetryAfter().getSeconds() < 3);
            for (var session : List.of(ada, idle)) {
                var end = session.end();
                assertThat(end.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
                assertThat(end.getDescription()).contains("stopping");
            }
        }
    }

    private static List<KindCase> kindsUntil(Conversation session, KindCase last) {
        var kinds = new ArrayList<KindCase>();
        session.await(event -> {
            if (!event.hasSynced() && !event.hasMembers() && !event.hasAck()) {
                kinds.add(event.getKindCase());
            }
            return event.getKindCase() == last;
        });
        return kinds;
    }

    private static void assertRefused(
            Conversation session, ChatRequest.Builder command, String reason) {
        assertThat(RpcException.of(session.refused(command)).reason()).contains(reason);
    }

    private static ChatRequest.Builder message(String room, String text) {
        return ChatRequest.newBuilder()
                .setMessage(SendMessageRequest.newBuilder().setRoom(room).setText(text));
    }

    private static ChatRequest.Builder join(String room, String from) {
        return ChatRequest.newBuilder()
                .setJoin(JoinCommand.newBuilder().setRoom(room).setFrom(from));
    }

    private static LeaveCommand leave(String room) {
        return LeaveCommand.newBuilder().setRoom(room).build();
    }
}
