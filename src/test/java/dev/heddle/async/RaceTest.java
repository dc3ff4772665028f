package dev.heddle.async;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.rpc.RpcException;
import dev.heddle.testing.Calls;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class RaceTest {
    @Test
    void firstSuccessWinsThoughAFailureCameFirst() {
        var failed = new CountDownLatch(1);
        try (var race = Race.<String>open()) {
            var broken =
                    race.enter(
                            "broken",
                            () -> {
                                throw unavailable();
                            });
            race.enter(
                    "good",
                    () -> {
                        failed.await();
                        return "here";
                    });
            assertThat(broken.outcome()).isInstanceOf(Outcome.Failure.class);
            failed.countDown();

            var winner = race.winner().orElseThrow();

            assertThat(winner.name()).isEqualTo("good");
            assertThat(winner.value()).isEqualTo("here");
        }
    }

    @Test
    void losersAreInterruptedAndHaveEnded() throws Exception {
        var stuck = new Stuck(2);
        try (var race = Race.<String>open()) {
            race.enter("slow", stuck);
            race.enter("slower", stuck);
            stuck.awaitBegun();
            race.enter("quick", () -> "here");

            assertThat(race.winner().orElseThrow().value()).isEqualTo("here");
        }

        assertThat(stuck.interrupted()).isEqualTo(2);
        assertThat(stuck.running()).isZero();
    }

    @Test
    void raceThatAllLoseTellsWhyEachDid() {
        try (var race = Race.<String>open()) {
            for (int i = 0; i < 3; i++) {
                race.enter(
                        "broken",
                        () -> {
                            throw unavailable();
                        });
            }

            assertThat(race.winner()).isEmpty();
            assertThat(race.entered())
                    .hasSize(3)
                    .allSatisfy(each ->
                            assertThat(Calls.failure(each::value).code())
                                    .isEqualTo(Code.UNAVAILABLE));
        }
    }

    @Test
    void laterRunnerMayWin() {
        var stuck = new Stuck(1);
        try (var race = Race.<String>open()) {
            race.enter("first", stuck);
            assertThat(race.isDecidedWithin(Duration.ofMillis(20))).isFalse();

            race.enter("hedge", () -> "here");

            assertThat(race.isDecidedWithin(Duration.ofSeconds(10))).isTrue();
            assertThat(race.winner().orElseThrow().name()).isEqualTo("hedge");
        }
        assertThat(stuck.running()).isZero();
    }

    @Test
    void cancellationOfTheCallReachesEveryRunner() throws Exception {
        var stuck = new Stuck(2);
        var served =
                Served.start(() -> {
                    try (var race = Race.<String>open()) {
                        race.enter("one", stuck);
                        race.enter("two", stuck);
                        return race.winner().orElseThrow().value();
                    }
                });
        stuck.awaitBegun();

        served.cancel();

        assertThat(served.failure().orElseThrow().code()).isEqualTo(Code.CANCELLED);
        assertThat(stuck.interrupted()).isEqualTo(2);
        assertThat(stuck.running()).isZero();
    }

    private static RpcException unavailable() {
        return new RpcException(Code.UNAVAILABLE, "closed today");
    }
}
