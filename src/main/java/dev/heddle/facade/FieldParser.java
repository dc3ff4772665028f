package dev.heddle.facade;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Shows one JSON value as the only member of an object: `[1]` as `{"name": [1]}`. What stands
/// behind the value is left unread, so it can't pass for further members.
@SuppressWarnings("NullAway") // Jackson's contract: null before the first token
final class FieldParser extends JsonParserDelegate {
    private final String name;
    private Stage stage = Stage.BEFORE;
    private int depth;

    private enum Stage {
        BEFORE,
        OPENED,
        NAMED,
        WITHIN,
        CLOSED
    }

    /// @param delegate a parser that stands at the value
    FieldParser(JsonParser delegate, String name) {
        super(delegate);
        this.name = name;
    }

    @Override
    public @Nullable JsonToken nextToken() throws IOException {
        switch (stage) {
            case BEFORE -> stage = Stage.OPENED;
            case OPENED -> stage = Stage.NAMED;
            case NAMED -> {
                stage = Stage.WITHIN;
                follow(delegate.currentToken());
            }
            case WITHIN, CLOSED -> {
                if (depth == 0) {
                    stage = Stage.CLOSED;
                } else {
                    follow(delegate.nextToken());
                }
            }
        }
        return currentToken();
    }

    @Override
    public @Nullable JsonToken nextValue() throws IOException {
        var token = nextToken();
        return token == JsonToken.FIELD_NAME ? nextToken() : token;
    }

    @Override
    public @Nullable JsonToken currentToken() {
        return switch (stage) {
            case BEFORE -> null;
            case OPENED -> JsonToken.START_OBJECT;
            case NAMED -> JsonToken.FIELD_NAME;
            case WITHIN -> delegate.currentToken();
            case CLOSED -> JsonToken.END_OBJECT;
        };
    }

    @Override
    public String currentName() throws IOException {
        return depth == 0 || (depth == 1 && startsStructure()) ? name : delegate.currentName();
    }

    /// The library asks under the old name as well.
    @Override
    @Deprecated
    @SuppressWarnings("InlineMeSuggester") // the callers are the library's
    public String getCurrentName() throws IOException {
        return currentName();
    }

    private boolean startsStructure() {
        var token = delegate.currentToken();
        return token != null && token.isStructStart();
    }

    private void follow(@Nullable JsonToken token) {
        if (token != null && token.isStructStart()) {
            depth++;
        } else if (token != null && token.isStructEnd()) {
            depth--;
        }
    }
}
