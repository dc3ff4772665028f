package dev.heddle.http.websocket;

/// What precedes the payload of a frame (RFC 6455, section 5.2).
///
/// @param isFinal whether it is the last of its message
/// @param isCompressed whether it begins a compressed message: RSV1, as RFC 7692 has it
/// @param length of the payload, in bytes
record FrameHeader(boolean isFinal, boolean isCompressed, Opcode opcode, long length) {
    /// The longest payload of a control frame.
    static final int MAX_CONTROL_PAYLOAD = 125;

    static final int FINAL = 0x80;
    static final int RSV1 = 0x40;
    static final int RESERVED = 0x30;
    static final int OPCODE = 0x0f;
    static final int MASKED = 0x80;
    static final int LENGTH = 0x7f;

    /// Stands for a length in the next two bytes.
    static final int LENGTH_16 = 126;

    /// Stands for a length in the next eight bytes.
    static final int LENGTH_64 = 127;

    static final int MAX_LENGTH_16 = 0xffff;
}
