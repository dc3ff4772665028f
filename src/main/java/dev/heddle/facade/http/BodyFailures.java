package dev.heddle.facade.http;

import dev.heddle.facade.HttpReasons;
import dev.heddle.http.BodyMalformedException;
import dev.heddle.http.BodyReleasedException;
import dev.heddle.http.BodyTimeoutException;
import dev.heddle.http.BodyTooLargeException;
import dev.heddle.rpc.Inbound;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import java.io.EOFException;
import java.io.IOException;
import java.util.Objects;
import java.util.zip.ZipException;

/// Says what a caller has to know of a body that can't be read.
final class BodyFailures {
    private BodyFailures() {}

    static RpcException toRpcException(IOException failure) {
        return switch (failure) {
            case BodyTooLargeException e ->
                    new RpcException(Code.RESOURCE_EXHAUSTED, text(e))
                            .withReason(HttpReasons.BODY_TOO_LARGE);
            case BodyTimeoutException e ->
                    new RpcException(Code.DEADLINE_EXCEEDED, text(e))
                            .withReason(HttpReasons.BODY_TIMEOUT);
            case BodyMalformedException e -> new RpcException(Code.INVALID_ARGUMENT, text(e));
            case ZipException _ ->
                    new RpcException(
                            Code.INVALID_ARGUMENT,
                            "malformed body (expected: gzip, as its content-encoding says)");
            case BodyReleasedException _ -> Inbound.released();
            case EOFException _ ->
                    new RpcException(Code.INVALID_ARGUMENT, "the body ends too early");
            default -> new RpcException(Code.CANCELLED, "the caller has gone").withCause(failure);
        };
    }

    private static String text(IOException failure) {
        return Objects.requireNonNullElse(failure.getMessage(), "the body can't be read");
    }
}
