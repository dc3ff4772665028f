package dev.heddle.facade;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.io.IOException;
import java.util.function.Supplier;

/// Holds the compiled marshallers to the JSON mapping of Protobuf where they take more, or less,
/// than it says.
final class StrictParser extends JsonParserDelegate {
    private static final int MAX_EXPONENT_DIGITS = 4;

    private final Supplier<JsonPlace> place;

    /// @param place tells where in the message the parser stands
    StrictParser(JsonParser delegate, Supplier<JsonPlace> place) {
        super(delegate);
        this.place = place;
    }

    /// A string, the name of an enum's value, or the key of a map: a number or a boolean is none of
    /// these.
    @Override
    @SuppressWarnings("NullAway") // Jackson's null, which the marshallers take for "not a string"
    public String getValueAsString() throws IOException {
        var token = delegate.currentToken();
        return token == JsonToken.VALUE_STRING || token == JsonToken.FIELD_NAME
                ? wellFormed(getText())
                : null;
    }

    /// The text of a value; base64 for URLs becomes plain base64.
    @Override
    public String getText() throws IOException {
        var text = delegate.getText();
        return text != null && isUrlBase64(text) ? text.replace('-', '+').replace('_', '/') : text;
    }

    /// The text of a number. An exponent out of all reason would be computed for hours.
    @Override
    public char[] getTextCharacters() throws IOException {
        var text = delegate.getText();
        var exponent = Math.max(text.indexOf('e'), text.indexOf('E'));
        if (exponent >= 0 && text.length() - exponent > MAX_EXPONENT_DIGITS + 2) {
            throw new NumberFormatException("exponent out of range");
        }
        return delegate.getTextCharacters();
    }

    private boolean isUrlBase64(String text) {
        return (text.indexOf('-') >= 0 || text.indexOf('_') >= 0)
                && delegate.currentToken() == JsonToken.VALUE_STRING
                && place.get()
                        .field()
                        .filter(field -> field.getType() == FieldDescriptor.Type.BYTES)
                        .isPresent();
    }

    /// A string of a message is UTF-8, which has no half surrogate pairs.
    private static String wellFormed(String text) throws IOException {
        for (var i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (i + 1 == text.length()
                        || !Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1))) {
                    throw new IllegalArgumentException("half a surrogate pair");
                }
                i++;
            }
        }
        return text;
    }
}
