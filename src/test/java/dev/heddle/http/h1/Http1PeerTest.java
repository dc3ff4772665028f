package dev.heddle.http.h1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.http.Exchange;
import dev.heddle.http.ExchangeHandler;
import dev.heddle.http.helidon.TestServer;
import dev.heddle.rpc.Headers;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class Http1PeerTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch done = new CountDownLatch(1);

    private static void await(CountDownLatch latch) throws IOException {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private void respondWhenPeerGone(Exchange exchange, AtomicLong noticed) throws IOException {
        var gone = new CountDownLatch(1);
        exchange.onPeerGone(() -> {
            noticed.set(System.nanoTime());
            gone.countDown();
        });
        entered.countDown();
        await(gone);
        done.countDown();
        exchange.respond(200, Headers.empty(), new byte[0]);
    }

    private void assertNoticed(String request, boolean late) throws Exception {
        var noticed = new AtomicLong();
        try (var server = new TestServer(exchange -> respondWhenPeerGone(exchange, noticed))) {
            long left;
            try (var raw = server.connect()) {
                raw.send(request);
                await(entered);
                if (late) {
                    assertThat(done.await(200, TimeUnit.MILLISECONDS)).isFalse();
                }
                left = System.nanoTime();
            }
            await(done);
            var latency = Duration.ofNanos(noticed.get() - left);
            System.out.printf(">> peer gone noticed after %d us%n", latency.toNanos() / 1000);
            assertThat(latency).isLessThan(Duration.ofSeconds(1));
        }
    }

    @Test
    void peerThatLeavesAtOnceIsNoticed() throws Exception {
        assertNoticed(GET, false);
    }

    @Test
    void peerThatLeavesLaterIsNoticed() throws Exception {
        assertNoticed(GET, true);
    }

    @Test
    void peerThatLeavesBehindAPipelinedRequestIsNoticed() throws Exception {
        assertNoticed(GET + GET, true);
    }

    @Test
    void peerThatLeavesInTheMiddleOfItsBodyIsNoticed() throws Exception {
        assertNoticed("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n123", true);
    }

    @Test
    void actionThatComesLateRunsAtOnce() throws Exception {
        var ran = new CountDownLatch(1);
        ExchangeHandler handler =
                exchange -> {
                    assertThatThrownBy(() -> exchange.body().readAllBytes())
                            .isInstanceOf(IOException.class);
                    exchange.onPeerGone(ran::countDown);
                };
        try (var server = new TestServer(handler)) {
            try (var raw = server.connect()) {
                raw.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n123");
            }
            await(ran);
        }
    }

    @Test
    void slowReaderBlocksTheWriterInConstantMemory() throws Exception {
        var size = 200L << 20;
        var written = new AtomicLong();
        ExchangeHandler handler =
                exchange -> {
                    try (var out = exchange.respond(200, Headers.empty())) {
                        var part = new byte[100_000];
                        for (var i = 0L; i < size; i += part.length) {
                            out.write(part);
                            written.addAndGet(part.length);
                        }
                    }
                };
        try (var server = new TestServer(handler);
                var raw = server.connect()) {
            var before = usedHeap();
            raw.send(GET);
            var stuckAt = awaitStandstill(written);
            var grown = usedHeap() - before;
            System.out.printf(
                    ">> slow reader: writer blocked after %d KiB, heap grew by %d KiB%n",
                    stuckAt >> 10, grown >> 10);
            assertThat(stuckAt).isLessThan(size / 4);
            assertThat(grown).isLessThan(20L << 20);
            assertThat(raw.receive().text()).hasSizeGreaterThanOrEqualTo((int) size);
        }
    }

    private long awaitStandstill(AtomicLong counter) throws InterruptedException {
        var last = -1L;
        while (counter.get() == 0 || counter.get() != last) {
            last = counter.get();
            assertThat(done.await(300, TimeUnit.MILLISECONDS)).isFalse();
        }
        return last;
    }

    private static long usedHeap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    void abortFreesABlockedWriter() throws Exception {
        var written = new AtomicLong();
        var exchanges = new LinkedBlockingQueue<Exchange>();
        var failure = new AtomicReference<Exception>();
        ExchangeHandler handler =
                exchange -> {
                    exchanges.add(exchange);
                    try (var out = exchange.respond(200, Headers.empty())) {
                        while (true) {
                            out.write(new byte[100_000]);
                            written.addAndGet(100_000);
                        }
                    } catch (IOException e) {
                        failure.set(e);
                        throw e;
                    } finally {
                        done.countDown();
                    }
                };
        try (var server = new TestServer(handler);
                var raw = server.connect()) {
            raw.send(GET);
            awaitStandstill(written);
            var start = System.nanoTime();
            exchanges.take().abort();
            await(done);
            System.out.printf(
                    ">> abort freed the writer after %d us%n", (System.nanoTime() - start) / 1000);
            assertThat(failure.get()).isInstanceOf(IOException.class);
        }
    }

    @Test
    void abortedResponseHasNoEnd() throws Exception {
        ExchangeHandler handler =
                exchange -> {
                    try (var out = exchange.respond(200, Headers.empty())) {
                        out.write(new byte[10]);
                        out.flush();
                        exchange.abort();
                    }
                };
        try (var server = new TestServer(handler);
                var raw = server.connect()) {
            assertThat(raw.send(GET).rest()).contains("a\r\n").doesNotContain("0\r\n\r\n");
        }
    }

    @Test
    void abortThatComesLateSparesTheNextRequest() throws Exception {
        var exchanges = new LinkedBlockingQueue<Exchange>();
        ExchangeHandler handler =
                exchange -> {
                    if (!exchanges.isEmpty()) {
                        exchanges.element().abort();
                    }
                    exchanges.add(exchange);
                    exchange.respond(200, Headers.empty(), new byte[0]);
                };
        try (var server = new TestServer(handler);
                var raw = server.connect()) {
            assertThat(raw.get("/").status()).isEqualTo(200);
            assertThat(raw.get("/").status()).isEqualTo(200);
        }
    }

    @Test
    void writeWithoutProgressIsCut() throws Exception {
        var failed = new CountDownLatch(1);
        var gone = new CountDownLatch(1);
        ExchangeHandler handler =
                exchange -> {
                    exchange.onPeerGone(gone::countDown);
                    try (var out = exchange.respond(200, Headers.empty())) {
                        while (true) {
                            out.write(new byte[100_000]);
                        }
                    } finally {
                        failed.countDown();
                    }
                };
        try (var server = new TestServer(TestServer.settings(Duration.ofMillis(300)), handler);
                var raw = server.connect()) {
            raw.send(GET);
            await(failed);
            await(gone);
        }
    }

    @Test
    void interruptedHandlerDoesNotSpoilTheNextRequest() throws Exception {
        ExchangeHandler handler =
                exchange -> {
                    exchange.respond(200, Headers.empty(), new byte[0]);
                    Thread.currentThread().interrupt();
                };
        try (var server = new TestServer(handler);
                var raw = server.connect()) {
            for (var i = 0; i < 3; i++) {
                assertThat(raw.get("/").status()).isEqualTo(200);
            }
        }
    }
}
