package dev.heddle.http.h2;

/// What the peer did wrong with one stream, which ends with RST_STREAM.
final class StreamException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int streamId;
    private final ErrorCode code;

    StreamException(int streamId, ErrorCode code, String message) {
        super(message, null, false, false);
        this.streamId = streamId;
        this.code = code;
    }

    int streamId() {
        return streamId;
    }

    ErrorCode code() {
        return code;
    }
}
