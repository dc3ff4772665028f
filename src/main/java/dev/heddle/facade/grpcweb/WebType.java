package dev.heddle.facade.grpcweb;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// What a content type says of the messages of a call; answers have the same.
///
/// @param name the content type, in lower case and without parameters
/// @param isText whether the body is base64
/// @param isJson whether messages are JSON and not Protobuf
record WebType(String name, boolean isText, boolean isJson) {
    static final String PREFIX = "application/grpc-web";

    private static final Pattern SYNTAX =
            Pattern.compile("(" + PREFIX + "(-text)?(\\+proto|\\+json)?)[ \\t]*(;.*)?");

    /// Empty for a type that is not understood.
    static Optional<WebType> of(String contentType) {
        var type = SYNTAX.matcher(contentType.toLowerCase(Locale.ROOT));
        return type.matches()
                ? Optional.of(
                        new WebType(
                                type.group(1),
                                type.group(2) != null,
                                "+json".equals(type.group(3))))
                : Optional.empty();
    }
}
