package dev.heddle.content;

import java.util.regex.Pattern;

/// Entity tags (RFC 9110, section 8.8.3).
public final class EntityTags {
    private static final Pattern TAG = Pattern.compile("(?:W/)?(\"[^\"]*\")");

    private EntityTags() {}

    /// Whether an `If-None-Match` names a tag, or all (section 13.1.2): weak tags count as strong.
    ///
    /// @param condition the value of the header field; empty where there is none
    /// @param tag with its quotes
    public static boolean matches(String condition, String tag) {
        return condition.strip().equals("*")
                || TAG.matcher(condition).results().anyMatch(known -> known.group(1).equals(tag));
    }
}
