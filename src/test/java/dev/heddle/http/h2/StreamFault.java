package dev.heddle.http.h2;

import dev.heddle.testing.RawHttp2;
import java.util.Arrays;
import java.util.List;

/// What a client may do wrong with one stream, which costs it that stream and no other.
enum StreamFault {
    UPDATE_BY_NOTHING(ErrorCode.PROTOCOL_ERROR),
    UPDATE_BY_TOO_MUCH(ErrorCode.FLOW_CONTROL_ERROR),
    BODY_TOO_LONG(ErrorCode.PROTOCOL_ERROR),
    BODY_TOO_SHORT(ErrorCode.PROTOCOL_ERROR),
    BODY_MISSING(ErrorCode.PROTOCOL_ERROR),
    MALFORMED(ErrorCode.PROTOCOL_ERROR),
    TRAILERS_THAT_DO_NOT_END(ErrorCode.PROTOCOL_ERROR),
    TRAILERS_WITH_PSEUDO_HEADER(ErrorCode.PROTOCOL_ERROR),
    DEPENDS_ON_ITSELF(ErrorCode.PROTOCOL_ERROR),
    PRIORITY_OF_WRONG_LENGTH(ErrorCode.FRAME_SIZE_ERROR),
    DATA_BEYOND_WINDOW(ErrorCode.FLOW_CONTROL_ERROR);

    private static final List<String[]> BAD_FIELDS =
            List.of(
                    new String[] {"X-Upper", "a"},
                    new String[] {"connection", "close"},
                    new String[] {"transfer-encoding", "chunked"},
                    new String[] {"te", "gzip"},
                    new String[] {":path", "/again"},
                    new String[] {":unknown", "a"},
                    new String[] {"x-a", "b", ":authority", "late"},
                    new String[] {"x-control", "a\u0000b"},
                    new String[] {"x-line", "a\r\nb"},
                    new String[] {"x-space", " a"},
                    new String[] {"x y", "a"},
                    new String[] {"", "a"},
                    new String[] {"content-length", "-1"},
                    new String[] {"content-length", "1x"});

    private final ErrorCode code;

    StreamFault(ErrorCode code) {
        this.code = code;
    }

    void commit(FuzzClient client) {
        // With data beyond the connection's window as well, it would be the connection's end.
        var hasRoom = client.model.window() >= 5 * Frame.DEFAULT_MAX_SIZE;
        var fault = hasRoom ? this : UPDATE_BY_NOTHING;
        var stream = fault.commitOn(client);
        stream.faults.add(fault.code);
        if (client.oneIn(2) && client.model.room(stream) > 10) {
            // On its way before the client could know.
            client.write(RawHttp2.data(stream.id, false, new byte[10]));
            client.model.sent(stream, 10);
        }
    }

    private ModelStream commitOn(FuzzClient client) {
        return switch (this) {
            case UPDATE_BY_NOTHING -> {
                var stream = victim(client);
                client.write(RawHttp2.windowUpdate(stream.id, 0));
                yield stream;
            }
            case UPDATE_BY_TOO_MUCH -> {
                var stream = victim(client);
                var update = RawHttp2.windowUpdate(stream.id, Integer.MAX_VALUE);
                client.write(update, update);
                stream.credit += Integer.MAX_VALUE;
                yield stream;
            }
            case BODY_TOO_LONG -> {
                var stream = client.open(ModelStream.Path.ECHO, false, "content-length", "5");
                body(client, stream, 6);
                yield stream;
            }
            case BODY_TOO_SHORT -> {
                var stream = client.open(ModelStream.Path.ECHO, false, "content-length", "5");
                body(client, stream, 3);
                client.write(RawHttp2.data(stream.id, true));
                yield stream;
            }
            case BODY_MISSING -> client.open(ModelStream.Path.ECHO, true, "content-length", "5");
            case MALFORMED -> malformed(client);
            case TRAILERS_THAT_DO_NOT_END -> {
                var stream = victim(client);
                client.headers(stream.id, false, "x-trailer", "a");
                yield stream;
            }
            case TRAILERS_WITH_PSEUDO_HEADER -> {
                var stream = victim(client);
                client.headers(stream.id, true, ":path", "/");
                yield stream;
            }
            case DEPENDS_ON_ITSELF -> dependent(client);
            case PRIORITY_OF_WRONG_LENGTH -> {
                var stream = victim(client);
                var payload = new byte[client.oneIn(2) ? 3 : 6];
                client.write(RawHttp2.frame(RawHttp2.PRIORITY, 0, stream.id, payload));
                yield stream;
            }
            case DATA_BEYOND_WINDOW -> {
                var stream = client.open(ModelStream.Path.HOLD, false);
                for (var i = 0; i < 4; i++) {
                    body(client, stream, Frame.DEFAULT_MAX_SIZE);
                }
                yield stream;
            }
        };
    }

    /// A stream whose answer can't be on its way.
    private static ModelStream victim(FuzzClient client) {
        return client.any(ModelStream::isSurelyUnanswered)
                .orElseGet(() -> client.open(ModelStream.Path.ECHO, false));
    }

    private static void body(FuzzClient client, ModelStream stream, int length) {
        client.write(RawHttp2.data(stream.id, false, new byte[length]));
        client.model.sent(stream, length);
    }

    private static ModelStream malformed(FuzzClient client) {
        var last = client.oneIn(2);
        if (client.oneIn(3)) {
            var fields = FuzzClient.request(ModelStream.Path.ECHO);
            var missing = 2 * client.random.nextInt(3);
            var rest = Arrays.copyOf(fields, fields.length - 2);
            System.arraycopy(fields, missing + 2, rest, missing, rest.length - missing);
            var stream = client.model.open(client.nextId(), ModelStream.Path.ECHO);
            client.headers(stream.id, last, rest);
            return stream;
        }
        var bad = BAD_FIELDS.get(client.random.nextInt(BAD_FIELDS.size()));
        return client.open(ModelStream.Path.ECHO, last, bad);
    }

    private static ModelStream dependent(FuzzClient client) {
        var stream = client.model.open(client.nextId(), ModelStream.Path.ECHO);
        var block = RawHttp2.block(FuzzClient.request(ModelStream.Path.ECHO));
        var first = client.random.nextInt(block.length);
        var last = client.oneIn(2) ? RawHttp2.END_STREAM : 0;
        client.write(
                RawHttp2.frame(
                        RawHttp2.HEADERS,
                        RawHttp2.PRIORITIZED | last,
                        stream.id,
                        RawHttp2.join(
                                RawHttp2.word(stream.id),
                                new byte[] {16},
                                Arrays.copyOf(block, first))),
                RawHttp2.frame(
                        RawHttp2.CONTINUATION,
                        RawHttp2.END_HEADERS,
                        stream.id,
                        Arrays.copyOfRange(block, first, block.length)));
        return stream;
    }
}
