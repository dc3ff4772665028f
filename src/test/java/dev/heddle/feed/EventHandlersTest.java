package dev.heddle.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class EventHandlersTest {
    private static final TestFeed FEED = TestFeed.start();
    private static final EventHandlers.Settings THREE_TIMES =
            new EventHandlers.Settings(3, Duration.ofMillis(5), Duration.ofMillis(10));

    private final EventHandlers handlers = handlers();
    private final BlockingQueue<String> handled = new LinkedBlockingQueue<>();
    private final String topic;

    EventHandlersTest(TestInfo info) {
        this.topic = info.getTestMethod().orElseThrow().getName();
    }

    private static EventHandlers handlers() {
        return new EventHandlers(FEED.database(), FEED.feed(), THREE_TIMES);
    }

    @BeforeAll
    static void createTable() {
        FEED.database().plain(db -> db.dml("CREATE TABLE handled (key text PRIMARY KEY)"));
    }

    @AfterEach
    void closeHandlers() {
        handlers.close();
    }

    @AfterAll
    static void close() {
        FEED.close();
    }

    @Test
    void eventsAreHandledInTheirOrder() throws Exception {
        handle(handlers, (event, _) -> handled.add(event.key()));

        FEED.publish(topic, "1", "2");
        FEED.publish(topic + ".other", "x");
        FEED.publish(topic, "3");

        assertThat(List.of(next(), next(), next())).containsExactly("1", "2", "3");
    }

    @Test
    void handlerThatFailsIsTriedAgainAndNothingOfTheFailureRemains() throws Exception {
        var attempts = new AtomicInteger();
        handle(
                handlers,
                (event, db) -> {
                    db.createInsert("INSERT INTO handled VALUES (:key)")
                            .addParam("key", event.key())
                            .execute();
                    if (attempts.incrementAndGet() < 3) {
                        throw new IllegalStateException("not yet");
                    }
                    handled.add(event.key());
                });

        FEED.publish(topic, "once");

        assertThat(next()).isEqualTo("once");
        assertThat(attempts).hasValue(3);
        assertThat(handlers.parked(topic, 0, "", 10)).isEmpty();
    }

    @Test
    void eventThatCannotBeHandledIsParkedAndTheNextIsHandled() throws Exception {
        var isBroken = new AtomicBoolean(true);
        handle(
                handlers,
                (event, _) -> {
                    if (event.key().equals("bad") && isBroken.get()) {
                        throw new IllegalStateException("no such thing");
                    }
                    handled.add(event.key());
                });

        FEED.publish(topic, "bad", "good");

        assertThat(next()).isEqualTo("good");
        var parked = handlers.parked(topic, 0, "", 10);
        assertThat(parked).hasSize(1);
        var bad = parked.getFirst();
        assertThat(bad.event().key()).isEqualTo("bad");
        assertThat(bad.error()).isEqualTo("no such thing");
        assertThat(bad.attempts()).isEqualTo(3);

        var position = bad.event().seq();
        assertThatThrownBy(() -> handlers.retry(topic, position))
                .isInstanceOfSatisfying(
                        RpcException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(Code.ABORTED);
                            assertThat(e.message()).isEqualTo("the handler failed: no such thing");
                        });
        isBroken.set(false);
        handlers.retry(topic, position);

        assertThat(next()).isEqualTo("bad");
        assertThat(handlers.parked(topic, 0, "", 10)).isEmpty();
        assertThatThrownBy(() -> handlers.delete(topic, position))
                .hasMessage("no event %d is parked for handler \"%s\"".formatted(position, topic));
    }

    @Test
    void eventIsHandledByOneReplicaAndTheOtherGoesOnWhereThatStopped() throws Exception {
        EventHandler handler = (event, _) -> handled.add(event.key());
        try (var other = handlers()) {
            handle(handlers, handler);
            handle(other, handler);
            FEED.publish(topic, "1", "2", "3");
            assertThat(List.of(next(), next(), next())).containsExactly("1", "2", "3");

            handlers.close();
            FEED.publish(topic, "4");

            assertThat(next()).isEqualTo("4");
        }
        assertThat(handled).isEmpty();
    }

    @Test
    void eventsThatCameWhileNoHandlerRanAreHandled() throws Exception {
        try (var before = handlers()) {
            handle(before, (event, _) -> handled.add(event.key()));
            FEED.publish(topic, "1");
            assertThat(next()).isEqualTo("1");
        }
        FEED.publish(topic, "2");

        handle(handlers, (event, _) -> handled.add(event.key()));

        assertThat(next()).isEqualTo("2");
    }

    private void handle(EventHandlers where, EventHandler handler) throws InterruptedException {
        where.handle(topic, Selection.of(Topics.of(topic)), handler);
    }

    private @Nullable String next() throws InterruptedException {
        return handled.poll(20, TimeUnit.SECONDS);
    }
}
