package dev.heddle.facade.connect;

import dev.heddle.rpc.Headers;
import java.util.List;

/// A request that is no call, which HTTP alone refuses.
final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String reason;
    private final transient Headers headers;

    private Refusal(int status, String reason, Headers headers) {
        super(reason);
        this.status = status;
        this.reason = reason;
        this.headers = headers;
    }

    static Refusal unknown(String path) {
        return new Refusal(
                404, "there is no method %s".formatted(path.substring(1)), Headers.empty());
    }

    static Refusal methodNotAllowed(String method, List<String> allowed) {
        var allow = String.join(", ", allowed);
        return new Refusal(
                405,
                "%s: does not call this method (expected: %s)".formatted(method, allow),
                Headers.builder().set("allow", allow).build());
    }

    /// @param prefix what the expected types begin with
    static Refusal unsupportedType(String type, String prefix) {
        var expected = "%sjson, %1$sproto".formatted(prefix);
        return new Refusal(
                415,
                "content-type: %s (expected: one of %s)".formatted(type, expected),
                Headers.builder().set("accept-post", expected).build());
    }

    static Refusal unsupportedEncoding(String encoding) {
        return new Refusal(
                415,
                "encoding: \"%s\" (expected: json or proto)".formatted(encoding),
                Headers.empty());
    }

    int status() {
        return status;
    }

    String reason() {
        return reason;
    }

    Headers headers() {
        return headers;
    }
}
