package dev.heddle.facade.connect;

import dev.heddle.rpc.Headers;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/// The header fields of Connect's own.
final class ConnectHeaders {
    static final String VERSION = "connect-protocol-version";

    private static final String TIMEOUT = "connect-timeout-ms";
    private static final Pattern MILLISECONDS = Pattern.compile("[0-9]{1,10}");

    private ConnectHeaders() {}

    /// @throws RpcException INVALID_ARGUMENT for another version of the protocol
    static void checkVersion(Headers headers) {
        checkVersion(VERSION, headers.first(VERSION), "1");
    }

    /// @param name what named the version
    static void checkVersion(String name, Optional<String> version, String expected) {
        if (version.isPresent() && !version.get().equals(expected)) {
            throw new RpcException(
                    Code.INVALID_ARGUMENT,
                    "%s: %s (expected: %s)".formatted(name, version.get(), expected));
        }
    }

    /// The time that a caller gives a call; empty for one that sets none.
    ///
    /// @throws RpcException INVALID_ARGUMENT for a time that can't be read
    static Optional<Duration> timeout(Headers headers) {
        return headers.first(TIMEOUT).map(ConnectHeaders::milliseconds);
    }

    private static Duration milliseconds(String text) {
        if (!MILLISECONDS.matcher(text).matches()) {
            throw new RpcException(
                    Code.INVALID_ARGUMENT,
                    "%s: %s (expected: milliseconds, 1 to 10 digits)".formatted(TIMEOUT, text));
        }
        return Duration.ofMillis(Long.parseLong(text));
    }
}
