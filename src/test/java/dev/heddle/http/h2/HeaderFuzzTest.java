package dev.heddle.http.h2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.fuzz.Fuzz;
import dev.heddle.http.carrier.Characters;
import io.helidon.common.socket.HelidonSocket;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import java.lang.reflect.Proxy;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Header blocks of HTTP/2 at random, in the frames that carry them.
@Timeout(3600)
final class HeaderFuzzTest {
    private static final int MAX_HEADER = 4096;
    private static final int HEADERS = 1;
    private static final int CONTINUATION = 9;

    private static final HelidonSocket ENDED =
            (HelidonSocket)
                    Proxy.newProxyInstance(
                            HelidonSocket.class.getClassLoader(),
                            new Class<?>[] {HelidonSocket.class},
                            (_, method, _) -> {
                                if (method.getName().equals("read")) {
                                    return -1;
                                }
                                throw new AssertionError(method);
                            });

    @Test
    void headerBlocks() throws Http2Exception {
        var hex = HexFormat.of();
        Fuzz.of(
                        "HPACK",
                        // RFC 7541, C.4.1 and C.3.1
                        frame(hex.parseHex("828684418cf1e3c2e5f23a6ba0ab90f4ff")),
                        frame(hex.parseHex("828684410f7777772e6578616d706c652e636f6d")),
                        frame(block("POST", "/heddle.v1.Service/Method")),
                        frame(block("GET", "/" + "x".repeat(500))),
                        frame(hex.parseHex("3fe11f828684")))
                .words("\0", "\u0001", "A", "@", "\u007f", "?")
                .refusedBy(
                        List.of(
                                ConnectionException.class,
                                StreamException.class,
                                HeaderDecoder.TooLargeException.class,
                                EndedException.class))
                .run(input -> read(input.bytes()));
    }

    private static void read(byte[] bytes) throws Exception {
        var frames = new FrameReader(ENDED, bytes, Frame.DEFAULT_MAX_SIZE);
        var block = new HeaderBlock(MAX_HEADER);
        var decoder = new HeaderDecoder(MAX_HEADER);
        var count = 0;
        while (frames.next()) {
            if (frames.type() != HEADERS && frames.type() != CONTINUATION) {
                continue;
            }
            count++;
            block.begin(frames.streamId(), true, false);
            block.append(frames.bytes(), frames.offset(), frames.length());
            var head = RequestHead.of(1, decoder.decode(1, block.bytes(), 0, block.size()));
            head.headers()
                    .forEach((name, value) -> {
                        assertThat(Characters.isToken(name)).isTrue();
                        assertThat(Characters.isFieldValue(value)).isTrue();
                    });
        }
        if (count == 0) {
            throw new EndedException();
        }
    }

    private static byte[] block(String method, String path) throws Http2Exception {
        var headers =
                new DefaultHttp2Headers()
                        .method(method)
                        .path(path)
                        .scheme("http")
                        .authority("x")
                        .add("content-type", "application/grpc")
                        .add("te", "trailers")
                        .add("cookie", "a=b")
                        .add("content-length", "5");
        var block = Unpooled.buffer();
        new DefaultHttp2HeadersEncoder().encodeHeaders(1, headers, block);
        return ByteBufUtil.getBytes(block);
    }

    private static byte[] frame(byte[] block) {
        var frame = new byte[Frame.HEADER_SIZE + block.length];
        frame[1] = (byte) (block.length >> 8);
        frame[2] = (byte) block.length;
        frame[3] = HEADERS;
        frame[4] = 5;
        frame[8] = 1;
        System.arraycopy(block, 0, frame, Frame.HEADER_SIZE, block.length);
        return frame;
    }

    /// The bytes end before a frame does.
    private static final class EndedException extends Exception {
        private static final long serialVersionUID = 1L;

        EndedException() {
            super("no frame", null, false, false);
        }
    }
}
