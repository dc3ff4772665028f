package dev.heddle.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.testing.Await;
import java.time.Duration;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Slow-loris, half-open connections, rapid reset, floods, bombs and giants, all at once.
/// `-Dheddle.hostile.seconds=` has it go on for longer.
@Timeout(3600)
final class HostileLoadTest {
    private static final Duration ALONE = Duration.ofSeconds(4);
    private static final Duration BESIDE =
            Duration.ofSeconds(Long.getLong("heddle.hostile.seconds", 15));

    /// With it, one bomb that went off would end the process.
    private static final String HEAP = "112m";

    @Test
    void honestClientLosesNothingAndNothingIsLeftBehind() throws Exception {
        try (var load = HostileLoad.start(HEAP)) {
            var result = load.run(ALONE, BESIDE, EnumSet.allOf(Attack.class));

            System.out.printf(
                    "hostile load: p99 %.1f ms alone, %.1f ms beside attackers (%.1f); %s%n",
                    result.alone().p99Millis(),
                    result.beside().p99Millis(),
                    result.ratio(),
                    result.made());
            assertThat(load.isAlive()).as("the gateway lives on a heap of " + HEAP).isTrue();
            assertThat(result.beside().failure()).as("what failed").isEmpty();
            assertThat(result.made().values()).as("attacks").allMatch(count -> count > 0);
            Await.until(
                    "the end of the attackers' connections",
                    () -> connections(load) <= HonestClient.CONNECTIONS);
            assertThat(load.client().run(Duration.ofSeconds(1)).failed()).isZero();
        }
    }

    private static int connections(HostileLoad load) {
        try {
            return load.connections();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
