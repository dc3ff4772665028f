package dev.heddle.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class WatchedSocketTest {
    private final ServerSocket server = server();

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void readThatTakesTooLongEnds() throws IOException {
        try (var socket = connect(Duration.ofMillis(100))) {
            assertThatThrownBy(() -> socket.getInputStream().read())
                    .isInstanceOf(SocketException.class);
            assertThat(socket.isClosed()).isTrue();
        }
    }

    @Test
    void readWithATimeoutOfItsOwnLastsAsLongAsThat() throws IOException {
        try (var socket = connect(Duration.ofMillis(1))) {
            socket.setSoTimeout((int) WatchedSockets.TICK.multipliedBy(3).toMillis());

            assertThatThrownBy(() -> socket.getInputStream().read())
                    .isInstanceOf(SocketTimeoutException.class);
            assertThat(socket.isClosed()).isFalse();
        }
    }

    @Test
    void writeThatTakesTooLongEnds() throws IOException {
        try (var socket = connect(Duration.ofMillis(100))) {
            var out = socket.getOutputStream();
            var much = new byte[1 << 20];
            assertThatThrownBy(
                            () -> {
                                while (true) {
                                    out.write(much);
                                }
                            })
                    .isInstanceOf(SocketException.class);
            assertThat(socket.isClosed()).isTrue();
        }
    }

    /// Nobody reads or writes for longer than it may take; then somebody does.
    @Test
    void socketThatIsNotInUseIsKept() throws Exception {
        try (var socket = connect(Duration.ofMillis(1));
                var other = connect(WatchedSockets.TICK);
                var peer = server.accept()) {
            // it ends when the thread that looks at the sockets has been there
            assertThatThrownBy(() -> other.getInputStream().read())
                    .isInstanceOf(SocketException.class);

            peer.getOutputStream().write('x');
            assertThat(socket.getInputStream().read(new byte[8])).isEqualTo(1);
        }
    }

    private Socket connect(Duration limit) throws IOException {
        return new WatchedSockets(Long.toString(limit.toMillis()))
                .createSocket(InetAddress.getLoopbackAddress(), server.getLocalPort());
    }

    private static ServerSocket server() {
        try {
            return new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
