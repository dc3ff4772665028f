package dev.heddle.facade.envelope;

import dev.heddle.rpc.Headers;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import java.util.Arrays;
import java.util.regex.Pattern;

/// Which messages of a call may be compressed, each by itself, with [Gzip].
///
/// @param ofRequests whether the caller compresses what it sends
/// @param ofResponses whether what it gets is compressed
public record Compression(boolean ofRequests, boolean ofResponses) {
    private static final Pattern REFUSED = Pattern.compile(";\\s*q=0(\\.0*)?\\s*(;|$)");

    /// What a call of gRPC asks for. A caller that accepts gzip gets it where it sends it itself,
    /// or where the settings say so.
    ///
    /// @throws RpcException UNIMPLEMENTED for an encoding of the messages that is not known
    public static Compression ofGrpc(Headers headers, MessageSettings settings) {
        var sends = isGzip("grpc-encoding", headers.first("grpc-encoding").orElse(""));
        return new Compression(
                sends,
                (sends || settings.compresses()) && accepts(headers, "grpc-accept-encoding"));
    }

    /// What a stream of Connect asks for, likewise. A caller that does not say what it accepts
    /// accepts what it sends.
    ///
    /// @throws RpcException UNIMPLEMENTED for an encoding of the messages that is not known
    public static Compression ofConnect(Headers headers, MessageSettings settings) {
        var name = "connect-content-encoding";
        var accepting = "connect-accept-encoding";
        var sends = isGzip(name, headers.first(name).orElse(""));
        return new Compression(
                sends,
                headers.contains(accepting)
                        ? (sends || settings.compresses()) && accepts(headers, accepting)
                        : sends);
    }

    /// Whether an encoding is gzip and not none.
    ///
    /// @param field what named it, for the message
    /// @throws RpcException UNIMPLEMENTED for one that is not known
    public static boolean isGzip(String field, String encoding) {
        return switch (encoding) {
            case "", "identity" -> false;
            case Gzip.NAME -> true;
            default ->
                    throw new RpcException(
                            Code.UNIMPLEMENTED,
                            "%s: %s (expected: one of %s)"
                                    .formatted(field, encoding, Gzip.ACCEPTED));
        };
    }

    /// Whether a header field lists gzip among what a caller accepts.
    ///
    /// @param accepting the name of the field
    public static boolean accepts(Headers headers, String accepting) {
        return headers.all(accepting).stream()
                .flatMap(value -> Arrays.stream(value.split(",", -1)))
                .map(String::strip)
                .anyMatch(Compression::isAcceptedGzip);
    }

    private static boolean isAcceptedGzip(String element) {
        var parameters = element.indexOf(';');
        if (parameters < 0) {
            return element.equals(Gzip.NAME);
        }
        return element.substring(0, parameters).strip().equals(Gzip.NAME)
                && !REFUSED.matcher(element).find();
    }
}
