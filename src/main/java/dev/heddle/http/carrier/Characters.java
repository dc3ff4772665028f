package dev.heddle.http.carrier;

/// The character classes of RFC 9110, sections 4.2 and 5.6.
public final class Characters {
    private static final boolean[] TOKEN = lettersAnd("!#$%&'*+-.^_`|~");
    private static final boolean[] HOST = lettersAnd("._~%!$&'()*+,;=:[]-");

    private Characters() {}

    /// A table of the letters, the digits and some other characters.
    private static boolean[] lettersAnd(String others) {
        var table = new boolean[128];
        for (var c = '0'; c <= '9'; c++) {
            table[c] = true;
        }
        for (var c = 'a'; c <= 'z'; c++) {
            table[c] = true;
            table[Character.toUpperCase(c)] = true;
        }
        others.chars().forEach(c -> table[c] = true);
        return table;
    }

    public static boolean isToken(String text) {
        return isToken(text, 0, text.length());
    }

    public static boolean isToken(String text, int from, int to) {
        return from < to && areAllIn(TOKEN, text, from, to);
    }

    /// Whether a text has only characters of a host with its port (RFC 3986, section 3.2.2), if
    /// any.
    public static boolean isHost(String text) {
        return areAllIn(HOST, text, 0, text.length());
    }

    private static boolean areAllIn(boolean[] table, String text, int from, int to) {
        for (var i = from; i < to; i++) {
            var c = text.charAt(i);
            if (c >= table.length || !table[c]) {
                return false;
            }
        }
        return true;
    }

    /// Whether all characters are printable ASCII other than the space.
    public static boolean isVisible(String text) {
        for (var i = 0; i < text.length(); i++) {
            if (text.charAt(i) <= ' ' || text.charAt(i) > '~') {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /// Whether a text can be the value of a header field, one byte a character.
    public static boolean isFieldValue(String text) {
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f || c > 0xff) {
                return false;
            }
        }
        return true;
    }

    /// The text from an index on, without the spaces and tabs around it.
    public static String trim(String text, int from) {
        var start = from;
        var end = text.length();
        while (start < end && isBlank(text.charAt(start))) {
            start++;
        }
        while (end > start && isBlank(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
