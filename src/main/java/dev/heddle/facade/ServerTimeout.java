package dev.heddle.facade;

import dev.heddle.rpc.Headers;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/// The time that a caller gives a call: `X-Server-Timeout`, in seconds, such as `2.5`, as Google's
/// APIs have it.
public final class ServerTimeout {
    private static final String NAME = "x-server-timeout";
    private static final Pattern SECONDS = Pattern.compile("\\d{1,9}(\\.\\d{1,9})?");

    private ServerTimeout() {}

    /// Empty where the caller sets none.
    ///
    /// @throws RpcException INVALID_ARGUMENT for a time that can't be read or is none
    public static Optional<Duration> of(Headers headers) {
        return headers.first(NAME).map(ServerTimeout::parse);
    }

    private static Duration parse(String text) {
        var time =
                SECONDS.matcher(text).matches()
                        ? Duration.ofNanos(new BigDecimal(text).movePointRight(9).longValue())
                        : Duration.ZERO;
        if (time.isZero()) {
            throw new RpcException(
                    Code.INVALID_ARGUMENT,
                    "%s: %s (expected: seconds, more than 0, such as 2.5)".formatted(NAME, text));
        }
        return time;
    }
}
