package dev.heddle.http.websocket;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Why a WebSocket is closed (RFC 6455, section 7.4).
///
/// @param code 1000 to 4999; [#NO_CODE] where a peer gave none
/// @param reason for people; what is beyond 123 bytes of UTF-8 is not sent
public record CloseStatus(int code, String reason) {
    /// All that was to be said was said.
    public static final int NORMAL = 1000;

    /// The server stops, or the page was left.
    public static final int GOING_AWAY = 1001;

    /// A frame breaks the protocol.
    public static final int PROTOCOL_ERROR = 1002;

    /// Text where binary is expected, or the reverse.
    public static final int UNSUPPORTED_DATA = 1003;

    /// Stands for a close frame without a code; never sent.
    public static final int NO_CODE = 1005;

    /// Text that is not UTF-8, or data that can't be decompressed.
    public static final int INVALID_DATA = 1007;

    /// The peer may not do what it wants to do.
    public static final int POLICY_VIOLATION = 1008;

    /// A message is too long.
    public static final int TOO_BIG = 1009;

    /// The server failed.
    public static final int INTERNAL_ERROR = 1011;

    private static final int CODE_SIZE = 2;
    private static final int MAX_REASON = FrameHeader.MAX_CONTROL_PAYLOAD - CODE_SIZE;

    /// Reads the payload of a close frame.
    static CloseStatus parse(byte[] payload) throws WebSocketException {
        if (payload.length == 0) {
            return new CloseStatus(NO_CODE, "");
        }
        if (payload.length < CODE_SIZE) {
            throw WebSocketException.protocolError("a close frame with half a code");
        }
        var code = ((payload[0] & 0xff) << 8) | (payload[1] & 0xff);
        if (!mayBeSent(code)) {
            throw WebSocketException.protocolError(
                    "close code %d (expected: one that may be sent)".formatted(code));
        }
        try {
            var reason = ByteBuffer.wrap(payload, CODE_SIZE, payload.length - CODE_SIZE);
            return new CloseStatus(
                    code, StandardCharsets.UTF_8.newDecoder().decode(reason).toString());
        } catch (CharacterCodingException _) {
            throw WebSocketException.invalidText();
        }
    }

    /// The payload of the close frame that says so.
    byte[] toBytes() {
        if (code == NO_CODE) {
            return new byte[0];
        }
        var payload = new byte[CODE_SIZE + MAX_REASON];
        var bytes = ByteBuffer.wrap(payload);
        bytes.putShort((short) code);
        // stops before the character that does not fit any more
        StandardCharsets.UTF_8
                .newEncoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .encode(CharBuffer.wrap(reason), bytes, true);
        return Arrays.copyOf(payload, bytes.position());
    }

    /// Whether a code may stand in a close frame: those that the protocol or IANA's registry gives
    /// a meaning to, and those for libraries and applications.
    private static boolean mayBeSent(int code) {
        return (code >= 1000 && code <= 1003)
                || (code >= 1007 && code <= 1014)
                || (code >= 3000 && code <= 4999);
    }
}
