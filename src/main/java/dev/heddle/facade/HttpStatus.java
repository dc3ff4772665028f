package dev.heddle.facade;

import com.google.protobuf.Duration;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import dev.heddle.content.ContentFailures;
import dev.heddle.rpc.Headers;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import java.util.Map;

/// What a failure is in HTTP: its status code, by `google/rpc/code.proto`, and its header fields.
public final class HttpStatus {
    /// The reasons of failures that HTTP tells apart and the canonical codes don't.
    private static final Map<String, Integer> BY_REASON =
            Map.of(
                    HttpReasons.METHOD_NOT_ALLOWED, 405,
                    HttpReasons.NOT_ACCEPTABLE, 406,
                    HttpReasons.BODY_TIMEOUT, 408,
                    HttpReasons.BODY_TOO_LARGE, 413,
                    HttpReasons.UNSUPPORTED_MEDIA_TYPE, 415,
                    HttpReasons.UPGRADE_REQUIRED, 426,
                    ContentFailures.TOO_LARGE, 413,
                    ContentFailures.TYPE_NOT_ALLOWED, 415,
                    ContentFailures.RANGE_NOT_SATISFIABLE, 416,
                    RpcException.OVERLOADED, 503);

    private HttpStatus() {}

    /// The status code of a failure.
    public static int of(RpcException failure) {
        var byReason = failure.reason().map(BY_REASON::get);
        return byReason.isPresent() ? byReason.get() : of(failure.code());
    }

    /// The status code of a canonical code.
    public static int of(Code code) {
        return switch (code) {
            case OK -> 200;
            case INVALID_ARGUMENT, FAILED_PRECONDITION, OUT_OF_RANGE -> 400;
            case UNAUTHENTICATED -> 401;
            case PERMISSION_DENIED -> 403;
            case NOT_FOUND -> 404;
            case ABORTED, ALREADY_EXISTS -> 409;
            case RESOURCE_EXHAUSTED -> 429;
            case CANCELLED -> 499;
            case UNKNOWN, INTERNAL, DATA_LOSS -> 500;
            case UNIMPLEMENTED -> 501;
            case UNAVAILABLE -> 503;
            case DEADLINE_EXCEEDED -> 504;
        };
    }

    /// `Retry-After`, in whole seconds (RFC 9110, 10.2.3), where the failure says when another try
    /// makes sense, `WWW-Authenticate` where it wants credentials (RFC 6750), and `Content-Range`
    /// where a range was wrong (RFC 9110, 15.5.17).
    public static Headers headers(RpcException failure) {
        var headers = Headers.builder();
        failure.detail(RetryInfo.class)
                .map(RetryInfo::getRetryDelay)
                .ifPresent(delay -> headers.set("retry-after", Long.toString(seconds(delay))));
        if (failure.code() == Code.UNAUTHENTICATED) {
            headers.set("www-authenticate", "Bearer");
        }
        if (failure.reason().filter(ContentFailures.RANGE_NOT_SATISFIABLE::equals).isPresent()) {
            failure.detail(ErrorInfo.class)
                    .map(info -> info.getMetadataOrDefault(ContentFailures.SIZE, "*"))
                    .ifPresent(size -> headers.set("content-range", "bytes */" + size));
        }
        return headers.build();
    }

    private static long seconds(Duration delay) {
        return Math.max(0, delay.getSeconds() + (delay.getNanos() > 0 ? 1 : 0));
    }
}
