package dev.heddle.facade.json;

import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.Optional;
import java.util.StringJoiner;

/// `google.protobuf.FieldMask` as one string, its names in lower camel case.
final class FieldMaskCodec implements MessageCodec {
    private static final int PATH_TAG = FieldCodec.tag(1, WireFormat.WIRETYPE_LENGTH_DELIMITED);

    @Override
    public void read(Reading in) throws IOException {
        if (in.parser().currentToken() != JsonToken.VALUE_STRING) {
            throw in.mismatch();
        }
        for (var name : in.parser().getText().split(",", -1)) {
            var path = toSnakeCase(name).orElseThrow(in::mismatch).toCharArray();
            if (path.length > 0) {
                in.wire().varint32(PATH_TAG);
                if (!in.wire().text(path, 0, path.length)) {
                    throw in.mismatch();
                }
            }
        }
    }

    @Override
    public void write(WireInput from, Writing to) throws IOException {
        var names = new StringJoiner(",");
        for (var tag = from.tag(); !WireInput.isEnd(tag); tag = from.tag()) {
            if (tag == PATH_TAG) {
                names.add(toCamelCase(from.text()));
            } else {
                from.skip(tag);
            }
        }
        to.json().writeString(names.toString());
    }

    /// Empty for what isn't lower camel case.
    private static Optional<String> toSnakeCase(String name) {
        var path = new StringBuilder(name.length() + 8);
        for (var i = 0; i < name.length(); i++) {
            var letter = name.charAt(i);
            if (letter == '_') {
                return Optional.empty();
            }
            if (isBetween('A', letter, 'Z')) {
                path.append('_').append((char) (letter - 'A' + 'a'));
            } else {
                path.append(letter);
            }
        }
        return Optional.of(path.toString());
    }

    private static String toCamelCase(String path) {
        var name = new StringBuilder(path.length());
        for (var i = 0; i < path.length(); i++) {
            var letter = path.charAt(i);
            if (letter == '_' && i + 1 < path.length() && isBetween('a', path.charAt(i + 1), 'z')) {
                name.append((char) (path.charAt(++i) - 'a' + 'A'));
            } else if (letter == '_' || isBetween('A', letter, 'Z')) {
                throw new IllegalArgumentException(
                        "field mask: %s (expected: names in lower snake case)".formatted(path));
            } else {
                name.append(letter);
            }
        }
        return name.toString();
    }

    private static boolean isBetween(char least, char letter, char most) {
        return least <= letter && letter <= most;
    }
}
