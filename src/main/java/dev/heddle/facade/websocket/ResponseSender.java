package dev.heddle.facade.websocket;

import com.google.protobuf.Message;
import dev.heddle.http.websocket.WebSocket;
import dev.heddle.http.websocket.WebSocketMessage;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.Outbound;
import dev.heddle.rpc.Shared;
import dev.heddle.websocket.v1.Envelope;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Sends the responses of one call as the client has credit for them, on the handler's thread.
final class ResponseSender<R extends Message> implements Outbound<R> {
    private final WebSocket socket;
    private final EnvelopeCodec codec;
    private final Call call;
    private final ResponseCredit credit;
    private final MessageForm form;
    private boolean isHeaderSent;

    ResponseSender(WebSocket socket, EnvelopeCodec codec, Call call, ResponseCredit credit) {
        this.socket = socket;
        this.codec = codec;
        this.call = call;
        this.credit = credit;
        this.form = new MessageForm(codec, socket.compresses());
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

    @Override
    public void sendAll(List<Shared<R>> messages) {
        var granted = new ArrayList<WebSocketMessage>(messages.size());
        try {
            for (var message : messages) {
                if (!credit.tryTake()) {
                    sendAllOf(granted);
                    credit.take(call);
                }
                granted.add(frame(message));
            }
            sendAllOf(granted);
        } catch (IOException e) {
            call.cancelByCaller();
            throw call.cancellation().orElseThrow();
        }
    }

    private void sendAllOf(List<WebSocketMessage> granted) throws IOException {
        socket.sendAll(granted);
        granted.clear();
    }

    /// The first may carry header fields, which are this caller's alone.
    private WebSocketMessage frame(Shared<R> message) throws IOException {
        if (isHeaderSent || call.responseHeaders().build().isEmpty()) {
            isHeaderSent = true;
            return message.in(form);
        }
        var envelope = Envelopes.message(codec.payload(message.message()));
        addMetadata(envelope);
        return codec.encode(envelope.build());
    }

    /// Adds the header fields of the answer to what is sent first.
    void addMetadata(Envelope.Builder envelope) {
        if (!isHeaderSent) {
            isHeaderSent = true;
            envelope.putAllMetadata(Envelopes.metadata(call.responseHeaders().build()));
        }
    }
}
