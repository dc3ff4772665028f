package dev.heddle.facade.docs;

import dev.heddle.facade.route.PercentEncoding;
import dev.heddle.rpc.RpcException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// A request that somebody asks about.
///
/// @param method in upper case
/// @param rawPath as it would be sent
/// @param rawQuery as it would be sent, without the `?`
record RequestLine(String method, String rawPath, String rawQuery) {
    private static final Pattern AMPERSAND = Pattern.compile("&");
    private static final String METHOD = "method=";
    private static final String PATH = "path=";

    /// Reads it from the query of `/explain`.
    ///
    /// @throws RpcException INVALID_ARGUMENT if it has no path
    static RequestLine parse(String query) {
        var method = "GET";
        Optional<String> target = Optional.empty();
        for (var parameter : AMPERSAND.split(query, -1)) {
            if (target.isPresent()) {
                target = Optional.of(target.get() + "&" + decode(parameter));
            } else if (parameter.startsWith(METHOD)) {
                method = decode(parameter.substring(METHOD.length()));
            } else if (parameter.startsWith(PATH)) {
                target = Optional.of(decode(parameter.substring(PATH.length())));
            }
        }
        return of(
                method.toUpperCase(Locale.ROOT),
                target.filter(text -> text.startsWith("/"))
                        .orElseThrow(() ->
                                RpcException.invalidField(
                                        "path",
                                        "none, or one that doesn't begin with a slash (expected: as in /explain?method=GET&path=/v1/users/7)")));
    }

    private static RequestLine of(String method, String target) {
        int mark = target.indexOf('?');
        return mark < 0
                ? new RequestLine(method, target, "")
                : new RequestLine(method, target.substring(0, mark), target.substring(mark + 1));
    }

    private static String decode(String text) {
        try {
            return PercentEncoding.decodeQuery(text);
        } catch (IllegalArgumentException e) {
            throw RpcException.invalidField("path", "%s: %s".formatted(text, e.getMessage()));
        }
    }
}
