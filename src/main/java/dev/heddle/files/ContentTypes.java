package dev.heddle.files;

import dev.heddle.content.ContentFailures;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// The media types that files may have.
///
/// @param allowed such as `image/*`; none stands for all
record ContentTypes(List<String> allowed) {
    private static final String UNKNOWN = "application/octet-stream";
    private static final int MAX_LENGTH = 255;

    /// A type and subtype (RFC 6838, section 4.2), and parameters (RFC 9110, section 5.6.6).
    private static final Pattern TYPE =
            Pattern.compile(
                    "([A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*)"
                            + "( *; *[A-Za-z0-9!#$&^_.+-]+=([A-Za-z0-9!#$&^_.+-]+|\"[ !#-\\[\\]-~]*\"))*");

    ContentTypes {
        allowed = List.copyOf(allowed);
    }

    /// The type of a file of which a caller says this; nothing stands for bytes of any kind.
    ///
    /// @throws RpcException INVALID_ARGUMENT, reason `CONTENT_TYPE_NOT_ALLOWED`, or
    ///   `CONTENT_TYPE_INVALID` for what is no type
    String of(String given) {
        var type = given.isBlank() ? UNKNOWN : given.strip();
        var parts = TYPE.matcher(type);
        if (type.length() > MAX_LENGTH || !parts.matches()) {
            throw new RpcException(
                            Code.INVALID_ARGUMENT,
                            "content type: not a media type (expected: such as text/plain)")
                    .withReason("CONTENT_TYPE_INVALID");
        }
        if (!isAllowed(parts.group(1).toLowerCase(Locale.ROOT))) {
            throw ContentFailures.typeNotAllowed(type, String.join(", ", allowed));
        }
        return type;
    }

    private boolean isAllowed(String name) {
        var any = name.substring(0, name.indexOf('/')) + "/*";
        return allowed.isEmpty() || allowed.contains(name) || allowed.contains(any);
    }
}
