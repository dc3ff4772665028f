package dev.heddle.contract;

import com.google.protobuf.Message;
import dev.heddle.rpc.RpcException;
import io.grpc.MethodDescriptor;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// A client of one framing, for any method.
interface FramingClient extends AutoCloseable {
    /// How a call is made.
    ///
    /// @param token the bearer token, empty for none
    /// @param timeout the deadline, empty for none
    record Options(Optional<String> token, Optional<Duration> timeout) {
        Options withoutToken() {
            return new Options(Optional.empty(), timeout);
        }

        Options withToken(String value) {
            return new Options(Optional.of(value), timeout);
        }

        Options within(Duration value) {
            return new Options(token, Optional.of(value));
        }
    }

    /// Makes a call, sends the requests and hands over the responses as they come.
    ///
    /// @throws RpcException the error that the gateway answered with
    /// @throws CutException if the stream of responses has no end
    <Q extends Message, R extends Message> void call(
            MethodDescriptor<Q, R> method, List<Q> requests, Options options, Consumer<R> each);

    /// Makes a call and goes away after the first response.
    <Q extends Message, R extends Message> void abandon(
            MethodDescriptor<Q, R> method, Q request, Options options);

    @Override
    void close();

    /// The stream of responses broke off: there was no record of its end.
    final class CutException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        CutException(String message) {
            super(message);
        }
    }
}
