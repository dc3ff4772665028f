package dev.heddle.facade.envelope;

import dev.heddle.rpc.Headers;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.Optional;

/// The header `grpc-timeout`: up to eight digits and a unit.
public final class GrpcTimeout {
    private static final String HEADER = "grpc-timeout";

    private static final int MAX_DIGITS = 8;

    private GrpcTimeout() {}

    /// The time that a caller gives a call; empty for one that sets none.
    ///
    /// @throws RpcException INVALID_ARGUMENT for a header that has another form
    public static Optional<Duration> of(Headers headers) {
        return headers.first(HEADER).map(GrpcTimeout::parse);
    }

    private static Duration parse(String text) {
        var digits = text.length() - 1;
        if (digits < 1 || digits > MAX_DIGITS) {
            throw malformed(text);
        }
        var value = 0L;
        for (var i = 0; i < digits; i++) {
            var digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                throw malformed(text);
            }
            value = 10 * value + digit;
        }
        return switch (text.charAt(digits)) {
            case 'H' -> Duration.ofHours(value);
            case 'M' -> Duration.ofMinutes(value);
            case 'S' -> Duration.ofSeconds(value);
            case 'm' -> Duration.ofMillis(value);
            case 'u' -> Duration.ofNanos(value * 1000);
            case 'n' -> Duration.ofNanos(value);
            default -> throw malformed(text);
        };
    }

    private static RpcException malformed(String text) {
        return new RpcException(
                Code.INVALID_ARGUMENT,
                "%s: %s (expected: 1 to 8 digits and one of H, M, S, m, u, n)"
                        .formatted(HEADER, text));
    }
}
