package dev.heddle.facade;

import dev.heddle.rpc.Call;
import dev.heddle.rpc.Headers;
import java.util.Set;

/// The header fields that a handler gives its answer.
public final class CallHeaders {
    /// What belongs to the connection or says how the body is framed: no handler can know it.
    private static final Set<String> RESERVED =
            Set.of(
                    "connection",
                    "content-length",
                    "keep-alive",
                    "te",
                    "trailer",
                    "transfer-encoding",
                    "upgrade");

    private CallHeaders() {}

    /// Those of a call, save what it is not for a handler to say.
    public static Headers.Builder of(Call call) {
        var headers = Headers.builder();
        call.responseHeaders()
                .build()
                .forEach((name, value) -> {
                    if (!RESERVED.contains(name)) {
                        headers.add(name, value);
                    }
                });
        return headers;
    }
}
