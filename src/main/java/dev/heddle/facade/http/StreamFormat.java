package dev.heddle.facade.http;

import com.google.protobuf.Message;
import dev.heddle.rpc.Headers;
import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Shared;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;

/// How the messages of one call become the body of a response.
///
/// A body ends with something that can't be missed, so that one that was cut can't pass for a
/// complete one. Only [#status], [#headers] and `message` are called by the handler's thread.
interface StreamFormat {
    /// What the format is called in metrics and logs.
    String name();

    /// The status of a response that isn't a failure.
    ///
    /// @param first the first message, if there is any
    default int status(Optional<Message> first) {
        return 200;
    }

    /// The header fields that say what the body is.
    ///
    /// @param first the first message, if there is any
    void headers(Optional<Message> first, Headers.Builder headers);

    /// Writes what precedes all messages.
    default void start(OutputStream out) throws IOException {}

    /// Writes one message.
    void message(Message message, OutputStream out) throws IOException;

    /// Writes one message that others get too.
    default void message(Shared<?> message, OutputStream out) throws IOException {
        message(message.message(), out);
    }

    /// How long the handler may be silent before the response is started without a message; empty
    /// for a format that waits for as long as it takes.
    default Optional<Duration> startPatience() {
        return Optional.empty();
    }

    /// Writes something that means nothing, to show that the stream is alive.
    default void heartbeat(OutputStream out) throws IOException {}

    /// Writes what says that all messages have come; nothing where the end of the body says it.
    default void end(OutputStream out) throws IOException {}

    /// Writes why the stream failed, in a format that has a place for it.
    ///
    /// @return whether that is a complete body; otherwise the exchange is aborted behind it
    default boolean fail(RpcException failure, OutputStream out) throws IOException {
        return false;
    }
}
