package dev.heddle.http.h2;

import static dev.heddle.testing.RawHttp2.frame;
import static dev.heddle.testing.RawHttp2.settings;

import dev.heddle.testing.RawHttp2;
import java.util.EnumSet;
import java.util.Set;

/// What a client may do wrong so that its connection ends.
enum ConnectionFault {
    DATA_ON_IDLE_STREAM(ErrorCode.PROTOCOL_ERROR),
    RESET_OF_IDLE_STREAM(ErrorCode.PROTOCOL_ERROR),
    UPDATE_OF_IDLE_STREAM(ErrorCode.PROTOCOL_ERROR),
    DATA_ON_CONNECTION(ErrorCode.PROTOCOL_ERROR),
    HEADERS_ON_CONNECTION(ErrorCode.PROTOCOL_ERROR),
    HEADERS_ON_EVEN_STREAM(ErrorCode.PROTOCOL_ERROR),
    RESET_OF_CONNECTION(ErrorCode.PROTOCOL_ERROR),
    PRIORITY_OF_CONNECTION(ErrorCode.PROTOCOL_ERROR),
    SETTINGS_ON_STREAM(ErrorCode.PROTOCOL_ERROR),
    PING_ON_STREAM(ErrorCode.PROTOCOL_ERROR),
    GOAWAY_ON_STREAM(ErrorCode.PROTOCOL_ERROR),
    PUSH_PROMISE(ErrorCode.PROTOCOL_ERROR),
    CONTINUATION_OF_NOTHING(ErrorCode.PROTOCOL_ERROR),
    INTERRUPTED_BLOCK(ErrorCode.PROTOCOL_ERROR),
    CONTINUATION_OF_ANOTHER(ErrorCode.PROTOCOL_ERROR),
    PADDING_BEYOND_DATA(ErrorCode.PROTOCOL_ERROR),
    PADDING_BEYOND_HEADERS(ErrorCode.PROTOCOL_ERROR),
    UPDATE_BY_NOTHING(ErrorCode.PROTOCOL_ERROR),
    PUSH_SETTING(ErrorCode.PROTOCOL_ERROR),
    FRAME_SIZE_SETTING(ErrorCode.PROTOCOL_ERROR),
    OLD_ID(ErrorCode.PROTOCOL_ERROR, ErrorCode.STREAM_CLOSED),
    WINDOW_SETTING(ErrorCode.FLOW_CONTROL_ERROR),
    UPDATE_BY_TOO_MUCH(ErrorCode.FLOW_CONTROL_ERROR),
    DATA_BEYOND_WINDOW(ErrorCode.FLOW_CONTROL_ERROR),
    PING_OF_WRONG_LENGTH(ErrorCode.FRAME_SIZE_ERROR),
    SETTINGS_OF_WRONG_LENGTH(ErrorCode.FRAME_SIZE_ERROR),
    SETTINGS_ACK_WITH_PAYLOAD(ErrorCode.FRAME_SIZE_ERROR),
    UPDATE_OF_WRONG_LENGTH(ErrorCode.FRAME_SIZE_ERROR),
    RESET_OF_WRONG_LENGTH(ErrorCode.FRAME_SIZE_ERROR),
    GOAWAY_OF_WRONG_LENGTH(ErrorCode.FRAME_SIZE_ERROR),
    FRAME_TOO_LONG(ErrorCode.FRAME_SIZE_ERROR),
    PADDED_NOTHING(ErrorCode.FRAME_SIZE_ERROR),
    HEADERS_WITHOUT_PRIORITY(ErrorCode.FRAME_SIZE_ERROR),
    PRIORITY_OF_WRONG_LENGTH_ON_IDLE_STREAM(ErrorCode.FRAME_SIZE_ERROR),
    UNKNOWN_INDEX(ErrorCode.COMPRESSION_ERROR),
    CUT_BLOCK(ErrorCode.COMPRESSION_ERROR),
    TABLE_TOO_LARGE(ErrorCode.COMPRESSION_ERROR),
    BLOCK_WITHOUT_END(ErrorCode.ENHANCE_YOUR_CALM);

    private final ErrorCode code;
    private final ErrorCode other;

    ConnectionFault(ErrorCode code) {
        this(code, code);
    }

    ConnectionFault(ErrorCode code, ErrorCode other) {
        this.code = code;
        this.other = other;
    }

    /// What GOAWAY may say.
    Set<ErrorCode> codes() {
        return EnumSet.of(code, other);
    }

