package dev.heddle.http.h2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.testing.RawHttp2;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// A client that does nothing wrong, and goes on being served while others misbehave.
final class NormalClient implements AutoCloseable {
    static final String PATH = "/normal";
    private static final Duration PAUSE = Duration.ofMillis(1);

    private final RawHttp2 wire;
    private final AtomicInteger served = new AtomicInteger();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile Optional<Throwable> failure = Optional.empty();
    private volatile boolean stopped;

    NormalClient(int port) throws IOException {
        wire = RawHttp2.open(port);
        Thread.ofVirtual().name("normal-client").start(this::run);
    }

    private void run() {
        try {
            for (var id = 1; !stopped; id += 2) {
                call(id);
                served.incrementAndGet();
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        } catch (IOException | AssertionError e) {
            failure = Optional.of(e);
        } finally {
            ended.countDown();
        }
    }

    private void call(int id) throws IOException {
        wire.send(RawHttp2.request(id, true, "GET", PATH));
        var answer = wire.await(frame -> frame.stream() == id);
        assertThat(answer.type()).as("%s", answer).isEqualTo(RawHttp2.HEADERS);
        var body = wire.await(frame -> frame.stream() == id);
        assertThat(body.type()).as("%s", body).isEqualTo(RawHttp2.DATA);
        assertThat(body.has(RawHttp2.END_STREAM)).as("%s", body).isTrue();
        wire.send(RawHttp2.windowUpdate(0, body.payload().length));
    }

    /// Checks that it was served all the time, and is now.
    void checkServed() {
        var before = served.get();
        var end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (served.get() < before + 3 && failure.isEmpty() && System.nanoTime() < end) {
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        assertThat(failure).as("failure of a normal client after %d calls", served.get()).isEmpty();
        assertThat(served.get()).as("calls of a normal client").isGreaterThan(before);
    }

    @Override
    public void close() throws IOException {
        stopped = true;
        Resources.await("end of a normal client", () -> ended.getCount() == 0);
        wire.close();
    }
}
