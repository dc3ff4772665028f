package dev.heddle.rpc;

import com.google.protobuf.Message;
import io.grpc.Status.Code;

/// A method that can be called: its contract and the blocking function that serves it.
///
/// @param <Q> the type of its requests
/// @param <R> the type of its responses
public sealed interface Rpc<Q extends Message, R extends Message> {
    Contract<Q, R> contract();

    /// Serves one call. A facade doesn't call this: it goes through [Pipeline#run].
    ///
    /// @throws Exception whatever the handler throws
    void serve(Inbound<Q> in, Outbound<R> out, Call call) throws Exception;

    /// Whether a caller may send more than one message, or none.
    default boolean streamsRequests() {
        return this instanceof ClientStreaming || this instanceof Bidi;
    }

    /// Whether a caller may get more than one message, or none.
    default boolean streamsResponses() {
        return this instanceof ServerStreaming || this instanceof Bidi;
    }

    /// One request, one response.
    record Unary<Q extends Message, R extends Message>(
            Contract<Q, R> contract, Unary.Handler<Q, R> handler) implements Rpc<Q, R> {
        /// A blocking function.
        @FunctionalInterface
        public interface Handler<Q, R extends Message> {
            R handle(Q request, Call call) throws Exception;
        }

        @Override
        public void serve(Inbound<Q> in, Outbound<R> out, Call call) throws Exception {
            out.send(handler.handle(single(in), call));
        }
    }

    /// One request, any number of responses.
    record ServerStreaming<Q extends Message, R extends Message>(
            Contract<Q, R> contract, ServerStreaming.Handler<Q, R> handler) implements Rpc<Q, R> {
        /// A blocking function.
        @FunctionalInterface
        public interface Handler<Q, R extends Message> {
            void handle(Q request, Outbound<R> out, Call call) throws Exception;
        }

        @Override
        public void serve(Inbound<Q> in, Outbound<R> out, Call call) throws Exception {
            handler.handle(single(in), out, call);
        }
    }

    /// Any number of requests, one response.
    record ClientStreaming<Q extends Message, R extends Message>(
            Contract<Q, R> contract, ClientStreaming.Handler<Q, R> handler) implements Rpc<Q, R> {
        /// A blocking function.
        @FunctionalInterface
        public interface Handler<Q, R extends Message> {
            R handle(Inbound<Q> in, Call call) throws Exception;
        }

        @Override
        public void serve(Inbound<Q> in, Outbound<R> out, Call call) throws Exception {
            out.send(handler.handle(in, call));
        }
    }

    /// Any number of requests, any number of responses, in whatever order.
    record Bidi<Q extends Message, R extends Message>(
            Contract<Q, R> contract, Bidi.Handler<Q, R> handler) implements Rpc<Q, R> {
        /// A blocking function.
        @FunctionalInterface
        public interface Handler<Q, R extends Message> {
            void handle(Inbound<Q> in, Outbound<R> out, Call call) throws Exception;
        }

        @Override
        public void serve(Inbound<Q> in, Outbound<R> out, Call call) throws Exception {
            handler.handle(in, out, call);
        }
    }

    private static <Q> Q single(Inbound<Q> in) {
        var request =
                in.next()
                        .orElseThrow(() ->
                                new RpcException(
                                        Code.INVALID_ARGUMENT,
                                        "no request message (expected: exactly one)"));
        if (in.next().isPresent()) {
            throw new RpcException(
                    Code.INVALID_ARGUMENT, "more than one request message (expected: exactly one)");
        }
        return request;
    }
}
