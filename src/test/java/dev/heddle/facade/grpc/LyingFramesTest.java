package dev.heddle.facade.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.rpc.Inbound;
import dev.heddle.testing.RawHttp2;
import io.grpc.Status.Code;
import io.helidon.common.buffers.BufferData;
import io.helidon.http.HeaderNames;
import io.helidon.http.http2.Http2FrameData;
import io.helidon.http.http2.Http2FrameHeader;
import io.helidon.http.http2.Http2Headers;
import io.helidon.http.http2.Http2HuffmanDecoder;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Messages whose prefix says what isn't so.
final class LyingFramesTest extends GrpcTest {
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
        try (var client = RawHttp2.open(server.port())) {
            var message = BufferData.create(5 + sent);
            message.writeInt8(flag);
            message.writeInt32(announced);
            message.write(new byte[sent]);
            client.send(
                    RawHttp2.call(1, "/heddle.diagnostics.v1.DiagnosticsService/EchoChat"),
                    RawHttp2.data(1, ends, message.readBytes()));

            assertThat(status(client)).contains(expected.value());
        }
        awaitNoActiveCalls();
    }

    private static void readAll(Inbound<?> in) {
        for (var message : in) {
            assertThat(message).isNotNull();
        }
    }

    /// The `grpc-status` that stream 1 ends with; empty if it ends without.
    private Optional<Integer> status(RawHttp2 client) throws IOException {
        while (true) {
            var frame = client.await(f -> f.stream() == 1 && !f.is(RawHttp2.DATA));
            if (frame.is(RawHttp2.RST_STREAM)) {
                return Optional.empty();
            }
            if (frame.is(RawHttp2.HEADERS)) {
                var fields = fields(frame);
                if (frame.has(RawHttp2.END_STREAM)) {
                    return fields.httpHeaders()
                            .first(HeaderNames.create("grpc-status"))
                            .map(Integer::valueOf);
                }
            }
        }
    }

    // A stream is wanted for its priority alone, which no answer has.
    private Http2Headers fields(RawHttp2.Frame frame) {
        var header =
                Http2FrameHeader.create(
                        BufferData.create(
                                RawHttp2.frame(
                                        frame.type(),
                                        frame.flags(),
                                        frame.stream(),
                                        frame.payload())));
        return Http2Headers.create(
                null,
                table,
                huffman,
                new Http2FrameData(header, BufferData.create(frame.payload())));
    }
}
