package dev.heddle.http.h2;

/// Types, flags and sizes of frames: RFC 9113, sections 4 and 6.
final class Frame {
    static final int HEADER_SIZE = 9;

    /// What every endpoint takes, and the most that we send.
    static final int DEFAULT_MAX_SIZE = 16 * 1024;

    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int PRIORITY = 2;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PUSH_PROMISE = 5;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    /// Of DATA and HEADERS.
    static final int END_STREAM = 0x1;

    /// Of SETTINGS and PING.
    static final int ACK = 0x1;

    /// Of HEADERS and CONTINUATION.
    static final int END_HEADERS = 0x4;

    /// Of DATA and HEADERS.
    static final int PADDED = 0x8;

    /// Of HEADERS.
    static final int PRIORITIZED = 0x20;

    static final int SETTINGS_HEADER_TABLE_SIZE = 1;
    static final int SETTINGS_ENABLE_PUSH = 2;
    static final int SETTINGS_MAX_CONCURRENT_STREAMS = 3;
    static final int SETTINGS_INITIAL_WINDOW_SIZE = 4;
    static final int SETTINGS_MAX_FRAME_SIZE = 5;
    static final int SETTINGS_MAX_HEADER_LIST_SIZE = 6;

    /// Both of a connection and of a stream, until settings or window updates say otherwise.
    static final int DEFAULT_WINDOW = 65_535;

    private Frame() {}
}
