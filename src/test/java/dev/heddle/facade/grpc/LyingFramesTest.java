package dev.heddle.facade.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.rpc.Inbound;
import io.grpc.Status.Code;
import io.helidon.common.buffers.BufferData;
import io.helidon.http.HeaderNames;
import io.helidon.http.http2.Http2FrameData;
import io.helidon.http.http2.Http2FrameHeader;
import io.helidon.http.http2.Http2Headers;
import io.helidon.http.http2.Http2HuffmanDecoder;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Messages whose prefix says what isn't so.
final class LyingFramesTest extends GrpcTest {
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int END_STREAM = 1;
    private static final int TABLE_SIZE = 4096;

    private final Http2Headers.DynamicTable table = Http2Headers.DynamicTable.create(TABLE_SIZE);
    private final Http2HuffmanDecoder huffman = Http2HuffmanDecoder.create();

    LyingFramesTest(GrpcServer.Engine engine) {
        super(engine);
    }

    @ParameterizedTest
    @CsvSource({
        // longer than what comes
        "0, 1000, 10, true, INTERNAL",
        "0, 5, 0, true, INTERNAL",
        // beyond the bound, which is refused before anything comes
        "0, -1, 10, false, RESOURCE_EXHAUSTED",
        "0, 2147483647, 0, false, RESOURCE_EXHAUSTED",
        // compressed, as nothing
        "1, 10, 10, true, INTERNAL"
    })
    void prefixThatLiesIsAnsweredWithAStatus(
            byte flag, int announced, int sent, boolean ends, Code expected) throws Exception {
        methods.bidi((in, _, _) -> readAll(in));
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(10_000);
            RawHttp2.open(socket, "/heddle.diagnostics.v1.DiagnosticsService/EchoChat");
            var message = BufferData.create(5 + sent);
            message.writeInt8(flag);
            message.writeInt32(announced);
            message.write(new byte[sent]);
            socket.getOutputStream()
                    .write(RawHttp2.frame(DATA, ends ? END_STREAM : 0, 1, message.readBytes()));

            var answer = new DataInputStream(socket.getInputStream());
            assertThat(status(answer)).contains(expected.value());
        }
        awaitNoActiveCalls();
    }

    private static void readAll(Inbound<?> in) {
        for (var message : in) {
            assertThat(message).isNotNull();
        }
    }

    /// The `grpc-status` that stream 1 ends with; empty if it ends without.
    private Optional<Integer> status(DataInputStream in) throws IOException {
        while (true) {
            var head = in.readNBytes(9);
            var header = Http2FrameHeader.create(BufferData.create(head));
            var payload = in.readNBytes(header.length());
            var type = head[3];
            if (type == RST_STREAM) {
                return Optional.empty();
            }
            if (type == HEADERS) {
                var fields = fields(header, payload);
                if ((head[4] & END_STREAM) != 0) {
                    return fields.httpHeaders()
                            .first(HeaderNames.create("grpc-status"))
                            .map(Integer::valueOf);
                }
            }
        }
    }

    // A stream is wanted for its priority alone, which no answer has.
    private Http2Headers fields(Http2FrameHeader header, byte[] payload) {
        return Http2Headers.create(
                null, table, huffman, new Http2FrameData(header, BufferData.create(payload)));
    }
}
