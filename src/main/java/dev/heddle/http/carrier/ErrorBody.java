package dev.heddle.http.carrier;

import dev.heddle.rpc.Headers;
import io.grpc.Status.Code;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// The answer to what never reaches a facade: a `google.rpc.Status` in JSON.
///
/// @param status the HTTP status
/// @param message fit for a JSON string as it is
public record ErrorBody(int status, String message) {
    private static final Headers HEADERS =
            Headers.builder()
                    .set("content-type", "application/json")
                    .set("x-content-type-options", "nosniff")
                    .build();

    public ErrorBody(int status, @Nullable String message) {
        this.status = status;
        this.message = message == null ? "request refused" : message;
    }

    public static Headers headers() {
        return HEADERS;
    }

    public byte[] toBytes() {
        return "{\"code\":%d,\"message\":\"%s\"}"
                .formatted(code().value(), message)
                .getBytes(StandardCharsets.UTF_8);
    }

    private Code code() {
        return switch (status) {
            case 404 -> Code.NOT_FOUND;
            case 408 -> Code.DEADLINE_EXCEEDED;
            case 413, 431 -> Code.RESOURCE_EXHAUSTED;
            case 501, 505 -> Code.UNIMPLEMENTED;
            case 503 -> Code.UNAVAILABLE;
            default -> status < 500 ? Code.INVALID_ARGUMENT : Code.INTERNAL;
        };
    }
}
