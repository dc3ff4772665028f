package dev.heddle.async;

import dev.heddle.rpc.RpcException;
import java.time.Duration;

/// How one of several attempts ended.
///
/// @param <T> what it was for
public sealed interface Outcome<T> {
    /// How long it took.
    Duration time();

    /// The value.
    ///
    /// @throws RpcException the reason of a failure
    T value();

    /// It succeeded.
    ///
    /// @param value what it yielded
    /// @param time how long it took
    record Success<T>(T value, Duration time) implements Outcome<T> {}

    /// It failed.
    ///
    /// @param reason why it failed, fit for callers
    /// @param time how long it took
    record Failure<T>(RpcException reason, Duration time) implements Outcome<T> {
        @Override
        public T value() {
            throw reason;
        }
    }
}
