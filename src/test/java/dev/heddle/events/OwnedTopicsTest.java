package dev.heddle.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.rpc.Caller;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class OwnedTopicsTest {
    private static final OwnedTopics OWNED =
            new OwnedTopics(Map.of("users", "users.read", "chat.*", "chat.read"));
    private static final Caller SOMEBODY = new Caller("a", Set.of("events.publish"));
    private static final Caller READER = new Caller("b", Set.of("users.read"));
    private static final Caller ADMIN = new Caller("c", Set.of("events.admin"));

    @Test
    void servicesAloneAndAdministratorsPublishToTheirTopics() {
        assertThatThrownBy(() -> OWNED.checkPublisher("users", SOMEBODY))
                .hasMessage("topic \"users\" is published to by the gateway alone");
        assertThatThrownBy(() -> OWNED.checkPublisher("chat.x", READER)).isNotNull();
        assertThatCode(() -> OWNED.checkPublisher("chat.x", ADMIN)).doesNotThrowAnyException();
        assertThatCode(() -> OWNED.checkPublisher("users2", SOMEBODY)).doesNotThrowAnyException();
    }

    @Test
    void whoMayReadTheServiceReadsItsTopics() {
        assertThat(OWNED.withheldFrom(READER).contains("users")).isFalse();
        assertThat(OWNED.withheldFrom(READER).contains("chat.x")).isTrue();
        assertThat(OWNED.withheldFrom(READER).contains("chat")).isFalse();
        assertThatThrownBy(() -> OWNED.checkReader("users", SOMEBODY)).isNotNull();
        assertThatCode(() -> OWNED.checkReader("users", READER)).doesNotThrowAnyException();
    }
}
