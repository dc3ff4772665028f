package dev.heddle.rpc;

import io.grpc.Status.Code;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/// The messages that a caller sends, in order. To be read by one thread, once.
///
/// That thread may be another than the handler's, so that a conversation is read while it is
/// answered: over every framing one thread may be in [#next] while another is in [Outbound#send]. A
/// handler that starts such a reader sees to its end:
///
/// ```java
/// var reader = Thread.startVirtualThread(() -> in.forEach(this::take));
/// try {
///     answer(out);
/// } finally {
///     in.release();
///     reader.join();
/// }
/// ```
///
/// What the reader throws, a failure of the caller's included, is the handler's to deal with. A
/// cancellation of the call ends the wait of the reader as well. When the handler has returned, the
/// messages are released in any case.
///
/// @param <Q> the type of the messages
@FunctionalInterface
public interface Inbound<Q> extends Iterable<Q> {
    /// Waits for the next message; empty once the caller has sent its last.
    ///
    /// @throws RpcException if the call is cancelled, or the message can't be read or is not valid;
    ///   CANCELLED if the messages were released
    Optional<Q> next();

    /// Says that no more messages are wanted: whoever waits in [#next], or comes there from now on,
    /// gets an exception. May be called from any thread, more than once.
    default void release() {}

    /// What [#next] throws once the messages were released.
    static RpcException released() {
        return new RpcException(Code.CANCELLED, "no more messages are wanted");
    }

    /// An inbound of one message, which the caller has sent already.
    static <Q> Inbound<Q> of(Q message) {
        var iterator = List.of(message).iterator();
        return () -> iterator.hasNext() ? Optional.of(iterator.next()) : Optional.empty();
    }

    @Override
    default Iterator<Q> iterator() {
        return new Iterator<>() {
            private Optional<Q> ahead = Optional.empty();
            private boolean ended;

            @Override
            public boolean hasNext() {
                if (ahead.isEmpty() && !ended) {
                    ahead = Inbound.this.next();
                    ended = ahead.isEmpty();
                }
                return ahead.isPresent();
            }

            @Override
            public Q next() {
                if (!hasNext()) {
                    throw new NoSuchElementException("the caller has sent its last message");
                }
                var message = ahead.orElseThrow();
                ahead = Optional.empty();
                return message;
            }
        };
    }
}
