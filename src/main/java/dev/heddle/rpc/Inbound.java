package dev.heddle.rpc;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/// The messages that a caller sends, in order. To be read by one thread, once.
///
/// @param <Q> the type of the messages
@FunctionalInterface
public interface Inbound<Q> extends Iterable<Q> {
    /// Waits for the next message; empty once the caller has sent its last.
    ///
    /// @throws RpcException if the call is cancelled, or the message can't be read or is not valid
    Optional<Q> next();

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
