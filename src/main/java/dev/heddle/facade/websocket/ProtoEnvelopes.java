package dev.heddle.facade.websocket;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.heddle.http.websocket.WebSocketMessage;
import dev.heddle.rpc.RpcException;
import dev.heddle.websocket.v1.Envelope;
import io.grpc.Status.Code;

/// Envelopes in binary frames.
record ProtoEnvelopes() implements EnvelopeCodec {
    @Override
    public Envelope decode(WebSocketMessage frame) throws Violation {
        if (frame.isText()) {
            throw Violation.unsupported(
                    "a text frame (expected: binary, as sub-protocol heddle.proto has it)");
        }
        try {
            return Envelope.parseFrom(frame.bytes());
        } catch (InvalidProtocolBufferException e) {
            throw Violation.badEnvelope("not an Envelope: " + e.getMessage());
        }
    }

    @Override
    public WebSocketMessage encode(Envelope envelope) {
        return WebSocketMessage.binary(envelope.toByteArray());
    }

    @Override
    public ByteString payload(Message message) {
        return message.toByteString();
    }

    @Override
    public void merge(ByteString payload, Message.Builder into) {
        try {
            into.mergeFrom(payload);
        } catch (InvalidProtocolBufferException e) {
            throw new RpcException(
                            Code.INVALID_ARGUMENT,
                            "the message is no %s: %s"
                                    .formatted(
                                            into.getDescriptorForType().getFullName(),
                                            e.getMessage()))
                    .withCause(e);
        }
    }
}
