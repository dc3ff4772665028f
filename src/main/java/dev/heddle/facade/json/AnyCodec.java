package dev.heddle.facade.json;

import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// `google.protobuf.Any`: the members of the message that it holds beside `@type`, or `@type` and
/// `value` where that message is no object.
///
/// `@type` may stand anywhere: what precedes it is copied, to be read when the type is known. What
/// is of a type that is not known here, or is not what its type says, is written as its bytes, in
/// base64 under `value`.
final class AnyCodec implements MessageCodec {
    static final String TYPE = "@type";

    private static final String VALUE = "value";
    private static final byte[] NOTHING = {};
    private static final int URL_TAG =
            FieldCodec.tag(Any.TYPE_URL_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    private static final int VALUE_TAG =
            FieldCodec.tag(Any.VALUE_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);

    private final Codecs codecs;

    AnyCodec(Codecs codecs) {
        this.codecs = codecs;
    }

    /// What the value of `@type` says.
    record Packed(String url, Descriptor type) {}

    @Override
    public void read(Reading in) throws IOException {
        var parser = in.parser();
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw in.mismatch();
        }
        var place = in.place();
        var depth = Reading.position(parser).getNestingDepth();
        var first = parser.nextFieldName();
        if (TYPE.equals(first)) {
            var packed = readType(in);
            readMessage(packed, in.packed(place, packed.type(), depth), in.wire());
        } else if (first != null) {
            try (var copy = new AnyCopy(in, place)) {
                var packed = copy.copy(this::readType);
                readMessage(packed, copy.reading(packed.type()), in.wire());
            }
        }
    }

    /// Reads the type, before whose value the parser stands.
    private Packed readType(Reading in) throws IOException {
        var parser = in.parser();
        var url = parser.nextToken() == JsonToken.VALUE_STRING ? parser.getText() : "";
        return codecs.typeOf(url)
                .filter(_ -> StandardCharsets.UTF_8.newEncoder().canEncode(url))
                .map(type -> new Packed(url, type))
                .orElseThrow(() -> in.mismatch("the URL of a type that is known here"));
    }

    /// Reads the members other than the type.
    private void readMessage(Packed packed, Reading in, WireOutput to) throws IOException {
        if (codecs.of(packed.type()) instanceof ObjectCodec object) {
            object.readMembers(in);
        } else {
            readValue(packed.type(), in);
        }
        to.varint32(URL_TAG);
        var url = packed.url().toCharArray();
        var _ = to.text(url, 0, url.length);
        to.varint32(VALUE_TAG);
        to.bytes(DynamicMessage.parseFrom(packed.type(), in.wire().toInput()).toByteArray());
    }

    private void readValue(Descriptor type, Reading in) throws IOException {
        var parser = in.parser();
        var isRead = false;
        for (var name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            if (!name.equals(VALUE)) {
                in.unknown();
            } else if (isRead) {
                throw in.twice();
            } else {
                var place = in.place();
                parser.nextToken();
                codecs.of(type).read(in.at(place, type));
                isRead = true;
            }
        }
        if (!isRead) {
            throw in.invalid(
                    "no \"value\" (expected: what %s is in JSON)".formatted(type.getName()));
        }
    }

    @Override
    public void write(WireInput from, Writing to) throws IOException {
        var url = "";
        var content = NOTHING;
        for (var tag = from.tag(); !WireInput.isEnd(tag); tag = from.tag()) {
            if (tag == URL_TAG) {
                url = from.text();
            } else if (tag == VALUE_TAG) {
                content = from.copy();
            } else {
                from.skip(tag);
            }
        }
        to.json().writeStartObject();
        if (!url.isEmpty() || content.length > 0) {
            to.json().writeStringField(TYPE, url);
            writeMessage(url, content, to);
        }
        to.json().writeEndObject();
    }

    private void writeMessage(String url, byte[] content, Writing to) throws IOException {
        var type = codecs.typeOf(url);
        var message = type.flatMap(known -> canonical(known, content));
        if (message.isEmpty()) {
            to.json().writeBinaryField(VALUE, content);
            return;
        }
        var from = new WireInput(message.get());
        var codec = codecs.of(type.orElseThrow());
        if (codec instanceof ObjectCodec object) {
            object.writeMembers(from, to);
        } else {
            to.json().writeFieldName(VALUE);
            codec.write(from, to);
        }
    }

    /// The message as [WireInput] wants it: others may have written its fields in any order. Empty
    /// for what is no message of the type.
    private static Optional<byte[]> canonical(Descriptor type, byte[] content) {
        try {
            return Optional.of(
                    DynamicMessage.parseFrom(type, WireOutput.input(content, content.length))
                            .toByteArray());
        } catch (IOException _) {
            // whoever packed it must know; all that can be told are the bytes
            return Optional.empty();
        }
    }
}
