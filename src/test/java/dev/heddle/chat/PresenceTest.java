package dev.heddle.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.chat.v1.ChatEvent.KindCase;
import dev.heddle.testing.TestPostgres;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Who is there, over two replicas.
@Timeout(60)
final class PresenceTest {
    private static final Settings SHORT =
            new Settings(Duration.ofMillis(900), 50, Duration.ofSeconds(3));
    private static final TestPostgres.Database POSTGRES = TestPostgres.createDatabase();
    private static final ChatReplica ONE = ChatReplica.start(POSTGRES, SHORT);
    private static final ChatReplica TWO = ChatReplica.start(POSTGRES, SHORT);

    @AfterAll
    static void stop() {
        ONE.close();
        TWO.close();
    }

    @Test
    void membersSeeEachOtherAcrossReplicas() {
        var room = ONE.room();
        try (var ada = ONE.session("ada")) {
            ada.join(room);
            try (var bob = TWO.session("bob")) {
                bob.join(room);
                assertThat(
                                ada.await(event -> event.getJoined().getPerson().equals("bob"))
                                        .getRoom())
                        .isEqualTo(room);
                bob.say(room, "hello from afar");
                assertThat(ada.await(KindCase.MESSAGE).getMessage().getSender()).isEqualTo("bob");
            }
            // cut, not ended
            assertThat(ada.await(KindCase.LEFT).getLeft().getPerson()).isEqualTo("bob");
        }
    }

    @Test
    void sessionThatIsRenewedStays() {
        var room = ONE.room();
        try (var ada = ONE.session("ada");
                var bob = TWO.session("bob")) {
            ada.join(room);
            bob.join(room);
            ada.await(event -> event.getJoined().getPerson().equals("bob"));
            var end = System.nanoTime() + SHORT.sessionLease().multipliedBy(3).toNanos();
            while (System.nanoTime() < end) {
                ada.say(room, "still there?");
                ada.await(event -> {
                    assertThat(event.hasLeft()).isFalse();
                    return event.hasMessage();
                });
            }
        }
    }

    /// As after an outage that was longer than the lease.
    @Test
    void sessionThatWasSweptThoughItLivesComesBack() {
        var room = ONE.room();
        try (var ada = ONE.session("ada");
                var bob = TWO.session("bob")) {
            ada.join(room);
            bob.join(room);
            ada.await(event -> event.getJoined().getPerson().equals("bob"));
            var store = new PresenceStore();
            var _ =
                    ONE.database()
                            .transaction(db -> {
                                var swept =
                                        db.createNamedDelete(
                                                        "test.sweep",
                                                        "DELETE FROM chat_presence WHERE person = 'bob'")
                                                .execute();
                                assertThat(store.isPresent(db, room, "bob")).isFalse();
                                return swept;
                            });

            assertThat(ada.await(KindCase.JOINED).getJoined().getPerson()).isEqualTo("bob");
        }
    }
}
