package dev.heddle.contract;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.net.URI;
import java.util.function.Consumer;

/// One array, which has its bracket only if it is whole; an element `{"@error":…}` says why it
/// isn't.
final class JsonArrayClient extends HttpFramingClient {
    private static final String ERROR = "{\"@error\":";
    private static final JsonFactory FACTORY = new JsonFactory();

    JsonArrayClient(URI gateway) {
        super(gateway, "application/json");
    }

    @Override
    void readStream(InputStream body, Consumer<String> each) throws IOException {
        try (var parser = FACTORY.createParser(body)) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                throw new CutException("no array");
            }
            while (parser.nextToken() == JsonToken.START_OBJECT) {
                var element = new StringWriter();
                try (var copy = FACTORY.createGenerator(element)) {
                    copy.copyCurrentStructure(parser);
                }
                var json = element.toString();
                if (json.startsWith(ERROR)) {
                    throw failure(json.substring(ERROR.length(), json.length() - 1));
                }
                each.accept(json);
            }
            if (parser.currentToken() != JsonToken.END_ARRAY) {
                throw new CutException("no closing bracket");
            }
        }
    }
}
