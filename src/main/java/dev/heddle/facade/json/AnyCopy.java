package dev.heddle.facade.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.google.protobuf.Descriptors.Descriptor;
import dev.heddle.rpc.RpcException;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A copy of the members of an `Any` whose type comes behind them, to be read once it is known.
final class AnyCopy implements AutoCloseable {
    /// How many copies may lie within each other; each costs the memory and the time of its text.
    private static final int MAX_COPIES = 4;

    private final Reading original;
    private final Place place;
    private @Nullable JsonParser parser;

    interface TypeReader {
        AnyCodec.Packed read(Reading in) throws IOException;
    }

    /// @param original stands at the name of the first member
    /// @param place where the `Any` stands
    AnyCopy(Reading original, Place place) {
        this.original = original;
        this.place = place;
        if (original.copies() == MAX_COPIES) {
            throw RpcException.invalidField(
                    place.path(),
                    "the %dth google.protobuf.Any within another whose \"@type\" is not its first member (expected: at most %d)"
                            .formatted(MAX_COPIES + 1, MAX_COPIES));
        }
    }

    /// Copies all members but the type.
    AnyCodec.Packed copy(TypeReader types) throws IOException {
        Optional<AnyCodec.Packed> packed = Optional.empty();
        var text = new StringWriter();
        try (var to = Texts.generator(text)) {
            to.writeStartObject();
            var from = original.parser();
            for (var name = from.currentName(); name != null; name = from.nextFieldName()) {
                if (!name.equals(AnyCodec.TYPE)) {
                    to.writeFieldName(name);
                    from.nextToken();
                    copyValue(from, to);
                } else if (packed.isPresent()) {
                    throw original.twice();
                } else {
                    packed = Optional.of(types.read(original));
                }
            }
            to.writeEndObject();
        }
        parser = Texts.parser(text.toString());
        parser.nextToken();
        return packed.orElseThrow(() ->
                RpcException.invalidField(
                        place.path(),
                        "no \"@type\" (expected: the URL of a type that is known here)"));
    }

    /// What reads the copy.
    Reading reading(Descriptor type) {
        if (parser == null) {
            throw new IllegalStateException("nothing copied yet");
        }
        return new Reading(
                parser,
                new WireOutput(),
                original.ignoresUnknown(),
                Place.root(place.path(), Optional.of(type)),
                0,
                original.copies() + 1);
    }

    /// Copies a value as it is: Jackson's own would round numbers.
    private static void copyValue(JsonParser from, JsonGenerator to) throws IOException {
        for (var depth = 0; ; from.nextToken()) {
            switch (from.currentToken()) {
                case START_OBJECT -> {
                    to.writeStartObject();
                    depth++;
                }
                case START_ARRAY -> {
                    to.writeStartArray();
                    depth++;
                }
                case END_OBJECT -> {
                    to.writeEndObject();
                    depth--;
                }
                case END_ARRAY -> {
                    to.writeEndArray();
                    depth--;
                }
                case FIELD_NAME -> to.writeFieldName(from.currentName());
                case VALUE_STRING ->
                        to.writeString(
                                from.getTextCharacters(),
                                from.getTextOffset(),
                                from.getTextLength());
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> to.writeNumber(from.getText());
                case VALUE_TRUE -> to.writeBoolean(true);
                case VALUE_FALSE -> to.writeBoolean(false);
                case VALUE_NULL -> to.writeNull();
                case VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
                        throw new IllegalStateException("no token of a text");
            }
            if (depth == 0) {
                return;
            }
        }
    }

    @Override
    public void close() throws IOException {
        if (parser != null) {
            parser.close();
        }
    }
}
