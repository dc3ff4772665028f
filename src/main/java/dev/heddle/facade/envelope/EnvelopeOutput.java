package dev.heddle.facade.envelope;

import com.google.protobuf.Message;
import dev.heddle.http.Exchange;
import dev.heddle.rpc.Headers;
import dev.heddle.rpc.Shared;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The body of a response, started with its first message or with its end.
///
/// @param <R> the type of the messages
public final class EnvelopeOutput<R extends Message> {
    private final Exchange exchange;
    private final Peer peer;
    private final boolean isStream;
    private final EnvelopeForm form;
    private final UnaryOperator<OutputStream> coding;
    private @Nullable OutputStream out;

    /// @param compresses whether the caller reads compressed messages and is to get such
    /// @param coding what stands between the envelopes and the body; sees each of them whole
    public EnvelopeOutput(
            ExchangeCall<?, R> of,
            Codec<?, R> codec,
            boolean compresses,
            UnaryOperator<OutputStream> coding) {
        this.exchange = of.exchange();
        this.peer = of.peer();
        this.isStream = of.call().rpc().streamsResponses();
        this.form = new EnvelopeForm(codec.encoding(), compresses);
        this.coding = coding;
    }

    /// Sends a message. Those of a stream go out one by one; a single answer waits for the end
    /// behind it, so that both go out at once.
    ///
    /// @param headers the header of the response, if this begins it
    /// @throws dev.heddle.rpc.RpcException if the call is cancelled or the caller has gone
    public void send(R message, Supplier<Headers> headers) {
        try {
            var envelope = form.encode(message);
            var body = open(headers);
            body.write(envelope);
            if (isStream) {
                body.flush();
            }
        } catch (IOException e) {
            throw peer.toRpcException(e);
        }
    }

    /// Sends messages that others get too, as [#send] does, in as few pieces as may be.
    ///
    /// @param headers the header of the response, if this begins it
    /// @throws dev.heddle.rpc.RpcException if the call is cancelled or the caller has gone
    public void sendAll(List<Shared<R>> messages, Supplier<Headers> headers) {
        try {
            for (var message : messages) {
                // before it opens the response, which a failure to encode may still refuse
                var envelope = message.in(form);
                open(headers).write(envelope);
            }
            if (isStream && out != null) {
                out.flush();
            }
        } catch (IOException e) {
            throw peer.toRpcException(e);
        }
    }

    public boolean isOpen() {
        return out != null;
    }

    /// Sends the last envelope and completes the response.
    ///
    /// @param headers the header of the response, if this begins it
    public void end(byte[] last, Supplier<Headers> headers) throws IOException {
        var body = open(headers);
        body.write(last);
        // not if that failed: to close it would say that all is well
        body.close();
    }

    /// The body.
    ///
    /// @param headers the header of the response, if this begins it
    public OutputStream open(Supplier<Headers> headers) throws IOException {
        var opened = out;
        if (opened == null) {
            opened = coding.apply(exchange.respond(200, headers.get()));
            out = opened;
        }
        return opened;
    }
}
