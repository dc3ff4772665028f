package dev.heddle.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.async.Gather;
import dev.heddle.async.Outcome;
import dev.heddle.async.Race;
import dev.heddle.demo.JsonServer;
import dev.heddle.demo.JsonServer.Reply;
import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Task;
import io.grpc.Status.Code;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class SourceTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration INSTANT = Duration.ofMillis(1);
    private static final Reply HELLO = Reply.of("\"hello\"");

    private volatile Function<String, Reply> replies = _ -> HELLO;
    private final JsonServer server = JsonServer.start(path -> replies.apply(path));
    private Sources sources = Sources.open(Settings.DEFAULT, new SimpleMeterRegistry());

    @AfterEach
    void close() {
        sources.close();
        server.close();
    }

    @Test
    void requestsShareAConnection() {
        var source = source();
        for (int i = 0; i < 5; i++) {
            assertThat(ask(() -> source.get("x"))).isEqualTo("\"hello\"");
        }
        assertThat(server.requests()).isEqualTo(5);
        assertThat(server.connections()).isOne();
    }

    @Test
    void idIsOneSegmentOfThePath() {
        replies = path -> Reply.of("\"" + path + "\"");
        var source = source();

        assertThat(ask(() -> source.get("a/b?c=d e"))).isEqualTo("\"/things/a%2Fb%3Fc%3Dd%20e\"");
        assertThat(ask(() -> source.get("a HTTP/1.1\r\nx: y")))
                .isEqualTo("\"/things/a%20HTTP%2F1.1%0D%0Ax%3A%20y\"");
        assertThat(ask(() -> source.get(".."))).isEqualTo("\"/things/..%20\"");
    }

    @Test
    void addressIsSentAsItIsConfigured() {
        replies = path -> Reply.of("\"" + path + "\"");
        var source = sources.source("shop", server.address("/a%2Fb?q=%26%25&id={id}"));

        assertThat(ask(() -> source.get("x&y"))).isEqualTo("\"/a%2Fb?q=%26%25&id=x%26y\"");
    }

    @Test
    void addressMustHaveAPlaceForTheId() {
        assertThatThrownBy(() -> sources.source("shop", "http://shop/"))
                .hasMessage(
                        "shop: http://shop/ (expected: http:// or https://, a host and a path with {id})");
        assertThatThrownBy(() -> sources.source("shop", "file:///{id}"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void passingFailureIsTriedAgain() {
        var failures = new AtomicInteger(2);
        replies = _ -> failures.getAndDecrement() > 0 ? failing() : HELLO;
        var source = source();

        assertThat(ask(() -> source.get("x"))).isEqualTo("\"hello\"");
        assertThat(server.requests()).isEqualTo(3);
    }

    @Test
    void connectionThatTheServerClosedIsReplaced() {
        var source = source();
        assertThat(ask(() -> source.get("x"))).isEqualTo("\"hello\"");
        server.disconnect();

        assertThat(ask(() -> source.get("x"))).isEqualTo("\"hello\"");
    }

    @Test
    void lastingFailureIsNotTriedAgain() {
        var source = source();
        replies = _ -> new Reply(404, "{}", Duration.ZERO);
        assertThat(failure(() -> source.get("x")).code()).isEqualTo(Code.NOT_FOUND);
        replies = _ -> new Reply(400, "{}", Duration.ZERO);
        assertThat(failure(() -> source.get("x")).reason()).contains(Source.BROKEN);
        assertThat(server.requests()).isEqualTo(2);
    }

    @Test
    void retriesEndWithTheBudget() {
        use(with(Duration.ofSeconds(10), 5, 100, 1000));
        replies = _ -> failing();
        var source = source();

        for (int i = 0; i < 50; i++) {
            assertThat(failure(() -> source.get("x")).reason()).contains(Source.UNAVAILABLE);
        }

        // ten that were saved, and one for each twenty
        assertThat(server.requests()).isBetween(60, 63);
    }

    @Test
    void serverThatFailsTooOftenIsLeftAlone() {
        use(with(Duration.ofSeconds(10), 0, 50, 10));
        replies = _ -> failing();
        var source = source();
        for (int i = 0; i < 30; i++) {
            assertThat(failure(() -> source.get("x")).code()).isEqualTo(Code.UNAVAILABLE);
        }

        assertThat(server.requests()).isLessThan(30);
    }

    @Test
    void serverThatIsDownIsUnavailable() {
        var source = source();
        server.close();

        assertThat(failure(() -> source.get("x")).reason()).contains(Source.UNAVAILABLE);
    }

    @Test
    void answerThatIsTooLongIsCutOff() {
        replies = _ -> Reply.of("\"" + "x".repeat(2 << 20) + "\"");
        var source = source();

        assertThat(failure(() -> source.get("x")).reason()).contains(Source.BROKEN);
    }

    @Test
    void tryThatUsesUpItsTimeClosesItsConnection() {
        use(with(Duration.ofMillis(100), 0, 100, 1000));
        replies = _ -> new Reply(200, "{}", HOUR);
        var source = source();

        var failure = failure(() -> source.get("x"));

        assertThat(failure.code()).isEqualTo(Code.DEADLINE_EXCEEDED);
        assertThat(failure.reason()).contains(Task.TIMED_OUT);
        awaitAbandoned(1);
    }

    @Test
    void cancellationClosesTheConnection() {
        var source = source();
        var asked = new CountDownLatch(1);
        replies =
                _ -> {
                    asked.countDown();
                    return new Reply(200, "{}", HOUR);
                };
        try (var race = Race.<String>open()) {
            race.enter("slow", () -> source.get("x"));
            race.enter(
                    "quick",
                    () -> {
                        asked.await();
                        return "here";
                    });
            assertThat(race.winner().orElseThrow().value()).isEqualTo("here");
        }
        awaitAbandoned(1);
        replies = _ -> HELLO;
        assertThat(ask(() -> source.get("x"))).isEqualTo("\"hello\"");
    }

    @Test
    void slowAnswerIsAskedForASecondTime() {
        use(with(Duration.ofSeconds(30), 10, 100, 1000));
        var source = source();
        for (int i = 0; i < 20; i++) {
            assertThat(ask(() -> source.hedged("x"))).isEqualTo("\"hello\"");
        }
        var count = new AtomicInteger();
        replies = _ -> count.getAndIncrement() == 0 ? new Reply(200, "\"late\"", HOUR) : HELLO;

        assertThat(ask(() -> source.hedged("x"))).isEqualTo("\"hello\"");

        assertThat(server.requests()).isEqualTo(22);
        awaitAbandoned(1);
    }

    @Test
    void percentileIsThatOfTheLatest() {
        var latencies = new Latencies();
        IntStream.rangeClosed(1, 19).forEach(i -> latencies.add(Duration.ofMillis(i)));
        assertThat(latencies.p95()).isEmpty();
        latencies.add(Duration.ofMillis(20));
        assertThat(latencies.p95()).contains(Duration.ofMillis(19));
        IntStream.rangeClosed(1, 1000).forEach(_ -> latencies.add(Duration.ofMillis(7)));
        assertThat(latencies.p95()).contains(Duration.ofMillis(7));
    }

    private static Reply failing() {
        return new Reply(503, "{}", Duration.ZERO);
    }

    private static Settings with(
            Duration timeout, int budgetPercent, int breakerPercent, int breakerVolume) {
        return new Settings(
                4,
                Duration.ofSeconds(1),
                timeout,
                1000,
                8,
                8,
                Duration.ZERO,
                3,
                INSTANT,
                budgetPercent,
                breakerPercent,
                breakerVolume,
                HOUR);
    }

    private void use(Settings settings) {
        sources.close();
        sources = Sources.open(settings, new SimpleMeterRegistry());
    }

    private Source source() {
        return sources.source("shop", server.address("/things/{id}"));
    }

    private static String ask(Callable<String> question) {
        try (var gather = Gather.open()) {
            return gather.fork("question", question).value();
        }
    }

    private static RpcException failure(Callable<String> question) {
        try (var gather = Gather.open()) {
            var outcome = gather.fork("question", question).outcome();
            assertThat(outcome).isInstanceOf(Outcome.Failure.class);
            return ((Outcome.Failure<String>) outcome).reason();
        }
    }

    private void awaitAbandoned(int count) {
        while (server.abandoned() < count) {
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(server.abandoned()).isEqualTo(count);
    }
}
