package dev.heddle.facade.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.heddle.facade.route.Nearest;
import dev.heddle.rpc.RpcException;
import java.io.IOException;
import java.util.Optional;

/// A JSON text that is being read, and what to say of values that don't fit.
///
/// @param parser where in the text the reader stands
/// @param wire what the text becomes
/// @param ignoresUnknown whether names that are unknown are passed over
/// @param root where in the message the value stands that is read
/// @param rootDepth how deep in the text that is
/// @param copies how many copies of parts of the text this one stands within
record Reading(
        JsonParser parser,
        WireOutput wire,
        boolean ignoresUnknown,
        Place root,
        int rootDepth,
        int copies) {
    private static final int MAX_SHOWN = 64;

    /// @param parser a parser that stands at the first token of the value
    static Reading of(JsonParser parser, boolean ignoresUnknown, Place root) {
        return new Reading(
                parser,
                new WireOutput(),
                ignoresUnknown,
                root,
                position(parser).getNestingDepth(),
                0);
    }

    /// What reads a message within an `Any`, apart, since its length and its type are its own.
    ///
    /// @param place where the message stands
    /// @param depth how deep in the text that is
    Reading packed(Place place, Descriptor type, int depth) {
        return new Reading(
                parser,
                new WireOutput(),
                ignoresUnknown,
                Place.root(place.path(), Optional.of(type)),
                depth,
                copies);
    }

    /// The same from another place on: the value that the parser stands at.
    Reading at(Place place, Descriptor type) {
        return new Reading(
                parser,
                wire,
                ignoresUnknown,
                Place.root(place.path(), Optional.of(type)),
                position(parser).getNestingDepth(),
                copies);
    }

    /// The value is none that may stand here.
    RpcException mismatch() {
        return mismatch(
                parser.currentToken() == JsonToken.FIELD_NAME
                        ? place().keyExpectation()
                        : place().expectation());
    }

    RpcException mismatch(String expectation) {
        return invalid("%s (expected: %s)".formatted(found(), expectation));
    }

    /// The name was there before.
    RpcException twice() {
        return invalid("given twice (expected: once)");
    }

    /// The name is of a member of a oneof that has another.
    RpcException otherOfOneof() {
        return invalid("another field of the same oneof is set (expected: one of them)");
    }

    /// The parser stands at a name that is not known: goes behind its value, if that is wanted.
    void unknown() throws IOException {
        var name = parser.currentName();
        if (ignoresUnknown && !name.equals(AnyCodec.TYPE)) {
            parser.nextToken();
            parser.skipChildren();
            return;
        }
        var known =
                place().message().stream()
                        .flatMap(type -> type.getFields().stream())
                        .map(FieldDescriptor::getJsonName)
                        .toList();
        var nearest = Nearest.to(name, known);
        throw invalid(
                "no such field"
                        + (nearest.isEmpty()
                                ? ""
                                : " (nearest: %s)".formatted(String.join(", ", nearest))));
    }

    RpcException invalid(String message) {
        return RpcException.invalidField(place().path(), message);
    }

    /// Where the parser stands now.
    Place place() {
        return Place.of(position(parser), root, rootDepth);
    }

    /// What is around the current token; at the start of an object or a list that is not the object
    /// or the list itself.
    static JsonStreamContext position(JsonParser parser) {
        var context = parser.getParsingContext();
        var token = parser.currentToken();
        return token != null && token.isStructStart() ? context.getParent() : context;
    }

    private String found() {
        try {
            return switch (parser.currentToken()) {
                case START_OBJECT, END_OBJECT -> "an object";
                case START_ARRAY, END_ARRAY -> "an array";
                case VALUE_STRING, FIELD_NAME -> "\"" + shortened(parser.getText()) + "\"";
                default -> shortened(parser.getText());
            };
        } catch (IOException _) {
            // the text can't be read any more: the place alone has to do
            return "this value";
        }
    }

    private static String shortened(String text) {
        return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "…";
    }
}
