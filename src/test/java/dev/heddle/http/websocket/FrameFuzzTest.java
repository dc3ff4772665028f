package dev.heddle.http.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.http.Exchange;
import dev.heddle.http.Tunnel;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Frames at random, well-formed and not, which arrive in pieces of any size.
@Timeout(60)
final class FrameFuzzTest {
    private static final int ROUNDS = 3_000;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    @Test
    void messagesArriveAsTheyWereHoweverTheyAreCut() throws IOException {
        System.out.println("seed " + seed);
        for (var round = 0; round < ROUNDS; round++) {
            var sent = new ArrayList<byte[]>();
            var wire = new ByteArrayOutputStream();
            for (var i = random.nextInt(4); i >= 0; i--) {
                sent.add(message(wire));
            }
            wire.writeBytes(RawWebSocket.frame(0x88, new byte[0]));
            var received = receiveAll(wire.toByteArray());
            assertThat(received).usingElementComparator(java.util.Arrays::compare).isEqualTo(sent);
        }
    }

    @Test
    void damagedFramesAreRefusedAndNothingElse() {
        System.out.println("seed " + seed);
        var refused = 0;
        for (var round = 0; round < 10 * ROUNDS; round++) {
            var wire = new ByteArrayOutputStream();
            message(wire);
            var bytes = wire.toByteArray();
            for (var i = random.nextInt(3); i >= 0; i--) {
                bytes[random.nextInt(Math.min(bytes.length, 40))] ^=
                        (byte) (1 << random.nextInt(8));
            }
            try {
                receiveAll(bytes);
            } catch (WebSocketException e) {
                refused++;
                assertThat(e.status().code()).isIn(1002, 1007, 1009);
            } catch (EOFException _) {
                // what is left claims to be longer than it is
            } catch (IOException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
        assertThat(refused).isPositive();
    }

    /// Writes a message in some fragments, with control frames between them.
    private byte[] message(ByteArrayOutputStream wire) {
        var isText = random.nextBoolean();
        var content = isText ? text() : bytes();
        var isCompressed = random.nextInt(3) == 0;
        var payload = isCompressed ? Deflation.deflate(content) : content;
        var done = 0;
        var first = (isCompressed ? RawWebSocket.RSV1 : 0) | (isText ? 1 : 2);
        do {
            var count = Math.min(payload.length - done, 1 + random.nextInt(payload.length + 1));
            var isLast = done + count == payload.length;
            var piece = java.util.Arrays.copyOfRange(payload, done, done + count);
            wire.writeBytes(RawWebSocket.frame((isLast ? 0x80 : 0) | first, piece));
            if (random.nextInt(4) == 0) {
                wire.writeBytes(
                        RawWebSocket.frame(
                                0x80 | (9 + random.nextInt(2)), new byte[random.nextInt(126)]));
            }
            first = 0;
            done += count;
        } while (done < payload.length);
        return content;
    }

    private byte[] bytes() {
        var bytes = new byte[random.nextInt(random.nextInt(50) == 0 ? 70_000 : 300)];
        random.nextBytes(bytes);
        return bytes;
    }

    private byte[] text() {
        var text = new StringBuilder();
        for (var i = random.nextInt(200); i > 0; i--) {
            var c = random.nextInt(Character.MAX_CODE_POINT + 1);
            text.appendCodePoint(c >= 0xd800 && c < 0xe000 ? 'x' : c);
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private List<byte[]> receiveAll(byte[] wire) throws IOException {
        var socket =
                new WebSocket(
                        nobody(),
                        new Tunnel(inPieces(wire), new ByteArrayOutputStream()),
                        true,
                        Settings.DEFAULTS);
        var messages = new ArrayList<byte[]>();
        for (var next = socket.receive(); next.isPresent(); next = socket.receive()) {
            messages.add(next.get().bytes());
        }
        return messages;
    }

    private InputStream inPieces(byte[] wire) {
        return new ByteArrayInputStream(wire) {
            @Override
            public int read(byte[] target, int offset, int length) {
                return super.read(
                        target,
                        offset,
                        length == 0 ? 0 : 1 + random.nextInt(Math.min(length, 999)));
            }
        };
    }

    /// An exchange that nobody calls.
    private static Exchange nobody() {
        return (Exchange)
                Proxy.newProxyInstance(
                        Exchange.class.getClassLoader(),
                        new Class<?>[] {Exchange.class},
                        (_, method, _) -> {
                            throw new AssertionError(method);
                        });
    }
}
