package dev.heddle.facade.grpc;

import dev.heddle.rpc.Headers;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/// The header `grpc-timeout`: up to eight digits and a unit.
final class GrpcTimeout {
    static final String HEADER = "grpc-timeout";

    private static final Pattern FORM = Pattern.compile("(?<value>[0-9]{1,8})(?<unit>[HMSmun])");

    private GrpcTimeout() {}

    /// @throws RpcException INVALID_ARGUMENT for a header that has another form
    static Optional<Duration> of(Headers headers) {
        return headers.first(HEADER).map(GrpcTimeout::parse);
    }

    private static Duration parse(String text) {
        var parts = FORM.matcher(text);
        if (!parts.matches()) {
            throw new RpcException(
                    Code.INVALID_ARGUMENT,
                    "%s: %s (expected: 1 to 8 digits and one of H, M, S, m, u, n)"
                            .formatted(HEADER, text));
        }
        var value = Long.parseLong(parts.group("value"));
        return switch (parts.group("unit")) {
            case "H" -> Duration.ofHours(value);
            case "M" -> Duration.ofMinutes(value);
            case "S" -> Duration.ofSeconds(value);
            case "m" -> Duration.ofMillis(value);
            case "u" -> Duration.ofNanos(value * 1000);
            default -> Duration.ofNanos(value);
        };
    }
}