    void commit(FuzzClient client) {
        // An id that is odd and idle, whatever was opened.
        var idle = client.nextId() + 100;
        switch (this) {
            case DATA_ON_IDLE_STREAM -> client.write(RawHttp2.data(idle, true, (byte) 1));
            case RESET_OF_IDLE_STREAM -> client.write(RawHttp2.reset(idle, 8));
            case UPDATE_OF_IDLE_STREAM -> client.write(RawHttp2.windowUpdate(idle, 1));
            case DATA_ON_CONNECTION -> client.write(RawHttp2.data(0, false, (byte) 1));
            case HEADERS_ON_CONNECTION -> client.headers(0, true, request());
            case HEADERS_ON_EVEN_STREAM -> client.headers(idle + 1, true, request());
            case RESET_OF_CONNECTION -> client.write(RawHttp2.reset(0, 8));
            case PRIORITY_OF_CONNECTION ->
                    client.write(frame(RawHttp2.PRIORITY, 0, 0, new byte[5]));
            case SETTINGS_ON_STREAM -> client.write(frame(RawHttp2.SETTINGS, 0, 1));
            case PING_ON_STREAM -> client.write(frame(RawHttp2.PING, 0, 1, new byte[8]));
            case GOAWAY_ON_STREAM -> client.write(frame(RawHttp2.GOAWAY, 0, 1, new byte[8]));
            case PUSH_PROMISE -> client.write(frame(RawHttp2.PUSH_PROMISE, 4, 1, new byte[10]));
            case CONTINUATION_OF_NOTHING ->
                    client.write(frame(RawHttp2.CONTINUATION, 4, 1, RawHttp2.block(request())));
            case INTERRUPTED_BLOCK -> interruptedBlock(client, idle);
            case CONTINUATION_OF_ANOTHER ->
                    client.write(
                            frame(RawHttp2.HEADERS, 0, idle, RawHttp2.block(request())),
                            frame(RawHttp2.CONTINUATION, 4, idle + 2, RawHttp2.block("a", "b")));
            case PADDING_BEYOND_DATA -> {
                var stream = client.open(ModelStream.Path.ECHO, false);
                client.write(frame(RawHttp2.DATA, RawHttp2.PADDED, stream.id, (byte) 3, (byte) 0));
            }
            case PADDING_BEYOND_HEADERS ->
                    client.write(frame(RawHttp2.HEADERS, 0xc, idle, (byte) 9, (byte) 0x82));
            case UPDATE_BY_NOTHING -> client.write(RawHttp2.windowUpdate(0, 0));
            case PUSH_SETTING -> client.write(settings(Frame.SETTINGS_ENABLE_PUSH, 2));
            case FRAME_SIZE_SETTING ->
                    client.write(
                            settings(
                                    Frame.SETTINGS_MAX_FRAME_SIZE,
                                    client.oneIn(2) ? 16_383 : 1 << 24));
            case OLD_ID -> {
                client.model.open(idle, ModelStream.Path.EARLY);
                client.headers(idle, true, FuzzClient.request(ModelStream.Path.EARLY));
                client.headers(idle - 2, true, request());
            }
            case WINDOW_SETTING ->
                    client.write(settings(Frame.SETTINGS_INITIAL_WINDOW_SIZE, Integer.MIN_VALUE));
            case UPDATE_BY_TOO_MUCH -> {
                var update = RawHttp2.windowUpdate(0, Integer.MAX_VALUE);
                client.write(update, update);
                client.model.grant(Integer.MAX_VALUE);
            }
            case DATA_BEYOND_WINDOW -> dataBeyondWindow(client);
            case PING_OF_WRONG_LENGTH -> client.write(frame(RawHttp2.PING, 0, 0, new byte[7]));
            case SETTINGS_OF_WRONG_LENGTH ->
                    client.write(frame(RawHttp2.SETTINGS, 0, 0, new byte[7]));
            case SETTINGS_ACK_WITH_PAYLOAD ->
                    client.write(frame(RawHttp2.SETTINGS, RawHttp2.ACK, 0, new byte[6]));
            case UPDATE_OF_WRONG_LENGTH ->
                    client.write(frame(RawHttp2.WINDOW_UPDATE, 0, 0, new byte[5]));
            case RESET_OF_WRONG_LENGTH -> {
                var stream = client.open(ModelStream.Path.ECHO, false);
                client.write(frame(RawHttp2.RST_STREAM, 0, stream.id, new byte[3]));
            }
            case GOAWAY_OF_WRONG_LENGTH -> client.write(frame(RawHttp2.GOAWAY, 0, 0, new byte[7]));
            case FRAME_TOO_LONG ->
                    client.write(frame(client.random.nextInt(20), 0, idle, new byte[9], 16_385));
            case PADDED_NOTHING -> client.write(frame(RawHttp2.HEADERS, RawHttp2.PADDED | 4, idle));
            case HEADERS_WITHOUT_PRIORITY ->
                    client.write(
                            frame(RawHttp2.HEADERS, RawHttp2.PRIORITIZED | 4, idle, new byte[4]));
            case PRIORITY_OF_WRONG_LENGTH_ON_IDLE_STREAM ->
                    client.write(frame(RawHttp2.PRIORITY, 0, idle, new byte[3]));
            case UNKNOWN_INDEX -> block(client, idle, (byte) 0xff, (byte) 0x7f);
            case CUT_BLOCK -> block(client, idle, (byte) 0, (byte) 20, (byte) 'a');
            case TABLE_TOO_LARGE -> block(client, idle, (byte) 0x3f, (byte) 0xff, (byte) 0x7f);
            case BLOCK_WITHOUT_END -> {
                client.model.burn(idle);
                client.write(frame(RawHttp2.HEADERS, 0, idle, new byte[10_000]));
                var more = frame(RawHttp2.CONTINUATION, 0, idle, new byte[10_000]);
                client.write(more, more, more);
            }
        }
    }

    private static String[] request() {
        return FuzzClient.request(ModelStream.Path.ECHO);
    }

    private static void block(FuzzClient client, int id, byte... block) {
        client.model.burn(id);
        client.write(frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS, id, block));
    }

    private static void interruptedBlock(FuzzClient client, int id) {
        client.write(frame(RawHttp2.HEADERS, 0, id, RawHttp2.block(request())));
        var types = new int[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 77};
        var type = types[client.random.nextInt(types.length)];
        client.write(frame(type, 0, client.random.nextInt(3), new byte[8]));
    }

    private static void dataBeyondWindow(FuzzClient client) {
        var left = client.model.window() + FrameFuzzTest.CONNECTION_WINDOW;
        while (left > 0) {
            var stream = client.open(ModelStream.Path.HOLD, false);
            for (var i = 0; i < 3; i++) {
                client.write(RawHttp2.data(stream.id, false, new byte[Frame.DEFAULT_MAX_SIZE]));
                left -= Frame.DEFAULT_MAX_SIZE;
            }
        }
    }
}
