package dev.heddle.facade.grpc.helidon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.testing.RawHttp2;
import io.helidon.common.buffers.DataReader;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RequestFramesTest implements RequestFrames.Events {
    private static final byte[] PREFACE =
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final List<Integer> dropped = new ArrayList<>();

    @Test
    void spelledNamesOfPseudoFieldsBecomeNumbers() {
        var block =
                join(
                        bytes(0x40),
                        string(":path"),
                        string("/a"),
                        bytes(0x00),
                        string(":authority"),
                        string("h"),
                        bytes(0x10),
                        string(":scheme"),
                        string("http"),
                        bytes(0x83));

        assertThat(HeaderBlock.rewritten(block))
                .isEqualTo(
                        join(
                                bytes(0x44),
                                string("/a"),
                                bytes(0x01),
                                string("h"),
                                bytes(0x16),
                                string("http"),
                                bytes(0x83)));
    }

    @Test
    void everythingElseStaysAsItIs() {
        var block =
                join(
                        bytes(0x3F, 0xE1, 0x1F),
                        bytes(0x83, 0xFF, 0x80, 0x01),
                        bytes(0x44),
                        string("/a"),
                        bytes(0x7F, 0x05),
                        string("x".repeat(126)),
                        bytes(0x0F, 0x2F),
                        string("x".repeat(300)),
                        bytes(0x40),
                        string("te"),
                        string("trailers"));

        assertThat(HeaderBlock.rewritten(block)).isEqualTo(block);
    }

    @Test
    void blockThatCannotBeReadStaysAsItIs() {
        for (var block :
                List.of(
                        bytes(0x40),
                        join(bytes(0x40), string(":path")),
                        bytes(0x40, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF),
                        bytes(0x40, 0x05, 'a'),
                        bytes(0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF))) {
            assertThat(HeaderBlock.rewritten(block)).isEqualTo(block);
        }
    }

    @Test
    void framesPassInWhateverPiecesTheyCome() {
        var spelled = join(bytes(0x40), string(":path"), string("/a"));
        var numbered = join(bytes(0x44), string("/a"));
        var padded = join(bytes(2), bytes(0, 0, 0, 0, 16), spelled, bytes(0, 0));
        var rewritten = join(bytes(2), bytes(0, 0, 0, 0, 16), numbered, bytes(0, 0));
        var data = RawHttp2.frame(0, 1, 1, new byte[40_000]);
        var in =
                join(
                        PREFACE,
                        RawHttp2.frame(4, 0, 0, new byte[0]),
                        RawHttp2.frame(1, 0x4, 1, spelled),
                        data,
                        RawHttp2.frame(1, 0x2C, 3, padded),
                        RawHttp2.frame(1, 0, 5, spelled));
        var expected =
                join(
                        PREFACE,
                        RawHttp2.frame(4, 0, 0, new byte[0]),
                        RawHttp2.frame(1, 0x4, 1, numbered),
                        data,
                        RawHttp2.frame(1, 0x2C, 3, rewritten),
                        RawHttp2.frame(1, 0, 5, spelled));

        for (var size : new int[] {1, 2, 7, 100, 16_384, 100_000}) {
            assertThat(through(in, size)).as("pieces of %d", size).isEqualTo(expected);
        }
    }

    @Test
    void dataBehindAResetAreLeftOutAndCounted() {
        var data = RawHttp2.frame(0, 0, 3, new byte[1000]);
        var other = RawHttp2.frame(0, 0, 5, new byte[100]);
        var reset = RawHttp2.frame(3, 0, 3, new byte[4]);
        var in = join(PREFACE, data, reset, data, other, data, other);

        for (var size : new int[] {1, 7, 1_000, 100_000}) {
            dropped.clear();
            assertThat(through(in, size)).isEqualTo(join(PREFACE, data, reset, other, other));
            assertThat(dropped).containsExactly(1000, 1000);
        }
    }

    @Override
    public void onReset(int stream) {
        assertThat(stream).isEqualTo(3);
    }

    @Override
    public void onDropped(int length) {
        dropped.add(length);
    }

    private byte[] through(byte[] in, int size) {
        var pieces = new ArrayDeque<byte[]>();
        for (int start = 0; start < in.length; start += size) {
            pieces.add(Arrays.copyOfRange(in, start, Math.min(in.length, start + size)));
        }
        var frames = new RequestFrames(new DataReader(pieces::poll), this);
        var out = new ByteArrayOutputStream();
        try {
            while (true) {
                out.writeBytes(frames.get());
            }
        } catch (DataReader.InsufficientDataAvailableException e) {
            // the end of what was sent
            return out.toByteArray();
        }
    }

    private static byte[] string(String text) {
        var length =
                text.length() < 127
                        ? bytes(text.length())
                        : text.length() < 255
                                ? bytes(127, text.length() - 127)
                                : bytes(
                                        127,
                                        ((text.length() - 127) & 0x7F) | 0x80,
                                        (text.length() - 127) >> 7);
        return join(length, text.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] bytes(int... values) {
        var bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private static byte[] join(byte[]... parts) {
        var all = new ByteArrayOutputStream();
        for (var part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
