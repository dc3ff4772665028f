package dev.heddle.facade.websocket;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.UnsafeByteOperations;
import dev.heddle.facade.json.Json;
import dev.heddle.http.websocket.WebSocketMessage;
import dev.heddle.rpc.RpcException;
import dev.heddle.websocket.v1.Envelope;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Envelopes in text frames. The one place where they aren't the JSON of an `Envelope` is the
/// `message`, whose own JSON is cut out before the rest is read, and put in when it is written.
record JsonEnvelopes(Json json) implements EnvelopeCodec {
    private static final String MESSAGE = "message";

    /// Stands where the message was: no bytes.
    private static final byte[] NOTHING = {'"', '"'};

    /// Where the message is within a text; empty where there is none.
    private record Slice(int from, int to) {
        static final Slice NONE = new Slice(0, 0);

        boolean isNone() {
            return to == 0;
        }
    }

    @Override
    public Envelope decode(WebSocketMessage frame) throws Violation {
        if (!frame.isText()) {
            throw Violation.unsupported(
                    "a binary frame (expected: text, as sub-protocol heddle.json has it)");
        }
        var text = frame.bytes();
        var message = find(text);
        var envelope = Envelope.newBuilder();
        try {
            json.merge(message.isNone() ? text : without(message, text), envelope);
        } catch (RpcException e) {
            throw Violation.badEnvelope(e);
        }
        if (!message.isNone()) {
            envelope.setMessage(
                    UnsafeByteOperations.unsafeWrap(
                            text, message.from(), message.to() - message.from()));
        }
        return envelope.build();
    }

    @Override
    public WebSocketMessage encode(Envelope envelope) {
        var out = new ByteArrayOutputStream(envelope.getMessage().size() + 64);
        out.writeBytes(
                json.toBytes(
                        envelope.toBuilder().clearMessage().clearStatus().build(),
                        Json.Options.STANDARD));
        if (envelope.hasMessage()) {
            append(MESSAGE, envelope.getMessage().toByteArray(), out);
        }
        if (envelope.hasStatus()) {
            append("status", json.toBytes(envelope.getStatus()), out);
        }
        return WebSocketMessage.text(out.toByteArray());
    }

    @Override
    public ByteString payload(Message message) {
        return UnsafeByteOperations.unsafeWrap(json.toBytes(message, Json.Options.STANDARD));
    }

    @Override
    public void merge(ByteString payload, Message.Builder into) {
        json.merge(payload.toByteArray(), into);
    }

    /// Adds a member to an object, which has others: its type.
    private static void append(String name, byte[] value, ByteArrayOutputStream object) {
        var members = object.toByteArray();
        object.reset();
        object.write(members, 0, members.length - 1);
        object.writeBytes((",\"" + name + "\":").getBytes(StandardCharsets.US_ASCII));
        object.writeBytes(value);
        object.write('}');
    }

    private Slice find(byte[] text) throws Violation {
        try (var parser = json.parser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return Slice.NONE;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                var isMessage = parser.currentName().equals(MESSAGE);
                var value = parser.nextToken();
                var from = (int) parser.currentTokenLocation().getByteOffset();
                skipValue(parser);
                if (isMessage && value != JsonToken.VALUE_NULL) {
                    return new Slice(from, (int) parser.currentLocation().getByteOffset());
                }
            }
            return Slice.NONE;
        } catch (JacksonException e) {
            throw Violation.badEnvelope("malformed JSON" + place(e));
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory failed", e);
        }
    }

    /// What goes beyond a bound, such as that of nesting, has no place.
    private static String place(JacksonException e) {
        var location = e.getLocation();
        return location == null
                ? ""
                : " at line %d, column %d".formatted(location.getLineNr(), location.getColumnNr());
    }

    private static void skipValue(JsonParser parser) throws IOException {
        parser.skipChildren();
        parser.finishToken();
    }

    private static byte[] without(Slice message, byte[] text) {
        var rest = new ByteArrayOutputStream(text.length - message.to() + message.from() + 2);
        rest.write(text, 0, message.from());
        rest.writeBytes(NOTHING);
        rest.writeBytes(Arrays.copyOfRange(text, message.to(), text.length));
        return rest.toByteArray();
    }
}
