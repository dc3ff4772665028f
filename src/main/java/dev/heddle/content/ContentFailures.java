package dev.heddle.content;

import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import java.util.Map;

/// How content is refused. The reasons are within [RpcException#DOMAIN].
public final class ContentFailures {
    /// There is more of it than is taken. HTTP status 413, RESOURCE_EXHAUSTED.
    public static final String TOO_LARGE = "CONTENT_TOO_LARGE";

    /// It is of a media type that is not taken. HTTP status 415, INVALID_ARGUMENT.
    public static final String TYPE_NOT_ALLOWED = "CONTENT_TYPE_NOT_ALLOWED";

    /// It ends before the range that is asked for. HTTP status 416, OUT_OF_RANGE; says the size of
    /// the content under [#SIZE].
    public static final String RANGE_NOT_SATISFIABLE = "RANGE_NOT_SATISFIABLE";

    /// What the size of the content is called among the facts about a failure.
    public static final String SIZE = "size";

    private ContentFailures() {}

    /// Refuses more bytes than are taken.
    ///
    /// @param max how many that are
    public static RpcException tooLarge(long max) {
        return new RpcException(
                        Code.RESOURCE_EXHAUSTED,
                        "the content is too large (expected: at most %d bytes)".formatted(max))
                .withReason(TOO_LARGE, Map.of("max", Long.toString(max)));
    }

    /// Refuses a media type.
    ///
    /// @param expected the types that are taken
    public static RpcException typeNotAllowed(String type, String expected) {
        return new RpcException(
                        Code.INVALID_ARGUMENT,
                        "content type: \"%s\" (expected: %s)".formatted(type, expected))
                .withReason(TYPE_NOT_ALLOWED);
    }

    static RpcException rangeNotSatisfiable(long size) {
        return new RpcException(
                        Code.OUT_OF_RANGE,
                        "the range has no byte of the content (expected: of %d bytes)"
                                .formatted(size))
                .withReason(RANGE_NOT_SATISFIABLE, Map.of(SIZE, Long.toString(size)));
    }
}
