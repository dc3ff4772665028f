package dev.heddle.facade.websocket;

import com.google.protobuf.Message;
import dev.heddle.http.websocket.WebSocket;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.Outbound;
import dev.heddle.websocket.v1.Envelope;
import java.io.IOException;

/// Sends the responses of one call as the client has credit for them, on the handler's thread.
final class ResponseSender<R extends Message> implements Outbound<R> {
    private final WebSocket socket;
    private final EnvelopeCodec codec;
    private final Call call;
    private final ResponseCredit credit;
    private boolean isHeaderSent;

    ResponseSender(WebSocket socket, EnvelopeCodec codec, Call call, ResponseCredit credit) {
        this.socket = socket;
        this.codec = codec;
        this.call = call;
        this.credit = credit;
    }

    @Override
    public void send(R message) {
        credit.take(call);
        var envelope = Envelopes.message(codec.payload(message));
        addMetadata(envelope);
        try {
            socket.send(codec.encode(envelope.build()));
        } catch (IOException e) {
            call.cancelByCaller();
            throw call.cancellation().orElseThrow();
        }
    }

    /// Adds the header fields of the answer to what is sent first.
    void addMetadata(Envelope.Builder envelope) {
        if (!isHeaderSent) {
            isHeaderSent = true;
            envelope.putAllMetadata(Envelopes.metadata(call.responseHeaders().build()));
        }
    }
}
