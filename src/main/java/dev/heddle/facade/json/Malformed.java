package dev.heddle.facade.json;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.util.Locale;
import java.util.stream.Stream;

/// Says in Heddle's own words why a text is no JSON.
///
/// @param parser where in the text the reader stands
/// @param source what it reads from
record Malformed(JsonParser parser, JsonSource source) {
    /// What to tell the caller.
    ///
    /// @throws IOException if it is the stream below that failed
    RpcException of(IOException failure) throws IOException {
        if (source.failure().isPresent()) {
            return ofSource(source.failure().get());
        }
        return switch (failure) {
            case StreamConstraintsException _ -> at(exceeded());
            case JsonEOFException _ -> at("it ends too early");
            case JsonParseException e -> at(reason(e.getOriginalMessage()));
            default -> throw failure;
        };
    }

    private static RpcException ofSource(IOException failure) throws IOException {
        if (failure instanceof CharacterCodingException) {
            return of("not UTF-8");
        }
        throw failure;
    }

    /// More than the one value.
    RpcException more() {
        var location = parser.currentTokenLocation();
        return of(
                "more than one value, the second at line %d, column %d"
                        .formatted(location.getLineNr(), location.getColumnNr()));
    }

    private RpcException at(String reason) {
        var location = parser.currentLocation();
        return new RpcException(
                Code.INVALID_ARGUMENT,
                "malformed JSON at line %d, column %d: %s"
                        .formatted(location.getLineNr(), location.getColumnNr(), reason));
    }

    private static RpcException of(String reason) {
        return new RpcException(Code.INVALID_ARGUMENT, "malformed JSON: " + reason);
    }

    private String exceeded() {
        return parser.getParsingContext().getNestingDepth() >= Json.MAX_DEPTH
                ? "nested more than %d levels deep".formatted(Json.MAX_DEPTH)
                : "a name or a number is too long";
    }

    /// As much of the parser's message as speaks of the text and not of the parser.
    private static String reason(String libraryMessage) {
        return Stream.of("Unexpected character", "Unrecognized token")
                .filter(libraryMessage::startsWith)
                .findFirst()
                .map(_ -> libraryMessage.split(": ", 2)[0])
                .map(text -> text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1))
                .orElse("not JSON");
    }
}
