package dev.heddle.facade;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.JsonGeneratorDelegate;
import java.io.IOException;

/// Writes what the compiled marshallers hand it.
class MessageGenerator extends JsonGeneratorDelegate {
    /// What the marshallers write, past the generator, for an `Any` that holds nothing; it is not
    /// JSON.
    private static final String EMPTY_ANY = ": {}";

    MessageGenerator(JsonGenerator delegate) {
        super(delegate, false);
    }

    @Override
    public void writeRaw(String text) throws IOException {
        if (text.equals(EMPTY_ANY)) {
            delegate.writeStartObject();
            delegate.writeEndObject();
        } else {
            super.writeRaw(text);
        }
    }
}
