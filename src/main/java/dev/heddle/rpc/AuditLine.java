package dev.heddle.rpc;

import java.util.Map;
import java.util.stream.Collectors;

/// A JSON object in one line of printable ASCII, whatever its values hold: nobody can begin another
/// line with what he sends, nor move the cursor of a terminal.
final class AuditLine {
    /// Of a value, in characters, so that a line stays one that can be read.
    private static final int MAX_LENGTH = 256;

    private AuditLine() {}

    /// @param values by names that need no escape
    static String of(Map<String, String> values) {
        return values.entrySet().stream()
                .map(each -> "\"%s\":\"%s\"".formatted(each.getKey(), escaped(each.getValue())))
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static String escaped(String value) {
        var text = new StringBuilder(value.length() + 8);
        for (var i = 0; i < Math.min(value.length(), MAX_LENGTH); i++) {
            var c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c >= ' ' && c <= '~') {
                text.append(c);
            } else {
                text.append("\\u%04x".formatted((int) c));
            }
        }
        return value.length() > MAX_LENGTH ? text.append("...").toString() : text.toString();
    }
}
