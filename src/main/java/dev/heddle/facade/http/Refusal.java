package dev.heddle.facade.http;

import dev.heddle.facade.HttpReasons;
import dev.heddle.rpc.Headers;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import java.util.Collection;
import java.util.List;

/// A request that HTTP's own rules refuse before there is a call.
final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final RpcException failure;
    private final transient Headers headers;

    private Refusal(RpcException failure, Headers headers) {
        super(failure.message(), failure);
        this.failure = failure;
        this.headers = headers;
    }

    static Refusal notFound(String method, String path, List<String> nearest) {
        var hint = nearest.isEmpty() ? "" : " (nearest: %s)".formatted(String.join(", ", nearest));
        return new Refusal(
                new RpcException(
                                Code.NOT_FOUND,
                                "no route for %s %s%s".formatted(method, path, hint))
                        .withReason(HttpReasons.ROUTE_NOT_FOUND),
                Headers.empty());
    }

    static Refusal methodNotAllowed(String method, String path, Collection<String> allowed) {
        var allow = String.join(", ", allowed);
        return new Refusal(
                new RpcException(
                                Code.UNIMPLEMENTED,
                                "%s %s: not a method of this path (expected: %s)"
                                        .formatted(method, path, allow))
                        .withReason(HttpReasons.METHOD_NOT_ALLOWED),
                Headers.builder().set("allow", allow).build());
    }

    static Refusal notAcceptable(Collection<String> offers) {
        return new Refusal(
                new RpcException(
                                Code.INVALID_ARGUMENT,
                                "accept: nothing that is on offer (expected: one of %s)"
                                        .formatted(String.join(", ", offers)))
                        .withReason(HttpReasons.NOT_ACCEPTABLE),
                Headers.empty());
    }

    static Refusal unsupportedType(String method, String type, Collection<String> supported) {
        var types = String.join(", ", supported);
        return new Refusal(
                unsupported("content-type: %s (expected: %s)".formatted(type, types)),
                method.equals("PATCH")
                        ? Headers.builder().set("accept-patch", types).build()
                        : Headers.builder().set("accept-post", types).build());
    }

    static Refusal unsupportedCoding(String coding) {
        return new Refusal(
                unsupported("content-encoding: %s (expected: gzip or none)".formatted(coding)),
                Headers.builder().set("accept-encoding", "gzip").build());
    }

    RpcException failure() {
        return failure;
    }

    /// What goes with the answer.
    Headers headers() {
        return headers;
    }

    private static RpcException unsupported(String message) {
        return new RpcException(Code.INVALID_ARGUMENT, message)
                .withReason(HttpReasons.UNSUPPORTED_MEDIA_TYPE);
    }
}
