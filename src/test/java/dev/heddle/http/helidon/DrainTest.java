package dev.heddle.http.helidon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.http.ExchangeHandler;
import dev.heddle.rpc.Headers;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class DrainTest {
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch mayAnswer = new CountDownLatch(1);
    private final ExchangeHandler waiting =
            exchange -> {
                if (exchange.rawPath().equals("/wait")) {
                    entered.countDown();
                    try {
                        assertThat(mayAnswer.await(10, TimeUnit.SECONDS)).isTrue();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                }
                exchange.respond(200, Headers.empty(), new byte[0]);
            };

    @Test
    void idleConnectionsCloseAndBusyOnesFinish() throws Exception {
        try (var server = new TestServer(waiting);
                var silent = server.connect();
                var idle = server.connect();
                var busy = server.connect()) {
            assertThat(idle.get("/").status()).isEqualTo(200);
            busy.send("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();
            server.carrier().beginDrain();
            assertThat(idle.isClosedByServer()).isTrue();
            assertThat(silent.isClosedByServer()).isTrue();
            mayAnswer.countDown();
            assertThat(busy.receive().field("connection")).contains("close");
            assertThat(busy.isClosedByServer()).isTrue();
        }
    }

    @Test
    void serverWithIdleConnectionsStopsAtOnce() throws Exception {
        var server = new TestServer(waiting);
        try (var silent = server.connect();
                var idle = server.connect();
                var late = server.connect()) {
            assertThat(idle.get("/").status()).isEqualTo(200);
            late.send("GET / HT");
            server.carrier().beginDrain();
            var start = System.nanoTime();
            server.stop();
            var elapsed = Duration.ofNanos(System.nanoTime() - start);
            System.out.printf(">> stop took %d ms%n", elapsed.toMillis());
            assertThat(elapsed).isLessThan(Duration.ofSeconds(3));
            assertThat(silent.isClosedByServer()).isTrue();
        }
    }
}
