package dev.heddle.facade.http;

import java.util.ArrayList;
import java.util.List;

/// Header fields that are lists, whose elements may hold quoted strings (RFC 9110, 5.6).
final class HeaderLists {
    private HeaderLists() {}

    /// The elements between separators outside quotes, stripped.
    static List<String> split(String text, char separator) {
        var parts = new ArrayList<String>();
        var start = 0;
        var isQuoted = false;
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            if (c == '"') {
                isQuoted = !isQuoted;
            } else if (c == '\\' && isQuoted) {
                i++;
            } else if (c == separator && !isQuoted) {
                parts.add(text.substring(start, i).strip());
                start = i + 1;
            }
        }
        parts.add(text.substring(start).strip());
        return parts;
    }

    /// What a quoted string says; any other text is what it is.
    static String unquoted(String text) {
        if (text.length() < 2 || !text.startsWith("\"") || !text.endsWith("\"")) {
            return text;
        }
        return text.substring(1, text.length() - 1).replaceAll("\\\\(.)", "$1");
    }

    /// The `q` of an element: 0 to 1, and 1 where it is none.
    static double weight(String text) {
        try {
            return Math.clamp(Double.parseDouble(text), 0, 1);
        } catch (NumberFormatException _) {
            // a weight that can't be read weighs nothing less (RFC 9110 leaves it open)
            return 1;
        }
    }
}
