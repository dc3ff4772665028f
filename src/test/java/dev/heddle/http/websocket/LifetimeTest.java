package dev.heddle.http.websocket;

import static dev.heddle.http.websocket.RawWebSocket.FINAL;
import static dev.heddle.http.websocket.RawWebSocket.PING;
import static dev.heddle.http.websocket.RawWebSocket.PONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;

/// What ends a socket whose peer does nothing about it.
@Timeout(30)
@TestInstance(Lifecycle.PER_CLASS)
final class LifetimeTest {
    private static final Duration TIMEOUT = Duration.ofMillis(300);

    private final EchoServer server =
            new EchoServer(new Settings(4096, true, TIMEOUT, TIMEOUT, TIMEOUT, 1000), TIMEOUT);

    @AfterAll
    void stop() {
        server.close();
    }

    private void assertEnds(String how) throws InterruptedException {
        assertThat(server.ends.poll(10, TimeUnit.SECONDS)).isEqualTo(how);
    }

    @Test
    void silentPeerIsAskedAndThenCut() throws IOException, InterruptedException {
        try (var socket = RawWebSocket.open(server.port(), "/")) {
            for (var i = 0; i < 3; i++) {
                assertThat(socket.receive().first()).isEqualTo(FINAL | PING);
                socket.send(FINAL | PONG, "");
            }
            assertThat(socket.receive().first()).isEqualTo(FINAL | PING);
            assertThat(socket.isClosedByServer()).isTrue();
        }
        assertEnds("gone");
    }

    @Test
    void peerThatDoesNotCloseItsSideIsCut() throws IOException {
        try (var socket = RawWebSocket.open(server.port(), "/farewell")) {
            assertThat(socket.receive().closeCode()).isEqualTo(1001);
            assertThat(socket.isClosedByServer()).isTrue();
        }
        server.ends.clear();
    }

    @Test
    void peerThatDoesNotReadIsCut() throws IOException, InterruptedException {
        try (var _ = RawWebSocket.open(server.port(), "/flood")) {
            assertEnds("gone");
        }
    }

    @Test
    void peerThatLeavesAbruptlyIsNoticedAtOnce() throws IOException, InterruptedException {
        RawWebSocket.open(server.port(), "/").close();
        assertEnds("gone");
        RawWebSocket.open(server.port(), "/").cut();
        assertEnds("gone");
        var halfAFrame = RawWebSocket.open(server.port(), "/");
        halfAFrame.send(new byte[] {(byte) 0x81, (byte) 0xff, 0}).close();
        assertEnds("gone");
    }
}
