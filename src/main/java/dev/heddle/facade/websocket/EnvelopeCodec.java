package dev.heddle.facade.websocket;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.heddle.http.websocket.WebSocketMessage;
import dev.heddle.websocket.v1.Envelope;

/// How envelopes are written under a sub-protocol. What an envelope holds as its `message` is in
/// the codec's own format, so that it can wait unread for whoever wants it.
sealed interface EnvelopeCodec permits JsonEnvelopes, ProtoEnvelopes {
    Envelope decode(WebSocketMessage frame) throws Violation;

    WebSocketMessage encode(Envelope envelope);

    /// A message as an envelope holds it.
    ByteString payload(Message message);

    /// Reads a message that an envelope held.
    ///
    /// @throws dev.heddle.rpc.RpcException INVALID_ARGUMENT if it can't be read
    void merge(ByteString payload, Message.Builder into);
}
