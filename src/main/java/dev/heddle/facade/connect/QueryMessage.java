package dev.heddle.facade.connect;

import dev.heddle.facade.bind.Query;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// The message in the query of a GET.
final class QueryMessage {
    private static final Base64.Decoder BASE64 = Base64.getUrlDecoder();

    private QueryMessage() {}

    /// @throws RpcException INVALID_ARGUMENT where there is none, or it is not the base64 that it
    ///   claims to be
    static byte[] of(Query query) {
        var message =
                query.first("message")
                        .orElseThrow(() ->
                                new RpcException(
                                        Code.INVALID_ARGUMENT,
                                        "the query has no message (expected: message=…)"));
        var isBase64 = query.first("base64").filter("1"::equals).isPresent();
        return isBase64 ? decode(message) : message.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] decode(String message) {
        try {
            return BASE64.decode(message);
        } catch (IllegalArgumentException e) {
            throw new RpcException(
                            Code.INVALID_ARGUMENT,
                            "message: not base64 (expected: its URL-safe alphabet, as base64=1 says)")
                    .withCause(e);
        }
    }
}
