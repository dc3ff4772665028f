package dev.heddle.facade;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.google.common.base.Throwables;
import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.heddle.facade.route.Nearest;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Says in Heddle's own words why a JSON text can't be read into a message.
final class JsonFailures {
    private static final int MAX_SHOWN = 64;

    private final JsonParser parser;
    private final JsonSource source;
    private final JsonPlace root;
    private final int rootDepth;

    /// @param parser a parser that stands at the first token of the value
    /// @param root where that value stands
    JsonFailures(JsonParser parser, JsonSource source, JsonPlace root) {
        this.parser = parser;
        this.source = source;
        this.root = root;
        this.rootDepth = position().getNestingDepth();
    }

    /// Where the parser stands now.
    JsonPlace place() {
        return JsonPlace.of(position(), root, rootDepth);
    }

    /// What is around the current token; at the start of an object or a list that is not the object
    /// or the list itself.
    private JsonStreamContext position() {
        var context = parser.getParsingContext();
        var token = parser.currentToken();
        return token != null && token.isStructStart() ? context.getParent() : context;
    }

    /// @throws IOException if it is the stream below that failed
    RpcException of(Exception failure) throws IOException {
        if (source.failure().isPresent()) {
            return ofSource(source.failure().get());
        }
        var syntax =
                Throwables.getCausalChain(failure).stream()
                        .flatMap(cause -> ofSyntax(cause).stream())
                        .findFirst();
        return syntax.orElseGet(() -> ofValue(String.valueOf(failure.getMessage())));
    }

    private static RpcException ofSource(IOException failure) throws IOException {
        if (failure instanceof CharacterCodingException) {
            return new RpcException(Code.INVALID_ARGUMENT, "malformed JSON: not UTF-8");
        }
        throw failure;
    }

    private Optional<RpcException> ofSyntax(Throwable failure) {
        return switch (failure) {
            case StreamConstraintsException _ -> Optional.of(malformed(exceeded()));
            case JsonEOFException _ -> Optional.of(malformed("it ends too early"));
            case JsonParseException e when e.getOriginalMessage().startsWith("Duplicate field") ->
                    Optional.of(twice());
            case JsonParseException e -> Optional.of(malformed(reason(e.getOriginalMessage())));
            default -> Optional.empty();
        };
    }

    private RpcException ofValue(String libraryMessage) {
        if (libraryMessage.startsWith("Cannot find field")) {
            return unknownField();
        }
        if (libraryMessage.startsWith("Cannot set field")) {
            return invalid("another field of the same oneof is set (expected: one of them)");
        }
        if (libraryMessage.endsWith("has already been set.")) {
            return twice();
        }
        if (libraryMessage.startsWith("Hit recursion limit")) {
            return malformed("nested more than %d levels deep".formatted(Json.MAX_DEPTH));
        }
        return invalid("%s (expected: %s)".formatted(found(), place().expectation()));
    }

    private RpcException twice() {
        return invalid("given twice (expected: once)");
    }

    private RpcException unknownField() {
        var name = position().getCurrentName();
        var place = place();
        var known =
                place.message().stream()
                        .flatMap(type -> type.getFields().stream())
                        .map(FieldDescriptor::getJsonName)
                        .toList();
        var nearest = Nearest.to(name == null ? place.path() : name, known);
        return invalid(
                "no such field"
                        + (nearest.isEmpty()
                                ? ""
                                : " (nearest: %s)".formatted(String.join(", ", nearest))));
    }

    private RpcException invalid(String message) {
        return RpcException.invalidField(place().path(), message);
    }

    private RpcException malformed(String reason) {
        var location = parser.currentLocation();
        return new RpcException(
                Code.INVALID_ARGUMENT,
                "malformed JSON at line %d, column %d: %s"
                        .formatted(location.getLineNr(), location.getColumnNr(), reason));
    }

    private String exceeded() {
        return parser.getParsingContext().getNestingDepth() >= Json.MAX_DEPTH
                ? "nested more than %d levels deep".formatted(Json.MAX_DEPTH)
                : "a name or a number is too long";
    }

    /// As much of the parser's message as speaks of the text and not of the parser.
    private static String reason(String libraryMessage) {
        return List.of("Unexpected character", "Unrecognized token").stream()
                .filter(libraryMessage::startsWith)
                .findFirst()
                .map(_ -> libraryMessage.split(": ", 2)[0])
                .map(text -> text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1))
                .orElse("not JSON");
    }

    private String found() {
        try {
            var token = parser.currentToken();
            if (token == null) {
                return "nothing";
            }
            return switch (token) {
                case START_OBJECT, END_OBJECT -> "an object";
                case START_ARRAY, END_ARRAY -> "an array";
                case VALUE_STRING -> "\"" + shortened(parser.getText()) + "\"";
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
