package dev.heddle.facade.http;

import com.google.protobuf.Message;
import dev.heddle.facade.CallHeaders;
import dev.heddle.http.Exchange;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.Headers;
import dev.heddle.rpc.Inbound;
import dev.heddle.rpc.Pipeline;
import dev.heddle.rpc.Rpc;
import dev.heddle.rpc.RpcException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.Optional;

/// Serves a call of one request and one response on the exchange's thread.
record UnaryCall(Pipeline pipeline, Exchange exchange, Reply reply, StreamFormat format) {
    <Q extends Message, R extends Message> void serve(Rpc<Q, R> rpc, Call call, Inbound<Q> in)
            throws IOException {
        var body = new ByteArrayOutputStream();
        var headers = Headers.builder();
        try {
            pipeline.run(
                    rpc,
                    call,
                    unstuck(in, call),
                    message -> {
                        headers.addAll(CallHeaders.of(call).build());
                        format.headers(Optional.of(message), headers);
                        write(message, body);
                    });
        } catch (RpcException e) {
            reply.fail(e, CallHeaders.of(call).set("server-timing", timing(call)).build());
            return;
        }
        reply.send(200, headers.set("server-timing", timing(call)).build(), body.toByteArray());
    }

    /// A caller who doesn't send its request can't be told that its time is over: what frees the
    /// thread is the end of the exchange.
    private <Q> Inbound<Q> unstuck(Inbound<Q> in, Call call) {
        return () -> {
            try (var _ = call.onCancel(exchange::abort)) {
                return in.next();
            }
        };
    }

    private void write(Message message, ByteArrayOutputStream body) {
        try {
            format.message(message, body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String timing(Call call) {
        return "total;dur=" + BigDecimal.valueOf(call.elapsed().toNanos() / 1000, 3);
    }
}
