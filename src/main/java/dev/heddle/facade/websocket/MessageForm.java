package dev.heddle.facade.websocket;

import com.google.protobuf.Message;
import dev.heddle.http.websocket.WebSocketMessage;
import dev.heddle.rpc.Shared;

/// A message in its envelope as it goes to the sockets that speak a codec.
///
/// @param compresses whether these sockets compress
record MessageForm(EnvelopeCodec codec, boolean compresses)
        implements Shared.Form<Message, WebSocketMessage> {
    @Override
    public WebSocketMessage encode(Message message) {
        var envelope = Envelopes.message(codec.payload(message)).build();
        return codec.encode(envelope).packed(compresses);
    }
}
